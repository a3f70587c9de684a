//! The code that Tieline generates, run as it is: what the server then received is what the form held, value
//! by value, and it was created.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tieline_catalog::check::check_as_server;
use tieline_catalog::model::{ParamLocation, Privacy};
use tieline_catalog::path::find_param;
use tieline_catalog::{creations, wire, Parsed, Raw};
use tieline_code::{generate, Context, Target};

use crate::inputs::{input, variables, Variant, VARIANTS};
use crate::recorder::Recorder;
use crate::server::Server;

/// A sandbox server for one request, so that nothing is taken already.
const SANDBOX: &[&str] = &["sandbox", "--time-scale", "0"];

/// What a program reads from its environment: the sandbox's key, and the private values.
fn environment(parsed: &Parsed) -> Vec<(String, String)> {
    let own = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("CLOUD_SDK_AK", "sandbox-access-key"),
        ("CLOUD_SDK_SK", "sandbox-secret-key"),
        // Huawei's SDK writes into the home folder when it is imported.
        ("HOME", env!("CARGO_TARGET_TMPDIR")),
        ("PYTHONIOENCODING", "utf-8"),
    ];
    let own = own.map(|(name, value)| (name.to_string(), value.to_string()));
    own.into_iter().chain(variables(parsed)).collect()
}

/// The values without a user's token, which a request that is signed does not have.
fn signed(parsed: &Parsed) -> Parsed {
    let op = parsed.operation();
    let mut raw = parsed.to_raw();
    for (name, _) in parsed.values() {
        let param = find_param(op.params, name).expect("its own");
        if param.location == ParamLocation::Header && param.privacy == Privacy::Secret {
            raw.remove(name);
        }
    }
    tieline_catalog::check(op, &raw).parsed
}

/// The file of a target's code, in a folder of its own.
fn written(target: Target, variant: Variant, parsed: &Parsed, code: &str, below: &Path) -> PathBuf {
    let folder = below.join(variant.name());
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(target.file_name(parsed.operation()));
    std::fs::write(&file, code).expect("a file");
    file
}

fn code(parsed: &Parsed, target: Target, address: &str) -> String {
    let address = format!("http://{address}");
    let context = Context {
        proxy: &address,
        endpoint: Some(&address),
        ..Context::default()
    };
    generate(parsed, target, &context).unwrap_or_else(|error| panic!("{target:?}: {error:?}"))
}

/// Asserts that a program ran and that its answer has an id in it.
fn created(parsed: &Parsed, what: &str, output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{what} failed:\n{out}\n{err}");
    let id = parsed
        .operation()
        .response()
        .id
        .rsplit('.')
        .next()
        .unwrap_or_default();
    // The SDKs begin it with a capital or not.
    let shown = out.to_lowercase().contains(&id.to_lowercase());
    assert!(shown, "{what} printed no {id}:\n{out}\n{err}");
}

/// Asserts that one request came and that it holds these values.
fn received(requests: &[wire::Request], expected: &Parsed, what: &str) {
    let [request] = requests else {
        panic!("{what} sent {} requests", requests.len());
    };
    let (op, raw) = wire::parse(request).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_eq!(op, expected.operation());
    let got = check_as_server(op, &raw).parsed;
    let (got, expected) = (got.to_raw(), expected.to_raw());
    same(&got, &expected, what);
}

/// Value by value, so that a difference names its place.
fn same(got: &Raw, expected: &Raw, what: &str) {
    for (path, text) in expected.leaves() {
        assert_eq!(got.get(&path), Some(text), "{what}: {path}");
    }
    assert_eq!(got.leaves().len(), expected.leaves().len(), "{what}");
}

