//! Imports lead one way: no circle between files nor between folders, and the console's folders in
//! one order.

use std::path::{Path, PathBuf};

use crate::imports::Imports;
use crate::root;

/// Every root file of the workspace's packages but for tests, examples and benchmarks.
fn roots() -> Vec<PathBuf> {
    let mut folders = vec![
        root().join("src"),
        root().join("xtask/src"),
        root().join("xtask/pack/src"),
    ];
    let crates = std::fs::read_dir(root().join("crates")).expect("the crates");
    folders.extend(crates.map(|entry| entry.expect("an entry").path().join("src")));
    folders.sort();
    let files = folders
        .iter()
        .flat_map(|folder| ["lib.rs", "main.rs"].map(|file| folder.join(file)));
    files.filter(|file| file.exists()).collect()
}

/// The imports of the whole workspace, package by package.
pub fn imports() -> Imports {
    let mut all = Imports::default();
    for file in roots() {
        all.add(Imports::read(root(), &file));
    }
    all
}

#[test]
fn imports_make_no_circle() {
    let all = imports();
    let (files, folders) = (all.circles_of_files(), all.circles_of_folders());
    println!(
        "{} files, {} imports, {} circles of files, {} of folders",
        all.files.len(),
        all.edges.len(),
        files.len(),
        folders.len()
    );
    let found: Vec<&String> = files.iter().chain(&folders).collect();
    for circle in &found {
        println!("circle: {circle}");
        for ((from, to), path) in &all.edges {
            let of = |file: &Path| {
                circle
                    .split(" <-> ")
                    .any(|part| file.to_string_lossy() == part)
            };
            if of(from) && of(to) {
                println!("    {} imports {} by {path}", from.display(), to.display());
            }
        }
    }
    assert!(found.is_empty(), "circles of imports: {found:#?}");
}

/// The console's folders from the top to the bottom. Those of one row are beside each other.
const ORDER: [&[&str]; 8] = [
    &["main.rs", "embed"],
    &["shell"],
    &["submission", "palette"],
    &["explorer"],
    &["form", "history", "settings"],
    &["client"],
    &["ui"],
    &["platform", "search"],
];

/// The row of a file of the console, and its folder there.
fn row(file: &Path) -> (usize, String) {
    let below = file.strip_prefix("src").expect("a file of the console");
    let first = below.components().next().expect("a name").as_os_str();
    let first = first.to_string_lossy().into_owned();
    let row = ORDER.iter().position(|row| row.contains(&first.as_str()));
    let row = row.unwrap_or_else(|| panic!("src/{first} has no place in the order"));
    (row, first)
}

#[test]
fn the_consoles_imports_lead_down() {
    let all = Imports::read(root(), &root().join("src/main.rs"));
    let (mut upward, mut beside) = (Vec::new(), 0);
    for ((from, to), path) in &all.edges {
        let ((above, folder), (below, other)) = (row(from), row(to));
        if above > below || other == "main.rs" {
            upward.push(format!(
                "{} imports {} by {path}",
                from.display(),
                to.display()
            ));
        } else if above == below && folder != other && folder != "main.rs" {
            beside += 1;
            println!(
                "beside: {} imports {} by {path}",
                from.display(),
                to.display()
            );
        }
    }
    println!(
        "{} imports upward, {beside} between folders of one row",
        upward.len()
    );
    assert!(upward.is_empty(), "imports upward: {upward:#?}");
}
