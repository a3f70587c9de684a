//! What a fresh form is filled with.

use std::rc::Rc;

use tieline_catalog::path::param_at;
use tieline_catalog::{Control, Operation, Raw};

use crate::form::field_paths::leaves;

/// The prefill of a fresh form, beside the catalog's defaults.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Prefill {
    /// A new idempotency token.
    pub token: String,
    /// The region from the settings; may be empty.
    pub region: String,
    /// The account from the settings; may be empty.
    pub account: String,
    /// What the host page has filled in.
    pub values: Raw,
    /// The wire paths of what the user may not change of it.
    pub locked: Rc<[String]>,
}

/// Fills in what the input lacks: what the host page gives, then the settings and the catalog's defaults.
pub(super) fn start(op: &'static Operation, raw: &mut Raw, prefill: &Prefill) {
    for path in prefill.locked.iter() {
        raw.remove(path);
    }
    for (path, text) in prefill.values.leaves() {
        if raw.get(&path).is_none() && param_at(op, &path).is_some() {
            raw.set(&path, text);
        }
    }
    for (path, param) in leaves(op, &Raw::new()) {
        let value = match param.control {
            Control::Token => &prefill.token,
            Control::Region => &prefill.region,
            Control::Account => &prefill.account,
            _ => match param.start() {
                Some(text) => text,
                None => continue,
            },
        };
        if raw.get(&path).is_none() && !value.is_empty() {
            raw.set(&path, value);
        }
    }
}
