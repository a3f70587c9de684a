//! Imports lead one way: no circle between files nor between folders, and the console's folders in
//! one order.

use std::path::{Path, PathBuf};

use crate::imports::Imports;
use crate::root;

/// Circles that are known. Each goes when it is cut; a new one is none that belongs here.
const KNOWN: &[&str] = &[];

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
    let new: Vec<_> = found
        .iter()
        .filter(|circle| !KNOWN.contains(&circle.as_str()))
        .collect();
    assert!(new.is_empty(), "circles of imports: {new:#?}");
    let cut: Vec<_> = KNOWN
        .iter()
        .filter(|known| found.iter().all(|circle| circle != *known))
        .collect();
    assert!(
        cut.is_empty(),
        "these circles are cut, so take them out of the list: {cut:#?}"
    );
}

/// The console's folders from the top to the bottom. Those of one row are beside each other.
const ORDER: [&[&str]; 7] = [
    &["main.rs", "embed"],
    &["shell"],
    &["submission"],
    &["form", "history", "settings"],
    &["client"],
    &["ui"],
    &["platform"],
];

/// The one import that may lead up, by its two files, and its reason.
const UPWARD: &[(&str, &str, &str)] = &[];

/// The row of a file of the console, and its folder there.
fn row(file: &Path) -> Option<(usize, String)> {
    let first = file.strip_prefix("src").ok()?.components().next()?;
    let first = first.as_os_str().to_string_lossy().into_owned();
    let row = ORDER.iter().position(|row| row.contains(&first.as_str()))?;
    Some((row, first))
}

#[test]
fn the_consoles_imports_lead_down() {
    let all = Imports::read(root(), &root().join("src/main.rs"));
    let mut upward = Vec::new();
    let mut beside = 0;
    for ((from, to), path) in &all.edges {
        let (Some((above, folder)), Some((below, other))) = (row(from), row(to)) else {
            continue;
        };
        beside += usize::from(above == below && folder != other && other != "main.rs");
        if above > below || other == "main.rs" {
            println!(
                "upward: {} imports {} by {path}",
                from.display(),
                to.display()
            );
            upward.push((
                from.to_string_lossy().into_owned(),
                to.to_string_lossy().into_owned(),
            ));
        }
    }
    println!(
        "{} imports upward, {beside} between folders of one row",
        upward.len()
    );
    assert!(UPWARD.len() <= 1, "one import at most leads up");
    let known: Vec<_> = UPWARD
        .iter()
        .map(|(from, to, _)| (from.to_string(), to.to_string()))
        .collect();
    assert_eq!(upward, known, "imports upward");
}
