//! How far the receipts are, and the reminder to export.

use tieline_catalog::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::history::messages;
use crate::history::service::History;
use crate::history::store::Progress;
use crate::ui::copy_button::CopyButton;

/// So many resources may be known to this browser only before somebody is reminded.
const UNEXPORTED: usize = 10;
/// So much of the head is shown; the whole of it is copied.
const SHOWN: usize = 16;

/// The properties of [`Receipts`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The history.
    pub history: History,
    /// The history's version.
    pub version: u32,
    /// Whether a file is being read or written.
    pub busy: bool,
}

/// The receipts.
#[component]
pub fn Receipts(props: &Props) -> Html {
    let lang = props.lang;
    let progress = use_state_eq(|| None::<Progress>);
    {
        let (history, progress) = (props.history.clone(), progress.setter());
        let moment = (props.version, props.busy, props.history.is_loading());
        use_effect_with(moment, move |(_, busy, loading)| {
            if !busy && !loading {
                spawn_local(async move { progress.set(history.progress().await) });
            }
        });
    }
    let Some(Progress { head, exported }) = &*progress else {
        return Html::default();
    };
    let unexported = props.history.made_since(*exported);
    html! {
        <>
            if unexported >= UNEXPORTED {
                <p class="history-problem" role="status">
                    { messages::with(messages::UNEXPORTED, lang, &[&unexported.to_string()]) }
                </p>
            }
            if let Some(head) = head {
                <p class="history-note">
                    { messages::with(messages::RECEIPTS, lang, &[&head.count.to_string()]) }
                    <code>{ head.hash.chars().take(SHOWN).collect::<String>() }{ "…" }</code>{ " " }
                    <CopyButton text={head.hash.clone()} label={messages::COPY_HEAD} {lang} />
                </p>
            }
        </>
    }
}
