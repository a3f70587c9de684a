//! The section of what the vendor's API takes today and the operation's document does not know.
//!
//! It is loaded lazily, see `chunks.rs` of the shell.

use tieline_catalog::{Lang, Operation, Param};
use yew::prelude::*;

use super::paths::{is_in, leaves};
use super::state::Form;
use crate::ui::messages;

/// What the section shows.
pub struct Section {
    /// The form.
    pub form: UseReducerHandle<Form>,
    /// The fields.
    pub fields: Html,
    /// The language.
    pub lang: Lang,
}

/// The properties of [`Newer`].
#[derive(Properties, PartialEq)]
struct Props {
    /// The number of fields and lists in it.
    count: usize,
    /// Who knows them, in the language.
    sources: Vec<String>,
    /// Whether something in it is filled in, or something is said about it: then it is opened.
    told: bool,
    /// The language.
    lang: Lang,
    /// The fields.
    children: Html,
}

fn params(op: &'static Operation) -> impl Iterator<Item = &'static Param> {
    op.params.iter().filter(|p| p.is_newer_than_the_document())
}

/// Whether something is filled in here, or said about it.
fn told(form: &Form) -> bool {
    let filled = |path: &str| form.raw.get(path).is_some_and(|text| !text.is_empty());
    let told = |path: &str| filled(path) || !form.shown(path).is_empty();
    params(form.op).any(|param| {
        let all = leaves(form.op, &form.raw);
        told(param.name)
            || all
                .iter()
                .any(|(path, _)| is_in(path, param.name) && told(path))
    })
}

/// The section of a form.
pub fn section(props: Section) -> Html {
    let Section { form, fields, lang } = props;
    // Who knows them, each once.
    let mut sources: Vec<String> = params(form.op)
        .map(|p| form.op.cite(&p.source).get(lang).to_string())
        .collect();
    sources.dedup();
    html! {
        <Newer count={params(form.op).count()} {sources} told={told(&form)} {lang}>{ fields }</Newer>
    }
}

/// The section. It is closed at first, and nothing but the user closes it again.
#[component]
fn Newer(props: &Props) -> Html {
    let lang = props.lang;
    let open = use_state_eq(|| props.told);
    {
        let open = open.clone();
        use_effect_with(props.told, move |told| {
            if *told {
                open.set(true);
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            // The state opens and closes it, so that both are never of two minds.
            event.prevent_default();
            open.set(!*open);
        })
    };
    html! {
        <details class="newer" open={*open}>
            <summary onclick={toggle}>
                { messages::newer(props.count).get(lang).to_string() }
            </summary>
            <p class="field-help">
                { messages::NEWER_LEAD.get(lang) }
                { for props.sources.iter().map(|source| html! { <>{ " " }<cite>{ source }</cite></> }) }
            </p>
            { props.children.clone() }
        </details>
    }
}
