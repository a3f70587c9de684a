//! The keys of each profile, from the environment or from a file that only its owner can read.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tieline_signature::{Credentials, Secret};
use zeroize::Zeroizing;

use super::environment::Environment;
use super::error::{position, variable, ConfigError};
use super::model::{AlibabaVariables, Configuration, HuaweiVariables, Profile};
use super::values::{is_account_id, Hidden};

/// The profile of requests that name none. It takes its keys from the variables that the vendors'
/// own tools use.
pub const DEFAULT_PROFILE: &str = "default";

/// The longest file of keys in bytes.
const MAX_FILE: u64 = 64 * 1024;

/// The keys of a profile.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Alibaba Cloud's.
    pub alibaba: Option<Credentials>,
    /// Huawei Cloud's.
    pub huawei: Option<HuaweiKeys>,
    /// The id of the Huawei Cloud account, where it is configured.
    pub account_id: Option<String>,
}

impl Account {
    /// Whether it has no keys at all.
    pub fn is_empty(&self) -> bool {
        self.alibaba.is_none() && self.huawei.is_none()
    }
}

/// The keys that prove whose a request to Huawei Cloud is.
#[derive(Clone, Debug)]
pub enum HuaweiKeys {
    /// By a signature.
    Signed(Credentials),
    /// By a token of IAM (X-Auth-Token). It ends by itself, within a day.
    Token(Secret),
}

/// The accounts by the names of their profiles.
pub type Accounts = BTreeMap<String, Account>;

/// Collects the keys of every profile; [`DEFAULT_PROFILE`] is always among them. The environment
/// comes before the file.
///
/// # Errors
/// When a variable or a file that should hold a key does not, or others can read the file.
pub fn accounts(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Accounts, ConfigError> {
    let mut profiles = configuration.profiles.clone();
    profiles.entry(DEFAULT_PROFILE.to_string()).or_default();
    let mut accounts = Accounts::new();
    for (name, profile) in profiles {
        let standard = name == DEFAULT_PROFILE;
        let account = account(&profile, standard, environment)
            .map_err(|why| ConfigError(format!("profile {name}: {why}")))?;
        accounts.insert(name, account);
    }
    Ok(accounts)
}

fn account(profile: &Profile, standard: bool, env: &Environment) -> Result<Account, String> {
    let file = match &profile.credentials_file {
        Some(file) => read(file)?,
        None => CredentialsFile::default(),
    };
    let mut account = Account {
        account_id: profile.domain_id.clone(),
        ..Account::default()
    };
    if let Some(variables) = &profile.alibaba_env {
        account.alibaba = Some(required_pair(&alibaba_names(variables), env)?);
    } else if standard {
        account.alibaba = pair(&STANDARD_ALIBABA, env)?;
    }
    if let Some(variables) = &profile.huawei_env {
        let credentials = required_pair(&huawei_names(variables), env)?;
        account.huawei = Some(HuaweiKeys::Signed(credentials));
    } else if standard {
        for names in &STANDARD_HUAWEI {
            let found = pair(names, env)?.map(HuaweiKeys::Signed);
            account.huawei = account.huawei.or(found);
        }
    }
    if let Some(id) = env.get("HUAWEICLOUD_SDK_DOMAIN_ID").filter(|_| standard) {
        account.account_id = Some(id.clone());
    }
    if let (None, Some(keys)) = (&account.alibaba, file.alibaba) {
        let id = keys.access_key_id;
        account.alibaba = Some(credentials(
            id,
            &keys.access_key_secret,
            keys.security_token.as_ref(),
        )?);
    }
    if let Some(keys) = file.huawei {
        if account.huawei.is_none() {
            account.huawei = Some(huawei_keys(&keys)?);
        }
        account.account_id = account.account_id.or(keys.domain_id);
    }
    match &account.account_id {
        Some(id) if !is_account_id(id) => {
            Err("domain_id is the account's id: letters, digits, - and _.".to_string())
        }
        _ => Ok(account),
    }
}

/// The names of a key's variables: id, secret, token.
struct Names<'a>(&'a str, &'a str, Option<&'a str>);

const STANDARD_ALIBABA: Names = Names(
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    Some("ALIBABA_CLOUD_SECURITY_TOKEN"),
);

const STANDARD_HUAWEI: [Names; 2] = [
    Names(
        "HUAWEICLOUD_SDK_AK",
        "HUAWEICLOUD_SDK_SK",
        Some("HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ),
    Names("CLOUD_SDK_AK", "CLOUD_SDK_SK", None),
];

fn alibaba_names(v: &AlibabaVariables) -> Names<'_> {
    Names(
        &v.access_key_id,
        &v.access_key_secret,
        v.security_token.as_deref(),
    )
}

fn huawei_names(v: &HuaweiVariables) -> Names<'_> {
    Names(&v.access_key, &v.secret_key, v.security_token.as_deref())
}

