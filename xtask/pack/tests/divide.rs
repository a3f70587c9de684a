//! A module that rustc and its linker made is divided, and its parts run as the whole did.

use std::path::Path;
use std::process::Command;

use tieline_pack::reach::{later, Later};
use tieline_pack::split::{split, FIRST};
use wasmi::{Engine, Extern, Instance, Linker, Module, Store};

/// Compiles the input as a release page is: optimised, with names and relocations.
fn linked(name: &str, options: &[&str]) -> Vec<u8> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let done = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(here)
        .args([
            "--edition=2021",
            "--crate-type=cdylib",
            "--crate-name=module",
        ])
        .args([
            "--target=wasm32-unknown-unknown",
            "-Copt-level=z",
            "-Cpanic=abort",
        ])
        .args(["-Clink-arg=--emit-relocs", "-Cstrip=debuginfo"])
        .args(options)
        .arg("-o")
        .arg(&out)
        .arg("tests/input/module.rs")
        .output()
        .expect("rustc runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    std::fs::read(out).expect("rustc has written the module")
}

fn found(wasm: &[u8]) -> Later {
    later(wasm, |name| name.starts_with("module::entry_points::"))
        .expect("the module is understood")
}

struct Run {
    store: Store<()>,
    instance: Instance,
}

impl Run {
    fn of(wasm: &[u8]) -> Run {
        let engine = Engine::default();
        let module = Module::new(&engine, wasm).expect("the module is valid");
        let mut store = Store::new(&engine, ());
        let linker = Linker::new(&engine);
        let instance = linker
            .instantiate_and_start(&mut store, &module)
            .expect("it starts");
        Run { store, instance }
    }

    /// Puts the second part in.
    fn add(&mut self, wasm: &[u8]) {
        let module = Module::new(self.store.engine(), wasm).expect("the module is valid");
        let mut linker = Linker::new(self.store.engine());
        let exports: Vec<(String, Extern)> = self
            .instance
            .exports(&self.store)
            .map(|export| (export.name().to_string(), export.into_extern()))
            .collect();
        for (name, item) in exports {
            linker.define(FIRST, &name, item).expect("names differ");
        }
        linker
            .instantiate_and_start(&mut self.store, &module)
            .expect("it fits");
    }

    fn call(&mut self, name: &str, with: i32) -> Option<i32> {
        let function = self
            .instance
            .get_typed_func::<i32, i32>(&self.store, name)
            .expect(name);
        function.call(&mut self.store, with).ok()
    }
}

#[test]
fn the_parts_run_as_the_whole() {
    let wasm = linked("whole.wasm", &[]);
    let parts = split(&wasm, &found(&wasm)).expect("it is divided");
    let mut whole = Run::of(&wasm);
    let mut divided = Run::of(&parts.first);
    assert!(whole.call("first", 1).is_some());
    assert_eq!(divided.call("first", 1), Run::of(&wasm).call("first", 1));
    assert_eq!(
        divided.call("through", 3),
        None,
        "an entry point is closed until the rest is there"
    );
    divided.add(&parts.later);
    for side in [3, 0, 1000] {
        let expected = whole.call("through", side);
        assert!(expected.is_some());
        assert_eq!(divided.call("through", side), expected);
    }
    assert_eq!(
        divided.call("first", 1),
        whole.call("first", 1),
        "they share their memory"
    );
}

#[test]
fn data_goes_with_its_only_user() {
    let wasm = linked("data.wasm", &[]);
    let later = found(&wasm);
    assert_eq!(later.entry_points, ["module::entry_points::square"]);
    let parts = split(&wasm, &later).expect("it is divided");
    let has = |wasm: &[u8], byte: u8| wasm.windows(300).any(|w| w.iter().all(|b| *b == byte));
    let places = |byte| (has(&parts.first, byte), has(&parts.later, byte));
    assert_eq!(places(0x41), (true, false), "needed first");
    assert_eq!(places(0x42), (false, true), "needed later");
    assert_eq!(places(0x43), (true, false), "needed by both");
    assert!(parts.first.len() < wasm.len());
}

#[test]
fn dividing_twice_gives_the_same() {
    let wasm = linked("twice.wasm", &[]);
    let once = split(&wasm, &found(&wasm)).expect("it is divided");
    let again = split(&wasm, &found(&wasm)).expect("it is divided");
    assert_eq!((once.first, once.later), (again.first, again.later));
}

#[test]
fn an_entry_point_that_is_called_directly_is_refused() {
    let wasm = linked("direct.wasm", &["--cfg", "direct", "-Copt-level=0"]);
    let error = later(&wasm, |name| name.starts_with("module::entry_points::")).unwrap_err();
    assert!(error.to_string().contains("called directly"), "{error}");
}

#[test]
fn a_module_without_relocations_is_refused() {
    let error = later(b"\0asm\x01\0\0\0", |_| true).unwrap_err();
    assert!(error.to_string().contains("--emit-relocs"), "{error}");
    assert!(later(b"rubbish", |_| true).is_err());
}
