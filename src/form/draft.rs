//! What a form was left with: the draft that was kept, and the input that another page hands over.

use std::cell::RefCell;
use std::rc::Rc;

use tieline_catalog::wire::parse_query;
use tieline_catalog::{Operation, Raw};

use crate::platform::dom;

/// Input that another page hands to a form: the operation's name and the input. Taken once.
#[derive(Clone, Default)]
pub struct Handover(pub Rc<RefCell<Option<(String, Raw)>>>);

impl PartialEq for Handover {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The key of an operation's draft in the browser's storage.
pub fn draft_key(op: &Operation) -> String {
    format!("tieline.draft.{}", op.name)
}

/// Removes the stored draft of an operation when there is nothing in it but what was submitted: the form
/// that would have been emptied is no longer in sight.
pub fn drop_submitted_draft(op: &Operation, submitted: &Raw) {
    let key = draft_key(op);
    let draft = dom::stored(&key).unwrap_or_default();
    let mut typed = parse_query(&draft).into_iter();
    if typed.all(|(path, text)| submitted.get(&path) == Some(&*text)) {
        dom::store(&key, None);
    }
}
