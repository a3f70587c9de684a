//! Who imports whom: the graph of files, and of folders, and the circles in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::modules::{Module, Modules, Names};

/// The imports of a package: of which file, what file, and by which path.
#[derive(Default)]
pub struct Imports {
    /// Every file, relative to the checkout.
    pub files: BTreeSet<PathBuf>,
    /// The path by which the first file imports the second.
    pub edges: BTreeMap<(PathBuf, PathBuf), String>,
}

/// What a path leads to.
enum Target {
    Module(usize),
    File(PathBuf),
}

impl Imports {
    /// Reads everything below a root file; `checkout` is taken off the names.
    pub fn read(checkout: &Path, root: &Path) -> Imports {
        let modules = Modules::read(root);
        let mut imports = Imports::default();
        let short = |file: &Path| {
            let short = file.strip_prefix(checkout).expect("a file of the checkout");
            short.to_path_buf()
        };
        for (at, module) in modules.all.iter().enumerate() {
            imports.files.insert(short(&module.file));
            for (path, file) in modules.imported(at) {
                if file != module.file {
                    let edge = (short(&module.file), short(&file));
                    imports.edges.entry(edge).or_insert(path.join("::"));
                }
            }
        }
        imports
    }

    /// Takes over the imports of another root file.
    pub fn add(&mut self, other: Imports) {
        self.files.extend(other.files);
        self.edges.extend(other.edges);
    }

    /// The circles between files, each as the names of its files in order.
    pub fn circles_of_files(&self) -> Vec<String> {
        let edges = self.edges.keys().map(|(a, b)| (show(a), show(b)));
        circles(edges.collect())
    }

    /// The circles between folders: between the entries of any folder, where a folder in it counts as
    /// one, together with the file of its name. Those of files alone are no circles of folders.
    pub fn circles_of_folders(&self) -> Vec<String> {
        let folders: BTreeSet<&Path> = self
            .files
            .iter()
            .flat_map(|file| file.ancestors().skip(1))
            .collect();
        let mut found = Vec::new();
        for folder in &folders {
            let entry = |file: &Path| {
                let first = file.strip_prefix(folder).ok()?.components().next()?;
                let entry = folder.join(first);
                let own = entry.with_extension("");
                let is_folder = folders.contains(own.as_path());
                Some(if is_folder {
                    show(&own) + "/"
                } else {
                    show(&entry)
                })
            };
            let pairs = self
                .edges
                .keys()
                .filter_map(|(a, b)| Some((entry(a)?, entry(b)?)));
            let pairs = pairs.filter(|(a, b)| a != b);
            let circles = circles(pairs.collect()).into_iter();
            found.extend(circles.filter(|circle| circle.contains("/ ") || circle.ends_with('/')));
        }
        found
    }
}

fn show(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

impl Modules {
    /// The paths by which a module imports, with the files that they lead to.
    fn imported(&self, at: usize) -> Vec<(Names, PathBuf)> {
        let module = &self.all[at];
        let mut found = Vec::new();
        for path in module.uses.values().chain(&module.paths) {
            let path = match path.last().is_some_and(|last| last == "*") {
                true => &path[..path.len() - 1],
                false => &path[..],
            };
            match self.resolve(at, path, 0) {
                Some(Target::File(file)) => found.push((path.to_vec(), file)),
                // What is used of a module is a path of its own.
                Some(Target::Module(to)) if self.all[at].paths.contains(&star(path)) => {
                    found.push((path.to_vec(), self.all[to].file.clone()));
                }
                _ => {}
            }
        }
        for glob in &module.globs {
            let Some(Target::Module(from)) = self.resolve(at, glob, 0) else {
                continue;
            };
            for word in module.words.iter().filter(|word| !module.defines(word)) {
                if let Some(Target::File(file)) = self.member(from, word, 0) {
                    let mut path = glob.clone();
                    path.push(word.clone());
                    found.push((path, file));
                }
            }
        }
        found
    }

    /// Follows a path from a module; `None` when it leads out of the package, or nowhere.
    fn resolve(&self, at: usize, path: &[String], depth: usize) -> Option<Target> {
        // Two modules may re-export each other with stars.
        if depth > 16 {
            return None;
        }
        let (first, mut rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(at),
            "super" => Target::Module(self.all[at].parent?),
            name => self.member(at, name, depth)?,
        };
        while let (Target::Module(module), Some((name, after))) = (&target, rest.split_first()) {
            target = match name.as_str() {
                "super" => Target::Module(self.all[*module].parent?),
                name => match self.member(*module, name, depth) {
                    Some(target) => target,
                    // A macro made it.
                    None => Target::File(self.all[*module].file.clone()),
                },
            };
            rest = after;
        }
        Some(target)
    }

    /// What a name means in a module: a module in it, an item of it, or what it imports by that name.
    fn member(&self, at: usize, name: &str, depth: usize) -> Option<Target> {
        let module = &self.all[at];
        if let Some(child) = module.children.get(name) {
            return Some(Target::Module(*child));
        }
        if module.items.contains(name) {
            return Some(Target::File(module.file.clone()));
        }
        if let Some(path) = module.uses.get(name) {
            // `use name;` means a package.
            let same = path.len() == 1 && path[0] == name;
            return (!same).then(|| self.resolve(at, path, depth + 1))?;
        }
        module
            .globs
            .iter()
            .find_map(|glob| match self.resolve(at, glob, depth + 1)? {
                Target::Module(from) if from != at => self.member(from, name, depth + 1),
                _ => None,
            })
    }
}

impl Module {
    fn defines(&self, name: &str) -> bool {
        self.items.contains(name)
            || self.uses.contains_key(name)
            || self.children.contains_key(name)
    }
}

fn star(path: &[String]) -> Names {
    let mut star = path.to_vec();
    star.push("*".to_string());
    star
}

/// The strongly connected parts of a graph that have more than one node.
fn circles(edges: BTreeSet<(String, String)>) -> Vec<String> {
    let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in &edges {
        after.entry(from).or_default().insert(to);
    }
    let reach: BTreeMap<&str, BTreeSet<&str>> = after
        .keys()
        .map(|node| (*node, reached(node, &after)))
        .collect();
    let mut found = BTreeSet::new();
    for (node, reached) in &reach {
        let back = |other: &&&str| reach.get(**other).is_some_and(|from| from.contains(node));
        let circle: Vec<&str> = reached.iter().filter(back).copied().collect();
        if circle.len() > 1 {
            found.insert(circle.join(" <-> "));
        }
    }
    found.into_iter().collect()
}

fn reached<'a>(from: &str, after: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&str> = after.get(from).into_iter().flatten().copied().collect();
    while let Some(node) = next.pop() {
        if seen.insert(node) {
            next.extend(after.get(node).into_iter().flatten());
        }
    }
    seen
}

#[test]
fn circles_are_found() {
    let edges = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        circles(pairs.map(|(a, b)| (a.to_string(), b.to_string())).collect())
    };
    assert!(edges(&[("a", "b"), ("b", "c"), ("a", "c")]).is_empty());
    assert_eq!(edges(&[("a", "b"), ("b", "a"), ("b", "c")]), ["a <-> b"]);
    let two = edges(&[
        ("a", "b"),
        ("b", "c"),
        ("c", "a"),
        ("x", "y"),
        ("y", "x"),
        ("a", "x"),
    ]);
    assert_eq!(two, ["a <-> b <-> c", "x <-> y"]);
}
