//! The host page of an element: the options that it has set, and the function that takes its events.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use tieline_catalog::{Lang, Message, Operation, Raw, Report, Valid};
use wasm_bindgen::{JsCast, JsValue};

use super::chunks;
use super::payload::Question;
use super::values::{fill, json_of};
use crate::platform::host_page::{
    Declined, FormReport, FormSubmit, HistoryStorage, HostEvent, HostPage, HostSettings,
};
use crate::platform::lazy;
use crate::platform::route::Route;

/// A host page that is spoken to in JavaScript. Clones are handles to the same one.
#[derive(Clone)]
pub struct JsHostPage(Rc<Inner>);

struct Inner {
    /// What it wants: `Options` in static/embed/tieline.d.ts.
    options: RefCell<JsValue>,
    /// Takes an event's name and its detail; returns false, or promises it, to prevent what it is
    /// about.
    emit: Function,
    /// The form in sight.
    form: RefCell<Option<(FormReport, FormSubmit)>>,
    /// How often it has taken other options.
    changes: Cell<u32>,
    /// Who waits until so many of them are drawn.
    waiting: RefCell<Vec<(u32, Function)>>,
    /// Something that it has filled in or locked is no parameter.
    odd: Cell<bool>,
    /// It has taken the element away.
    left: Cell<bool>,
}

impl JsHostPage {
    /// The host page, with its first options.
    pub fn new(options: JsValue, emit: Function) -> JsHostPage {
        JsHostPage(Rc::new(Inner {
            options: RefCell::new(options),
            emit,
            form: RefCell::default(),
            changes: Cell::new(0),
            waiting: RefCell::default(),
            odd: Cell::new(false),
            left: Cell::new(false),
        }))
    }

    /// Takes other options. Returns whether the form is another one with them; until it is drawn, nobody
    /// may ask anything of the one before.
    pub fn change(&self, options: JsValue) -> bool {
        self.0.changes.set(self.0.changes.get() + 1);
        let old = self.0.options.replace(options);
        let form = |options: &JsValue| {
            ["operation", "values", "locked"].map(|name| {
                let value = Reflect::get(options, &JsValue::from_str(name));
                value.ok().and_then(|v| json_of(&v))
            })
        };
        form(&old) != form(&self.0.options.borrow())
    }

    /// A promise that is kept when all changes so far are drawn, or there is nothing to draw any more.
    pub fn all_drawn(&self) -> Promise {
        Promise::new(&mut |resolve, _| {
            let changes = self.0.changes.get();
            self.0.waiting.borrow_mut().push((changes, resolve));
            if self.0.left.get() {
                self.drawn(changes);
            }
        })
    }

    /// Nothing is told any more.
    pub fn leave(&self) {
        self.0.left.set(true);
        self.detach();
        self.drawn(u32::MAX);
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

    /// The last check of the form in sight.
    pub fn report(&self) -> Option<Rc<Report>> {
        let form = self.0.form.borrow();
        form.as_ref().and_then(|(report, _)| report())
    }

    /// Submits the form in sight. What comes of it is told by an event.
    pub fn submit(&self) {
        let form = self.0.form.borrow().clone();
        let submitted = match form {
            None => Err(Declined::Absent),
            // What is left of it is not what was meant.
            Some(_) if self.0.odd.get() => Err(Declined::LeftOut),
            Some((_, submit)) => submit(),
        };
        if let Err(why) = submitted {
            self.notify(HostEvent::Declined(why, None));
        }
    }

    fn emit(&self, name: &str, detail: &JsValue) -> Option<JsValue> {
        self.emit_by(name, detail, None)
    }

    /// Likewise, from the form of this number.
    fn emit_by(&self, name: &str, detail: &JsValue, by: Option<u32>) -> Option<JsValue> {
        if self.0.left.get() {
            return None;
        }
        let (name, by) = (JsValue::from_str(name), JsValue::from(by));
        let answer = self.0.emit.call3(&JsValue::UNDEFINED, &name, detail, &by);
        answer.ok()
    }

    /// Tells of something whose detail only the second part can make; before it is there, nothing has
    /// happened that is worth telling.
    fn tell(&self, name: &str, question: Question, by: Option<u32>) -> Option<JsValue> {
        let detail = chunks::answer(lazy::ready()?, question).ok()?;
        self.emit_by(name, &detail, by)
    }
}

impl HostPage for JsHostPage {
    fn settings(&self) -> HostSettings {
        HostSettings {
            endpoint: self.text("endpoint"),
            sandbox: self.get("sandbox").is_truthy(),
            skip_review: self.get("skipReview").is_truthy(),
            region: self.text("region"),
            account: self.text("account"),
            profile: self.text("profile"),
            get_token: self.get("getToken").dyn_into().ok(),
            lang: match self.text("lang").as_str() {
                "zh" => Some(Lang::Zh),
                "en" => Some(Lang::En),
                _ => None,
            },
        }
    }

