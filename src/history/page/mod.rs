//! The page of the history.

mod check;
mod details;
mod receipts;
mod table;
mod timeline;
mod toolbar;
mod window;

use std::rc::Rc;

use tieline_catalog::{Lang, Raw, Text};
use wasm_bindgen::{closure::Closure, JsCast};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, File, HtmlInputElement, ResizeObserver};
use yew::prelude::*;

use self::check::{report, use_check, Check};
use self::details::Details;
use self::receipts::Receipts;
use self::table::{button_id, Table};
use self::toolbar::{Toolbar, TEXT_FIELD};
use crate::client::Target;
use crate::history::files::{import, save, Format};
use crate::history::filter::{Filter, Rows};
use crate::history::index::Summary;
use crate::history::messages;
use crate::history::poller::Poller;
use crate::history::service::{use_history, History};
use crate::platform::mount::Mount;
use crate::ui::messages as shared;
use tieline_records::Record;

/// The width in CSS pixels below which the details lie over the list, as in the style sheet.
const WIDE: f64 = 1200.0;

/// The properties of [`HistoryPage`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// Whom to ask about resources.
    pub target: Target,
    /// Called with an operation's name and the parameters that its form is to be filled with.
    pub on_fill: Callback<(String, Raw)>,
    /// The record whose details are open at first.
    pub open: Option<u64>,
    /// Where the history is shown.
    pub mount: Mount,
    /// Counts the storages that the history was in: the page of another history is another page.
    pub storages: u32,
}

