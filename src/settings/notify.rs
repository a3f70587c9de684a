//! The setting that lets the browser notify of a status that has become final.

use tieline_catalog::{Lang, Text};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::platform::notification::{on, permission, switch_off, switch_on, Permission};
use crate::ui::messages;

/// The properties of [`Notify`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
}

/// The switch, and why it cannot be on.
#[component]
pub fn Notify(props: &Props) -> Html {
    let lang = props.lang;
    let checked = use_state_eq(on);
    let problem = match permission() {
        Permission::Unavailable => Some(messages::NOTIFY_UNAVAILABLE),
        Permission::Denied => Some(messages::NOTIFY_DENIED),
        Permission::NotAsked | Permission::Granted => None,
    };
    let onchange = {
        let checked = checked.clone();
        Callback::from(move |_: Event| {
            let checked = checked.clone();
            if *checked {
                switch_off();
                return checked.set(false);
            }
            // It shows what it is, also where the browser refuses.
            checked.set(true);
            spawn_local(async move { checked.set(switch_on().await) });
        })
    };
    html! {
        <>
            <div class="switch">
                <input type="checkbox" role="switch" id="notify" name="notify" checked={*checked} {onchange}
                    disabled={problem.is_some()} aria-describedby="notify-said notify-help" />
            </div>
            <div class="said" id="notify-said" aria-live="polite">
                if let Some(problem) = problem { <p data-kind="warning">{ said(problem, lang) }</p> }
            </div>
            <p class="field-help" id="notify-help">{ messages::NOTIFY_HELP.get(lang) }</p>
        </>
    }
}

fn said(problem: Text, lang: Lang) -> Html {
    html! { <><b>{ messages::CHECK_MARK.get(lang) }</b>{ messages::GAP.get(lang) }{ problem.get(lang) }</> }
}
