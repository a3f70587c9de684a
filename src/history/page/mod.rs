//! The page of the history.

mod account_places;
mod autosave;
mod choose_columns;
mod cloud_check;
mod details;
mod element_ids;
mod note;
mod page_state;
mod receipts;
mod selection;
mod selection_bar;
mod storage;
mod table;
mod timeline;
mod toolbar;
mod unrecorded;
mod unrecorded_row;
mod visible_rows;

use tieline_catalog::{Lang, Raw, Text};
use wasm_bindgen::{closure::Closure, JsCast};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use self::autosave::automatic;
use self::choose_columns::ChooseColumns;
use self::cloud_check::{report, use_check};
use self::details::Details;
use self::element_ids::{button_id, IMPORT, PROBLEM, TEXT_FIELD, UNDO};
use self::page_state::{use_page_state, Notice, PageState};
pub use self::receipts::Receipt;
use self::receipts::Receipts;
use self::selection_bar::Chosen;
use self::storage::Storage;
use self::table::Table;
use self::toolbar::Toolbar;
use self::unrecorded::Unrecorded;
use crate::client::Target;
use crate::history::autosave::Autosaver;
use crate::history::columns::Shown;
use crate::history::filter::Filter;
use crate::history::messages;
use crate::history::newer_file::{NewerFile, CLOSE};
use crate::history::poller::Poller;
use crate::history::service::{use_version, History};
use crate::platform::mount::Mount;
use crate::ui::elements::button;
use crate::ui::messages as shared;

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
    /// The region from the settings; may be empty.
    pub region: AttrValue,
    /// The account from the settings; may be empty.
    pub account: AttrValue,
    /// Where the history is shown.
    pub mount: Mount,
    /// Counts the storages that the history was in: the page of another history is another page.
    pub storages: u32,
}

