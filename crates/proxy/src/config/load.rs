//! Reading the configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};

use super::values::complete;
use super::{Accounts, Configuration};

/// What the names of the variables start with: `TIELINE_LISTEN`, `TIELINE_LIMITS__BODY_KIB`.
const PREFIX: &str = "TIELINE_";

/// The variable that names the configuration file where `--config` does not.
pub(crate) const CONFIG_VARIABLE: &str = "TIELINE_CONFIG";

/// The variable that holds the journal's secret.
pub(crate) const JOURNAL_SECRET: &str = "TIELINE_JOURNAL_SECRET";

/// The keys at the top, as variables name them.
const KEYS: &[&str] = &[
    "listen",
    "console",
    "allowed_hosts",
    "allowed_origins",
    "frame_ancestors",
    "auth",
    "limits",
    "audit",
    "journal",
    "endpoints",
    "profiles",
];

/// Why the configuration cannot be used, in a sentence. No value that is secret is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError(pub String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// The variables of the process, by name. Those that are no UTF-8 or empty are left out.
pub type Environment = BTreeMap<String, String>;

/// The environment of this process.
pub fn environment() -> Environment {
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(_, value)| !value.is_empty()).collect()
}

/// Reads the file and lays the environment over it.
///
/// A variable is named like the key, in capitals, with `__` after a section. Lists may be given with
/// commas. Variables whose first part is no key, nor nearly one, are left alone: container platforms
/// set such. [`ignored_names`] tells them.
///
/// # Errors
/// When the file cannot be read, or a key or value is not understood; with file and line, or the
/// variable.
pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Configuration, ConfigError> {
    let text = match file {
        Some(file) => std::fs::read_to_string(file)
            .map_err(|error| ConfigError(format!("{} cannot be read: {error}.", file.display())))?,
        None => String::new(),
    };
    let name = file.map_or_else(String::new, |file| file.display().to_string());
    let located = |error: toml::de::Error| {
        ConfigError(format!(
            "{}: {}",
            place(&name, &text, &error),
            error.message()
        ))
    };
    let mut configuration: Configuration = toml::from_str(&text).map_err(located)?;
    let mut table: Table = text.parse().map_err(located)?;
    for (variable, value) in environment {
        let path = match key(variable) {
            Meant::Key(path) => path,
            Meant::Mistyped(name) => {
                return Err(ConfigError(format!(
                    "{variable}: there is no such setting. Do you mean {name}? Rename the variable or take it away."
                )))
            }
            Meant::Known | Meant::Stranger => continue,
        };
        (table, configuration) = laid_over(&table, &path, value)
            .map_err(|why| ConfigError(format!("{variable}: {why}")))?;
    }
    complete(&configuration).map_err(|why| ConfigError(format!("{why}.")))?;
    Ok(configuration)
}

/// The configuration as a file would hold it, with `***` for what is secret.
pub fn print(configuration: &Configuration, accounts: &Accounts) -> String {
    let mut text = toml::to_string(configuration).unwrap_or_else(|why| format!("# {why}\n"));
    text.push_str("\n# Keys found:\n");
    for (name, account) in accounts {
        let found = |found: bool| if found { "yes" } else { "no" };
        text.push_str(&format!(
            "# {name}: Alibaba Cloud {}, Huawei Cloud {}\n",
            found(account.alibaba.is_some()),
            found(account.huawei.is_some())
        ));
    }
    text
}

/// `tieline.toml, line 7`.
pub(super) fn place(name: &str, text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line = 1 + before.iter().filter(|b| **b == b'\n').count();
    format!("{name}, line {line}")
}

/// A sentence with the names of the variables that look like settings and are none. Their values,
/// which could be secret, are not in it.
pub fn ignored_names(environment: &Environment) -> Option<String> {
    let names = ignored(environment);
    (!names.is_empty()).then(|| {
        format!(
            "these variables are no settings and are ignored: {}.",
            names.join(", ")
        )
    })
}

fn ignored(environment: &Environment) -> Vec<&str> {
    let names = environment.keys().map(String::as_str);
    names
        .filter(|name| matches!(key(name), Meant::Stranger) && name.starts_with(PREFIX))
        .collect()
}

/// What the name of a variable says.
enum Meant {
    /// The path of keys that it stands for.
    Key(Vec<String>),
    /// It is read elsewhere.
    Known,
    /// Nearly this name.
    Mistyped(String),
    /// Nothing of ours.
    Stranger,
}

