//! Loading the configuration: the file, and the environment over it.

use std::path::Path;

use toml::Table;

use super::environment::{classify, EnvKey, Environment, CONFIG_VARIABLE};
use super::error::{position, without_secrets, ConfigError};
use super::model::{Configuration, Journal};
use super::overlay::with_value;

/// Reads the file and lays the environment over it.
///
/// A variable is named like the key, in capitals, with `__` after a section. Lists may be given with
/// commas. Variables whose first part is no key, nor nearly one, are left alone: container platforms
/// set such. [`super::ignored_names`] tells them.
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
            position(&name, &text, &error),
            without_secrets(error.message())
        ))
    };
    let mut configuration: Configuration = toml::from_str(&text).map_err(located)?;
    let mut table: Table = text.parse().map_err(located)?;
    for (variable, value) in environment {
        let path = match classify(variable) {
            EnvKey::Path(path) => path,
            EnvKey::Mistyped(name) => {
                return Err(ConfigError(format!(
                    "{variable}: there is no such setting. Do you mean {name}? Rename the variable or take it away."
                )))
            }
            EnvKey::Known | EnvKey::Unrelated => continue,
        };
        (table, configuration) = with_value(&table, &path, value)
            .map_err(|why| ConfigError(format!("{variable}: {}", without_secrets(&why))))?;
    }
    complete(&configuration).map_err(|why| ConfigError(format!("{why}.")))?;
    Ok(configuration)
}

/// Looks who can use a file with a password in it, before anything is served by it.
///
/// # Errors
/// When it is others than its owner. Where that cannot be seen, outside Unix, it is let through.
pub fn keep_password(file: Option<&Path>, environment: &Environment) -> Result<(), ConfigError> {
    let Some(file) = named(file, environment) else {
        return Ok(());
    };
    let table = std::fs::read_to_string(file).unwrap_or_default();
    let table: Table = table.parse().unwrap_or_default();
    let url = table.get("journal").and_then(|journal| journal.get("url"));
    let password = url.and_then(toml::Value::as_str);
    if password.is_some_and(has_password) && others_can_use(file) {
        return Err(ConfigError(format!(
            "{} has a password in it and can be used by others; close it with `chmod 600`, or give the address in the variable TIELINE_JOURNAL__URL.",
            file.display()
        )));
    }
    Ok(())
}

/// Whether there is a password before the host of an address, or among its parameters.
fn has_password(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    // A password may have any sign in it.
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    user.is_some_and(|user| user.contains(':')) || url.contains("password=")
}

#[cfg(unix)]
fn others_can_use(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).is_ok_and(|found| found.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_use(_: &Path) -> bool {
    false
}

/// The configuration's file: the one that is given, else that of the environment.
pub fn named<'a>(file: Option<&'a Path>, environment: &'a Environment) -> Option<&'a Path> {
    file.or(environment.get(CONFIG_VARIABLE).map(Path::new))
}

/// Keys that need each other. They may come from the file and from variables, so they are looked at
/// when all are there.
///
/// # Errors
/// What is missing.
fn complete(configuration: &Configuration) -> Result<(), &'static str> {
    let Configuration { auth, journal, .. } = configuration;
    if auth.trusted_header.is_some() == auth.trusted_proxies.is_empty() {
        return Err(
            "[auth] trusted_header and trusted_proxies belong together: give both or neither",
        );
    }
    match (&journal.url, &journal.url_env) {
        (None, None) if journal.kind.is_on_a_server() => {
            Err("[journal] a journal on a server needs the key url or url_env")
        }
        (Some(_), Some(_)) => Err("[journal] url and url_env exclude each other: give one of them"),
        _ if !journal.kind.is_on_a_server() && is_meant_for_a_server(journal) => {
            Err("[journal] url, url_env, identity, replicas and trusted are for a journal on a server, and its kind is none: set kind to postgres or redis, or take them away")
        }
        _ => Ok(()),
    }
}

