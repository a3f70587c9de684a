//! The names by which a proof knows records.

use alloc::string::{String, ToString};
use core::fmt;

use crate::receipt::Receipt;
use crate::record::Record;

/// The name of a record: its operation and its idempotency key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name {
    /// The operation.
    pub operation: String,
    /// The idempotency key.
    pub key: String,
}

impl Name {
    /// The name of a record.
    pub fn of(record: &Record) -> Name {
        Name {
            operation: record.operation.clone(),
            key: record.key.clone(),
        }
    }

    /// The name of the record that a receipt is about.
    pub fn of_receipt(receipt: &Receipt) -> Name {
        Name {
            operation: receipt.operation().to_string(),
            key: receipt.key().to_string(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.key)
    }
}