fn key(variable: &str) -> Meant {
    if [CONFIG_VARIABLE, JOURNAL_SECRET].contains(&variable) {
        return Meant::Known;
    }
    let Some(rest) = variable.strip_prefix(PREFIX) else {
        return Meant::Stranger;
    };
    let path: Vec<String> = rest
        .to_lowercase()
        .split("__")
        .map(str::to_string)
        .collect();
    let first = path.first().map(String::as_str).unwrap_or_default();
    if KEYS.contains(&first) {
        return Meant::Key(path);
    }
    let tail: String = path
        .iter()
        .skip(1)
        .map(|part| format!("__{part}"))
        .collect();
    let nearest = nearest(first, path.len() == 1).map(|name| name + &tail);
    match nearest.or_else(|| divided(first)) {
        Some(name) => Meant::Mistyped(format!("{PREFIX}{}", name.to_uppercase())),
        None => Meant::Stranger,
    }
}

/// The name that is a slip or two away. Short names are near to much, so they allow fewer.
fn nearest(first: &str, alone: bool) -> Option<String> {
    let others = [CONFIG_VARIABLE, JOURNAL_SECRET].map(|name| name[PREFIX.len()..].to_lowercase());
    let others = others.into_iter().filter(|_| alone);
    let names = KEYS.iter().map(|key| key.to_string()).chain(others);
    let far = |name: &String| strsim::osa_distance(first, name);
    let near = names.filter(|name| far(name) <= (name.len() / 3).min(3));
    near.min_by_key(far)
}

/// The key of a section behind one `_` where two belong: `limits_body_kib`.
fn divided(first: &str) -> Option<String> {
    ["auth", "limits", "audit", "journal"]
        .iter()
        .find_map(|section| {
            let name = first.strip_prefix(section)?.strip_prefix('_')?;
            let path = [section.to_string(), name.to_string()];
            let unknown = |why: String| why.starts_with("unknown field");
            let known = !laid_over(&Table::new(), &path, "").is_err_and(unknown);
            known.then(|| path.join("__"))
        })
}

/// Sets a key. A variable has no type, so it is tried as a text, as TOML, and as a list of texts.
fn laid_over(table: &Table, path: &[String], text: &str) -> Result<(Table, Configuration), String> {
    let as_toml = format!("v = {text}").parse::<Table>().ok();
    let as_toml = as_toml
        .filter(|t| t.len() == 1)
        .and_then(|mut t| t.remove("v"));
    let items = text.split(',').map(|item| item.trim().into()).collect();
    let tries = [
        Some(Value::String(text.to_string())),
        as_toml,
        Some(Value::Array(items)),
    ];
    let mut reasons = Vec::new();
    for value in tries.into_iter().flatten() {
        let mut table = table.clone();
        set(&mut table, path, value)?;
        match Configuration::deserialize(table.clone()) {
            Ok(configuration) => return Ok((table, configuration)),
            Err(error) => reasons.push(error.message().to_string()),
        }
    }
    // The reason of the value that had the right type says the most.
    let telling = reasons.iter().find(|r| !r.starts_with("invalid type"));
    Err(telling.or(reasons.first()).cloned().unwrap_or_default())
}

