//! The properties of the submission panel, and the status that it reports.

use std::cell::Cell;
use std::rc::Rc;

use tieline_catalog::{Lang, Operation, Parsed, Text};
use yew::prelude::*;

use crate::client::Connection;
use crate::form::control::Table;
use crate::form::state::Form;
use crate::platform::mount::Mount;
use crate::settings::Settings;
use crate::ui::status_line::Stage;

/// The id of what the user is asked, which takes the focus.
pub const QUESTION: &str = "answer-question";

/// A form. Handles of it lead to its present state, whatever it was when they were made, so that two
/// of them cannot tell whether it has changed: none equals another, and the panel is always drawn anew.
#[derive(Clone)]
pub struct SharedForm(pub UseReducerHandle<Form>);

impl PartialEq for SharedForm {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// A request that created something.
#[derive(PartialEq)]
pub struct SettledRequest {
    /// Its values, masked.
    pub values: Rc<Parsed>,
    /// The id of what it created.
    pub id: Rc<str>,
}

/// What the rest of the page shows of the sending.
#[derive(Clone, PartialEq, Default)]
pub struct Status {
    /// Something that was submitted is under way.
    pub busy: bool,
    /// It has left, and its answer is waited for.
    pub sent: bool,
    /// What came of the last one.
    pub stage: Option<Stage>,
    /// What created something, until something new is typed.
    pub settled: Option<Rc<SettledRequest>>,
    /// What is wrong with the history's storage.
    pub problem: Option<Text>,
}

/// The properties of the submission panel: what the rest of the page knows of a form that sends.
#[derive(Properties, Clone, PartialEq)]
pub struct SubmissionPanelProps {
    /// What is created.
    pub operation: Table<Operation>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// The form.
    pub form: SharedForm,
    /// The state of the connection; `None` while it is being checked.
    pub connection: Option<Connection>,
    /// Asks for a new look at the connection.
    pub recheck: Callback<()>,
    /// Takes what the rest of the page shows.
    pub tell: Callback<Status>,
    /// Whether something is under way, at any moment: a drawing later `tell` says so, too.
    pub busy: Rc<Cell<bool>>,
    /// The language.
    pub lang: Lang,
    /// Where the form is shown.
    pub mount: Mount,
}
