//! Keyed digests: what the store holds instead of principals, keys and parameters.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use base16ct::lower::encode_string;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::types::{EntryId, Key};

const LENGTH: usize = 32;

/// The key of the digests: 32 random bytes, kept outside the store. Without it nobody can find out
/// by guessing which parameters an entry in the store stands for. All replicas that share a store
/// share the secret, and it stays the same as long as the store does.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; LENGTH]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// A new random secret.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn random() -> Result<Secret, Error> {
        Ok(Secret(Zeroizing::new(random()?)))
    }

    /// Reads 64 hexadecimal digits, as they stand in a configuration.
    ///
    /// # Errors
    /// [`Error::BadSecret`], without what was given.
    pub fn from_hex(text: &str) -> Result<Secret, Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        match base16ct::mixed::decode(text.trim(), bytes.as_mut()) {
            Ok(read) if read.len() == LENGTH => Ok(Secret(bytes)),
            _ => Err(Error::BadSecret),
        }
    }

    /// Reads the secret from a file, or makes the file, readable by its owner only. An empty one counts as
    /// none: a full disk leaves such, and so does a process that is killed before it has written.
    ///
    /// # Errors
    /// [`Error::SecretFile`], [`Error::OpenSecret`] and those of [`Secret::random`] and [`Secret::from_hex`].
    pub fn load_or_create(path: &Path) -> Result<Secret, Error> {
        if fs::metadata(path).is_ok_and(|found| found.len() > 0) {
            return Secret::load(path);
        }
        let failed = |error: std::io::Error| Error::SecretFile(path.to_path_buf(), error.kind());
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        // Of two that start at once one makes it; where there are no locks they had better not.
        file.lock().ok();
        let found = file.metadata().map_err(failed)?;
        if found.len() > 0 {
            drop(file);
            return Secret::load(path);
        }
        for_owner_alone(path, &found)?;
        let secret = Secret::random()?;
        let text = Zeroizing::new(encode_string(secret.0.as_ref()));
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all());
        if let Err(error) = written {
            // Half a secret would be none for ever.
            file.set_len(0).ok();
            return Err(failed(error));
        }
        Ok(secret)
    }

    /// Reads the secret from a file.
    ///
    /// # Errors
    /// [`Error::SecretFile`], [`Error::OpenSecret`], [`Error::BadSecret`].
    pub fn load(path: &Path) -> Result<Secret, Error> {
        let failed = |error: std::io::Error| Error::SecretFile(path.to_path_buf(), error.kind());
        for_owner_alone(path, &fs::metadata(path).map_err(failed)?)?;
        let text = fs::read_to_string(path).map_err(failed)?;
        Secret::from_hex(&Zeroizing::new(text))
    }

    /// The value by which a store recognises its secret.
    #[cfg(feature = "durable")]
    pub(crate) fn check_value(&self) -> String {
        encode_string(&self.digest(b"store", |_| {}))
    }

    pub(crate) fn id(&self, key: &Key) -> EntryId {
        EntryId(self.digest(b"key", |mac| {
            for part in [key.principal, key.operation, key.idempotency_key] {
                text(mac, part);
            }
        }))
    }

    /// The digest of parameters, whatever the order of their members. The key is part of it, so
    /// equal parameters do not look equal in the store.
    pub(crate) fn fingerprint(&self, id: &EntryId, parameters: &Value) -> String {
        encode_string(&self.digest(b"parameters", |mac| {
            mac.update(&id.0);
            canonical(mac, parameters);
        }))
    }

    /// The client token of a key, in 32 hexadecimal digits.
    pub(crate) fn client_token(&self, id: &EntryId) -> String {
        encode_string(&self.digest(b"client token", |mac| mac.update(&id.0))[..16])
    }

    /// The digest of parameters for a record outside the store, where equal ones shall be seen to be
    /// equal.
    pub(crate) fn of_record(&self, parameters: &Value) -> String {
        encode_string(&self.digest(b"record", |mac| canonical(mac, parameters)))
    }

    fn digest(&self, purpose: &[u8], feed: impl FnOnce(&mut Hmac<Sha256>)) -> [u8; LENGTH] {
        // HMAC pads a short key with zeros to the hash's block.
        let mut block = Zeroizing::new([0; 64]);
        block[..LENGTH].copy_from_slice(self.0.as_ref());
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        mac.update(b"tieline-journal 1 ");
        mac.update(purpose);
        feed(&mut mac);
        mac.finalize().into_bytes().into()
    }
}

/// Refuses a file that others than its owner can use.
#[cfg(unix)]
fn for_owner_alone(path: &Path, found: &fs::Metadata) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;
    match found.mode() & 0o077 {
        0 => Ok(()),
        _ => Err(Error::OpenSecret(path.to_path_buf())),
    }
}

#[cfg(not(unix))]
fn for_owner_alone(_: &Path, _: &fs::Metadata) -> Result<(), Error> {
    Ok(())
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}

/// Feeds a text after its length: parts never run together.
fn text(mac: &mut Hmac<Sha256>, text: &str) {
    mac.update(&(text.len() as u64).to_be_bytes());
    mac.update(text.as_bytes());
}

