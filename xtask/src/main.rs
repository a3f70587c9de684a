//! The project tasks: `cargo xtask serve`, `cargo xtask test`.
fn main() {}
