//! Filling a form from elsewhere: what came is put over what is there, at one stroke that can be taken back, and
//! nothing is sent. What was understood is shown, and what was not.

use std::rc::Rc;

use tieline_catalog::path::{is_input_path, param_at};
use tieline_catalog::wire::write_query;
use tieline_catalog::{Lang, Message, Operation, Privacy, Raw, Text};
use tieline_paste::{Format, Left, Reading, Why};
use yew::prelude::*;

use super::control::label_at;
use super::messages as texts;
use super::prefill::prefill;
use super::state::{Act, Form, Prefill};
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::settings::Settings;
use crate::ui::elements::{element, row, text};
use crate::ui::messages;

/// The form that is filled, and what else that takes.
#[derive(Clone)]
pub struct Filler {
    /// The form.
    pub form: UseReducerHandle<Form>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// Where the form is shown.
    pub mount: Mount,
}

/// Handles to a form lead to its present state, so that none tells whether it has changed.
impl PartialEq for Filler {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Filler {
    /// The form's operation.
    pub fn operation(&self) -> &'static Operation {
        self.form.op
    }

    /// Puts input over what is in the form.
    pub fn fill(&self, raw: &Raw) {
        let op = self.operation();
        let prefill = Prefill {
            values: over(&self.form, raw),
            // The form keeps the token that it came with, so that it is not taken for one that was typed.
            token: self.form.token.clone(),
            ..prefill(&self.settings, op, &self.mount)
        };
        self.form.dispatch(Act::Fill(prefill));
    }

    /// Takes the last such stroke back, as long as nothing was typed since.
    pub fn undo(&self) {
        self.form.dispatch(Act::Undo);
    }
}

/// The form's input with other input over it. A list is replaced as a whole; what is locked stays.
fn over(form: &Form, raw: &Raw) -> Raw {
    let mut merged = form.raw.clone();
    let leaves = raw.leaves();
    let mut lists: Vec<&str> = Vec::new();
    for (path, text) in &leaves {
        if form.locks(path) || !is_input_path(form.op, path) {
            continue;
        }
        let named = path.split('.').position(|s| s.parse::<usize>().is_ok());
        if let Some(at) = named {
            let end = path.split('.').take(at).map(|s| s.len() + 1).sum::<usize>();
            let list = &path[..end - 1];
            if !lists.contains(&list) {
                merged.remove(list);
                lists.push(list);
            }
        }
        merged.set(path, text);
    }
    merged
}

/// What a form hands over to others, by wire path: no personal data, no secret, and no token, since what is
/// filled in elsewhere is another intent.
pub fn handed_over(op: &'static Operation, raw: &Raw) -> Vec<(String, String)> {
    let public = |path: &str| {
        let param = param_at(op, path);
        param.is_some_and(|p| p.privacy == Privacy::Public) && op.token != Some(path)
    };
    let leaves = raw.leaves().into_iter();
    leaves
        .filter(|(path, _)| public(path))
        .map(|(path, text)| (path, text.to_string()))
        .collect()
}

/// What somebody else's link or file brings, without what none of ours holds: with a stranger's credentials the
/// resource would be theirs, and with a shared token two intents would be one.
pub fn withheld(mut reading: Reading) -> Reading {
    let op = reading.operation;
    let handed: Vec<_> = handed_over(op, &reading.raw);
    let mut kept = Raw::new();
    for (path, text) in &handed {
        kept.set(path, text);
    }
    for (path, _) in reading.raw.leaves() {
        if kept.get(&path).is_none() {
            reading.left.push(Left {
                name: path,
                why: Why::Withheld,
            });
        }
    }
    reading.raw = kept;
    reading
}

/// The same as the query of a link.
pub fn query(op: &'static Operation, raw: &Raw) -> String {
    let values = handed_over(op, raw);
    write_query(
        values
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    )
}

/// The place of a form with this input.
pub fn place(op: &'static Operation, raw: &Raw) -> String {
    format!("{}?{}", Route::Create(op.name).hash(), query(op, raw))
}

/// A link to the form with this input: the input is in the fragment, which no server is told.
pub fn link(op: &'static Operation, raw: &Raw) -> String {
    format!("{}{}", dom::page(), place(op, raw))
}

/// What is said of a reading in one sentence.
pub fn said(op: &'static Operation, reading: &Reading) -> Message {
    let count = reading.raw.leaves().len();
    let (format, left) = (reading.format.label(), reading.left.len());
    match (&reading.stranger, reading.operation == op, count) {
        (Some(name), ..) => texts::stranger(name),
        (None, false, _) => texts::of_another(reading.operation.title),
        (None, true, 0) if reading.format == Format::Unknown => texts::UNREADABLE.message(),
        (None, true, 0) => texts::NOTHING_FOUND.message(),
        (None, true, count) => texts::understood(format, count, left),
    }
}

/// What was understood and what was not, one by one.
pub fn report(op: &'static Operation, reading: &Reading, mount: &Mount, lang: Lang) -> Html {
    if reading.operation != op {
        let here = mount.has_pages() && mount.host_page().is_none() && reading.stranger.is_none();
        return match here {
            true => html! {
                <p><a href={place(reading.operation, &reading.raw)}>{ texts::OPEN_ITS_FORM.get(lang) }</a></p>
            },
            false => Html::default(),
        };
    }
    html! {
        <>
            <dl class="values">
                { for reading.raw.leaves().into_iter().map(|(path, value)| value_row(op, &path, value, lang)) }
            </dl>
            if !reading.left.is_empty() {
                { text("h3", "", texts::NOT_UNDERSTOOD.get(lang)) }
                <ul class="left">
                    { for reading.left.iter().map(|left| left_row(left, lang)) }
                </ul>
            }
        </>
    }
}

