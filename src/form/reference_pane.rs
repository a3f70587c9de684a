//! The reference beside the form: what the document says of each parameter, in its own words; what the vendor's
//! present document says otherwise; the answer, the error codes, the examples. Folded until it is asked for, as a
//! whole or by a field, which leads to its own paragraph.

use gloo_events::{EventListener, EventListenerOptions};
use tieline_catalog::model::{DocExampleKind, Field, Severity};
use tieline_catalog::path::{join, without_numbers};
use tieline_catalog::{Kind, Lang, Message, Operation, Param, Source};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::control::{control_id, Table};
use super::messages as texts;
use super::rules::{ABOUT, ABOUT_KEY};
use crate::platform::mount::Mount;
use crate::ui::elements::{button, text};
use crate::ui::fold::fold;
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// The properties of [`ReferencePane`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is created.
    pub operation: Table<Operation>,
    /// The language.
    pub lang: Lang,
    /// Where the form is shown.
    pub mount: Mount,
}

/// The reference.
#[component]
pub fn ReferencePane(props: &Props) -> Html {
    let (op, lang) = (props.operation.0, props.lang);
    let open = use_state_eq(|| false);
    // The field that has led here, by its wire path.
    let from = use_state_eq(|| None::<String>);
    let toggled = {
        let (set, from) = (open.setter(), from.setter());
        Callback::from(move |open: bool| {
            set.set(open);
            if !open {
                from.set(None);
            }
        })
    };
    let led = {
        let (open, from, mount) = (open.setter(), from.setter(), props.mount.clone());
        Callback::from(move |path: String| {
            open.set(true);
            mount.focus_soon(heading_id(&without_numbers(&path)));
            from.set(Some(path));
        })
    };
    use_fields(&props.mount, led);
    let inside = || {
        let all = parameters(op).into_iter().map(|(path, param)| {
            let from = from.as_ref().filter(|from| without_numbers(from) == path);
            let back = from.map(|field| back(&props.mount, field, lang));
            parameter(op, &path, param, back, lang)
        });
        html! {
            <>
                { sources(op, lang) }
                { text("h3", "", texts::PARAMETERS.get(lang)) }
                { for all }
                { answers(op, lang) }
                { errors(op, lang) }
                { examples(op, lang) }
            </>
        }
    };
    let summary = texts::REFERENCE.get(lang);
    fold("fill reference", summary, *open, toggled, inside)
}

/// Tells of each field beside which the way to the reference was taken, by the button there or by the key: the
/// form's own part knows of neither.
#[hook]
fn use_fields(mount: &Mount, led: Callback<String>) {
    let root = mount.root();
    use_effect_with((), move |()| {
        let listeners = root.cast::<Element>().map(|root| {
            let (by_key, options) = (led.clone(), EventListenerOptions::enable_prevent_default());
            let pressed = EventListener::new(&root, "click", move |event| {
                let about = target(event).and_then(|e| e.closest(&format!("[{ABOUT}]")).ok()?);
                if let Some(path) = about.as_ref().and_then(path_of) {
                    led.emit(path);
                }
            });
            let key = EventListener::new_with_options(&root, "keydown", options, move |event| {
                let asked = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| {
                    let held = event.ctrl_key() || event.meta_key() || event.alt_key();
                    event.key() == ABOUT_KEY && !held && !event.shift_key()
                });
                let path = target(event).filter(|_| asked).as_ref().and_then(path_of);
                if let Some(path) = path {
                    // The browser's own help.
                    event.prevent_default();
                    by_key.emit(path);
                }
            });
            [pressed, key]
        });
        move || drop(listeners)
    });
}

