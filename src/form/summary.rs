//! What keeps a submit from being sent, with a link to each field.

use tieline_catalog::{Lang, Operation, Violation};
use yew::prelude::*;

use super::shape::{control_id, label_at, Table};
use crate::route::Route;
use crate::{dom, words};

/// The summary's id; it takes the focus.
pub const ID: &str = "summary";

/// The properties of [`Summary`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The operation.
    pub operation: Table<Operation>,
    /// The errors.
    pub errors: Vec<Violation>,
    /// The language.
    pub lang: Lang,
}

/// The error summary; nothing when there are no errors.
#[component]
pub fn Summary(props: &Props) -> Html {
    let Props {
        operation,
        errors,
        lang,
    } = props;
    if errors.is_empty() {
        return Html::default();
    }
    html! {
        <div class="summary" role="alert" id={ID} tabindex="-1">
            <p><b>{ words::SUMMARY.get(*lang) }</b>{ " " }{ words::to_fix(errors.len()).get(*lang).to_string() }</p>
            <ul>
                { for errors.iter().map(|v| {
                    if v.parameter.is_empty() {
                        return html! { <li>{ v.message.get(*lang) }</li> };
                    }
                    let id = control_id(&v.parameter);
                    // The address stays: the fragment names the page, not a place in it.
                    let href = Route::Create(operation.name).hash();
                    let onclick = Callback::from(move |event: MouseEvent| {
                        event.prevent_default();
                        dom::focus(&id);
                    });
                    html! {
                        <li>
                            <a {href} {onclick}>{ label_at(operation.0, &v.parameter, *lang) }</a>
                            { ": " }{ v.message.get(*lang) }
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
