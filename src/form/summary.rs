//! What keeps a submit from being sent, with a link to each field.

use tieline_catalog::{Lang, Operation, Violation};
use yew::prelude::*;

use super::shape::{control_id, label_at};
use crate::place::Place;
use crate::route::Route;
use crate::words;

/// The summary's id; it takes the focus.
pub const ID: &str = "summary";

/// The error summary; nothing when there are no errors.
pub fn summary(op: &'static Operation, errors: &[Violation], place: &Place, lang: Lang) -> Html {
    if errors.is_empty() {
        return Html::default();
    }
    html! {
        <div class="summary" part="summary" role="alert" id={ID} tabindex="-1">
            <p><b>{ words::SUMMARY.get(lang) }</b>{ " " }{ words::to_fix(errors.len()).get(lang).to_string() }</p>
            <ul>
                { for errors.iter().map(|v| {
                    if v.parameter.is_empty() {
                        return html! { <li>{ v.message.get(lang) }</li> };
                    }
                    let id = control_id(&v.parameter);
                    // The address stays: the fragment names the page, not a place in it.
                    let href = Route::Create(op.name).hash();
                    let place = place.clone();
                    let onclick = Callback::from(move |event: MouseEvent| {
                        event.prevent_default();
                        place.focus(&id);
                    });
                    html! {
                        <li>
                            <a {href} {onclick}>{ label_at(op, &v.parameter, lang) }</a>
                            { ": " }{ v.message.get(lang) }
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
