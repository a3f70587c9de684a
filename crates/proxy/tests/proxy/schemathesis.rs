//! Schemathesis against a running proxy: thousands of requests made from its OpenAPI document, right
//! and wrong ones, and every answer held against the document.
//!
//! `TIELINE_PYTHON` names an interpreter that has the workspace's `tests/sdk/requirements.txt` installed;
//! `cargo xtask test schemathesis` sets it. Without it this test says so and does nothing. What is
//! checked stands in `schemathesis/`.

use std::path::Path;
use std::process::Command;

use crate::server::Server;
use crate::PROGRAM;

#[test]
fn schemathesis_finds_nothing() {
    let Some(python) = std::env::var_os("TIELINE_PYTHON") else {
        eprintln!("This test does nothing: TIELINE_PYTHON is not set; `cargo xtask test schemathesis` sets it.");
        return;
    };
    let mut server = Server::start_with(
        PROGRAM,
        &["--sandbox", "--time-scale", "0"],
        &[("TIELINE_LIMITS__RATE_PER_MINUTE", "0")],
    );
    // A line for each request would fill the pipe, and the proxy would wait for somebody to read it.
    let mut log = server.process.stderr.take().expect("piped");
    let reader = std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    let address = &server.address;
    let output = Command::new(python)
        .args(["-m", "schemathesis.cli", "run", "--checks", "all"])
        .arg(format!("http://{address}/openapi.json"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis"))
        .output()
        .expect("the interpreter that TIELINE_PYTHON names");
    drop(server);
    reader.join().expect("a thread").expect("a log");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    println!("{out}");
    assert!(output.status.success(), "{err}");
    // A run that tested nothing would succeed too.
    let tested = out
        .lines()
        .find_map(|line| line.trim().strip_prefix("Tested:"));
    let tested: usize = tested.map_or(0, |count| count.trim().parse().expect("a number"));
    let routes = 5 * tieline_catalog::operations::operations().count();
    assert!(
        tested > routes,
        "{tested} operations were tested, {routes} are an operation's"
    );
}