fn set(table: &mut Table, path: &[String], value: Value) -> Result<(), String> {
    match path {
        [] => Ok(()),
        [last] => {
            table.insert(last.clone(), value);
            Ok(())
        }
        [first, rest @ ..] => {
            let inner = table
                .entry(first.clone())
                .or_insert_with(|| Value::Table(Table::new()));
            match inner {
                Value::Table(inner) => set(inner, rest, value),
                _ => Err(format!("{first} has no keys of its own")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::JournalKind;

    fn loaded(text: &str, variables: &[(&str, &str)]) -> Result<Configuration, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tieline.toml");
        std::fs::write(&file, text).expect("written");
        let variables = variables
            .iter()
            .map(|(n, v)| (n.to_string(), v.to_string()));
        let result = load(Some(&file), &variables.collect());
        let folder = format!("{}/", folder.path().display());
        result.map_err(|error| error.0.replace(&folder, ""))
    }

    #[test]
    fn the_environment_comes_before_the_file_and_the_file_before_the_defaults() {
        let text = "listen = \"127.0.0.1:1\"\n[limits]\nbody_kib = 7\nheaders = 20\n";
        let variables = [
            ("TIELINE_LIMITS__BODY_KIB", "8"),
            ("TIELINE_ALLOWED_HOSTS", "a.example, b.example:8443"),
            ("TIELINE_ENDPOINTS__VPC", "https://vpc.example"),
            ("TIELINE_PROFILES__TEST__DOMAIN_ID", "0a1b"),
            ("TIELINE_SERVICE_HOST", "10.0.0.1"),
        ];
        let found = loaded(text, &variables).expect("usable");
        assert_eq!(found.listen.port(), 1);
        assert_eq!((found.limits.body_kib, found.limits.headers), (8, 20));
        assert_eq!(found.limits.json_depth, 32);
        assert_eq!(found.allowed_hosts, ["a.example", "b.example:8443"]);
        assert_eq!(found.endpoints["vpc"].authority(), "vpc.example");
        assert_eq!(found.profiles["test"].domain_id.as_deref(), Some("0a1b"));
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        for (text, expected) in [
            (
                "\nlisen = 1\n",
                "tieline.toml, line 2: unknown field `lisen`",
            ),
            ("listen = \"nowhere\"", "line 1: invalid socket address"),
            (
                "[limits]\n\nbody_kib = 0",
                "line 3: the number must be between 1 and 1024",
            ),
            ("[limits]\nbody_kib = -1", "line 2: "),
            ("[limits]\nx = 1", "line 2: unknown field `x`"),
            (
                "allowed_origins = [\n\"https://a/\"]",
                "line 1: an origin is",
            ),
            (
                "\nallowed_hosts = [\"https://portal.example/\"]",
                "line 2: `https://portal.example/` is no host",
            ),
            ("allowed_hosts = [\"\"]", "line 1: `` is no host"),
            (
                "[endpoints]\nvpc = \"http://vpc.example\"",
                "line 2: an endpoint on another machine",
            ),
            (
                "[endpoints]\nvpc = \"https://u@vpc.example\"",
                "line 2: an origin is",
            ),
            (
                "[endpoints]\nvpc = \"https://vpc.example/path\"",
                "line 2: an origin is",
            ),
            (
                "[endpoints]\nec2 = \"https://a.example\"",
                "unknown service `ec2`",
            ),
            (
                "[auth]\ntrusted_header = \"x-user\"",
                "trusted_header and trusted_proxies",
            ),
            (
                "[auth]\ntrusted_proxies = [\"10.0.0.1/32\"]",
                "trusted_header and trusted_proxies",
            ),
            (
                "[auth]\ntokens = [{ name = \"a\", sha256 = \"x\" }]",
                "line 2: a SHA-256 has",
            ),
            ("[journal]\nkind = \"redis\"", "needs the key url"),
            (
                "[journal]\nkind = \"paper\"",
                "line 2: unknown variant `paper`",
            ),
            ("[profiles.a]\ndomain_id = \"../x\"", "line 2: domain_id is"),
            ("[profiles.\"a b\"]", "the profile name `a b`"),
            (
                "[profiles.a]\naccess_key_secret = \"s\"",
                "line 2: unknown field",
            ),
            ("listen = ", "line 1: "),
        ] {
            let error = loaded(text, &[]).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
        let error = loaded("", &[("TIELINE_LIMITS__BODY_KIB", "4096")]).expect_err("too large");
        assert_eq!(
            error,
            "TIELINE_LIMITS__BODY_KIB: the number must be between 1 and 1024"
        );
        let error = loaded("", &[("TIELINE_LISTEN__X", "1")]).expect_err("no section");
        assert!(error.starts_with("TIELINE_LISTEN__X: "), "{error}");
        let error = load(Some(Path::new("absent.toml")), &Environment::new());
        assert!(error
            .expect_err("absent")
            .0
            .starts_with("absent.toml cannot be read"));
    }

    #[test]
    fn a_variable_that_is_nearly_a_key_is_refused_and_any_other_is_told() {
        for (variable, meant) in [
            ("TIELINE_LISTN", "TIELINE_LISTEN"),
            ("TIELINE_ALLOW_HOSTS", "TIELINE_ALLOWED_HOSTS"),
            ("TIELINE_CONFG", "TIELINE_CONFIG"),
            ("TIELINE_JOURNAL_SECRETS", "TIELINE_JOURNAL_SECRET"),
            ("TIELINE_AUHT__TOKENS", "TIELINE_AUTH__TOKENS"),
            ("TIELINE_LIMIT__BODY_KIB", "TIELINE_LIMITS__BODY_KIB"),
            ("TIELINE_LIMITS_BODY_KIB", "TIELINE_LIMITS__BODY_KIB"),
            ("TIELINE_JOURNAL_KIND", "TIELINE_JOURNAL__KIND"),
        ] {
            let error = loaded("", &[(variable, "canary")]).expect_err(variable);
            let expected = format!("{variable}: there is no such setting. Do you mean {meant}?");
            assert!(error.starts_with(&expected), "{error}");
        }
        // Container platforms set such, and so do this project's tests.
        let others = [
            "TIELINE_AUDIT_SERVICE_HOST",
            "TIELINE_AXE",
            "TIELINE_DIST",
            "TIELINE_ENV_TIELINE_AUTH__TOKENS",
            "TIELINE_PATH",
            "TIELINE_PORT",
            "TIELINE_PORT_8787_TCP_ADDR",
            "TIELINE_PROXY_SERVICE_HOST",
            "TIELINE_SERVICE_HOST",
        ];
        let set = |names: &[&str]| -> Environment {
            let values = names.iter().map(|n| (n.to_string(), "canary".to_string()));
            values.collect()
        };
        assert!(load(None, &set(&others)).is_ok());
        assert_eq!(ignored(&set(&others)), others);
        let known = [
            "PATH",
            "TIELINE_CONFIG",
            "TIELINE_JOURNAL_SECRET",
            "TIELINE_LISTEN",
        ];
        assert!(ignored(&set(&known)).is_empty());
    }

    #[test]
    fn keys_that_need_each_other_may_come_from_anywhere() {
        let variables = [
            ("TIELINE_AUTH__TRUSTED_HEADER", "x-user"),
            ("TIELINE_AUTH__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/24"),
            ("TIELINE_JOURNAL__KIND", "redis"),
            ("TIELINE_JOURNAL__URL", "redis://127.0.0.1"),
        ];
        let found = loaded("", &variables).expect("usable");
        assert_eq!(found.auth.trusted_proxies.len(), 2);
        assert_eq!(found.journal.kind, JournalKind::Redis);
        let file = "[auth]\ntrusted_header = \"x-user\"\n";
        assert!(loaded(file, &variables[1..]).is_ok());
        for one in variables.iter().take(3) {
            assert!(loaded("", &[*one]).is_err(), "{one:?}");
        }
    }

    #[test]
    fn an_address_alone_is_a_network_of_one() {
        let with = |proxies: &str| {
            let header = "[auth]\ntrusted_header = \"x-user\"\n";
            loaded(&format!("{header}trusted_proxies = {proxies}"), &[])
        };
        let found = with("[\"127.0.0.1\", \"::1\", \"10.0.0.0/24\"]").expect("usable");
        let networks: Vec<String> = found
            .auth
            .trusted_proxies
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(networks, ["127.0.0.1/32", "::1/128", "10.0.0.0/24"]);
        for wrong in ["localhost", "10.0.0.0/33", "10.0.0", ""] {
            let error = with(&format!("[\"{wrong}\"]")).expect_err(wrong);
            assert!(
                error.contains("neither an address nor a network"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_printed_can_be_read_and_holds_no_secret() {
        let text = format!(
            "[auth]\ntokens = [{{ name = \"ci\", sha256 = \"{}\" }}]\n[journal]\nkind = \"redis\"\nurl = \"redis://:canary@host\"\n[endpoints]\ncc = \"http://127.0.0.1:9\"\n",
            "c0ffee00".repeat(8)
        );
        let found = loaded(&text, &[]).expect("usable");
        let printed = print(&found, &Accounts::new());
        assert!(
            !printed.contains("canary") && !printed.contains("c0ffee"),
            "{printed}"
        );
        assert!(printed.contains("cc = \"http://127.0.0.1:9\""), "{printed}");
        let debug = format!("{found:?}");
        assert!(
            !debug.contains("canary") && !debug.contains("192, 255"),
            "{debug}"
        );
        let again = loaded(
            &printed.replace("\"***\"", &format!("\"{}\"", "00".repeat(32))),
            &[],
        );
        assert_eq!(again.expect("usable").journal.kind, JournalKind::Redis);
    }

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        let printed = print(&Configuration::default(), &Accounts::new());
        let again = loaded(&printed, &[]).expect("usable");
        assert_eq!(print(&again, &Accounts::new()), printed);
    }

    #[test]
    fn the_example_names_every_key() {
        let example = include_str!("../../tieline-proxy.example.toml");
        let found = loaded(example, &[]).expect("usable");
        assert!(!found.profiles.is_empty());
        let printed = print(&found, &Accounts::new());
        let keys = |text: &str| -> std::collections::BTreeSet<String> {
            let lines = text.lines().filter_map(|line| line.split_once(" = "));
            lines
                .map(|(key, _)| key.trim_start_matches("# ").to_string())
                .collect()
        };
        let missing: Vec<String> = keys(&printed).difference(&keys(example)).cloned().collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
