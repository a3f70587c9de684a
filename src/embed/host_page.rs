//! The page around an element: the options that it has set, and the function that takes its events.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect, JSON};
use tieline_catalog::answer::Answer;
use tieline_catalog::path::is_input_path;
use tieline_catalog::{creations, Lang, Message, Operation, Raw, Report, Valid};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

use super::chunks;
use super::payload::{self, OutcomePayload, Question};
use crate::client::endpoint::DEFAULT_ENDPOINT;
use crate::client::Access;
use crate::form::state::{Act, Form};
use crate::history::Outcome;
use crate::platform::lazy;
use crate::platform::mount::HistoryStorage;
use crate::platform::route::Route;
use crate::settings::{Settings, Theme};
use crate::submission::Settled;

/// The page around an element. Clones are handles to the same one.
#[derive(Clone)]
pub struct HostPage(Rc<Inner>);

struct Inner {
    /// What it wants: `Options` in static/embed/tieline.d.ts.
    options: RefCell<JsValue>,
    /// Takes an event's name and its detail; returns false, or promises it, to prevent what it is
    /// about.
    emit: Function,
    /// The form in sight.
    form: RefCell<Option<UseReducerHandle<Form>>>,
    /// It has taken the element away.
    left: Cell<bool>,
}

impl HostPage {
    /// The page around, with its first options.
    pub fn new(options: JsValue, emit: Function) -> HostPage {
        HostPage(Rc::new(Inner {
            options: RefCell::new(options),
            emit,
            form: RefCell::default(),
            left: Cell::new(false),
        }))
    }

    /// Takes other options. Returns whether the form is another one with them.
    pub fn change(&self, options: JsValue) -> bool {
        let old = self.0.options.replace(options);
        let form = |options: &JsValue| {
            ["operation", "values", "locked"].map(|name| {
                let value = Reflect::get(options, &JsValue::from_str(name));
                value.ok().and_then(|v| json_of(&v))
            })
        };
        form(&old) != form(&self.0.options.borrow())
    }

    /// Nothing is told any more.
    pub fn leave(&self) {
        self.0.left.set(true);
        self.0.form.take();
    }

    fn get(&self, name: &str) -> JsValue {
        Reflect::get(&self.0.options.borrow(), &JsValue::from_str(name)).unwrap_or_default()
    }

    fn text(&self, name: &str) -> String {
        self.get(name).as_string().unwrap_or_default()
    }

    fn strings(&self, name: &str) -> Option<Vec<String>> {
        let list = self.get(name).dyn_into::<Array>().ok()?;
        Some(list.iter().filter_map(|text| text.as_string()).collect())
    }

    /// Where the history is kept.
    pub fn history_storage(&self) -> HistoryStorage {
        match self.text("history").as_str() {
            "none" => HistoryStorage::Nowhere,
            "host" => HistoryStorage::Host(self.get("store")),
            _ => HistoryStorage::Browser,
        }
    }

    /// Whether an operation is wanted here; all are unless some are named.
    pub fn offers(&self, name: &str) -> bool {
        let wanted = self.strings("operations").filter(|names| !names.is_empty());
        wanted.is_none_or(|names| names.iter().any(|wanted| wanted == name))
    }

    /// The settings that it has made. What is missing is as on a page of its own.
    pub fn settings(&self) -> Settings {
        let endpoint = self.text("endpoint");
        let access = match self.get("getToken").dyn_into::<Function>() {
            Ok(ask) => Access::Ask(ask),
            Err(_) => Access::None,
        };
        Settings {
            endpoint: match endpoint.as_str() {
                "" => DEFAULT_ENDPOINT.to_string(),
                _ => endpoint,
            },
            in_page: self.get("sandbox").is_truthy(),
            region: self.text("region"),
            account: self.text("account"),
            profile: self.text("profile"),
            access,
            lang: match self.text("lang").as_str() {
                "zh" => Lang::Zh,
                "en" => Lang::En,
                _ => Settings::preferred_lang(),
            },
            theme: Theme::System,
        }
    }

    /// What is shown at first.
    pub fn start(&self) -> Route {
        match self.text("operation").as_str() {
            "" => Route::Home,
            name => Route::parse(&format!("#/create/{name}")),
        }
    }

    /// Whether only one form is wanted.
    pub fn is_form(&self) -> bool {
        self.get("form").is_truthy()
    }

    /// What it has filled into the form of an operation, and the paths that it has locked.
    pub fn values(&self, op: &'static Operation) -> (Raw, Rc<[String]>) {
        // The values are for the operation that it names; the others have other parameters.
        if self.text("operation") != op.name {
            return Default::default();
        }
        let mut values = Raw::new();
        fill(&mut values, "", &self.get("values"));
        let locked = self.strings("locked").unwrap_or_default();
        (values, locked.into())
    }

    /// Tells of what it has filled in or locked that is no parameter of its operation.
    pub fn check_values(&self) {
        let operation = self.text("operation");
        let Some(op) = creations().find(|op| op.name == operation) else {
            return;
        };
        let (mut values, given) = (Raw::new(), self.get("values"));
        fill(&mut values, "", &given);
        let scalar = !given.is_object() && !given.is_undefined() && !given.is_null();
        let scalar = scalar.then(|| json_of(&given)).flatten();
        let filled = values.leaves().into_iter().map(|(path, _)| path);
        let locked = self.strings("locked").unwrap_or_default();
        let odd = |path: &String| !is_input_path(op, path);
        let odd: Vec<String> = filled.chain(locked).filter(odd).chain(scalar).collect();
        if !odd.is_empty() {
            let (name, odd) = (op.name, odd.join(", "));
            let message = Message::new(
                format!("These are no parameters of {name} and were left out: {odd}."),
                format!("以下内容不是 {name} 的参数，已忽略：{odd}。"),
            );
            self.problem("values", message);
        }
    }

