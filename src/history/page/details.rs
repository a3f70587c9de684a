//! The details of a record, and what can be done with it.

use std::rc::Rc;

use tieline_catalog::answer::{read_back, Found, Item};
use tieline_catalog::error_centre::place;
use tieline_catalog::reconcile::look_up;
use tieline_catalog::{find, Lang, Operation, Raw, Text, Valid};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::note::Note;
use super::table::standing;
use super::timeline::timeline;
use crate::client::{find_lost, Target};
use crate::history::columns::endpoint_name;
use crate::history::index::Summary;
use crate::history::list_messages as list;
use crate::history::lost_resource::{
    found_list, is_of_sandbox, look_up_label, only_by_console, search_of, sent_elsewhere, Asked,
};
use crate::history::service::History;
use crate::history::status_reads::Question;
use crate::history::{messages, time};
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::ui::copy_button::CopyButton;
use crate::ui::messages as shared;
use tieline_records::{Outcome, Record, Verdict};

const HEADING: &str = "history-details";

/// The properties of [`Details`].
#[derive(Properties, Clone, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The history.
    pub history: History,
    /// The record's row; a new one when the record changes.
    pub row: Rc<Summary>,
    /// The history's version: what an abandoned intent shows depends on it.
    pub outcome_version: u32,
    /// Whether they lie over the list, for want of room beside it.
    pub over: bool,
    /// What was last said on the page.
    pub remark: Html,
    /// Whom to ask about the resource.
    pub target: Target,
    /// Called with what the form is to be filled with.
    pub on_fill: Callback<(String, Raw)>,
    /// Called with what happened, and whether it is bad.
    pub say: Callback<(String, bool)>,
    /// Called when the details are to be closed.
    pub on_close: Callback<()>,
    /// Called with the record's id when it was deleted, and with the record as it was, if it was still there.
    pub on_deleted: Callback<(u64, Option<Record>)>,
    /// Where the details are shown.
    pub mount: Mount,
}

/// The resources that a look-up found, and whether a sandbox told of them.
type Candidates = (Vec<Item>, bool);

/// The details of a record.
#[component]
pub fn Details(props: &Props) -> Html {
    let Props { lang, row, .. } = props;
    let lang = *lang;
    let record = use_state_eq(|| None::<Record>);
    let found = use_state_eq(Candidates::default);
    let dialog = use_node_ref();
    {
        let (record, history) = (record.clone(), props.history.clone());
        use_effect_with(row.clone(), move |row| {
            let id = row.id;
            spawn_local(async move { record.set(history.record(id).await) });
        });
    }
    {
        let mount = props.mount.clone();
        use_effect_with(row.id, move |_| mount.focus_soon(HEADING.to_string()));
    }

    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let onkeydown = {
        let (on_close, dialog) = (props.on_close.clone(), dialog.clone());
        Callback::from(move |event: KeyboardEvent| {
            let asking = dialog.cast::<HtmlDialogElement>().is_some_and(|d| d.open());
            if event.key() == "Escape" && !asking {
                event.prevent_default();
                on_close.emit(());
            }
        })
    };
    let title = find(&row.operation).map_or(&*row.operation, |op| op.title.get(lang));
    let shown = props.history.shown(row);
    let verdict = props.history.verdict(row);
    html! {
        <section class="history-details" role={props.over.then_some("dialog")} aria-labelledby={HEADING} {onkeydown}>
            <header>
                <h2 id={HEADING} tabindex="-1">
                    { if row.name.is_empty() { title.to_string() } else { row.name.to_string() } }
                </h2>
                <button type="button" class="quiet" onclick={close} aria-label={messages::CLOSE.get(lang)}
                    title={messages::CLOSE.get(lang)}>{ "✕" }</button>
            </header>
            <p class="history-meaning">
                { standing(shown, verdict, lang) }
                if row.simulated { { " " }<span class="simulated">{ shared::SIMULATED.get(lang) }</span> }
                { " " }{ messages::meaning(shown, verdict, record.as_ref().is_some_and(|r| r.token().is_some())).get(lang) }
            </p>
            if let Some(record) = &*record {
                { actions(props, record, shown, &found, &dialog) }
                { props.remark.clone() }
                { candidates(props, record, &found) }
                <Note {lang} history={props.history.clone()} id={record.id} say={props.say.clone()}
                    read_only={props.history.read_only()}
                    note={record.state().note.unwrap_or_default()} />
                { facts(record, props.mount.has_pages(), lang) }
                { timeline(record, lang) }
                { parameters(record, lang) }
            }
            { question(props, shown, &dialog) }
        </section>
    }
}

