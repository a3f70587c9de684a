//! The modules of a package and the paths that they name, read from the sources with `syn`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// The names of a path, from left to right.
pub type Names = Vec<String>;

/// A module, without what is compiled for tests only.
#[derive(Default)]
pub struct Module {
    /// The file that it is written in.
    pub file: PathBuf,
    /// The module that it is in; of the root none.
    pub parent: Option<usize>,
    /// The modules in it.
    pub children: BTreeMap<String, usize>,
    /// The items that it defines.
    pub items: BTreeSet<String>,
    /// What its `use` declarations call what.
    pub uses: BTreeMap<String, Names>,
    /// The paths of its `use` declarations that end with a star.
    pub globs: Vec<Names>,
    /// Every path of at least two names outside of `use` declarations, macros' input included.
    pub paths: BTreeSet<Names>,
    /// Every single name.
    pub words: BTreeSet<String>,
}

/// The modules below one root file.
pub struct Modules {
    /// All of them; the first is the root.
    pub all: Vec<Module>,
    /// Files that are compiled for tests only.
    tests: BTreeSet<PathBuf>,
}

impl Modules {
    /// Reads a root file, such as `src/lib.rs`, and everything that it declares.
    pub fn read(root: &Path) -> Modules {
        let folder = root.parent().expect("a folder").to_path_buf();
        let mut modules = Modules {
            all: Vec::new(),
            tests: BTreeSet::new(),
        };
        modules.file(root, None, &folder);
        modules
    }

    fn file(&mut self, file: &Path, parent: Option<usize>, children: &Path) -> usize {
        let text = std::fs::read_to_string(file).expect("a readable file");
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.module(file, parent, children, &parsed.items)
    }

    /// Adds a module; `children` is the folder of the files of the modules that it declares.
    fn module(
        &mut self,
        file: &Path,
        parent: Option<usize>,
        children: &Path,
        items: &[Item],
    ) -> usize {
        let at = self.all.len();
        self.all.push(Module {
            file: file.to_path_buf(),
            parent,
            ..Module::default()
        });
        for item in items {
            match item {
                Item::Mod(module) => self.submodule(at, children, module),
                item if for_tests(attributes(item)) => {}
                item => self.all[at].take(item),
            }
        }
        self.generated(at, children);
        at
    }

    fn submodule(&mut self, parent: usize, folder: &Path, module: &syn::ItemMod) {
        let name = module.ident.to_string();
        let own = folder.join(&name);
        let files = [folder.join(format!("{name}.rs")), own.join("mod.rs")];
        let file = files.iter().find(|file| file.exists());
        if for_tests(&module.attrs) {
            self.tests.extend(file.cloned());
            return;
        }
        let child = match &module.content {
            Some((_, items)) => {
                let file = self.all[parent].file.clone();
                self.module(&file, Some(parent), &own, items)
            }
            None => {
                let file = file.unwrap_or_else(|| panic!("{} has no file", own.display()));
                self.file(file, Some(parent), &own)
            }
        };
        self.all[parent].children.insert(name, child);
    }

    /// Modules that a macro declares: files whose names are among the words of its input.
    fn generated(&mut self, parent: usize, folder: &Path) {
        let words = self.all[parent].words.clone();
        for name in words {
            let file = folder.join(format!("{name}.rs"));
            let known = self.all[parent].children.contains_key(&name) || self.tests.contains(&file);
            if known || !file.exists() || file == self.all[parent].file {
                continue;
            }
            let child = self.file(&file, Some(parent), &folder.join(&name));
            self.all[parent].children.insert(name.clone(), child);
            // The macro names what is in them.
            let path = vec!["self".to_string(), name, "*".to_string()];
            self.all[parent].paths.insert(path);
        }
    }
}

impl Module {
    fn take(&mut self, item: &Item) {
        if let Some(name) = defined(item) {
            self.items.insert(name);
        }
        // Declarations within functions count for the whole module.
        let mut found = Uses::default();
        found.visit_item(item);
        for (name, path) in found.names {
            self.uses.insert(name, path);
        }
        self.globs.extend(found.globs);
        if !matches!(item, Item::Use(_)) {
            self.scan(item.to_token_stream());
        }
    }

    /// Finds the paths in code, and in what macros are given, which no parser knows.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Names = Vec::new();
        // What stands before the next name: nothing, `::`, or a dot.
        let (mut colons, mut dot) = (0, false);
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    // `::name` without a beginning is another package's, `.name` a method or a field.
                    let begins = path.is_empty() && (colons == 2 || dot);
                    match begins {
                        true => path.push(String::new()),
                        false => path.push(name.to_string()),
                    }
                    (colons, dot) = (0, false);
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.end(&mut path);
                    dot = matches!(&other, TokenTree::Punct(punct) if punct.as_char() == '.');
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.scan(group.stream());
                    }
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Names) {
        let path = std::mem::take(path);
        if path.first().is_none_or(String::is_empty) {
            return;
        }
        self.words.extend(path.first().cloned());
        if path.len() > 1 {
            self.paths.insert(path);
        }
    }
}

/// The name of an item that others can import.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn for_tests(attributes: &[Attribute]) -> bool {
    let text = |attribute: &Attribute| attribute.meta.to_token_stream().to_string();
    attributes.iter().any(|attribute| {
        let bare: String = text(attribute).split_whitespace().collect();
        bare == "cfg(test)" || bare.starts_with("cfg(all(test,")
    })
}

/// The `use` declarations of an item, wherever they are in it.
#[derive(Default)]
struct Uses {
    names: Vec<(String, Names)>,
    globs: Vec<Names>,
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.tree(&item.tree, &mut Vec::new());
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}

impl Uses {
    fn tree(&mut self, tree: &UseTree, before: &mut Names) {
        match tree {
            UseTree::Name(name) => self.leaf(before, &name.ident, &name.ident),
            // `as _` brings a trait's methods; it has no name to be found by.
            UseTree::Rename(name) if name.rename == "_" => {
                let called = format!("_ {}", self.names.len());
                self.leaf(before, &name.ident, &called);
            }
            UseTree::Rename(name) => self.leaf(before, &name.ident, &name.rename),
            UseTree::Glob(_) => self.globs.push(before.clone()),
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before);
                }
            }
        }
    }

    fn leaf(&mut self, before: &Names, name: &dyn ToString, called: &dyn ToString) {
        let (name, mut called) = (name.to_string(), called.to_string());
        let mut path = before.clone();
        if name != "self" || path.is_empty() {
            path.push(name);
        }
        if called == "self" {
            called = path.last().cloned().unwrap_or_default();
        }
        self.names.push((called, path));
    }
}
