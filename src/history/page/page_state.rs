//! The state of the page, and what can be done from all over it.

use std::ops::Deref;
use std::rc::Rc;

use tieline_catalog::Lang;
use tieline_records::export;
use tieline_records::{Outcome, Record};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::cloud_check::Check;
use super::element_ids::{button_id, PROBLEM, TEXT_FIELD, UNDO};
use super::selection::Selection;
use crate::client::Target;
use crate::history::columns::Shown;
use crate::history::files::{import, save, Chosen, Format};
use crate::history::filter::{Filter, Rows};
use crate::history::index::Row;
use crate::history::list_messages as list;
use crate::history::messages;
use crate::history::newer_file::NewerFile;
use crate::history::service::History;
use crate::history::sort::Sort;
use crate::platform::dom;
use crate::platform::mount::Mount;

/// A notice of the page, and whether it is bad news.
#[derive(Clone, PartialEq, Default)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// Whether that is bad.
    pub bad: bool,
}

/// What was deleted last, as exported records: those of a long history are many. One deletion is another one,
/// whatever was deleted.
#[derive(Clone, Default)]
pub struct Deleted(Rc<Vec<String>>);

impl PartialEq for Deleted {
    fn eq(&self, other: &Deleted) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.is_empty() && other.is_empty()
    }
}

impl Deref for Deleted {
    type Target = [String];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The state of the page.
#[derive(Clone, PartialEq)]
pub struct PageState {
    /// The history.
    pub history: History,
    /// Where the page is.
    pub mount: Mount,
    /// The language.
    pub lang: Lang,
    /// What the list is filtered by.
    pub filter: UseStateHandle<Filter>,
    /// What it is sorted by.
    pub sort: UseStateHandle<Sort>,
    /// The columns that are shown.
    pub shown: UseStateHandle<Shown>,
    /// The record whose details are open.
    pub open: UseStateHandle<Option<u64>>,
    /// What was said last.
    pub said: UseStateHandle<Notice>,
    /// Whether a file or very many records are being read or written.
    pub busy: UseStateHandle<bool>,
    /// What was deleted last, as long as nothing else is said.
    pub deleted: UseStateHandle<Deleted>,
    /// The records that were selected, in sight or not.
    pub selection: UseStateHandle<Selection>,
    /// The rows that pass the filter, in their order.
    pub rows: Rows,
    /// Those of them that are selected.
    pub chosen: Rows,
}

/// The state of a page over this history, whose record `open` is open at first, and whenever another one is named.
#[hook]
pub fn use_page_state(
    history: &History,
    version: u32,
    mount: &Mount,
    lang: Lang,
    open: Option<u64>,
) -> PageState {
    let filter = use_state_eq(Filter::default);
    let sort = use_state_eq(Sort::default);
    let selection = use_state_eq(Selection::default);
    let rows = use_rows(history, version, &filter, *sort, lang);
    let chosen = use_memo((rows.clone(), (*selection).clone()), |(rows, selection)| {
        selection.of(rows)
    });
    let shown = use_state_eq(|| stored_columns(mount));
    let opened = use_state_eq(|| open);
    {
        let opened = opened.setter();
        use_effect_with(open, move |open| {
            if open.is_some() {
                opened.set(*open);
            }
        });
    }
    PageState {
        shown,
        history: history.clone(),
        mount: mount.clone(),
        lang,
        filter,
        sort,
        open: opened,
        said: use_state_eq(Notice::default),
        busy: use_state_eq(|| false),
        deleted: use_state_eq(Deleted::default),
        selection,
        rows,
        chosen: (*chosen).clone(),
    }
}

/// What the user's choice of the columns is kept under.
const COLUMNS: &str = "tieline.history.columns";

/// The columns that were chosen last. An element of a host page keeps no choices.
fn stored_columns(mount: &Mount) -> Shown {
    let stored = dom::stored(COLUMNS).filter(|_| mount.host_page().is_none());
    stored.map_or_else(Shown::default, |text| Shown::read(&text))
}

/// The rows that pass the filter, in their order. They are sorted before they are filtered, because they are
/// filtered at each key.
#[hook]
fn use_rows(history: &History, version: u32, filter: &Filter, sort: Sort, lang: Lang) -> Rows {
    let all = {
        let history = history.clone();
        use_memo((sort, lang, version), move |(sort, lang, _)| {
            history.sorted(*sort, *lang)
        })
    };
    let history = history.clone();
    // What is to be said about a row may change while the row stays.
    let told_by = ((*all).clone(), filter.clone(), version);
    let found = use_memo(told_by, move |(all, filter, _)| {
        history.filtered(all, filter)
    });
    (*found).clone()
}

impl PageState {
    /// Says something.
    pub fn say(&self, text: impl Into<String>, bad: bool) {
        self.deleted.set(Deleted::default());
        let text = text.into();
        self.said.set(Notice { text, bad });
    }

    /// What says something.
    pub fn on_say(&self) -> Callback<(String, bool)> {
        let page = self.clone();
        Callback::from(move |(text, bad): (String, bool)| page.say(text, bad))
    }

    /// Shows these columns, now and from now on.
    pub fn show(&self, columns: Shown) {
        if self.mount.host_page().is_none() {
            let text = columns.text();
            let usual = columns == Shown::default();
            // Where it cannot be kept it lasts as long as the page.
            let _ = dom::store(COLUMNS, (!usual).then_some(&text));
        }
        self.shown.set(columns);
    }

