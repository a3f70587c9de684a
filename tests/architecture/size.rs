//! Functions and files stay short; tables may be long.

use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Ident};

use crate::{root, sources};

/// The most lines of a function.
const FUNCTION: usize = 120;
/// The most lines of a file, tables aside.
const FILE: usize = 500;

/// What has been measured of a file.
#[derive(Default)]
struct Measured {
    functions: Vec<(String, usize)>,
    tables: usize,
}

impl Measured {
    fn function(&mut self, name: &Ident, block: &Block) {
        let lines = block.span().end().line - name.span().start().line + 1;
        self.functions.push((name.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Measured {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig.ident, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.tables += item.span().end().line - item.span().start().line;
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.tables += item.span().end().line - item.span().start().line;
    }
}

/// Every Rust file that people write.
fn files() -> Vec<PathBuf> {
    ["src", "tests", "crates", "xtask", "fuzz"]
        .iter()
        .flat_map(|folder| sources(folder))
        .collect()
}

#[test]
fn functions_and_files_are_short() {
    let mut functions = Vec::new();
    let mut lengths = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut measured = Measured::default();
        measured.visit_file(&parsed);
        let name = short(&path);
        let named = measured.functions.into_iter();
        functions.extend(named.map(|(function, lines)| (lines, format!("{name}: {function}"))));
        lengths.push((text.lines().count() - measured.tables, name));
    }
    let long = |mut all: Vec<(usize, String)>, most: usize| {
        all.sort();
        println!("longest: {:?}", all.last());
        all.retain(|(lines, _)| *lines > most);
        all
    };
    let long = [long(functions, FUNCTION), long(lengths, FILE)].concat();
    assert!(
        long.is_empty(),
        "over {FUNCTION} lines of a function or {FILE} of a file: {long:#?}"
    );
}

fn short(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