fn actions(
    props: &Props,
    record: &Record,
    shown: Outcome,
    candidates: &UseStateHandle<Candidates>,
    dialog: &NodeRef,
) -> Html {
    let lang = props.lang;
    let op = record.operation();
    let raw = record.raw();
    let resource = record.resource_id.as_deref();
    let question = resource.and_then(|id| read_back(op?, id, &raw));
    let way = op.and_then(|op| look_up(op, &raw));
    let lost = shown == Outcome::Unknown;

    let fill = {
        let (on_fill, record) = (props.on_fill.clone(), record.clone());
        Callback::from(move |_: MouseEvent| {
            on_fill.emit((record.operation.clone(), form_input(&record, lost)));
        })
    };
    let ask = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        })
    };
    // An action that is not possible says why instead of vanishing.
    let hindrance = if resource.is_none() && !lost {
        None
    } else if record.endpoint != props.target.name() {
        Some(sent_elsewhere(&record.endpoint, lang).into())
    } else if lost && way.is_none() {
        Some(op.map_or_else(Html::default, |op| only_by_console(op, lang)))
    } else if !lost && question.is_none() {
        Some(messages::NO_READ.get(lang).into())
    } else {
        None
    };
    let of_file = props.history.is_of_file();
    // What stands in the way of everything is said once.
    let hindrance = hindrance.filter(|_| !of_file);
    let blocked = of_file || hindrance.is_some();
    let no_delete = match shown {
        Outcome::Pending if !of_file => Some(messages::NO_DELETE),
        _ => props.history.read_only(),
    };
    html! {
        <>
            <div class="history-actions">
                if let Some(id) = resource {
                    <button type="button" class="quiet" onclick={refresh(props, record, question)} disabled={blocked}>{ messages::REFRESH.get(lang) }</button>
                    <button type="button" class="quiet" onclick={copy(props, id)}>{ shared::COPY_ID.get(lang) }</button>
                }
                if lost {
                    <button type="button" class="quiet" onclick={look_it_up(props, record, op, raw, candidates)} disabled={blocked}>{ op.map_or(shared::LOOK_UP, look_up_label).get(lang) }</button>
                }
                if op.is_some() {
                    <button type="button" class="quiet" onclick={fill} disabled={of_file}>{ messages::FILL.get(lang) }</button>
                }
                // Without the record of a request that is on its way nobody is asked before the next.
                <button type="button" class="quiet" onclick={ask} disabled={no_delete.is_some()}>
                    { messages::DELETE.get(lang) }
                </button>
            </div>
            if let Some(why) = no_delete {
                <p class="history-note">{ why.get(lang) }</p>
            }
            if let Some(why) = hindrance {
                <p class="history-note">{ why }</p>
            }
        </>
    }
}

/// Asks for the resource's status by `question` and says what it is.
fn refresh(props: &Props, record: &Record, question: Option<Valid>) -> Callback<MouseEvent> {
    let (props, id, before) = (props.clone(), record.id, record.status.clone());
    let question = question.map(|read| {
        let about = vec![record.clone()];
        Rc::new(Question { read, about })
    });
    Callback::from(move |_: MouseEvent| {
        let Some(question) = question.clone() else {
            return;
        };
        let (props, before) = (props.clone(), before.clone());
        let text = messages::REFRESHING.get(props.lang).to_string();
        props.say.emit((text, false));
        spawn_local(async move {
            let found = question.ask(&props.target).await;
            if let Some(asked) = question.about.first() {
                props.history.observe(asked, &found).await;
            }
            let after = props.history.record(id).await;
            let said = report(&found, before.as_deref(), after.as_ref(), props.lang);
            props.say.emit(said);
        });
    })
}

/// Copies the resource's id and says whether that worked.
fn copy(props: &Props, id: &str) -> Callback<MouseEvent> {
    let (say, lang, id) = (props.say.clone(), props.lang, id.to_string());
    Callback::from(move |_: MouseEvent| {
        let (say, id) = (say.clone(), id.clone());
        spawn_local(async move {
            let copied = dom::copy(id.clone()).await;
            say.emit(match copied {
                true => (messages::with(messages::COPIED, lang, &[&id]), false),
                false => (messages::COPY_FAILED.get(lang).to_string(), true),
            });
        });
    })
}