/// Whether something is set that only a journal on a server has. Without its kind each replica would have
/// a file of its own, and a key would be executed once by each. A file may be named in any case: the
/// container does.
fn is_meant_for_a_server(journal: &Journal) -> bool {
    journal.url.is_some()
        || journal.url_env.is_some()
        || journal.identity.is_some()
        || journal.replicas > 0
        || journal.trusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::account::Accounts;
    use crate::config::environment::ignored;
    use crate::config::print::print;
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

    #[cfg(unix)]
    #[test]
    fn a_file_with_a_password_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tieline.toml");
        let read = |url: &str, mode: u32| {
            let text = format!("[journal]\nkind = \"redis\"\nurl = \"{url}\"\n");
            std::fs::write(&file, text).expect("written");
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).expect("changed");
            let none = Environment::new();
            assert!(load(Some(&file), &none).is_ok());
            keep_password(Some(&file), &none).map_err(|error| error.0)
        };
        assert!(read("redis://u:canary@h:1", 0o600).is_ok());
        assert!(read("redis://h:1", 0o644).is_ok());
        for mode in [0o644, 0o640, 0o604] {
            let error = read("redis://u:canary@h:1", mode).expect_err("readable");
            assert!(
                error.contains("chmod 600") && !error.contains("canary"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_mistake_never_shows_what_could_be_secret() {
        for text in [
            "[journal]\nkind = \"redis://u:CANARY@h\"",
            "[journal]\nurl = 4711",
            "[auth]\ntokens = [\"CANARY\"]",
            "[auth]\ntokens = \"canary\"",
            "[auth]\ntokens = [{ name = \"a\", sha256 = \"CANARY\" }]",
            "[auth]\ntrusted_proxies = [\"u:CANARY@h\"]",
            "allowed_hosts = [\"https://u:CANARY@h\"]",
            "[profiles.a]\nCANARY = 1",
            "[profiles.a]\nalibaba_env = \"CANARY\"",
            "[profiles.\"a CANARY b\"]",
            "[endpoints]\nvpc = \"https://u:CANARY@h\"",
            "listen = \"CANARY\"",
            "listen = CANARY",
            "[limits]\nbody_kib = \"CANARY\"",
        ] {
            let error = loaded(text, &[]).expect_err(text).to_lowercase();
            assert!(
                !error.contains("canary") && !error.contains("4711"),
                "{error}"
            );
        }
        for variable in [
            "TIELINE_JOURNAL__KIND",
            "TIELINE_AUTH__TOKENS",
            "TIELINE_LISTEN",
        ] {
            let error = loaded("", &[(variable, "redis://u:CANARY@h")]).expect_err(variable);
            assert!(!error.contains("CANARY"), "{error}");
        }
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
        for one in &variables {
            assert!(loaded("", &[*one]).is_err(), "{one:?}");
        }
        let named = ("TIELINE_JOURNAL__URL_ENV", "THE_URL");
        assert!(loaded("", &[variables[2], named]).is_ok());
        assert!(loaded("", &[variables[2], variables[3], named]).is_err());
    }

    #[test]
    fn a_servers_settings_without_its_kind_are_refused() {
        let identity = format!("identity = \"{}\"", "0f".repeat(16));
        for set in [
            "url = \"postgres://h/d\"",
            "url_env = \"THE_URL\"",
            "replicas = 1",
            "trusted = true",
            &identity,
        ] {
            for kind in ["", "kind = \"sqlite\"\n", "kind = \"memory\"\n"] {
                let error = loaded(&format!("[journal]\n{kind}{set}"), &[]).expect_err(set);
                assert!(error.contains("set kind to"), "{error}");
            }
            let url = if set.starts_with("url") {
                ""
            } else {
                "url = \"redis://h\"\n"
            };
            let kind = format!("[journal]\nkind = \"redis\"\npath = \"j\"\n{url}{set}");
            loaded(&kind, &[]).expect(set);
        }
        assert!(loaded(
            "[journal]\nreplicas = 0\ntrusted = false\npath = \"j\"",
            &[]
        )
        .is_ok());
    }

    #[test]
    fn an_address_with_a_password_is_told_from_one_without() {
        for (url, expected) in [
            ("redis://127.0.0.1:6379/0", false),
            ("redis://:p@127.0.0.1", true),
            ("rediss://u:p/@h", true),
            ("postgres://tieline@h:5432/d", false),
            ("postgres://tieline:p@h/d", true),
            ("postgres://h/d?user=u&password=p", true),
            ("host=h password=p", true),
        ] {
            assert_eq!(has_password(url), expected, "{url}");
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