fn required_pair(names: &Names, env: &Environment) -> Result<Credentials, String> {
    pair(names, env)?.ok_or_else(|| {
        let (id, secret) = (variable(names.0), variable(names.1));
        format!("the variables {id} and {secret} are not set.")
    })
}

/// Both variables or neither.
fn pair(names: &Names, env: &Environment) -> Result<Option<Credentials>, String> {
    let Names(id, secret, token) = names;
    let missing = |there: &str, absent: &str| {
        let (there, absent) = (variable(there), variable(absent));
        Err(format!("the variable {there} is set, but {absent} is not."))
    };
    match (env.get(*id), env.get(*secret)) {
        (None, None) => Ok(None),
        (Some(_), None) => missing(id, secret),
        (None, Some(_)) => missing(secret, id),
        (Some(key), Some(text)) => {
            let text = Zeroizing::new(text.clone());
            let token = token.and_then(|name| env.get(name));
            let token = token.map(|token| Secret::new(token.clone()));
            checked(key.clone(), Secret::from(text.as_str()), token).map(Some)
        }
    }
}

fn credentials(id: String, secret: &Hidden, token: Option<&Hidden>) -> Result<Credentials, String> {
    let own = |hidden: &Hidden| Secret::from(hidden.expose());
    checked(id, own(secret), token.map(own))
}

/// Key ids and tokens become headers; nothing else may stand in them.
fn checked(
    access_key_id: String,
    secret: Secret,
    security_token: Option<Secret>,
) -> Result<Credentials, String> {
    let token = security_token.as_ref().map_or("x", Secret::expose);
    for (what, text) in [
        ("access key id", access_key_id.as_str()),
        ("secret", secret.expose()),
        ("token", token),
    ] {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(format!(
                "the {what} is empty or has blanks or other characters that no key has."
            ));
        }
    }
    if access_key_id.contains([',', '=']) {
        return Err("the access key id has characters that no key has.".to_string());
    }
    Ok(Credentials {
        access_key_id,
        secret,
        security_token,
    })
}

/// A file of keys.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct CredentialsFile {
    alibaba: Option<AlibabaFile>,
    huawei: Option<HuaweiFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlibabaFile {
    access_key_id: String,
    access_key_secret: Hidden,
    security_token: Option<Hidden>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HuaweiFile {
    access_key: Option<String>,
    secret_key: Option<Hidden>,
    security_token: Option<Hidden>,
    auth_token: Option<Hidden>,
    domain_id: Option<String>,
}

fn huawei_keys(file: &HuaweiFile) -> Result<HuaweiKeys, String> {
    match (&file.access_key, &file.secret_key, &file.auth_token) {
        (Some(id), Some(secret), None) => {
            let token = file.security_token.as_ref();
            credentials(id.clone(), secret, token).map(HuaweiKeys::Signed)
        }
        (None, None, Some(token)) => {
            let text = token.expose();
            match !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()) {
                true => Ok(HuaweiKeys::Token(Secret::from(text))),
                false => Err("the auth_token is empty or has characters that no token has.".into()),
            }
        }
        _ => Err("give Huawei Cloud's access_key and secret_key, or auth_token alone.".to_string()),
    }
}

fn read(path: &Path) -> Result<CredentialsFile, String> {
    let name = path.display().to_string();
    let text = private_text(path).map_err(|why| format!("{name} {why}"))?;
    toml::from_str(&text).map_err(|error| {
        let position = position(&name, &text, &error);
        // Other messages quote the value that they do not like.
        match error.message() {
            known if known.starts_with("unknown field") || known.starts_with("missing field") => {
                format!("{position}: {known}")
            }
            _ => {
                format!("{position}: not understood; a key is written like access_key_id = \"…\".")
            }
        }
    })
}

/// The text of a file that is the process owner's and that nobody else can read. What is checked is
/// the file that was opened, so that a link that is changed meanwhile changes nothing.
#[cfg(unix)]
fn private_text(path: &Path) -> Result<Zeroizing<String>, String> {
    use rustix::fs::{Mode, OFlags};
    use std::io::Read;
    use std::os::unix::fs::MetadataExt;

    // Without NONBLOCK a pipe in the file's place would stop the program.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}.");
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let file = std::fs::File::from(opened.map_err(|e| unreadable(e.into()))?);
    let meta = file.metadata().map_err(unreadable)?;
    if !meta.is_file() {
        return Err("is no file.".to_string());
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err("belongs to another user; give it to the user who runs the proxy.".to_string());
    }
    if meta.mode() & 0o077 != 0 {
        let mode = meta.mode() & 0o777;
        return Err(format!(
            "can be used by others (mode {mode:04o}); close it with `chmod 600`."
        ));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_FILE)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    Ok(text)
}

/// Elsewhere it cannot be seen who else can read a file.
#[cfg(not(unix))]
fn private_text(_: &Path) -> Result<Zeroizing<String>, String> {
    Err("is not read on this system; give the keys in environment variables.".to_string())
}