/// What an event is about.
fn target(event: &web_sys::Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// The wire path of the field that this is in, if the way to the reference is there.
fn path_of(within: &Element) -> Option<String> {
    // A list is a field of fields, of which the first would answer for it.
    let field = within.closest(".field:not(.list)").ok()??;
    field.query_selector(&format!("[{ABOUT}]")).ok()??;
    // A control's name is its wire path.
    field.query_selector("[name]").ok()??.get_attribute("name")
}

/// The way back to the field that has led here.
fn back(mount: &Mount, field: &str, lang: Lang) -> Html {
    let (mount, id) = (mount.clone(), control_id(field));
    let back = Callback::from(move |_: MouseEvent| {
        mount.focus(&id);
    });
    button("quiet", texts::BACK_TO_FIELD.get(lang), back)
}

/// The id of the heading of a parameter, which takes the focus when its field leads here.
fn heading_id(path: &str) -> String {
    format!("about-{path}")
}

/// The document and the vendor's own page.
fn sources(op: &'static Operation, lang: Lang) -> Html {
    html! {
        <p>
            { texts::QUOTED_FROM.get(lang) }{ messages::COLON.get(lang) }
            <cite>{ op.document.title.get(lang) }</cite>
            if let Some(page) = op.page() {
                { messages::GAP.get(lang) }{ " " }
                <a href={page.url} target="_blank" rel="noopener noreferrer">{ texts::VENDOR_PAGE.get(lang) }</a>
                { " " }<small>{ op.cite(&page.source).get(lang).to_string() }</small>
            }
        </p>
    }
}

/// Every parameter with its path without item numbers, those of lists and objects after their own.
fn parameters(op: &'static Operation) -> Vec<(String, &'static Param)> {
    fn walk(params: &'static [Param], path: &str, out: &mut Vec<(String, &'static Param)>) {
        for param in params {
            let here = join(path, param.name);
            out.push((here.clone(), param));
            let inner = match param.kind {
                Kind::List { item, .. } => item.kind,
                kind => kind,
            };
            if let Kind::Object(members) = inner {
                walk(members, &here, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(op.params, "", &mut out);
    out
}

fn parameter(
    op: &'static Operation,
    path: &str,
    param: &'static Param,
    back: Option<Html>,
    lang: Lang,
) -> Html {
    let need = match param.required {
        true => messages::REQUIRED,
        false => messages::OPTIONAL,
    };
    let today = today(op, param);
    html! {
        <section data-led={back.is_some().then_some("true")}>
            <h4 id={heading_id(path)} tabindex="-1">
                { param.label.get(lang) }{ " " }<code translate="no">{ path.to_string() }</code>
                { " " }<small>{ need.get(lang) }</small>
            </h4>
            { quoted(op, param, lang) }
            if !today.is_empty() {
                <p><b>{ texts::TODAY.get(lang) }</b></p>
                <ul>
                    { for today.iter().map(|says| html! { <li>{ rich_text(says.get(lang)) }</li> }) }
                </ul>
            }
            if let Some(back) = back { { back } }
        </section>
    }
}

/// What the document says, in its own language; or who else says that there is the parameter.
fn quoted(op: &'static Operation, param: &Param, lang: Lang) -> Html {
    let cite = op.cite(&param.source).get(lang).to_string();
    match op.quote(&param.source) {
        Some(quote) => html! {
            <figure>
                <blockquote lang={language(quote).tag()}>{ rich_text(&plain(quote)) }</blockquote>
                <figcaption><cite>{ cite }</cite></figcaption>
            </figure>
        },
        None => html! {
            <>
                <p>{ rich_text(param.help.get(lang)) }</p>
                <p><b>{ texts::NOT_IN_THE_DOCUMENT.get(lang) }</b>{ messages::COLON.get(lang) }<cite>{ cite }</cite></p>
            </>
        },
    }
}

/// The language of a quoted text: the documents are in one of two.
fn language(text: &str) -> Lang {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    match text.chars().any(han) {
        true => Lang::Zh,
        false => Lang::En,
    }
}

/// A quote without the marks that only its file format needs.
fn plain(quote: &str) -> String {
    quote
        .replace("\\_", "_")
        .replace("\\*", "*")
        .replace("**", "")
}

/// What others say of a parameter today and its document does not: each rule that cites no line of it.
fn today(op: &'static Operation, param: &Param) -> Vec<Message> {
    if param.is_newer_than_the_document() {
        return Vec::new();
    }
    let rules = param.rules.iter();
    let later = rules.filter(|rule| matches!(rule.source, Source::Fact(_)));
    let says = later.filter_map(|rule| {
        let firm = tieline_catalog::model::Rule {
            severity: Severity::Error,
            ..*rule
        };
        // The note says who says so; what is said is the rule's own.
        let says = match (firm.hint(), rule.note) {
            (Some(hint), Some(note)) => Message::new(
                format!("{}. {}", hint.en, note.en),
                format!("{}。{}", hint.zh, note.zh),
            ),
            (hint, note) => hint.or(note.map(|note| note.message()))?,
        };
        let cite = op.cite(&rule.source);
        Some(Message::new(
            format!("{} ({})", says.en, cite.en),
            format!("{}（{}）", says.zh, cite.zh),
        ))
    });
    says.collect()
}

fn answers(op: &'static Operation, lang: Lang) -> Html {
    let row = |field: &Field| {
        let example = field.example.get();
        html! {
            <div>
                <dt><code translate="no">{ field.path }</code></dt>
                <dd>
                    { field.help.get().get(lang) }
                    if !example.is_empty() {
                        { " " }<code translate="no">{ example }</code>
                    }
                </dd>
            </div>
        }
    };
    html! {
        <>
            { text("h3", "", texts::ANSWERS.get(lang)) }
            <dl class="values">{ for op.response().fields.iter().map(row) }</dl>
        </>
    }
}

fn errors(op: &'static Operation, lang: Lang) -> Html {
    html! {
        <>
            { text("h3", "", texts::ERROR_CODES.get(lang)) }
            <dl class="values">
                { for op.errors().iter().map(|error| html! {
                    <div>
                        <dt><code translate="no">{ error.code }</code>{ " " }{ error.http.to_string() }</dt>
                        <dd>
                            <q lang={language(error.message).tag()}>{ error.message }</q>
                            { " " }{ rich_text(error.explanation.get(lang)) }
                            { messages::GAP.get(lang) }{ rich_text(error.advice.get(lang)) }
                        </dd>
                    </div>
                }) }
            </dl>
            if let Some(list) = op.error_list() {
                <p>
                    <a href={list.url} target="_blank" rel="noopener noreferrer">{ messages::ALL_CODES.get(lang) }</a>
                </p>
            }
        </>
    }
}

fn examples(op: &'static Operation, lang: Lang) -> Html {
    html! {
        { for op.examples().iter().map(|example| {
            let title = match example.kind {
                DocExampleKind::Request => texts::EXAMPLE_REQUEST,
                DocExampleKind::Json => texts::EXAMPLE_JSON,
                DocExampleKind::Xml => texts::EXAMPLE_XML,
            };
            let cite = op.cite(&Source::Line(example.line));
            html! {
                <>
                    { text("h3", "", title.get(lang)) }
                    <pre translate="no" tabindex="0" role="group" aria-label={title.get(lang)}>{ example.text }</pre>
                    <p><cite>{ cite.get(lang).to_string() }</cite></p>
                </>
            }
        }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_has_words_and_what_differs_today_is_told() {
        let (mut differ, mut networks) = (0, 0);
        for op in tieline_catalog::creations() {
            for (path, param) in parameters(op) {
                let newer = param.is_newer_than_the_document();
                assert_eq!(
                    op.quote(&param.source).is_none(),
                    newer,
                    "{} {path}",
                    op.name
                );
                let told = today(op, param);
                let said = |text: &str| {
                    told.iter()
                        .any(|m| m.en.contains(text) && m.zh.contains(text))
                };
                for rule in param.rules {
                    if let tieline_catalog::model::Check::NotWithin(ranges) = rule.check {
                        for (net, _) in ranges {
                            assert!(
                                said(&net.to_string()),
                                "{} {path}: {net} in {told:?}",
                                op.name
                            );
                        }
                        networks += ranges.len();
                    }
                }
                differ += told.len();
            }
            assert!(!op.response().fields.is_empty(), "{}", op.name);
            assert!(!op.examples().is_empty(), "{}", op.name);
            assert!(op.page().is_some(), "{}", op.name);
        }
        assert!(differ > 3, "{differ}");
        assert_eq!(networks, 5);
    }

    #[test]
    fn a_quote_is_said_in_its_own_language() {
        assert_eq!(language("用户网关的IP地址。"), Lang::Zh);
        assert_eq!(language("The name of the CEN instance."), Lang::En);
        assert_eq!(plain("下划线（\\_）**2|4**"), "下划线（_）2|4");
    }
}
