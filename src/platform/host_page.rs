//! The host page: the page that shows a console as an element of it, what it has set, and what it
//! is told.
//!
//! Only the build with the feature `embed` has one; see `embed/host_page.rs`.

use std::rc::Rc;

use js_sys::{Function, Promise};
use serde::{Serialize, Serializer};
use tieline_catalog::{Lang, Message, Operation, Parsed, Raw, Report, Valid, Violation};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::route::Route;

/// The host page of a console.
pub trait HostPage {
    /// The settings that it has made.
    fn settings(&self) -> HostSettings;

    /// Where the history is stored.
    fn history_storage(&self) -> HistoryStorage;

    /// Whether an operation is offered; all are unless some are named.
    fn offers(&self, operation: &str) -> bool;

    /// Whether there is only one form, without navigation and other pages.
    fn is_form(&self) -> bool;

    /// What is shown at first.
    fn start(&self) -> Route;

    /// What it has filled into the form of an operation, and the paths that it has locked.
    fn values(&self, op: &'static Operation) -> (Raw, Rc<[String]>);

    /// Tells it of what it has filled in or locked that is no parameter of its operation, as soon as the second
    /// part is there.
    fn check_values(&self);

    /// Gives it the form in sight: what tells the last check of it, and what submits it.
    fn attach(&self, report: FormReport, submit: FormSubmit);

    /// The form in sight is gone.
    fn detach(&self);

    /// Everything is drawn, in its latest form, with the first `changes` changes of the options.
    fn drawn(&self, changes: u32);

    /// Asks it whether this may be sent under this idempotency key, by the form of this number; see
    /// [`HostPage::allows`]. Returns its answer or a promise of that; `None` when it failed.
    fn before_submit(&self, valid: &Valid, key: &str, by: u32) -> Option<JsValue>;

    /// Whether the keyboard focus is in the console or nowhere, so that it may be moved.
    fn spares_focus(&self) -> bool;

    /// Tells it of an event.
    fn notify(&self, event: HostEvent);
}

impl dyn HostPage + '_ {
    /// Whether it lets this be sent under this idempotency key. It may take its time; when it fails
    /// to answer, nothing is sent.
    pub async fn allows(&self, valid: &Valid, key: &str, by: u32) -> bool {
        let Some(answer) = self.before_submit(valid, key, by) else {
            return false;
        };
        let answer = JsFuture::from(Promise::resolve(&answer)).await;
        answer.is_ok_and(|answer| answer != false)
    }
}

/// The settings of a host page; empty texts are as on a page of the console's own.
pub struct HostSettings {
    /// Where the proxy answers: an http(s) URL or an absolute path.
    pub endpoint: String,
    /// Send to the sandbox inside the page instead.
    pub sandbox: bool,
    /// Create what is real without a review: the host page has asked its users.
    pub skip_review: bool,
    /// The region that forms start with.
    pub region: String,
    /// The Huawei Cloud account id that forms start with.
    pub account: String,
    /// Which of the proxy's accounts sends.
    pub profile: String,
    /// Gives the proxy's token, or promises it.
    pub get_token: Option<Function>,
    /// The language, when it names one.
    pub lang: Option<Lang>,
}

/// The storage of a console's history.
#[derive(Clone, PartialEq, Debug)]
pub enum HistoryStorage {
    /// In the browser, for all consoles of this origin.
    Browser,
    /// Nowhere: it lasts as long as the console.
    #[cfg(feature = "embed")]
    Nowhere,
    /// By the host page: the object that does it.
    #[cfg(feature = "embed")]
    HostPage(JsValue),
}

/// Gives the last check of a form; `None` before the second part is there, which checks.
pub type FormReport = Rc<dyn Fn() -> Option<Rc<Report>>>;

/// Submits a form, or says why that cannot be done now.
pub type FormSubmit = Rc<dyn Fn() -> Result<(), Declined>>;

/// The reason why a submit leads to no request: `Refused` in static/embed/tieline.d.ts has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Declined {
    /// There is no form in sight.
    #[cfg(feature = "embed")]
    Absent,
    /// An earlier submit is under way.
    Busy,
    /// Something that the host page has filled in was left out.
    #[cfg(feature = "embed")]
    LeftOut,
    /// It follows the last creation like the second half of a double click.
    Repeated,
    /// An input method is composing.
    Composing,
    /// The form has errors.
    Invalid,
    /// The user chose not to send.
    Cancelled,
    /// The form was changed while its user was being asked.
    Changed,
    /// The form was left, or another one took its place.
    Left,
}

#[cfg(feature = "embed")]
impl Declined {
    /// The name in JavaScript.
    pub fn code(self) -> &'static str {
        match self {
            Declined::Absent => "absent",
            Declined::Busy => "busy",
            Declined::LeftOut => "left-out",
            Declined::Repeated => "repeated",
            Declined::Composing => "composing",
            Declined::Invalid => "invalid",
            Declined::Cancelled => "cancelled",
            Declined::Changed => "changed",
            Declined::Left => "left",
        }
    }
}

/// An event for the host page, with its detail as static/embed/tieline.d.ts has it.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum HostEvent<'a> {
    /// The console is there.
    Ready,
    /// Something was typed.
    Change {
        /// The form's operation.
        operation: &'static str,
        /// What is in the form.
        #[serde(serialize_with = "public")]
        values: &'a Parsed,
        /// What is wrong with it.
        violations: &'a [Violation],
    },
    /// What came of a request.
    Outcome(OutcomeEvent<'a>),
    /// A submit was taken by the form of this number: what comes of it is told by that one.
    Taken(u32),
    /// Nothing comes of a submit, by the form that has taken it, if one has. Only who submitted hears of it.
    Declined(Declined, Option<u32>),
    /// A resource of a request of its own element has another status.
    #[cfg(feature = "embed")]
    Status {
        /// The operation that created it.
        operation: &'a str,
        /// The key of the intent.
        idempotency_key: &'a str,
        /// Its id.
        resource_id: &'a str,
        /// The new status.
        status: &'a str,
    },
    /// Something keeps the console from working.
    Error {
        /// What it is about: `connection`, `history` or `values`.
        kind: &'static str,
        /// What to tell people.
        message: Message,
    },
}

/// Personal data and secrets leave the form only for the cloud.
pub fn public<S: Serializer>(parsed: &Parsed, serializer: S) -> Result<S::Ok, S::Error> {
    parsed.public().to_json().serialize(serializer)
}

/// The outcome of a request, as `Outcome` in static/embed/tieline.d.ts has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeEvent<'a> {
    /// The number of the form that sent it.
    #[serde(skip)]
    #[cfg_attr(
        not(feature = "embed"),
        expect(dead_code, reason = "only elements have a host page")
    )]
    pub by: u32,
    /// The operation's name.
    pub operation: &'static str,
    /// The key of the intent.
    pub idempotency_key: &'a str,
    /// `created`, `rejected`, `not-executed` or `unknown`.
    pub outcome: &'static str,
    /// The resource's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<&'a str>,
    /// The resource's status, as the vendor names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'a str>,
    /// The vendor's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<&'a str>,
    /// The vendor's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
    /// Why there is no resource, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'a Message>,
    /// Whether a sandbox stood for the cloud.
    pub simulated: bool,
    /// Whether this request was told as unknown before, so that no submit waits for it any more.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub late: bool,
}