/// Looks for the resource and says what was found.
fn look_it_up(
    props: &Props,
    record: &Record,
    op: Option<&'static Operation>,
    raw: Raw,
    candidates: &UseStateHandle<Candidates>,
) -> Callback<MouseEvent> {
    let (props, candidates) = (props.clone(), candidates.clone());
    let (id, simulated) = (record.id, is_of_sandbox(record));
    Callback::from(move |_: MouseEvent| {
        let Some(op) = op else {
            return;
        };
        let (props, candidates, raw) = (props.clone(), candidates.clone(), raw.clone());
        let (say, lang) = (props.say.clone(), props.lang);
        let by = search_of(op, &raw);
        say.emit((messages::looking(by).get(lang).to_string(), false));
        spawn_local(async move {
            let told = find_lost(&props.target, op, &raw, simulated).await;
            props.history.looked_up(id, by, &told).await;
            let whole = told.whole;
            match told.found {
                Found::Items(items) if items.is_empty() => {
                    say.emit((shared::FOUND_NONE.get(lang).to_string(), false));
                    candidates.set(Candidates::default());
                }
                Found::Items(items) if !whole => {
                    say.emit((shared::FOUND_PART.get(lang).to_string(), true));
                    candidates.set((items, simulated));
                }
                Found::Items(items) => {
                    let count = items.len().to_string();
                    say.emit((messages::with(messages::found(by), lang, &[&count]), false));
                    candidates.set((items, simulated));
                }
                Found::Refused(refusal) => say.emit((explain(&refusal, lang), true)),
            }
        });
    })
}

/// The input that a record fills a form with. The client token belongs to its own intent: it comes along only
/// where that is `open`, so that sending the form repeats the intent instead of making another.
fn form_input(record: &Record, open: bool) -> Raw {
    let mut raw = record.raw();
    if let Some(token) = record.operation().and_then(|op| op.token) {
        if !open {
            raw.remove(token);
        }
    }
    raw
}

fn explain(refusal: &tieline_catalog::answer::Refusal, lang: Lang) -> String {
    let (explanation, advice) = (refusal.explanation.get(lang), refusal.advice.get(lang));
    format!("{explanation}{}{advice}", shared::GAP.get(lang))
}

/// The notice after a refresh of the status, and whether it is bad news.
fn report(
    found: &Found,
    before: Option<&str>,
    after: Option<&Record>,
    lang: Lang,
) -> (String, bool) {
    if let Found::Refused(refusal) = found {
        return (explain(refusal, lang), true);
    }
    let id = after.and_then(|record| record.resource_id.as_deref());
    let id = id.unwrap_or_default();
    if after.is_some_and(|record| record.absent) {
        return (messages::with(messages::STATUS_ABSENT, lang, &[id]), true);
    }
    let now = after.and_then(|record| record.status.as_deref());
    let text = now.unwrap_or_else(|| messages::NONE.get(lang));
    let said = match before == now {
        true => messages::with(messages::STATUS_SAME, lang, &[text]),
        false => messages::with(messages::STATUS_NOW, lang, &[id, text]),
    };
    (said, false)
}

/// The resources that a look-up found, to choose from.
fn candidates(props: &Props, record: &Record, found: &UseStateHandle<Candidates>) -> Html {
    let (items, simulated) = (&found.0, found.1);
    let Some(op) = record.operation().filter(|_| !items.is_empty()) else {
        return Html::default();
    };
    let adopt = {
        let (props, record, found) = (props.clone(), record.clone(), found.clone());
        Callback::from(move |at: usize| {
            let Some(item) = found.0.get(at).cloned() else {
                return;
            };
            found.set(Candidates::default());
            let (props, record) = (props.clone(), record.clone());
            spawn_local(async move {
                props.history.adopt(&record, &item, simulated, None).await;
                let said = messages::with(messages::ADOPTED, props.lang, &[&item.id]);
                props.say.emit((said, false));
                props.mount.focus_soon(HEADING.to_string());
            });
        })
    };
    let adopt = props.history.read_only().is_none().then_some(&adopt);
    found_list(
        &Asked::of(op, record),
        items,
        &props.history,
        adopt,
        props.lang,
    )
}