/// Feeds a value so that two values feed the same bytes only if they are equal.
fn canonical(mac: &mut Hmac<Sha256>, value: &Value) {
    match value {
        Value::Null => mac.update(b"n"),
        Value::Bool(value) => mac.update(if *value { b"t" } else { b"f" }),
        Value::Number(number) => {
            mac.update(b"#");
            text(mac, &number.to_string());
        }
        Value::String(string) => {
            mac.update(b"s");
            text(mac, string);
        }
        Value::Array(items) => {
            mac.update(b"[");
            items.iter().for_each(|item| canonical(mac, item));
            mac.update(b"]");
        }
        Value::Object(members) => {
            mac.update(b"{");
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            for (name, value) in members {
                text(mac, name);
                canonical(mac, value);
            }
            mac.update(b"}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: Key = Key {
        principal: "alice",
        operation: "Op",
        idempotency_key: "1",
    };

    #[test]
    fn a_key_has_one_client_token_for_ever_and_no_other_key_has_it() {
        let secret = Secret::from_hex(&"0f".repeat(LENGTH)).unwrap();
        let token = secret.client_token(&secret.id(&KEY));
        // Written down: another value would create again what an earlier version created.
        assert_eq!(token, "db03b8c2f75d7611d5a2ac5d5691acec");
        let other = Key {
            idempotency_key: "2",
            ..KEY
        };
        assert_ne!(secret.client_token(&secret.id(&other)), token);
        let stranger = Secret::random().unwrap();
        assert_ne!(stranger.client_token(&secret.id(&KEY)), token);
    }

    #[test]
    fn fingerprints_tell_values_apart_but_not_orders() {
        let secret = Secret::random().unwrap();
        let id = secret.id(&KEY);
        let of = |value: Value| secret.fingerprint(&id, &value);
        assert_eq!(
            of(json!({"a": 1, "b": {"c": 2, "d": [3]}})),
            of(json!({"b": {"d": [3], "c": 2}, "a": 1}))
        );
        let different = [
            json!(null),
            json!([]),
            json!({}),
            json!({"a": 1}),
            json!({"a": "1"}),
            json!({"a": [1]}),
            json!(["a", 1]),
            json!([["a"], 1]),
            json!([["a", 1]]),
            json!({"a": {"b": 1}, "c": 2}),
            json!({"a": {"b": 1, "c": 2}}),
        ];
        let all: std::collections::HashSet<String> = different.into_iter().map(of).collect();
        assert_eq!(all.len(), 11);
    }

    #[test]
    fn parts_of_a_key_do_not_run_together_and_digests_are_keyed() {
        let secret = Secret::random().unwrap();
        let moved = Key {
            principal: "aliceO",
            operation: "p",
            idempotency_key: "1",
        };
        assert_ne!(secret.id(&KEY), secret.id(&moved));
        let other = Secret::random().unwrap();
        assert_ne!(secret.id(&KEY), other.id(&KEY));
        let value = json!({"IDCardNo": "11010519491231002X"});
        let id = secret.id(&KEY);
        assert_ne!(
            secret.fingerprint(&id, &value),
            other.fingerprint(&id, &value)
        );
        assert_ne!(
            secret.fingerprint(&id, &value),
            secret.fingerprint(&secret.id(&moved), &value)
        );
    }

    #[test]
    fn a_records_digest_is_the_same_for_equal_parameters_only_and_keyed() {
        let (secret, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        let of = |value: Value| secret.of_record(&value);
        let value = json!({"ContactTel": "13800138000", "a": 1});
        assert_eq!(
            of(value.clone()),
            of(json!({"a": 1, "ContactTel": "13800138000"}))
        );
        assert_ne!(
            of(value.clone()),
            of(json!({"a": 1, "ContactTel": "13800138001"}))
        );
        assert_ne!(of(value.clone()), other.of_record(&value));
    }

    #[test]
    fn a_secret_file_is_made_once_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.key");
        let made = Secret::load_or_create(&path).unwrap();
        let read = Secret::load_or_create(&path).unwrap();
        assert_eq!(made.check_value(), read.check_value());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        #[cfg(unix)]
        for mode in [0o640, 0o604, 0o660, 0o644] {
            use std::os::unix::fs::PermissionsExt;
            let change = |mode| fs::set_permissions(&path, PermissionsExt::from_mode(mode));
            change(mode).unwrap();
            let error = Secret::load_or_create(&path).unwrap_err();
            assert!(error.to_string().contains("chmod 600"), "{error}");
            change(0o600).unwrap();
        }
        fs::write(&path, "not hex: canary").unwrap();
        let error = Secret::load_or_create(&path).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_file_that_was_never_written_is_made() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.key");
        let change = |mode| fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        fs::write(&path, "").unwrap();
        // Who can write it now could read it later.
        change(0o644);
        let error = Secret::load_or_create(&path).unwrap_err();
        assert!(matches!(error, Error::OpenSecret(_)), "{error}");
        change(0o600);
        let made = Secret::load_or_create(&path).unwrap();
        let read = Secret::load(&path).unwrap();
        assert_eq!(made.check_value(), read.check_value());
        // Many that start at once have one.
        fs::write(&path, "").unwrap();
        let all: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || Secret::load_or_create(&path).unwrap().check_value())
            })
            .collect();
        let kept = |value| Secret::load(&path).unwrap().check_value() == value;
        assert!(all.into_iter().all(|made| kept(made.join().unwrap())));
    }
}