/// Each operation and each kind of request, in a sandbox of its own.
fn each(target: Target, run: impl Fn(&Path, &Parsed) -> Option<Output>) {
    let Some(program) = std::env::var_os("TIELINE_PROXY_BIN") else {
        eprintln!("Nothing is run: TIELINE_PROXY_BIN is not set; `cargo xtask test sdk` sets it.");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(target.name());
    let mut values = 0;
    for op in creations() {
        for variant in VARIANTS {
            let parsed = input(op, variant);
            let what = format!("{} {} {}", target.name(), op.name, variant.name());
            let mode = if target == Target::Curl {
                &["--sandbox"][..]
            } else {
                SANDBOX
            };
            let server = Server::start(&program, mode);
            let recorder = Recorder::before(&server.address);
            let code = code(&parsed, target, &recorder.address);
            let file = written(target, variant, &parsed, &code, &folder);
            let Some(output) = run(&file, &parsed) else {
                return;
            };
            created(&parsed, &what, &output);
            let requests = recorder.take();
            if target == Target::Curl {
                let [request] = &requests[..] else {
                    panic!("{what} sent {} requests", requests.len());
                };
                assert_eq!(request.path, format!("/v1/{}", op.name));
                let raw = Raw::from_json(op, &request.body).expect("JSON of its shape");
                same(&raw, &parsed.to_raw(), &what);
                assert!(request
                    .header("idempotency-key")
                    .is_some_and(|key| key.len() == 36));
            } else {
                received(&requests, &signed(&parsed), &what);
            }
            values += parsed.to_raw().leaves().len();
        }
    }
    println!("{}: {values} values", target.name());
    assert!(values > 60, "only {values} values were compared");
}

#[test]
fn generated_curl_creates_what_the_form_holds() {
    each(Target::Curl, |file, parsed| {
        let mut shell = Command::new("sh");
        shell
            .arg(file)
            .env_remove("TIELINE_TOKEN")
            .envs(environment(parsed));
        Some(shell.output().expect("sh"))
    });
}

#[test]
fn generated_python_creates_what_the_form_holds() {
    let Some(python) = std::env::var_os("TIELINE_PYTHON") else {
        eprintln!("Python is not run: TIELINE_PYTHON is not set; `cargo xtask test sdk` sets it.");
        return;
    };
    each(Target::Python, |file, parsed| {
        let mut command = Command::new(&python);
        command.arg(file).envs(environment(parsed));
        Some(
            command
                .output()
                .expect("the interpreter that TIELINE_PYTHON names"),
        )
    });
}

/// What is asked of the compiler: all that it can find.
const TSC: &str = "--strict --noEmitOnError --skipLibCheck --esModuleInterop --target es2022 --module commonjs --moduleResolution node10";

#[test]
fn generated_typescript_compiles_and_creates_what_the_form_holds() {
    let Some(node) = std::env::var_os("TIELINE_SDK_NODE") else {
        eprintln!(
            "TypeScript is not run: TIELINE_SDK_NODE is not set; `cargo xtask test sdk` sets it."
        );
        return;
    };
    // The compiler is asked once for all, since the SDK's types take it seconds: the port is put into what it
    // has made.
    const PORT: &str = "127.0.0.1:1";
    let below = Path::new(&node).join("generated");
    let mut files = Vec::new();
    for op in creations() {
        for variant in VARIANTS {
            let parsed = input(op, variant);
            let code = code(&parsed, Target::TypeScript, PORT);
            files.push(written(Target::TypeScript, variant, &parsed, &code, &below));
        }
    }
    let compiler = Path::new(&node).join("node_modules/typescript/bin/tsc");
    let mut command = Command::new("node");
    command
        .arg(compiler)
        .args(TSC.split(' '))
        .args(&files)
        .current_dir(&node);
    let output = command.output().expect("node");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    each(Target::TypeScript, |file, parsed| {
        let generated = std::fs::read_to_string(file).expect("the file");
        let address = generated
            .split("127.0.0.1:")
            .nth(1)
            .and_then(|rest| rest.split('\'').next());
        let address = format!("127.0.0.1:{}", address.expect("an endpoint"));
        let variant = file.parent().and_then(Path::file_name).expect("a folder");
        let name = Path::new(file.file_name().expect("a name")).with_extension("js");
        let compiled = below.join(variant).join(name);
        let program = std::fs::read_to_string(&compiled).expect("what was compiled");
        let program = program.replace(&format!("{PORT}'"), &format!("{address}'"));
        std::fs::write(&compiled, program).expect("written");
        let mut command = Command::new("node");
        command.arg(&compiled).envs(environment(parsed));
        Some(command.output().expect("node"))
    });
}