/// The page of the history: filter, table, details.
#[component]
pub fn HistoryPage(props: &Props) -> Html {
    let (history, version) = use_history(&props.mount);
    html! {
        <Page key={props.storages} {history} {version} lang={props.lang} target={props.target.clone()}
            on_fill={props.on_fill.clone()} open={props.open} mount={props.mount.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    history: History,
    version: u32,
    lang: Lang,
    target: Target,
    on_fill: Callback<(String, Raw)>,
    open: Option<u64>,
    mount: Mount,
}

/// A notice of the page, and whether it is bad news.
#[derive(Clone, PartialEq, Default)]
struct Notice {
    text: String,
    bad: bool,
}

/// Writes the rows in sight to a file. The page is busy meanwhile, and says at the end what was done.
fn on_export(
    history: &History,
    rows: &Rows,
    busy: &UseStateHandle<bool>,
    say: &Callback<(String, bool)>,
    lang: Lang,
) -> Callback<Format> {
    let (history, rows, busy, say) = (history.clone(), rows.clone(), busy.clone(), say.clone());
    Callback::from(move |format: Format| {
        let (history, rows) = (history.clone(), rows.clone());
        let (busy, say) = (busy.clone(), say.clone());
        busy.set(true);
        spawn_local(async move {
            say.emit((save(&history, &rows, format, lang).await, false));
            busy.set(false);
        });
    })
}

/// Holds the resources of the rows in sight against the cloud: those that it can be asked about.
fn on_check(
    check: &Check,
    rows: &Rows,
    target: &Target,
    say: &Callback<(String, bool)>,
    lang: Lang,
) -> Callback<()> {
    let (start, rows, say) = (check.start.clone(), rows.clone(), say.clone());
    let name = target.name().to_string();
    Callback::from(move |()| {
        let there = |row: &&Rc<Summary>| !row.resource_id.is_empty() && *row.endpoint == *name;
        let records: Vec<u64> = rows.iter().filter(there).map(|row| row.id).collect();
        match records.is_empty() {
            true => say.emit((messages::NOTHING_TO_CHECK.get(lang).to_string(), true)),
            false => start.emit(records),
        }
    })
}

/// Puts the records of a file into the history; as [`on_export`].
fn on_import(
    history: &History,
    busy: &UseStateHandle<bool>,
    say: &Callback<(String, bool)>,
    lang: Lang,
) -> Callback<File> {
    let (history, busy, say) = (history.clone(), busy.clone(), say.clone());
    Callback::from(move |file: File| {
        let (history, busy, say) = (history.clone(), busy.clone(), say.clone());
        busy.set(true);
        spawn_local(async move {
            let progress = |text| say.emit((text, false));
            let (text, taken) = import(&history, file, lang, progress).await;
            say.emit((text, !taken));
            busy.set(false);
        });
    })
}

#[component]
fn Page(props: &PageProps) -> Html {
    let PageProps {
        history,
        version,
        lang,
        mount,
        ..
    } = props;
    let lang = *lang;
    let filter = use_state_eq(Filter::default);
    let open = use_state_eq(|| props.open);
    let said = use_state_eq(Notice::default);
    let busy = use_state_eq(|| false);
    // What was deleted last, as long as nothing else is said.
    let deleted = use_state_eq(|| None::<Record>);

    let rows: Rows = {
        let (history, filter) = (history.clone(), (*filter).clone());
        let found = use_memo((filter, *version), move |(filter, _)| {
            history.filtered(filter)
        });
        (*found).clone()
    };
    let opened = (*open).and_then(|id| history.row(id));

    let say = {
        let (said, deleted) = (said.clone(), deleted.setter());
        Callback::from(move |(text, bad): (String, bool)| {
            deleted.set(None);
            said.set(Notice { text, bad });
        })
    };
    let on_filter = {
        let filter = filter.clone();
        Callback::from(move |new: Filter| filter.set(new))
    };
    let on_export = on_export(history, &rows, &busy, &say, lang);
    let on_import = on_import(history, &busy, &say, lang);
    let check = use_check(history, &props.target);
    let on_check = on_check(&check, &rows, &props.target, &say, lang);
    let on_open = {
        let open = open.clone();
        Callback::from(move |id: u64| open.set(Some(id)))
    };
    let on_close = {
        let (open, mount) = (open.clone(), mount.clone());
        Callback::from(move |()| {
            if let Some(id) = *open {
                open.set(None);
                mount.focus_soon(button_id(id));
            }
        })
    };
    let on_deleted = {
        let (open, rows, say) = (open.clone(), rows.clone(), say.clone());
        let (mount, deleted) = (mount.clone(), deleted.clone());
        Callback::from(move |record: Record| {
            open.set(None);
            say.emit((messages::DELETED.get(lang).to_string(), false));
            mount.focus_soon(match neighbour(&rows, record.id) {
                Some(next) => button_id(next),
                None => TEXT_FIELD.to_string(),
            });
            deleted.set(Some(record));
        })
    };
    // Where it is narrow the details lie over the list, which then takes no focus.
    let section = use_node_ref();
    let covered = use_narrow(&section, mount) && opened.is_some();
    let count = counted(rows.len(), history.count(), &filter, lang);
    let onkeydown = on_slash(mount);
    html! {
        <section ref={section} {onkeydown} class={classes!("history", opened.is_some().then_some("split"))}>
            // Outside of what the details make inert, so that it is heard in every case.
            <p class="unseen" role="status">{ said.text.clone() }</p>
            <div class="history-main" inert={covered}>
                <header class="history-head">
                    <h1>{ shared::HISTORY.get(lang) }</h1>
                    <p class="history-count">
                        { if history.is_loading() { messages::LOADING.get(lang).to_string() } else { count.clone() } }
                    </p>
                </header>
                { problem(history.problem(), lang) }
                <Toolbar {lang} filter={(*filter).clone()} busy={*busy} any={!rows.is_empty()}
                    checking={check.is_running()} {on_check} {on_filter} {on_export} {on_import} />
                <Receipts {lang} history={history.clone()} version={*version} busy={*busy} />
                if opened.is_none() { { remark(&said) } }
                { undo(history, &deleted, mount, &say, lang) }
                { report(&check, lang) }
                // How many records pass is news only for those who cannot see the table.
                <p class="unseen" role="status">{ if filter.is_empty() { String::new() } else { count } }</p>
                if rows.is_empty() {
                    { nothing(history, &filter, mount, lang) }
                } else {
                    <Table {lang} history={history.clone()} mount={mount.clone()} version={*version} rows={rows.clone()}
                        open={*open} {on_open} />
                }
            </div>
            if let Some(row) = opened {
                <Details key={row.id.to_string()} {lang} history={history.clone()} mount={mount.clone()} row={row.clone()} target={props.target.clone()}
                    outcome_version={*version} remark={remark(&said)} on_fill={props.on_fill.clone()} {say} {on_close} {on_deleted} />
            }
            <Poller target={props.target.clone()} history={props.history.clone()} mount={mount.clone()} />
        </section>
    }
}

/// How many records there are, or pass.
fn counted(rows: usize, all: usize, filter: &Filter, lang: Lang) -> String {
    match filter.is_empty() {
        true => messages::with(messages::COUNT, lang, &[&rows.to_string()]),
        false => messages::with(
            messages::COUNT_OF,
            lang,
            &[&rows.to_string(), &all.to_string()],
        ),
    }
}

/// Whether the console has no room for the details beside the list, as its size changes: with the
/// window, or with the host page.
#[hook]
fn use_narrow(section: &NodeRef, mount: &Mount) -> bool {
    let is_narrow = |mount: &Mount| mount.width() < WIDE;
    let narrow = use_state_eq(|| is_narrow(mount));
    {
        let (section, mount, narrow) = (section.clone(), mount.clone(), narrow.setter());
        use_effect_with((), move |()| {
            let observe = Closure::<dyn Fn()>::new(move || narrow.set(is_narrow(&mount)));
            let observer = ResizeObserver::new(observe.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(section)) = (&observer, section.cast::<Element>()) {
                observer.observe(&section);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(observe);
            }
        });
    }
    *narrow
}

/// The notice for the eye; the live region says it to the ear.
fn remark(said: &Notice) -> Html {
    html! {
        <p class={classes!("history-said", said.bad.then_some("bad"))} aria-hidden="true">
            { said.text.clone() }
        </p>
    }
}

/// Leads to the search with a slash, where no text is typed: as the keys of the rows.
fn on_slash(mount: &Mount) -> Callback<KeyboardEvent> {
    let mount = mount.clone();
    Callback::from(move |event: KeyboardEvent| {
        let typing = event.target_dyn_into::<HtmlInputElement>().is_some();
        if event.key() == "/" && !typing {
            event.prevent_default();
            mount.focus_soon(TEXT_FIELD.to_string());
        }
    })
}

/// The way back from a deletion.
fn undo(
    history: &History,
    deleted: &UseStateHandle<Option<Record>>,
    mount: &Mount,
    say: &Callback<(String, bool)>,
    lang: Lang,
) -> Html {
    let Some(record) = (**deleted).clone() else {
        return Html::default();
    };
    let (history, mount, say) = (history.clone(), mount.clone(), say.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let (history, mount, say) = (history.clone(), mount.clone(), say.clone());
        let record = record.clone();
        spawn_local(async move {
            if history.restore(&record).await {
                say.emit((messages::RESTORED.get(lang).to_string(), false));
                mount.focus_soon(button_id(record.id));
            } else {
                say.emit((messages::RESTORE_FAILED.get(lang).to_string(), true));
            }
        });
    });
    html! {
        <button type="button" class="quiet history-undo" {onclick}>{ messages::UNDO.get(lang) }</button>
    }
}

fn problem(problem: Option<Text>, lang: Lang) -> Html {
    match problem {
        Some(text) => html! { <p class="history-problem" role="alert">{ text.get(lang) }</p> },
        None => Html::default(),
    }
}

/// The view of a list without rows.
fn nothing(history: &History, filter: &UseStateHandle<Filter>, mount: &Mount, lang: Lang) -> Html {
    if history.is_loading() {
        return Html::default();
    }
    if filter.is_empty() {
        return html! {
            <div class="history-empty">
                <h2>{ messages::EMPTY.get(lang) }</h2>
                <p>{ messages::EMPTY_HINT.get(lang) }</p>
            </div>
        };
    }
    let clear = {
        let (filter, mount) = (filter.clone(), mount.clone());
        Callback::from(move |_: MouseEvent| {
            filter.set(Filter::default());
            mount.focus_soon(TEXT_FIELD.to_string());
        })
    };
    html! {
        <div class="history-empty">
            <h2>{ messages::NO_MATCH.get(lang) }</h2>
            <button type="button" class="quiet" onclick={clear}>{ messages::CLEAR.get(lang) }</button>
        </div>
    }
}

/// The record that takes a deleted one's place under the focus: the one below, else the one above.
fn neighbour(rows: &[Rc<Summary>], id: u64) -> Option<u64> {
    let at = rows.binary_search_by(|row| id.cmp(&row.id)).ok()?;
    let next = rows.get(at + 1).or_else(|| rows.get(at.checked_sub(1)?))?;
    Some(next.id)
}
