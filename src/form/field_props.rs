//! The properties of a field, which its controls share.

use tieline_catalog::{Lang, Param, Severity, Violation};
use yew::prelude::*;

use super::control::Table;
use super::state::{Act, Form};
use crate::platform::lazy::ChunkReady;

/// A field's properties. Equal ones are not rendered again, which keeps typing quick.
#[derive(Properties, Clone, PartialEq)]
pub struct Props {
    /// What the field is for.
    pub param: Table<Param>,
    /// Its wire path, which is also the control's name.
    pub path: AttrValue,
    /// Its present text.
    pub value: AttrValue,
    /// What is wrong with it.
    pub shown: Vec<Violation>,
    /// The language.
    pub lang: Lang,
    /// Where its events go.
    pub form: UseReducerDispatcher<Form>,
    /// The user may not change it.
    pub locked: bool,
    /// The second part, once it is there.
    pub ready: Option<ChunkReady>,
}

impl Props {
    /// The references and states that every control has.
    pub fn described(&self, id: &str) -> String {
        format!("{id}-said {id}-help")
    }

    /// Whether something has to be entered, as an attribute.
    pub fn required(&self) -> Option<&'static str> {
        self.param.must_be_filled().then_some("true")
    }

    /// Whether it is wrong, likewise.
    pub fn invalid(&self) -> Option<&'static str> {
        (worst(&self.shown) == Some("error")).then_some("true")
    }

    /// Tells the form that this was chosen.
    pub fn choose(&self, value: String) {
        let path = self.path.to_string();
        self.form.dispatch(Act::Choose(path, value));
    }
}

/// The state of a field for its looks: its worst violation.
pub fn worst(shown: &[Violation]) -> Option<&'static str> {
    match shown.iter().map(|v| v.severity).min() {
        Some(Severity::Error) => Some("error"),
        Some(Severity::Warning) => Some("warning"),
        None => None,
    }
}
