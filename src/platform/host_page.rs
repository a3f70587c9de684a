//! In a console that is built as a page there is never a page around.

use std::rc::Rc;

use tieline_catalog::{Message, Operation, Raw, Valid};
use yew::prelude::*;

use crate::form::state::Form;
use crate::platform::mount::HistoryStorage;
use crate::platform::route::Route;
use crate::settings::Settings;
use crate::submission::Settled;

/// Nobody.
pub enum HostPage {}

#[allow(clippy::unused_self)]
impl HostPage {
    pub fn history_storage(&self) -> HistoryStorage {
        match *self {}
    }

    pub fn offers(&self, _: &str) -> bool {
        match *self {}
    }

    pub fn settings(&self) -> Settings {
        match *self {}
    }

    pub fn start(&self) -> Route {
        match *self {}
    }

    pub fn is_form(&self) -> bool {
        match *self {}
    }

    pub fn values(&self, _: &'static Operation) -> (Raw, Rc<[String]>) {
        match *self {}
    }

    pub fn attach(&self, _: &UseReducerHandle<Form>) {
        match *self {}
    }

    pub async fn allows(&self, _: &Valid, _: &str) -> bool {
        match *self {}
    }

    pub fn ready(&self) {
        match *self {}
    }

    pub fn changed(&self, _: &Form) {
        match *self {}
    }

    pub fn outcome(&self, _: &Settled) {
        match *self {}
    }

    pub fn status(&self, _: &str, _: &str, _: &str) {
        match *self {}
    }

    pub fn check_values(&self) {
        match *self {}
    }

    pub fn problem(&self, _: &str, _: Message) {
        match *self {}
    }
}
