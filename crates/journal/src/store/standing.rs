//! How a process tells that a server still holds the journal that it opened, and all that it wrote.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
use crate::secret::random;

/// What a journal is opened with.
#[derive(Clone)]
pub(crate) struct Opening {
    /// By which the store recognises the secret.
    pub(crate) check_value: String,
    /// Whether one is begun where there is none.
    pub(crate) create: bool,
    /// The identity that it must have; `None`: any.
    pub(crate) identity: Option<String>,
}

/// What a server says of its journal at the opening.
pub(super) struct Found {
    /// Empty where there is none.
    pub(super) identity: String,
    pub(super) check_value: String,
    pub(super) begun: bool,
}

/// The journal that was opened, and what this process wrote to it.
pub(crate) struct Standing {
    /// A random number that the journal was given when it was begun.
    pub(crate) identity: String,
    /// Whether it was begun now.
    pub(crate) begun: bool,
    /// The name of this process among those that write.
    pub(super) writer: String,
    /// How often this process has written, as far as it was acknowledged. A server that knows of fewer
    /// has lost some.
    writes: AtomicU64,
}

/// A new random name, in 32 hexadecimal digits.
pub(super) fn name() -> Result<String, Error> {
    Ok(base16ct::lower::encode_string(&random::<16>()?))
}

impl Standing {
    /// Whether what was found is what is opened.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::OtherSecret`], [`Error::OtherIdentity`].
    pub(super) fn of(
        found: Found,
        opening: &Opening,
        server: &'static str,
    ) -> Result<Standing, Error> {
        let wanted = opening.identity.clone();
        if found.identity.is_empty() {
            return Err(match wanted {
                Some(wanted) => Error::OtherIdentity(server, "(none)".to_string(), wanted),
                None => Error::Absent(format!("the {server}")),
            });
        }
        if found.check_value != opening.check_value {
            return Err(Error::OtherSecret);
        }
        match wanted {
            Some(wanted) if wanted != found.identity => {
                Err(Error::OtherIdentity(server, found.identity, wanted))
            }
            _ => Ok(Standing {
                identity: found.identity,
                begun: found.begun,
                writer: name()?,
                writes: AtomicU64::new(0),
            }),
        }
    }

    /// Whether a journal may be begun: not where a certain one is expected.
    pub(super) fn may_begin(opening: &Opening) -> bool {
        opening.create && opening.identity.is_none()
    }

    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    pub(super) fn acknowledged(&self, writes: u64) {
        self.writes.fetch_max(writes, Ordering::Relaxed);
    }
}