    /// Takes note of the form in sight.
    pub fn attach(&self, form: &UseReducerHandle<Form>) {
        if !self.0.left.get() {
            self.0.form.replace(Some(form.clone()));
        }
    }

    /// The last check of the form in sight.
    pub fn report(&self) -> Option<Rc<Report>> {
        let form = self.0.form.borrow();
        form.as_ref().map(|form| form.report.clone())
    }

    /// Submits the form in sight; whether there is one.
    pub fn submit(&self) -> bool {
        let form = self.0.form.borrow().clone();
        if let Some(form) = &form {
            form.dispatch(Act::Submit);
        }
        form.is_some()
    }

    /// Whether it lets this be sent under this idempotency key. It may take its time; when it fails
    /// to answer, nothing is sent.
    pub async fn allows(&self, valid: &Valid, key: &str) -> bool {
        let answer = self.emit("before-submit", &payload::request(valid, key));
        let Some(answer) = answer else {
            return false;
        };
        let answer = JsFuture::from(Promise::resolve(&answer)).await;
        answer.is_ok_and(|answer| answer != false)
    }

    /// Tells that the console is there.
    pub fn ready(&self) {
        self.emit("ready", &Object::new());
    }

    /// Tells what is typed and what is wrong with it, once what can tell it has been loaded.
    pub fn changed(&self, form: &Form) {
        let detail = lazy::ready().map(|ready| chunks::answer(ready, Question::Change(form)));
        if let Some(Ok(detail)) = detail {
            self.emit("change", &detail);
        }
    }

    /// Tells what came of a request.
    pub fn outcome(&self, settled: &Settled) {
        self.emit("outcome", &payload::value(&said(settled)));
    }

    /// Tells that a resource of this operation and id has another status now.
    pub fn status(&self, operation: &str, id: &str, status: &str) {
        self.emit("status", &payload::status(operation, id, status));
    }

    /// Tells of something that keeps the console from working.
    pub fn problem(&self, kind: &str, text: Message) {
        let (detail, message) = (Object::new(), Object::new());
        let set = |object: &Object, name: &str, value: &JsValue| {
            let _ = Reflect::set(object, &JsValue::from_str(name), value);
        };
        set(&message, "en", &JsValue::from_str(&text.en));
        set(&message, "zh", &JsValue::from_str(&text.zh));
        set(&detail, "kind", &JsValue::from_str(kind));
        set(&detail, "message", &message);
        self.emit("error", &detail);
    }

    fn emit(&self, name: &str, detail: &JsValue) -> Option<JsValue> {
        if self.0.left.get() {
            return None;
        }
        let name = JsValue::from_str(name);
        let answer = self.0.emit.call2(&JsValue::UNDEFINED, &name, detail);
        answer.ok()
    }
}

/// Any value as JSON.
fn json_of(value: &JsValue) -> Option<String> {
    if value.is_undefined() || value.is_null() {
        return None;
    }
    let json = JSON::stringify(value).ok()?;
    json.as_string()
}

/// Puts the leaves of an object into a form's input, under their wire paths. The form leaves out what
/// is none of its parameters.
fn fill(raw: &mut Raw, path: &str, value: &JsValue) {
    let below = |name: &str| match path {
        "" => name.to_string(),
        path => format!("{path}.{name}"),
    };
    if let Some(list) = value.dyn_ref::<Array>() {
        for (at, item) in list.iter().enumerate() {
            fill(raw, &below(&(at + 1).to_string()), &item);
        }
    } else if let Some(object) = value.dyn_ref::<Object>() {
        for name in Object::keys(object).iter().filter_map(|n| n.as_string()) {
            let member = Reflect::get(object, &JsValue::from_str(&name));
            fill(raw, &below(&name), &member.unwrap_or_default());
        }
    } else if !value.is_undefined() && !value.is_null() && !path.is_empty() {
        let text = value.as_string().or_else(|| json_of(value));
        raw.set(path, &text.unwrap_or_default());
    }
}

fn said(settled: &Settled) -> OutcomePayload<'_> {
    let mut said = OutcomePayload {
        operation: settled.intent.valid.parsed().operation().name,
        idempotency_key: &settled.intent.key,
        outcome: "",
        resource_id: None,
        status: None,
        request_id: None,
        code: None,
        message: None,
        simulated: settled.sent.simulated,
    };
    let (kind, refusal) = match &settled.sent.answer {
        Answer::Created(created) => {
            said.resource_id = Some(&created.id);
            said.status = created.status.as_deref();
            said.request_id = created.request_id.as_deref();
            (Outcome::Created, None)
        }
        Answer::Rejected(refusal) => (Outcome::Rejected, Some(refusal)),
        Answer::NotExecuted(refusal) => (Outcome::NotExecuted, Some(refusal)),
        Answer::Unknown(refusal) => (Outcome::Unknown, Some(refusal)),
    };
    said.outcome = kind.code();
    if let Some(refusal) = refusal {
        said.code = Some(refusal.code.as_str()).filter(|code| !code.is_empty());
        said.request_id = refusal.request_id.as_deref();
        said.message = Some(&refusal.explanation);
    }
    said
}
