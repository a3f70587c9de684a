//! The code as the languages' own tools read it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tieline_catalog::model::Control;
use tieline_catalog::{creations, wire, Kind, Parsed};
use tieline_code::{generate, Context, Target};

use super::inputs::{input, variables, Variant, VARIANTS};

const CONTEXT: Context = Context {
    lang: tieline_catalog::Lang::Zh,
    proxy: "",
    profile: "branch's",
    endpoint: None,
    id: Some("id-\"${1}"),
};

/// Every code for a target, with the request that it is for.
fn codes(target: Target) -> Vec<(Parsed, Variant, String)> {
    let requests = creations().flat_map(|op| VARIANTS.map(|variant| (op, variant)));
    let codes = requests.filter_map(|(op, variant)| {
        let parsed = input(op, variant);
        let code = generate(&parsed, target, &CONTEXT).ok()?;
        Some((parsed, variant, code))
    });
    codes.collect()
}

/// Runs a script with bash; a stand-in for the command writes its arguments, each ended by a NUL.
fn arguments(script: &str, command: &str, parsed: &Parsed) -> Vec<String> {
    let standing_in = format!("{command}() {{ printf '%s\\0' \"$@\"; }}\n{script}");
    for options in [&["-n"][..], &[]] {
        let mut bash = Command::new("bash")
            .args(options)
            .arg("-s")
            .env_remove("TIELINE_TOKEN")
            .envs(variables(parsed))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("bash");
        let mut stdin = bash.stdin.take().expect("piped");
        stdin.write_all(standing_in.as_bytes()).expect("written");
        drop(stdin);
        let output = bash.wait_with_output().expect("bash");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && error.is_empty(),
            "{error}\n{script}"
        );
        if options.is_empty() {
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let mut words: Vec<String> = text.split('\0').map(String::from).collect();
            words.pop();
            return words;
        }
    }
    unreachable!("the second run returns")
}

/// A command line's options as `aliyun` reads them: a value after the first `=` or `:`, or the next word.
fn options(words: &[String]) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let word = word
            .strip_prefix("--")
            .unwrap_or_else(|| panic!("{word:?} is no option"));
        let (name, value) = match word.split_once(['=', ':']) {
            Some((name, value)) if !value.is_empty() => (name, value.to_string()),
            Some((name, _)) => (name, words.next().expect("a value").clone()),
            None => {
                let next = words.next_if(|next| !next.starts_with("--"));
                (word, next.cloned().unwrap_or_default())
            }
        };
        assert!(
            options.insert(name.to_string(), value).is_none(),
            "{name} twice"
        );
    }
    options
}

#[test]
fn aliyun_gets_the_values_as_words() {
    let mut seen = 0;
    for (parsed, variant, code) in codes(Target::Aliyun) {
        let words = arguments(&code, "aliyun", &parsed);
        let service = parsed.operation().service;
        assert_eq!(words[..2], [service.id, parsed.operation().name]);
        let mut options = options(&words[2..]);
        let region = parsed
            .operation()
            .param_with(Control::Region)
            .and_then(|r| parsed.get(r));
        assert_eq!(options.remove("region"), region, "{code}");
        if options.remove("force").is_some() {
            assert_eq!(options.remove("version").as_deref(), Some(service.version));
        }
        let sent: BTreeMap<String, String> = wire::encode(&parsed).query.into_iter().collect();
        assert_eq!(options, sent, "{variant:?}\n{code}");
        seen += sent.len();
    }
    assert!(seen > 40, "only {seen} values were compared");
}

#[test]
fn hcloud_gets_the_values_as_words() {
    let mut seen = 0;
    for (parsed, variant, code) in codes(Target::Hcloud) {
        let op = parsed.operation();
        let words = arguments(&code, "hcloud", &parsed);
        assert_eq!(
            words[..2],
            [op.service.id.to_uppercase(), op.name.to_string()]
        );
        let pair = |word: &String| {
            let (name, value) = word.strip_prefix("--")?.split_once('=')?;
            Some((name.to_string(), value.to_string()))
        };
        let mut options: BTreeMap<_, _> = words[2..]
            .iter()
            .map(|w| pair(w).expect("an option"))
            .collect();
        let account = op
            .param_with(Control::Account)
            .and_then(|name| parsed.get(name));
        assert_eq!(options.remove("cli-domain-id"), account);
        let raw = parsed.public().to_raw();
        let leaves = raw.leaves().into_iter();
        let own = leaves.filter(|(path, _)| Some(path.as_str()) != op.param_with(Control::Account));
        let sent: BTreeMap<_, _> = own.map(|(path, text)| (path, text.to_string())).collect();
        assert_eq!(options, sent, "{variant:?}\n{code}");
        seen += sent.len();
    }
    assert!(seen > 6, "only {seen} values were compared");
}

