//! The summary of the errors that keep a submit from being sent, with a link to each field.

use tieline_catalog::{Lang, Operation, Violation};
use yew::prelude::*;

use super::control::{control_id, label_at};
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::messages;

/// The summary's id; it takes the focus.
pub const ID: &str = "summary";

/// What the summary shows.
pub struct Summary {
    /// The form's operation.
    pub op: &'static Operation,
    /// The errors, in the order of the form; there are some.
    pub errors: Vec<Violation>,
    /// Where the form is shown.
    pub mount: Mount,
    /// The language.
    pub lang: Lang,
}

/// The error summary. It is loaded lazily, with what finds the errors.
pub fn summary(props: Summary) -> Html {
    let Summary {
        op,
        errors,
        mount,
        lang,
    } = props;
    html! {
        <div class="summary" part="summary" role="alert" id={ID} tabindex="-1">
            <p><b>{ messages::SUMMARY.get(lang) }</b>{ messages::GAP.get(lang) }{ messages::to_fix(errors.len()).get(lang).to_string() }</p>
            <ul>
                { for errors.iter().map(|v| {
                    if v.parameter.is_empty() {
                        return html! { <li>{ v.message.get(lang) }</li> };
                    }
                    let id = control_id(&v.parameter);
                    // The address stays: the fragment names the page, not a place in it.
                    let href = Route::Create(op.name).hash();
                    let mount = mount.clone();
                    let onclick = Callback::from(move |event: MouseEvent| {
                        event.prevent_default();
                        mount.focus(&id);
                    });
                    html! {
                        <li>
                            <a {href} {onclick}>{ label_at(op, &v.parameter, lang) }</a>
                            { messages::COLON.get(lang) }{ v.message.get(lang) }
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
