//! The vendors' own Python SDKs against the sandbox server, and Python's OpenAPI validator against
//! the proxy's document.
//!
//! Beside these the code that Tieline generates, run against the same server (`sdk/code.rs`).
//!
//! `TIELINE_PROXY_BIN` names the built `tieline-proxy`, `TIELINE_PYTHON` an interpreter that has
//! `tests/sdk/requirements.txt` installed; `cargo xtask test` sets both. Without them these tests say
//! so and do nothing.

#[path = "sdk/code.rs"]
mod code;
#[path = "../crates/code/tests/code/inputs.rs"]
mod inputs;
#[path = "sdk/recorder.rs"]
mod recorder;
#[path = "../crates/proxy/tests/proxy/server.rs"]
mod server;

use std::path::Path;
use std::process::Command;

use server::Server;

/// A sandbox server whose resources become ready in a second.
const SANDBOX: &[&str] = &["sandbox", "--time-scale", "0.25"];

#[test]
fn alibabas_newer_sdk_creates_reads_and_is_refused_with_wrong_keys() {
    run("tea.py", SANDBOX);
}

#[test]
fn alibabas_older_sdk_creates_reads_and_is_refused_with_wrong_keys() {
    run("core.py", SANDBOX);
}

#[test]
fn huaweis_sdk_creates_reads_and_is_refused_with_wrong_keys() {
    run("huawei.py", SANDBOX);
}

#[test]
fn the_openapi_document_is_valid_and_so_are_its_examples() {
    run("openapi.py", &["--sandbox"]);
}

fn run(script: &str, mode: &[&str]) {
    let set = |name: &str| {
        let value = std::env::var_os(name);
        if value.is_none() {
            eprintln!("{script} is not run: {name} is not set; `cargo xtask test sdk` sets it.");
        }
        value
    };
    let (Some(program), Some(python)) = (set("TIELINE_PROXY_BIN"), set("TIELINE_PYTHON")) else {
        return;
    };
    let server = Server::start(program, mode);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    let output = Command::new(python)
        .arg(folder.join(script))
        .arg(&server.address)
        // Huawei's SDK writes into the home folder when it is imported.
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .expect("the interpreter that TIELINE_PYTHON names");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{script} failed:\n{out}\n{err}");
    assert!(out.ends_with("ok\n"), "{script} ended early:\n{out}\n{err}");
}