/// What is known of a record; `linked`, when there is an error centre to lead to.
fn facts(record: &Record, linked: bool, lang: Lang) -> Html {
    let moment = |ms: u64| {
        html! { <time datetime={time::utc(ms)}>{ time::here(ms) }</time> }
    };
    let text = |label: Text, value: Option<&str>, wire: bool| match value {
        Some(value) if !value.is_empty() => html! {
            <div><dt>{ label.get(lang) }</dt>
                <dd class={wire.then_some("wire")}>{ value.to_string() }</dd></div>
        },
        _ => Html::default(),
    };
    let status = match (record.absent, record.verdict(false)) {
        (true, Verdict::Creating) => Some(messages::NOT_VISIBLE.get(lang)),
        (true, _) => Some(messages::ABSENT.get(lang)),
        (false, _) => record.status.as_deref(),
    };
    html! {
        <dl>
            { text(messages::OPERATION, Some(&record.operation), true) }
            { text(messages::RESOURCE_ID, record.resource_id.as_deref(), true) }
            { text(shared::STATUS, status, false) }
            { error_code(record, linked, lang) }
            { text(messages::ERROR_MESSAGE, record.message.as_deref(), false) }
            <div><dt>{ messages::CREATED_AT.get(lang) }</dt><dd>{ moment(record.created) }</dd></div>
            <div><dt>{ messages::UPDATED_AT.get(lang) }</dt><dd>{ moment(record.updated) }</dd></div>
            if let Some(id) = &record.request_id {
                <div><dt>{ shared::REQUEST_ID.get(lang) }</dt>
                    <dd><span class="wire">{ id.clone() }</span>{ " " }
                        <CopyButton text={id.clone()} label={list::COPY_REQUEST_ID} {lang} /></dd></div>
            }
            { text(messages::KEY, Some(&record.key), true) }
            { text(if record.is_found() { messages::FOUND_AT } else { messages::ENDPOINT },
                Some(&endpoint_name(&record.endpoint, lang)), true) }
        </dl>
    }
}

fn error_code(record: &Record, linked: bool, lang: Lang) -> Html {
    let code = record.code.as_deref().unwrap_or_default();
    if code.is_empty() {
        return Html::default();
    }
    let place = place(find(&record.operation), code);
    html! {
        <div>
            <dt>{ messages::ERROR_CODE.get(lang) }</dt>
            <dd class="wire">
                if linked && !place.is_empty() {
                    <a href={format!("#/errors/{place}")} translate="no">{ code.to_string() }</a>
                } else {
                    { code.to_string() }
                }
            </dd>
        </div>
    }
}

fn parameters(record: &Record, lang: Lang) -> Html {
    let raw = record.raw();
    let leaves = raw.leaves();
    html! {
        <>
            <h3>{ messages::PARAMETERS.get(lang) }</h3>
            if leaves.is_empty() {
                <p class="history-note">{ messages::NO_PARAMETERS.get(lang) }</p>
            } else {
                <dl>
                    { for leaves.iter().map(|(path, text)| html! {
                        <div><dt class="wire">{ path.clone() }</dt><dd class="wire">{ text.to_string() }</dd></div>
                    }) }
                </dl>
            }
            <p class="history-note">{ messages::PARAMETERS_NOTE.get(lang) }</p>
        </>
    }
}

/// The question before deleting. The dialog gives the focus back by itself.
fn question(props: &Props, shown: Outcome, dialog: &NodeRef) -> Html {
    let lang = props.lang;
    let text = match shown {
        Outcome::Unknown => messages::ASK_DELETE_UNKNOWN,
        _ => messages::ASK_DELETE_TEXT,
    };
    let close = |dialog: &NodeRef| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            dialog.close();
        }
    };
    let cancel = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| close(&dialog))
    };
    let delete = {
        let (dialog, history, id) = (dialog.clone(), props.history.clone(), props.row.id);
        let (say, on_deleted) = (props.say.clone(), props.on_deleted.clone());
        Callback::from(move |_: MouseEvent| {
            close(&dialog);
            let (history, say, on_deleted) = (history.clone(), say.clone(), on_deleted.clone());
            spawn_local(async move {
                match history.delete(id).await {
                    Some(record) => on_deleted.emit((id, record)),
                    None => say.emit((messages::DELETE_FAILED.get(lang).to_string(), true)),
                }
            });
        })
    };
    html! {
        <dialog class="history-dialog" ref={dialog.clone()} aria-labelledby="history-ask" aria-describedby="history-ask-text">
            <h2 id="history-ask">{ messages::ASK_DELETE.get(lang) }</h2>
            <p id="history-ask-text">{ text.get(lang) }</p>
            <div class="history-actions">
                <button type="button" class="quiet" onclick={cancel}>{ messages::CANCEL.get(lang) }</button>
                <button type="button" class="quiet danger" onclick={delete}>{ messages::YES_DELETE.get(lang) }</button>
            </div>
        </dialog>
    }
}