#[test]
fn curl_gets_the_values_as_json() {
    for (parsed, variant, code) in codes(Target::Curl) {
        let words = arguments(&code, "curl", &parsed);
        let body = words
            .iter()
            .position(|word| word == "--data-binary")
            .expect("a body");
        let json: serde_json::Value = serde_json::from_str(&words[body + 1]).expect("JSON");
        assert_eq!(json, parsed.to_json(), "{variant:?}\n{code}");
        let profile = String::from("Tieline-Profile: branch's");
        assert!(words.contains(&profile), "{words:?}");
        let url = format!("http://127.0.0.1:8787/v1/{}", parsed.operation().name);
        assert!(words.contains(&url), "{words:?}");
        let key = words
            .iter()
            .find_map(|word| word.strip_prefix("Idempotency-Key: "));
        assert_eq!(key.map(str::len), Some(36), "{words:?}");
    }
}

#[test]
fn terraform_gets_the_values_by_its_own_names() {
    let mut seen = 0;
    for (parsed, variant, code) in codes(Target::Terraform) {
        let body = hcl::parse(&code).unwrap_or_else(|error| panic!("{error}\n{code}"));
        let block = |name: &str| body.blocks().find(|block| block.identifier() == name);
        let id = block("import")
            .expect("an import")
            .body
            .attributes()
            .find(|a| a.key() == "id");
        let id: hcl::Value = hcl::from_str(&format!(
            "x = {}",
            hcl::format::to_string(&id.expect("an id").expr).expect("text")
        ))
        .map(|body: BTreeMap<String, hcl::Value>| body["x"].clone())
        .expect("a value");
        assert_eq!(id.as_str(), CONTEXT.id, "{code}");
        let resource: hcl::Value =
            hcl::from_str(&code).unwrap_or_else(|error| panic!("{error}\n{code}"));
        let entry = tieline_catalog::operations::entries().iter();
        let entry = entry.filter(|entry| entry.create.name == parsed.operation().name);
        let terraform = entry
            .filter_map(|entry| entry.tools.terraform.as_ref())
            .next()
            .expect("a resource");
        let inner = |value: &hcl::Value, name: &str| -> hcl::Value {
            let found = value
                .as_object()
                .and_then(|object| object.get(name))
                .cloned();
            found.unwrap_or_else(|| panic!("no {name} in\n{code}"))
        };
        let own = ["resource", terraform.resource, "this"]
            .iter()
            .fold(resource, |value, name| inner(&value, name));
        let own = own.as_object().expect("a block");
        for (path, argument) in terraform.arguments {
            let written = own.get(*argument);
            let raw = parsed.to_raw();
            match raw.at(path) {
                None => assert!(written.is_none(), "{argument} in\n{code}"),
                Some(tieline_catalog::Raw::Text(text)) => {
                    let written = written.unwrap_or_else(|| panic!("no {argument} in\n{code}"));
                    let written = written
                        .as_str()
                        .map_or_else(|| written.to_string(), String::from);
                    assert_eq!(written, *text, "{variant:?} {argument}\n{code}");
                    seen += 1;
                }
                Some(tieline_catalog::Raw::List(items)) => {
                    let map = written.and_then(hcl::Value::as_object).expect("a map");
                    assert_eq!(map.len(), items.len());
                    for item in items {
                        let key = item.get("Key").expect("a key");
                        let value = item.get("Value").unwrap_or_default();
                        assert_eq!(map[key].as_str(), Some(value), "{code}");
                        seen += 1;
                    }
                }
                Some(other) => panic!("{other:?} as {argument}"),
            }
        }
        // Everything is either in it, or the comment says that it is not.
        for param in parsed.operation().params {
            let control = matches!(param.control, Control::Region | Control::Account);
            let nested = matches!(param.kind, Kind::Object(_));
            let here = parsed.values().iter().any(|(name, _)| *name == param.name);
            if here && !control && !nested {
                let taken = terraform
                    .arguments
                    .iter()
                    .any(|(path, _)| *path == param.name);
                let said = code
                    .lines()
                    .any(|l| l.starts_with('#') && l.contains(param.name));
                assert!(taken || said, "{} is lost in\n{code}", param.name);
            }
        }
    }
    assert!(seen > 20, "only {seen} values were compared");
}

/// Runs a language's own parser over a file for each code; without it on this machine says so.
fn parse(tool: &str, target: Target, run: impl Fn(&[PathBuf]) -> Command) {
    if Command::new(tool)
        .arg("--help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!("{target:?} is not parsed: there is no {tool} on this machine.");
        return;
    }
    let mut files = Vec::new();
    for (parsed, variant, code) in codes(target) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("code")
            .join(variant.name());
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join(target.file_name(parsed.operation()));
        std::fs::write(&file, code).expect("a file");
        files.push(file);
    }
    assert_eq!(files.len(), creations().count() * VARIANTS.len());
    let output = run(&files).output().expect("it starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
}

#[test]
fn go_is_parsed_by_gofmt() {
    parse("gofmt", Target::Go, |files| {
        let mut command = Command::new("gofmt");
        command.arg("-e").args(files).stdout(Stdio::null());
        command
    });
}

#[test]
fn java_is_parsed_by_its_compiler() {
    parse("java", Target::Java, |files| {
        let mut command = Command::new("java");
        let parser = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/code/Parse.java");
        command.arg(parser).args(files);
        command
    });
}