    fn history_storage(&self) -> HistoryStorage {
        match self.text("history").as_str() {
            "none" => HistoryStorage::Nowhere,
            "host" => HistoryStorage::HostPage(self.get("store")),
            _ => HistoryStorage::Browser,
        }
    }

    fn offers(&self, operation: &str) -> bool {
        let wanted = self.strings("operations").filter(|names| !names.is_empty());
        wanted.is_none_or(|names| names.iter().any(|wanted| wanted == operation))
    }

    fn is_form(&self) -> bool {
        self.get("form").is_truthy()
    }

    fn start(&self) -> Route {
        match self.text("operation").as_str() {
            "" => Route::Home,
            name => Route::parse(&format!("#/create/{name}")),
        }
    }

    fn values(&self, op: &'static Operation) -> (Raw, Rc<[String]>) {
        // The values are for the operation that it names; the others have other parameters.
        if self.text("operation") != op.name {
            return Default::default();
        }
        let mut values = Raw::new();
        fill(&mut values, "", &self.get("values"), &mut Vec::new());
        let locked = self.strings("locked").unwrap_or_default();
        (values, locked.into())
    }

    fn check_values(&self) {
        let (operation, values) = (self.text("operation"), self.get("values"));
        let locked = self.strings("locked").unwrap_or_default();
        let question = Question::OddValues(&operation, &values, locked);
        let ready = lazy::ready();
        let odd = ready.and_then(|ready| chunks::answer(ready, question).ok());
        let odd = odd.filter(JsValue::is_object);
        self.0.odd.set(odd.is_some());
        if let Some(odd) = odd {
            self.emit("error", &odd);
        }
    }

    fn attach(&self, report: FormReport, submit: FormSubmit) {
        if !self.0.left.get() {
            self.0.form.replace(Some((report, submit)));
        }
    }

    fn detach(&self) {
        self.0.form.take();
    }

    fn drawn(&self, changes: u32) {
        let waiting = self.0.waiting.take();
        let (drawn, waiting) = waiting
            .into_iter()
            .partition(|(after, _)| *after <= changes);
        self.0.waiting.replace(waiting);
        let drawn: Vec<(u32, Function)> = drawn;
        for (_, resolve) in drawn {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }

    fn before_submit(&self, valid: &Valid, key: &str, by: u32) -> Option<JsValue> {
        self.tell(
            "before-submit",
            Question::BeforeSubmit(valid, key),
            Some(by),
        )
    }

    fn spares_focus(&self) -> bool {
        let answer = self.emit("focus", &JsValue::UNDEFINED);
        answer.is_some_and(|answer| answer.is_truthy())
    }

    fn notify(&self, event: HostEvent) {
        match event {
            HostEvent::Ready => self.emit("ready", &Object::new()),
            HostEvent::Error { kind, message } => self.emit("error", &problem(kind, &message)),
            HostEvent::Change { .. } => self.tell("change", Question::Event(event), None),
            HostEvent::Outcome(ref outcome) => {
                let by = Some(outcome.by);
                self.tell("outcome", Question::Event(event), by)
            }
            HostEvent::Taken(by) => self.emit_by("taken", &JsValue::UNDEFINED, Some(by)),
            HostEvent::Declined(why, by) => {
                self.emit_by("declined", &JsValue::from_str(why.code()), by)
            }
            HostEvent::Status { .. } => self.tell("status", Question::Event(event), None),
        };
    }
}

/// The detail of an error, which must be told before the second part is there.
fn problem(kind: &str, message: &Message) -> Object {
    let (detail, texts) = (Object::new(), Object::new());
    let set = |object: &Object, name: &str, value: &JsValue| {
        let _ = Reflect::set(object, &JsValue::from_str(name), value);
    };
    set(&texts, "en", &JsValue::from_str(&message.en));
    set(&texts, "zh", &JsValue::from_str(&message.zh));
    set(&detail, "kind", &JsValue::from_str(kind));
    set(&detail, "message", &texts);
    detail
}
