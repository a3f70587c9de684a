//! The state of a form, apart from the browser: the input, which violations show, and what changes
//! them.
//!
//! The checks come with the second part of the console. A form without them takes input and says
//! nothing of it; a submit waits for them.

use std::rc::Rc;

use tieline_catalog::path::{is_input_path, param_at, without_numbers};
use tieline_catalog::wire::{parse_query, write_query};
use tieline_catalog::{Operation, Privacy, Raw, Report, Violation};
use yew::Reducible;

use self::start::start;
pub use self::start::Prefill;
use super::field_paths::{is_in, item_members, items, leaves, moved};

mod start;

/// Checks a form's input.
pub type Check = fn(&'static Operation, &Raw) -> Report;

/// The state of one operation's form.
#[derive(Clone)]
pub struct Form {
    /// What is being created.
    pub op: &'static Operation,
    /// What was typed. An emptied field is absent, except in an item of a list.
    pub raw: Raw,
    /// The last check of it; `None` as long as there is no [`Check`].
    pub report: Option<Rc<Report>>,
    check: Option<Check>,
    /// The fields whose violations show.
    watched: Vec<String>,
    /// What a server said about fields, until they change.
    served: Vec<Violation>,
    /// The wire paths of what the user may not change.
    locked: Rc<[String]>,
    /// An input method is composing: nothing is checked.
    pub composing: bool,
    /// Something was typed since the last submit was taken.
    typed: bool,
    /// The field that has the keyboard focus.
    pub focused: Option<String>,
    /// Something was typed that is worth keeping.
    pub edited: bool,
    /// The errors that the last submit met: field, message.
    pub summary: Vec<Violation>,
    /// Counts the submits that met errors, so that each moves the focus.
    pub refusals: u32,
    /// Counts the submits that met none, and those that could not be checked yet.
    pub submits: u32,
    /// The input of a submit that waits to be checked.
    unchecked: Option<Rc<Submitted>>,
    /// The input of the last of them, until it is taken to be sent. What is typed later is no part of it.
    pub submitted: Option<Rc<Submitted>>,
    /// The user has begun to use the form.
    pub touched: bool,
    /// The token that the form came with.
    pub token: String,
    /// Since when the form is there, in milliseconds since 1970: 0, if it is a draft of nobody knows when.
    pub since: u64,
    /// The form before it was filled or emptied at one stroke, as long as nothing was typed since: what
    /// brings it back loses nothing.
    pub before: Option<Rc<Form>>,
}

/// The input of a form when it was submitted.
#[derive(Clone, PartialEq, Debug)]
pub struct Submitted {
    /// Its number among the form's: the same input, submitted again, is not the same submit.
    pub number: u32,
    /// The input.
    pub raw: Raw,
    /// Whether something was typed that is worth keeping.
    pub edited: bool,
}

/// An action on a form.
pub enum Act {
    /// A field's text changed.
    Edit(String, String),
    /// A choice was made, which is complete at once: it is checked without leaving the field.
    Choose(String, String),
    /// A field got the focus.
    Enter(String),
    /// A field lost the focus.
    Leave(String),
    /// An input method began or ended composing.
    Compose(bool),
    /// An item is added to the list at this path.
    Add(String),
    /// The item at this path is removed: `Tag.2`.
    Remove(String),
    /// The document's example, which this is, is filled in.
    Example(Raw),
    /// Everything goes back to the start, with this prefill.
    Clear(Prefill),
    /// The form is filled from elsewhere, as far as it takes that. It counts as typed in: it is a draft, and the
    /// next press of the button is no repetition.
    Fill(Prefill),
    /// What filled or emptied the form at one stroke is taken back.
    Undo,
    /// As [`Act::Clear`], unless the input is another one than this: then more was typed meanwhile.
    ClearUnlessChanged(Raw, Prefill),
    /// The user submits.
    Submit,
    /// A submit met errors.
    Refuse,
    /// What was submitted last was taken, or is not to be sent any more.
    Taken,
    /// The checks are there.
    Checks(Check),
    /// What servers said earlier is gone.
    ForgetServed,
    /// The client token belongs to an earlier request; this is a new one.
    RenewToken(String),
    /// What a server said about fields.
    Served(Vec<Violation>),
}

impl Form {
    /// A fresh form.
    pub fn new(op: &'static Operation, prefill: &Prefill) -> Form {
        let mut raw = Raw::new();
        start(op, &mut raw, prefill);
        Form::of(op, raw, prefill)
    }

    /// The same form with its checks.
    pub fn checked(mut self, check: Option<Check>) -> Form {
        self.check = check;
        self.check();
        self
    }

    /// Whether something was submitted that nobody has taken yet.
    pub fn waits(&self) -> bool {
        self.submitted.is_some() || self.unchecked.is_some()
    }

    /// A form with input from elsewhere: a draft or a record. What the input lacks is prefilled,
    /// personal data aside.
    pub fn with(op: &'static Operation, from: &Raw, prefill: &Prefill) -> Form {
        let mut raw = Raw::new();
        for (path, text) in from.leaves() {
            if is_input_path(op, &path) {
                raw.set(&path, text);
            }
        }
        start(op, &mut raw, prefill);
        Form {
            edited: true,
            ..Form::of(op, raw, prefill)
        }
    }

    fn of(op: &'static Operation, raw: Raw, prefill: &Prefill) -> Form {
        Form {
            op,
            report: None,
            check: None,
            raw,
            watched: Vec::new(),
            served: Vec::new(),
            locked: prefill.locked.clone(),
            composing: false,
            typed: false,
            focused: None,
            edited: false,
            summary: Vec::new(),
            refusals: 0,
            submits: 0,
            submitted: None,
            unchecked: None,
            touched: false,
            token: prefill.token.clone(),
            since: 0,
            before: None,
        }
    }

    /// Another form in the place of this one. What is under way, and who uses it, is as before.
    fn replaced_by(self, other: Form) -> Form {
        let form = Form {
            submits: self.submits,
            refusals: self.refusals,
            submitted: self.submitted,
            unchecked: self.unchecked,
            touched: self.touched,
            focused: self.focused,
            since: self.since,
            ..other
        };
        form.checked(self.check)
    }

    /// Whether the user is typing something that was not submitted yet.
    pub fn is_typing(&self) -> bool {
        self.composing || self.typed && self.focused.is_some()
    }

    /// Whether the user may not change what is at this path.
    pub fn locks(&self, path: &str) -> bool {
        let mut locked = self.locked.iter();
        locked.any(|whole| whole == path || is_in(path, whole))
    }

    /// The violations to show at a field or list.
    pub fn shown(&self, path: &str) -> Vec<Violation> {
        let own = |v: &&Violation| v.parameter == path || v.also.as_deref() == Some(path);
        let watched = |v: &&Violation| {
            self.watched.contains(&v.parameter)
                || v.also
                    .as_ref()
                    .is_some_and(|also| self.watched.contains(also))
        };
        let served = self.served.iter().filter(own);
        let checked = self.violations().iter().filter(own).filter(watched);
        served.chain(checked).cloned().collect()
    }

    /// The input worth keeping, as a query string: no personal data, no secrets. `None` when there is none.
    /// The token that the form came with is not kept: another tab with the same draft is to be another
    /// intent.
    pub fn draft(&self) -> Option<String> {
        let keep = |path: &str| {
            param_at(self.op, path).is_some_and(|param| param.privacy == Privacy::Public)
        };
        let leaves = self.raw.leaves();
        let own = |path: &str, text: &str| self.op.token == Some(path) && text == self.token;
        let kept = leaves
            .iter()
            .filter(|(path, text)| keep(path) && !own(path, text));
        let draft = write_query(kept.map(|(path, text)| (path.as_str(), *text)));
        (self.edited && !draft.is_empty()).then_some(draft)
    }

    /// Reads what [`Form::draft`] wrote; anything else is as no draft.
    pub fn restore(op: &'static Operation, draft: &str, prefill: &Prefill) -> Option<Form> {
        let mut raw = Raw::new();
        for (path, text) in parse_query(draft) {
            if param_at(op, &path).is_some_and(|p| p.privacy == Privacy::Public) {
                raw.set(&path, &text);
            }
        }
        (raw != Raw::new()).then(|| Form::with(op, &raw, prefill))
    }

    /// What the last check found.
    fn violations(&self) -> &[Violation] {
        self.report
            .as_ref()
            .map_or(&[], |report| &report.violations)
    }

    fn check(&mut self) {
        if let (false, Some(check)) = (self.composing, self.check) {
            self.report = Some(Rc::new(check(self.op, &self.raw)));
            let told = std::mem::take(&mut self.summary);
            self.summary = self.errors(|v| told.iter().any(|old| old.parameter == v.parameter));
        }
    }

    /// The errors that are wanted, as they are now, in the order of the form.
    fn errors(&self, wanted: impl Fn(&Violation) -> bool) -> Vec<Violation> {
        let fields = leaves(self.op, &self.raw);
        let place = |v: &Violation| {
            let within = |path: &str| path == v.parameter || is_in(path, &v.parameter);
            let at = fields.iter().position(|(path, _)| within(path));
            at.unwrap_or(fields.len())
        };
        let mut sorted: Vec<Violation> = Vec::new();
        let report = self.report.iter();
        for v in report
            .flat_map(|report| report.errors())
            .filter(|v| wanted(v))
        {
            let later = sorted.iter().position(|other| place(other) > place(v));
            sorted.insert(later.unwrap_or(sorted.len()), v.clone());
        }
        sorted
    }

    /// Whether nothing is typed in the field at this path of an example, or anywhere in its list.
    fn vacant(&self, path: &str) -> bool {
        let named = |segment: &&str| segment.parse::<usize>().is_err();
        let whole: Vec<&str> = path.split('.').take_while(named).collect();
        let whole = whole.join(".");
        let mut leaves = self.raw.leaves().into_iter();
        !leaves.any(|(at, text)| !text.is_empty() && (at == whole || is_in(&at, &whole)))
    }

    fn edit(&mut self, path: String, text: String) {
        if self.locks(&path) {
            return;
        }
        // An item of a list keeps its members, so that an empty value stays a value.
        if text.is_empty() && without_numbers(&path) == path {
            self.raw.remove(&path);
        } else {
            self.raw.set(&path, &text);
        }
        self.edited = true;
        self.typed = true;
        self.touched = true;
        self.served.retain(|v| v.parameter != path);
        self.check();
        self.unwatch(&path);
    }

    /// Live checking ends where the violation ended; the next check is on leaving the field.
    fn unwatch(&mut self, path: &str) {
        let violated = |v: &Violation| v.parameter == path || v.also.as_deref() == Some(path);
        let known = self.report.is_some() && !self.composing;
        if known && !self.violations().iter().any(violated) {
            self.watched.retain(|watched| watched != path);
        }
    }

    /// Takes a submit whose input has been checked: without errors it is to be sent, with them they
    /// are shown.
    fn decide(&mut self, submitted: Rc<Submitted>, report: &Report) {
        if report.errors().next().is_none() {
            self.submitted = Some(submitted);
        } else {
            self.refuse();
        }
    }

    /// Shows all errors.
    fn refuse(&mut self) {
        self.touched = true;
        let paths = self.violations().iter().map(|v| v.parameter.clone());
        let paths: Vec<String> = paths.collect();
        self.watched.extend(paths);
        self.summary = self.errors(|_| true);
        self.refusals += 1;
    }

    /// Takes the checks, and what has waited for them.
    fn take_checks(&mut self, check: Check) {
        self.check = Some(check);
        self.check();
        // What was left and is right is not checked live.
        for path in self.watched.clone() {
            if !self.watched.iter().any(|other| is_in(other, &path)) {
                self.unwatch(&path);
            }
        }
        if let Some(submitted) = self.unchecked.take() {
            // Whatever is composed by now is no part of it.
            let composing = std::mem::take(&mut self.composing);
            self.check();
            self.decide(submitted.clone(), &check(self.op, &submitted.raw));
            self.composing = composing;
        }
    }

    fn watch(&mut self, path: &str) {
        let mut at = Some(path);
        while let Some(path) = at {
            if !self.watched.iter().any(|watched| watched == path) {
                self.watched.push(path.to_string());
            }
            at = path.rsplit_once('.').map(|(list, _)| list);
        }
    }
}

impl Reducible for Form {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut form = (*self).clone();
        let stroke = matches!(act, Act::Example(_) | Act::Clear(_) | Act::Fill(_));
        match act {
            Act::Edit(path, text) => form.edit(path, text),
            Act::Choose(path, text) => {
                form.edit(path.clone(), text);
                form.watch(&path);
                form.unwatch(&path);
            }
            Act::Enter(path) => {
                form.focused = Some(path);
                form.touched = true;
            }
            Act::Leave(path) => {
                // Leaving a field ends its composition, whether or not the browser says so.
                form.composing = false;
                form.focused = None;
                form.check();
                form.watch(&path);
                form.unwatch(&path);
            }
            Act::Compose(on) => {
                form.composing = on;
                form.check();
            }
            Act::Add(place) | Act::Remove(place) if form.locks(&place) => {}
            Act::Add(list) => {
                let number = items(&form.raw, &list) + 1;
                for member in item_members(form.op, &list) {
                    form.raw.set(&format!("{list}.{number}{member}"), "");
                }
                form.edited = true;
                form.check();
            }
            Act::Remove(item) => {
                form.raw.remove(&item);
                // The later items have moved up, and what is said about them moves along.
                let watched = std::mem::take(&mut form.watched);
                form.watched = watched
                    .iter()
                    .filter_map(|path| moved(path, &item))
                    .collect();
                for said in [&mut form.served, &mut form.summary] {
                    said.retain_mut(|v| {
                        let to = moved(&v.parameter, &item);
                        to.map(|to| v.parameter = to).is_some()
                    });
                }
                form.edited = true;
                form.check();
            }
            Act::Example(example) => {
                // What is typed already stays.
                for (path, text) in example.leaves() {
                    if self.vacant(&path) {
                        form.edit(path, text.to_string());
                    }
                }
                form.edited = true;
                form.watched.clear();
                form.served.clear();
                form.check();
            }
            Act::ClearUnlessChanged(raw, _) if raw != form.raw => {}
            Act::Clear(prefill) | Act::ClearUnlessChanged(_, prefill) => {
                form = form.replaced_by(Form::new(self.op, &prefill));
            }
            Act::Fill(prefill) => {
                form = form.replaced_by(Form::new(self.op, &prefill));
                (form.edited, form.typed, form.touched) = (true, true, true);
            }
            Act::Undo => {
                if let Some(before) = form.before.take() {
                    return Rc::new(form.replaced_by((*before).clone()));
                }
            }
            Act::Submit if form.composing => {}
            Act::Submit => {
                form.touched = true;
                let submitted = Rc::new(Submitted {
                    number: form.submits,
                    raw: form.raw.clone(),
                    edited: form.edited,
                });
                let before = form.refusals;
                match form.report.clone() {
                    Some(report) => form.decide(submitted, &report),
                    None => form.unchecked = Some(submitted),
                }
                form.submits += u32::from(form.refusals == before);
            }
            Act::Checks(check) => form.take_checks(check),
            Act::Refuse => form.refuse(),
            Act::Taken => {
                (form.submitted, form.unchecked) = (None, None);
                form.typed = false;
            }
            Act::ForgetServed => {
                form.summary.clear();
                form.served.clear();
            }
            Act::RenewToken(token) => {
                if let Some(path) = form.op.token {
                    form.raw.set(path, &token);
                    form.token = token;
                    form.check();
                }
            }
            Act::Served(violations) => form.served = violations,
        }
        if form.raw != self.raw {
            form.before = stroke.then_some(self);
        }
        Rc::new(form)
    }
}

#[cfg(test)]
mod tests;
