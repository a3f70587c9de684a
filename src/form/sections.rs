//! The sections of a form that are closed until there is something in them: its optional fields, where it has
//! many, and what the vendor's API takes today and the operation's document does not know.
//!
//! It is loaded lazily, see `chunks.rs` of the shell.

use tieline_catalog::{Control, Lang, Message, Param};
use yew::prelude::*;

use super::field_paths::{is_in, leaves};
use super::folding::{part_of, Part};
use super::state::Form;
use crate::ui::messages;

/// What the sections show.
pub struct Sections {
    /// The form.
    pub form: UseReducerHandle<Form>,
    /// The fields of the parts that are folded, see [`Part::FOLDED`].
    pub fields: [Html; 2],
    /// The language.
    pub lang: Lang,
}

/// The properties of [`Section`].
#[derive(Properties, PartialEq)]
struct Props {
    /// Its fields and lists.
    part: Part,
    /// How many there are.
    count: usize,
    /// Those that something is filled in of.
    filled: Vec<Message>,
    /// What opens it: whatever the user has filled in, and whatever is said to be wrong.
    told: Vec<String>,
    /// Who knows them, in the language, where that is not the document.
    sources: Vec<String>,
    /// The language.
    lang: Lang,
    /// The fields.
    children: Html,
}

/// The sections of a form.
pub fn sections(props: Sections) -> Html {
    let Sections { form, fields, lang } = props;
    let parts = Part::FOLDED.into_iter().zip(fields);
    parts
        .map(|(part, fields)| section(&form, part, fields, lang))
        .collect()
}

fn section(form: &Form, part: Part, fields: Html, lang: Lang) -> Html {
    let op = form.op;
    let params = op.params.iter().filter(|p| part_of(op, p) == part);
    let params: Vec<&'static Param> = params.collect();
    if params.is_empty() {
        return Html::default();
    }
    let all = leaves(op, &form.raw);
    let text = |path: &str| form.raw.get(path).unwrap_or_default();
    let (mut filled, mut told) = (Vec::new(), Vec::new());
    for param in &params {
        let mut own = all
            .iter()
            .filter(|(path, _)| path == param.name || is_in(path, param.name));
        if own.clone().any(|(path, _)| !text(path).is_empty()) {
            filled.push(param.label.message());
        }
        // What a form starts with nobody has filled in.
        let typed = |(path, leaf): &&(String, &'static Param)| {
            let text = text(path);
            !text.is_empty() && leaf.control != Control::Token && leaf.start() != Some(text)
        };
        told.extend(own.clone().filter(typed).map(|(path, _)| path.clone()));
        if !form.shown(param.name).is_empty() || own.any(|(path, _)| !form.shown(path).is_empty()) {
            told.push(format!("{} {}", param.name, form.refusals));
        }
    }
    // Who knows them, each once.
    let mut sources = Vec::new();
    if part == Part::Newer {
        sources.extend(
            params
                .iter()
                .map(|p| op.cite(&p.source).get(lang).to_string()),
        );
        sources.dedup();
    }
    html! {
        <Section {part} count={params.len()} {filled} {told} {sources} {lang}>{ fields }</Section>
    }
}

/// A section. It is closed at first, and nothing but the user closes it again.
#[component]
fn Section(props: &Props) -> Html {
    let lang = props.lang;
    let open = use_state_eq(|| !props.told.is_empty());
    let before = use_mut_ref(Vec::new);
    {
        let open = open.clone();
        use_effect_with(props.told.clone(), move |told| {
            let before = before.replace(told.clone());
            if told.iter().any(|one| !before.contains(one)) {
                open.set(true);
            }
        });
    }
    // Whoever is led to a field in it opens it, too.
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let details: web_sys::Element = event.target_unchecked_into();
            open.set(details.has_attribute("open"));
        })
    };
    let title = match props.part {
        Part::Newer => messages::newer(props.count),
        _ => messages::optional(props.count),
    };
    let filled: Vec<&str> = props.filled.iter().map(|label| label.get(lang)).collect();
    html! {
        <details class="newer" open={*open} {ontoggle}>
            <summary>
                { title.get(lang).to_string() }
                if !filled.is_empty() {
                    <span class="section-filled">{ messages::filled(&filled, props.count, lang) }</span>
                }
            </summary>
            if !props.sources.is_empty() {
                <p class="field-help">
                    { messages::NEWER_LEAD.get(lang) }
                    { for props.sources.iter().map(|source| html! { <>{ " " }<cite>{ source }</cite></> }) }
                </p>
            }
            { props.children.clone() }
        </details>
    }
}
