//! How far the receipts are, and the reminder to export.

use tieline_catalog::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::history::messages;
use crate::history::service::{use_history, History};
use crate::history::store::Progress;
use crate::platform::mount::Mount;
use crate::ui::copy_button::CopyButton;
use tieline_records::Head;

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
    let progress = use_progress(&props.history, props.version, props.busy);
    let Some(Progress { head, exported }) = &*progress else {
        return Html::default();
    };
    let unexported = props.history.known_since(*exported);
    html! {
        <>
            if unexported >= UNEXPORTED {
                <p class="history-problem" role="status">
                    { messages::with(messages::UNEXPORTED, lang, &[&unexported.to_string()]) }
                </p>
            }
            if let Some(head) = head { { end(head, lang) } }
        </>
    }
}

/// How far the receipts are, as of this version of the history; as before while it is read, or `busy`.
#[hook]
fn use_progress(history: &History, version: u32, busy: bool) -> UseStateHandle<Option<Progress>> {
    let progress = use_state_eq(|| None);
    let (history, setter) = (history.clone(), progress.setter());
    let moment = (version, busy, history.is_loading());
    use_effect_with(moment, move |(_, busy, loading)| {
        if !busy && !loading {
            spawn_local(async move { setter.set(history.progress().await) });
        }
    });
    progress
}

/// The end of a chain, for people, and to be copied.
fn end(head: &Head, lang: Lang) -> Html {
    html! {
        <p class="history-note">
            { messages::with(messages::RECEIPTS, lang, &[&head.count.to_string()]) }
            <code>{ head.hash.chars().take(SHOWN).collect::<String>() }{ "…" }</code>{ " " }
            <CopyButton text={head.hash.clone()} label={messages::COPY_HEAD} {lang} />
        </p>
    }
}

/// The properties of [`Receipt`].
#[derive(Properties, PartialEq)]
pub struct ReceiptProps {
    /// Where it is shown.
    pub mount: Mount,
    /// The language.
    pub lang: Lang,
}

/// The end of the chain beside an answer, which has a receipt in it. Nobody has to hear of each one.
#[component]
pub fn Receipt(props: &ReceiptProps) -> Html {
    let (history, version) = use_history(&props.mount);
    let progress = use_progress(&history, version, false);
    match progress
        .as_ref()
        .and_then(|progress| progress.head.as_ref())
    {
        Some(head) => html! { <div aria-live="off">{ end(head, props.lang) }</div> },
        None => Html::default(),
    }
}