    /// Writes rows to a file. The page is busy meanwhile, and says at the end what was done.
    pub fn on_export(&self, rows: &Rows) -> Callback<Format> {
        let (page, rows) = (self.clone(), rows.clone());
        Callback::from(move |format: Format| {
            let (page, rows) = (page.clone(), rows.clone());
            page.busy.set(true);
            spawn_local(async move {
                page.say(save(&page.history, &rows, format, page.lang).await, false);
                page.busy.set(false);
            });
        })
    }

    /// Puts the records of a file into the history; likewise. One that is only to be shown is given to `show`.
    pub fn on_import(&self, show: &Callback<Option<NewerFile>>) -> Callback<File> {
        let (page, show) = (self.clone(), show.clone());
        Callback::from(move |file: File| {
            let (page, show) = (page.clone(), show.clone());
            page.busy.set(true);
            spawn_local(async move {
                let progress = |text: String| page.say(text, false);
                match import(&page.history, file, page.lang, progress).await {
                    Chosen::Said(text, taken) => page.say(text, !taken),
                    Chosen::Newer(file) => {
                        show.emit(Some(file));
                        page.mount.focus_soon(PROBLEM.to_string());
                    }
                }
                page.busy.set(false);
            });
        })
    }

    /// Holds the resources of rows against the cloud: those that it can be asked about.
    pub fn on_check(&self, check: &Check, target: &Target, rows: &Rows) -> Callback<()> {
        let (page, rows, start) = (self.clone(), rows.clone(), check.start.clone());
        let name = target.name().to_string();
        Callback::from(move |()| {
            let there = |row: &&Row| !row.resource_id.is_empty() && *row.endpoint == *name;
            let records: Vec<u64> = rows.iter().filter(there).map(|row| row.id).collect();
            match records.is_empty() {
                true => page.say(messages::NOTHING_TO_CHECK.get(page.lang), true),
                false => start.emit(records),
            }
        })
    }

    /// After the record of this id was deleted, which was like this if it was still there.
    pub fn on_deleted(&self) -> Callback<(u64, Option<Record>)> {
        let page = self.clone();
        Callback::from(move |(id, record): (u64, Option<Record>)| {
            page.open.set(None);
            page.say(messages::DELETED.get(page.lang), false);
            page.mount.focus_soon(match neighbour(&page.rows, id) {
                Some(next) => button_id(next),
                None => TEXT_FIELD.to_string(),
            });
            let deleted: Vec<String> = record.iter().map(export::part).collect();
            page.deleted.set(Deleted(Rc::new(deleted)));
        })
    }

    /// The records of the selected rows that can be deleted: not those whose request is on its way, because
    /// without them nobody is asked before the next.
    pub fn deletable(&self) -> Vec<u64> {
        let over = |row: &&Row| self.history.shown(row) != Outcome::Pending;
        self.chosen.iter().filter(over).map(|row| row.id).collect()
    }

    /// Deletes the selected rows.
    pub fn on_delete_chosen(&self) -> Callback<()> {
        let page = self.clone();
        Callback::from(move |()| {
            let (page, ids) = (page.clone(), page.deletable());
            page.busy.set(true);
            if page.open.is_some_and(|open| ids.contains(&open)) {
                page.open.set(None);
            }
            spawn_local(async move {
                let (lang, all) = (page.lang, ids.len().to_string());
                let progress = |done: usize| {
                    let values = [done.to_string(), all.clone()];
                    let values = values.each_ref().map(String::as_str);
                    page.say(messages::with(list::DELETING, lang, &values), false);
                };
                let gone = page.history.delete_many(&ids, progress).await;
                let values = [gone.len().to_string(), all.clone()];
                let values = values.each_ref().map(String::as_str);
                match gone.len() == ids.len() {
                    true => page.say(messages::with(list::DELETED, lang, &values), false),
                    false => page.say(messages::with(list::DELETED_PARTLY, lang, &values), true),
                }
                page.selection.set(Selection::default());
                if !gone.is_empty() {
                    page.deleted.set(Deleted(Rc::new(gone)));
                    page.mount.focus_soon(UNDO.to_string());
                }
                page.busy.set(false);
            });
        })
    }

    /// Takes the last deletion back.
    pub fn undo(&self) {
        let (page, deleted) = (self.clone(), (*self.deleted).clone());
        if deleted.is_empty() || *page.busy {
            return;
        }
        page.busy.set(true);
        spawn_local(async move {
            let lang = page.lang;
            let (count, first) = page.history.restore_many(&deleted).await;
            let said = messages::with(list::RESTORED, lang, &[&count.to_string()]);
            match (count == deleted.len(), count) {
                (true, 1) => page.say(messages::RESTORED.get(lang), false),
                (true, _) => page.say(said, false),
                (false, _) => {
                    page.say(messages::RESTORE_FAILED.get(lang), true);
                    // What came back is met there when it is tried again.
                    page.deleted.set(deleted);
                }
            }
            page.mount.focus_soon(match first {
                Some(first) => button_id(first),
                None => UNDO.to_string(),
            });
            page.busy.set(false);
        });
    }
}

/// The record that takes a deleted one's place under the focus: the one below, else the one above.
fn neighbour(rows: &Rows, id: u64) -> Option<u64> {
    let at = rows.iter().position(|row| row.id == id)?;
    let next = rows.get(at + 1).or_else(|| rows.get(at.checked_sub(1)?))?;
    Some(next.id)
}
