//! Lets the linker keep its relocations in a release page: `xtask/pack` reads from them what is
//! needed at once and what later.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    if variable("CARGO_CFG_TARGET_FAMILY") == "wasm" && variable("PROFILE") == "release" {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