/// The page of the history: filter, table, details; or that of a file that is only shown.
#[component]
pub fn HistoryPage(props: &Props) -> Html {
    let history = History::of(&props.mount);
    let file = use_state_eq(|| None::<NewerFile>);
    let (shown, open, key) = match &*file {
        Some(file) => (file.history.clone(), None, "file".to_string()),
        None => (history.clone(), props.open, props.storages.to_string()),
    };
    let version = use_version(&shown);
    let show = {
        let file = file.setter();
        Callback::from(move |opened| file.set(opened))
    };
    {
        let show = show.clone();
        // Whoever goes to a record by its address means one of the own history.
        use_effect_with(props.open, move |_| show.emit(None));
    }
    html! {
        <>
            <Page {key} history={shown} {version} lang={props.lang} target={props.target.clone()}
                on_fill={props.on_fill.clone()} {open} region={props.region.clone()}
                account={props.account.clone()} mount={props.mount.clone()} file={(*file).clone()} {show} />
            // What a file tells of is neither exported nor asked about, and the own history is meanwhile.
            <Autosaver history={history.clone()} />
            <Poller target={props.target.clone()} {history} mount={props.mount.clone()} />
        </>
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
    region: AttrValue,
    account: AttrValue,
    mount: Mount,
    /// The file that is shown, if it is that.
    file: Option<NewerFile>,
    /// Called with a file that is to be shown, and with none when it is no longer.
    show: Callback<Option<NewerFile>>,
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
    let page = use_page_state(history, *version, mount, lang, props.open);
    let PageState {
        filter, rows, open, ..
    } = &page;
    let check = use_check(history, &props.target);
    let opened = open.and_then(|id| history.row(id));
    let on_filter = {
        let filter = filter.setter();
        Callback::from(move |new: Filter| filter.set(new))
    };
    let on_show = {
        let page = page.clone();
        Callback::from(move |columns: Shown| page.show(columns))
    };
    let on_open = {
        let open = open.setter();
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
    // Where it is narrow the details lie over the list, which then takes no focus.
    let section = use_node_ref();
    let covered = use_narrow(&section, mount) && opened.is_some();
    let count = counted(rows.len(), history.count(), filter, lang);
    let onkeydown = on_keys(&page);
    let chosen = !page.chosen.is_empty();
    // In sight once: where the way back is, else in the details, else above the list.
    let [in_list, in_details] = match (page.deleted.is_empty(), opened.is_some()) {
        (false, _) => Default::default(),
        (true, true) => [Html::default(), remark(&page.said)],
        (true, false) => [remark(&page.said), Html::default()],
    };
    html! {
        <section ref={section} {onkeydown} class={classes!("history", opened.is_some().then_some("split"))}>
            // Outside of what the details make inert, so that it is heard in every case.
            <p class="unseen" role="status">{ page.said.text.clone() }</p>
            <div class="history-main" inert={covered}>
                <header class="history-head">
                    <h1>{ shared::HISTORY.get(lang) }</h1>
                    <p class="history-count">
                        { if history.is_loading() { messages::LOADING.get(lang).to_string() } else { count.clone() } }
                    </p>
                    if !rows.is_empty() {
                        <ChooseColumns {lang} shown={(*page.shown).clone()} {on_show} />
                    }
                </header>
                { match &props.file {
                    Some(file) => banner(file, &props.show, mount, lang),
                    None => problem(history.problem(), lang),
                } }
                <Storage {lang} history={history.clone()} version={*version} />
                <Toolbar {lang} filter={(**filter).clone()} busy={*page.busy} read_only={history.read_only().is_some()} of_file={props.file.is_some()} any={!rows.is_empty() && !history.is_loading()}
                    checking={check.is_running()} on_check={page.on_check(&check, &props.target, rows)} {on_filter}
                    on_export={page.on_export(rows)} on_import={page.on_import(&props.show)} />
                { automatic(history, lang) }
                <Receipts {lang} history={history.clone()} version={*version} busy={*page.busy} />
                { in_list }
                { undo(&page) }
                { report(&check, lang) }
                if props.file.is_none() {
                    <Unrecorded {lang} history={history.clone()} version={*version} target={props.target.clone()}
                        region={props.region.clone()} account={props.account.clone()} mount={mount.clone()}
                        on_open={on_open} />
                }
                // How many records pass, or are selected, is news only for those who cannot see the table.
                <p class="unseen" role="status">{ if filter.is_empty() { String::new() } else { count } }</p>
                <p class="unseen" role="status">
                    { if chosen { selection_bar::count(&page.chosen, lang) } else { String::new() } }
                </p>
                if rows.is_empty() {
                    { nothing(history, filter, mount, lang) }
                } else {
                    <Table page={page.clone()} version={*version} />
                }
                if chosen {
                    <Chosen page={page.clone()} checking={check.is_running()}
                        on_check={page.on_check(&check, &props.target, &page.chosen)} />
                }
            </div>
            if covered {
                <div class="history-shade" onclick={on_close.reform(|_: MouseEvent| ())}></div>
            }
            if let Some(row) = opened {
                <Details key={row.id.to_string()} {lang} history={history.clone()} mount={mount.clone()} row={row.clone()} target={props.target.clone()}
                    outcome_version={*version} over={covered} remark={in_details} on_fill={props.on_fill.clone()} say={page.on_say()} {on_close}
                    on_deleted={page.on_deleted()} />
            }
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

/// The keys of the page, where no text is typed: a slash leads to the search, and Ctrl+Z takes a deletion back.
fn on_keys(page: &PageState) -> Callback<KeyboardEvent> {
    let page = page.clone();
    Callback::from(move |event: KeyboardEvent| {
        let typing = "input:not([type=checkbox]), textarea, select";
        let target = event.target_dyn_into::<Element>();
        if target.is_some_and(|target| target.matches(typing).unwrap_or_default()) {
            return;
        }
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "/" => page.mount.focus_soon(TEXT_FIELD.to_string()),
            "z" if command && !page.deleted.is_empty() => page.undo(),
            _ => return,
        }
        event.prevent_default();
    })
}

/// What was deleted, and the way back, in sight as long as it can be gone.
fn undo(page: &PageState) -> Html {
    if page.deleted.is_empty() {
        return Html::default();
    }
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.undo())
    };
    html! {
        <div class="history-toast">
            { remark(&page.said) }
            <button type="button" id={UNDO} class="quiet" {onclick}>{ messages::UNDO.get(page.lang) }</button>
        </div>
    }
}

fn problem(problem: Option<Text>, lang: Lang) -> Html {
    match problem {
        Some(text) => {
            html! { <p id={PROBLEM} class="history-problem" role="alert">{ text.get(lang) }</p> }
        }
        None => Html::default(),
    }
}

/// What stands over the records of a file, and the way back.
fn banner(file: &NewerFile, show: &Callback<Option<NewerFile>>, mount: &Mount, lang: Lang) -> Html {
    let close = {
        let (show, mount) = (show.clone(), mount.clone());
        Callback::from(move |_: MouseEvent| {
            show.emit(None);
            mount.focus_soon(IMPORT.to_string());
        })
    };
    html! {
        <div class="history-problem">
            // Whoever has chosen the file is led here, and hears it.
            <p id={PROBLEM} tabindex="-1">{ file.explanation(lang) }</p>
            if let Some(missing) = file.missing(lang) {
                <p>{ missing }</p>
            }
            <div class="history-actions">{ button("quiet", CLOSE.get(lang), close) }</div>
        </div>
    }
}

/// The view of a list without rows.
fn nothing(history: &History, filter: &UseStateHandle<Filter>, mount: &Mount, lang: Lang) -> Html {
    if history.is_loading() {
        return Html::default();
    }
    if filter.is_empty() {
        if history.is_of_file() {
            return Html::default();
        }
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
