//! The start of a form: the draft that was kept, the input that another page hands over, and the prefill.

use std::cell::RefCell;
use std::rc::Rc;

use tieline_catalog::{Operation, Raw};

use super::state::Prefill;
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::settings::Settings;

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

/// The prefill of a new form of an operation.
pub fn prefill(settings: &Settings, op: &'static Operation, mount: &Mount) -> Prefill {
    let (values, locked) = mount
        .host_page()
        .map_or_else(Default::default, |host_page| host_page.values(op));
    Prefill {
        values,
        locked,
        token: dom::uuid(),
        region: settings.region.clone(),
        account: settings.account.clone(),
    }
}
