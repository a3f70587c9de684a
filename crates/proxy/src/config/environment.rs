//! The environment of the process, and which of its variables are settings.

use std::collections::BTreeMap;

use toml::Table;

use super::overlay::with_value;

/// The prefix of the variables' names: `TIELINE_LISTEN`, `TIELINE_LIMITS__BODY_KIB`.
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

/// The variables of the process, by name. Those that are no UTF-8 or empty are left out.
pub type Environment = BTreeMap<String, String>;

/// The environment of this process.
pub fn environment() -> Environment {
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(_, value)| !value.is_empty()).collect()
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

pub(super) fn ignored(environment: &Environment) -> Vec<&str> {
    let names = environment.keys().map(String::as_str);
    names
        .filter(|name| matches!(classify(name), EnvKey::Unrelated) && name.starts_with(PREFIX))
        .collect()
}

/// The meaning of a variable's name.
pub(super) enum EnvKey {
    /// The path of keys that it stands for.
    Path(Vec<String>),
    /// It is read elsewhere.
    Known,
    /// Nearly this name.
    Mistyped(String),
    /// Nothing of ours.
    Unrelated,
}

pub(super) fn classify(variable: &str) -> EnvKey {
    if [CONFIG_VARIABLE, JOURNAL_SECRET].contains(&variable) {
        return EnvKey::Known;
    }
    let Some(rest) = variable.strip_prefix(PREFIX) else {
        return EnvKey::Unrelated;
    };
    let path: Vec<String> = rest
        .to_lowercase()
        .split("__")
        .map(str::to_string)
        .collect();
    let first = path.first().map(String::as_str).unwrap_or_default();
    if KEYS.contains(&first) {
        return EnvKey::Path(path);
    }
    let tail: String = path
        .iter()
        .skip(1)
        .map(|part| format!("__{part}"))
        .collect();
    let nearest = nearest(first, path.len() == 1).map(|name| name + &tail);
    match nearest.or_else(|| divided(first)) {
        Some(name) => EnvKey::Mistyped(format!("{PREFIX}{}", name.to_uppercase())),
        None => EnvKey::Unrelated,
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
            let known = !with_value(&Table::new(), &path, "").is_err_and(unknown);
            known.then(|| path.join("__"))
        })
}
