//! The index of the store: positions of resources by id, token, account and unique value.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

/// A key under which resources are looked up.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Key {
    /// Its id.
    Id(String),
    /// The creation's name.
    Creation(&'static str),
    /// The creation's name and the account; none for a resource that names no account.
    Account(&'static str, Option<String>),
    /// The creation's name and the client token.
    Token(&'static str, String),
    /// The creation's name and a value that an account may use once, with the account, if the creation
    /// names one, and the value within which that holds.
    Unique(&'static str, [Option<String>; 2], String),
}

impl Key {
    /// The key of a value that may be used once in an account and within another value. Addresses are
    /// compared as addresses.
    pub fn unique(creation: &'static str, scope: [Option<String>; 2], value: &str) -> Key {
        let value = match value.parse::<IpAddr>() {
            Ok(address) => address.to_string(),
            Err(_) => value.to_string(),
        };
        Key::Unique(creation, scope, value)
    }
}

/// Positions of resources by key, in ascending order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Index(BTreeMap<Key, Vec<usize>>);

impl Index {
    /// Adds the resource at a position, which is behind all others.
    pub fn add(&mut self, position: usize, keys: impl IntoIterator<Item = Key>) {
        for key in keys {
            self.0.entry(key).or_default().push(position);
        }
    }

    /// The positions of the resources with this key.
    pub fn at(&self, key: &Key) -> &[usize] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}