/// A value by the names of the form and of the wire. What is private is masked.
pub fn value_row(op: &'static Operation, path: &str, value: &str, lang: Lang) -> Html {
    let private = param_at(op, path).is_some_and(|param| param.privacy != Privacy::Public);
    let value = if private {
        tieline_catalog::input::MASK
    } else {
        value
    };
    let name = row([
        label_at(op, path, lang).into(),
        " ".into(),
        html! { <code translate="no">{ path.to_string() }</code> },
    ]);
    let value = html! { <span class="value" translate="no">{ value.to_string() }</span> };
    element(
        "div",
        "",
        row([element("dt", "", name), element("dd", "", value)]),
    )
}

fn left_row(left: &Left, lang: Lang) -> Html {
    let why: Text = match left.why {
        Why::Unknown => texts::WHY_UNKNOWN,
        Why::Variable => texts::WHY_VARIABLE,
        Why::Shape => texts::WHY_SHAPE,
        Why::Withheld => texts::WHY_WITHHELD,
    };
    html! {
        <li>
            <code translate="no">{ left.name.clone() }</code>
            { messages::COLON.get(lang) }{ why.get(lang) }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(pairs: &[(&str, &str)]) -> Raw {
        let mut raw = Raw::new();
        for (path, text) in pairs {
            assert!(raw.set(path, text));
        }
        raw
    }

    #[test]
    fn what_comes_is_put_over_what_is_there_and_not_over_what_is_locked() {
        let op = tieline_catalog::find("CreateCen").expect("in the catalog");
        let prefill = Prefill {
            values: raw(&[("Description", "theirs")]),
            locked: ["Description".to_string()].into(),
            ..Prefill::default()
        };
        let mut form = Form::new(op, &prefill);
        for (path, text) in [("Name", "mine"), ("ProtectionLevel", "REDUCED")] {
            form.raw.set(path, text);
        }
        for nth in ["1", "2"] {
            form.raw.set(&format!("Tag.{nth}.Key"), nth);
        }
        let came = raw(&[
            ("Name", "other"),
            ("Description", "other"),
            ("Tag.1.Key", "a"),
            ("Tag.1.Value", ""),
            ("Nothing", "x"),
        ]);
        let merged = over(&form, &came);
        for (path, text) in [
            ("Name", Some("other")),
            ("ProtectionLevel", Some("REDUCED")),
            ("Description", Some("theirs")),
            ("Tag.1.Key", Some("a")),
            ("Tag.1.Value", Some("")),
            ("Tag.2.Key", None),
            ("Nothing", None),
        ] {
            assert_eq!(merged.get(path), text, "{path}");
        }
    }

    #[test]
    fn a_link_brings_nothing_private_and_no_token() {
        for op in tieline_catalog::creations() {
            let (mut query, mut private) = (String::new(), Vec::new());
            for (path, param) in crate::form::field_paths::leaves(op, &Raw::example(op)) {
                query += &format!("&{path}=canary");
                if param.privacy != Privacy::Public || op.token == Some(&*path) {
                    private.push(path);
                }
            }
            let place = format!("{}?{}", Route::Create(op.name).hash(), &query[1..]);
            let reading = withheld(tieline_paste::read(op, &place));
            assert_eq!(
                handed_over(op, &reading.raw).len(),
                reading.raw.leaves().len()
            );
            for path in private {
                assert_eq!(reading.raw.get(&path), None, "{} {path}", op.name);
                let told = |left: &&Left| left.name == path && left.why == Why::Withheld;
                assert!(
                    reading.left.iter().any(|left| told(&left)),
                    "{} {path}",
                    op.name
                );
            }
        }
    }

    #[test]
    fn nothing_private_and_no_token_is_handed_over() {
        for op in tieline_catalog::creations() {
            let mut raw = Raw::example(op);
            let fields = crate::form::field_paths::leaves(op, &raw);
            for (path, _) in &fields {
                raw.set(path, "canary");
            }
            let values = handed_over(op, &raw);
            assert!(!values.is_empty(), "{}", op.name);
            for (path, param) in fields {
                let wanted = param.privacy == Privacy::Public && op.token != Some(&*path);
                let there = values.iter().any(|(own, _)| *own == path);
                assert_eq!(there, wanted, "{} {path}", op.name);
            }
        }
    }

    /// What comes from elsewhere is a stroke that can be taken back, whatever it holds, and brings no token.
    #[test]
    fn what_is_filled_in_keeps_the_token_and_can_be_taken_back() {
        for op in tieline_catalog::creations() {
            let prefill = || Prefill {
                token: "token-1".into(),
                ..Prefill::default()
            };
            let first = crate::form::field_paths::leaves(op, &Raw::new())[0]
                .0
                .clone();
            let empty = Rc::new(Form::new(op, &prefill()).checked(Some(tieline_catalog::check)));
            let typed = empty.reduce(Act::Edit(first.clone(), "typed".into()));
            let mut values = typed.raw.clone();
            // An empty value first of all, and one that is locked.
            values.set(&first, "");
            let filling = Prefill {
                values,
                locked: [first].into(),
                ..prefill()
            };
            let filled = typed.clone().reduce(Act::Fill(filling));
            assert!(filled.edited && filled.touched, "{}", op.name);
            let draft = filled.draft().unwrap_or_default();
            assert!(!draft.contains("token-1"), "{draft}");
            let back = filled.reduce(Act::Undo);
            assert_eq!(back.raw, typed.raw, "{}", op.name);
        }
    }
}
