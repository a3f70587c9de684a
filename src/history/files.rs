//! Files of the export and the import.

use std::collections::HashMap;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::{Lang, Text};
use tieline_records::export::{self, Opened};
use tieline_records::{Chain, Record};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::codec::{self, Columns};
use super::filter::Rows;
use super::index::Summary;
use super::newer_file::NewerFile;
use super::service::row_changes::TELLING_MS;
use super::service::History;
use super::store::{proven, Merged, Snapshot, Taken};
use super::{messages, time};
use crate::platform::dom;
use crate::platform::download::download;

/// The records that are handled before the page may draw again.
const BATCH: usize = 1_000;
/// The records of a file that one transaction takes over. Each transaction waits for the disk, and looks anew at what
/// is there.
const IMPORT_BATCH: usize = 2_000;

/// The format of an exported file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Complete; can be imported.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Writes the records of these rows to a file that the browser downloads. Returns what to say.
pub async fn save(history: &History, rows: &Rows, format: Format, lang: Lang) -> String {
    let begun = dom::now();
    // They are read by the stretches in which they are stored.
    let mut stored = summaries(rows);
    stored.sort_by_key(|row| std::cmp::Reverse(row.id));
    let ((parts, count, partly), extent) = match format {
        Format::Json => written(history, &stored).await,
        Format::Csv => (table(history, &stored, rows).await, Extent::Part),
    };
    let (kind, ending) = match format {
        Format::Json => ("application/json", "json"),
        Format::Csv => ("text/csv;charset=utf-8", "csv"),
    };
    let day = time::utc(dom::now() as u64)[..10].to_string();
    let name = format!("tieline-history-{day}.{ending}");
    let done = download(&parts, kind, &name);
    if done.is_ok() && extent == Extent::All {
        history.exported(begun).await;
    }
    let counts = [count, partly].map(|count| count.to_string());
    let mut said = match done {
        Ok(()) if partly > 0 => {
            return messages::with(messages::EXPORTED_PARTLY, lang, &[&counts[0], &counts[1]])
        }
        Ok(()) => messages::with(messages::EXPORTED, lang, &[&counts[0]]),
        Err(_) => return messages::EXPORT_FAILED.get(lang).to_string(),
    };
    if let Extent::Damaged(values) = extent {
        let lost = messages::with(messages::EXPORTED_DAMAGED, lang, &[&values.to_string()]);
        said = said + crate::ui::messages::GAP.get(lang) + &lost;
    }
    // Of a table nobody takes it for everything that there is but who has written it.
    let part = match format {
        Format::Json if extent != Extent::Unproven => extent == Extent::Part,
        _ => rows.len() != history.count(),
    };
    for (is, text) in [
        (part, messages::EXPORTED_PART),
        (extent == Extent::Unproven, messages::EXPORTED_UNPROVEN),
    ] {
        if is {
            said = said + crate::ui::messages::GAP.get(lang) + text.get(lang);
        }
    }
    said
}

/// The parts of a file with everything and its receipts, and whether that is all there is: another tab may have
/// written more. `None` when not all of it can be read.
pub async fn everything(history: &History) -> Option<(js_sys::Array, bool)> {
    let rows = history.all();
    match history.snapshot(&summaries(&rows)).await {
        // What is damaged may be whole in the file whose place this one would take.
        Taken::Whole(snapshot) if snapshot.damaged > 0 => None,
        Taken::Whole(snapshot) => Some((listed(&texts(&snapshot)), !snapshot.partial)),
        Taken::Without | Taken::Unread => None,
    }
}

/// The whole history of a console as the JSON that its page exports.
#[cfg(feature = "embed")]
pub async fn exported(mount: crate::platform::mount::Mount) -> String {
    let history = History::of(&mount);
    history.loaded().await;
    let rows = history.all();
    let ((parts, ..), _) = written(&history, &summaries(&rows)).await;
    parts.join("").into()
}

/// What is shown of these rows, in their order.
fn summaries(rows: &Rows) -> Vec<Rc<Summary>> {
    rows.iter().map(|row| row.summary().clone()).collect()
}

/// The parts of a file, how many records are in it, and of how many only what their rows show.
type Written = (js_sys::Array, usize, usize);

/// How much of all that there is a file has.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// All of it.
    All,
    /// Not all of it.
    Part,
    /// Its receipts, which there are, it has not: nothing proves the records.
    Unproven,
    /// What so many damaged values told of it has not.
    Damaged(usize),
}

impl Extent {
    fn of(all: bool) -> Extent {
        match all {
            true => Extent::All,
            false => Extent::Part,
        }
    }
}

/// The parts of a file that can be imported, and how much it has.
async fn written(history: &History, rows: &[Rc<Summary>]) -> (Written, Extent) {
    let parts = js_sys::Array::new();
    let (mut count, mut partly) = (0, 0);
    let taken = history.snapshot(rows).await;
    if let Taken::Whole(snapshot) = &taken {
        let count = snapshot.records.len();
        let extent = match snapshot.damaged {
            0 => Extent::of(!snapshot.partial),
            values => Extent::Damaged(values),
        };
        return ((listed(&texts(snapshot)), count, 0), extent);
    }
    parts.push(&JsValue::from_str(&export::head()));
    for batch in rows.chunks(BATCH) {
        let mut text = String::new();
        let (records, of_rows) = history.records(batch, false).await;
        partly += of_rows;
        for record in records {
            if count > 0 {
                text += ",\n";
            }
            text += &export::part(&record);
            count += 1;
        }
        parts.push(&JsValue::from_str(&text));
    }
    parts.push(&JsValue::from_str(export::CHAINS));
    parts.push(&JsValue::from_str(export::TAIL));
    let extent = match taken {
        Taken::Unread => Extent::Unproven,
        _ => Extent::of(partly == 0 && rows.len() == history.count()),
    };
    ((parts, count, partly), extent)
}

/// The parts of a table of the rows that are `stored`, in the order in which they are `shown`; as [`written`].
async fn table(history: &History, stored: &[Rc<Summary>], shown: &Rows) -> Written {
    let (mut columns, mut read, mut partly) = (Columns::default(), HashMap::new(), 0);
    for batch in stored.chunks(BATCH) {
        let (records, of_rows) = history.records(batch, true).await;
        partly += of_rows;
        records.iter().for_each(|record| columns.take(record));
        read.extend(batch.iter().map(|row| row.id).zip(records));
    }
    let all: Vec<Record> = shown
        .iter()
        .filter_map(|row| read.remove(&row.id))
        .collect();
    let parts = js_sys::Array::new();
    parts.push(&JsValue::from_str(&columns.head()));
    for batch in all.chunks(BATCH) {
        let rows = batch
            .iter()
            .map(|record| columns.row(record, &dom::minutes_ahead));
        parts.push(&JsValue::from_str(&rows.collect::<String>()));
    }
    (parts, all.len(), partly)
}

/// The parts of a file with receipts.
fn texts(snapshot: &Snapshot) -> Vec<String> {
    let mut parts = Vec::from([export::head()]);
    let list = |parts: &mut Vec<String>, items: &[String]| {
        for (at, batch) in items.chunks(BATCH).enumerate() {
            parts.extend((at > 0).then(|| ",\n".to_string()));
            parts.push(batch.join(",\n"));
        }
    };
    list(&mut parts, &snapshot.records);
    parts.push(export::CHAINS.to_string());
    list(&mut parts, &snapshot.chains);
    parts.push(export::TAIL.to_string());
    parts
}

/// Texts as the browser takes them.
fn listed(texts: &[String]) -> js_sys::Array {
    texts.iter().map(|text| JsValue::from_str(text)).collect()
}

/// What became of a file that was chosen for the import.
pub enum Chosen {
    /// What to say, and whether the file was taken.
    Said(String, bool),
    /// It is of a newer version: it is shown, and nothing of it was taken.
    Newer(NewerFile),
}

/// Reads a file and puts its records into the history, unless a newer version has written it. `progress` is told
/// how far it is.
pub async fn import(
    history: &History,
    file: File,
    lang: Lang,
    progress: impl Fn(String),
) -> Chosen {
    let refused = |why: Text| Chosen::Said(why.get(lang).to_string(), false);
    if file.size() > codec::MAX_FILE {
        return refused(messages::FILE_TOO_LARGE);
    }
    let text = JsFuture::from(file.text()).await.ok();
    let Some(text) = text.and_then(|text| text.as_string()) else {
        return refused(messages::FILE_UNREADABLE);
    };
    let opened = match codec::open(&text) {
        Ok(opened) => opened,
        Err(why) => return refused(why),
    };
    if opened.is_newer() {
        return Chosen::Newer(NewerFile::read(file.name(), &opened, lang, progress).await);
    }
    let (said, taken) = taken_over(history, &opened, lang, progress).await;
    Chosen::Said(said, taken)
}

/// Puts the records of a file into the history. Returns what to say, and whether all of it was done.
async fn taken_over(
    history: &History,
    opened: &Opened<'_>,
    lang: Lang,
    progress: impl Fn(String),
) -> (String, bool) {
    let (chains, broken) = chains(opened);
    let raw = &opened.records;
    let doubles = history.doubles();
    let (mut added, mut replaced, mut kept, mut bad, mut private) = (0, 0, 0, 0, 0);
    let (mut first_bad, mut told) = (None, 0.0);
    // A record without its chain is unproven for ever, and a chain without its records says which are missing.
    let deleted = history.keep_chains(&chains, true).await;
    let mut failed = deleted.is_none();
    let proven = proven(&chains, &deleted.unwrap_or_default());
    for (number, batch) in raw.chunks(IMPORT_BATCH).enumerate() {
        if failed {
            break;
        }
        let mut records = Vec::new();
        let now = dom::now() as u64;
        for (at, json) in batch.iter().enumerate() {
            match codec::read(json, now) {
                Ok(imported) => {
                    private += imported.private;
                    records.push(imported.record);
                }
                Err(why) => {
                    bad += 1;
                    first_bad.get_or_insert((number * IMPORT_BATCH + at + 1, why));
                }
            }
        }
        let Some(done) = history.merge(&records, &proven).await else {
            failed = true;
            continue;
        };
        for met in done {
            match met {
                Merged::Added => added += 1,
                Merged::Replaced => replaced += 1,
                Merged::Kept => kept += 1,
            }
        }
        if dom::now() - told >= TELLING_MS {
            told = dom::now();
            let so_far = (number * IMPORT_BATCH + batch.len()).to_string();
            let values = [so_far, raw.len().to_string()];
            let values = values.each_ref().map(String::as_str);
            progress(messages::with(messages::IMPORTING, lang, &values));
        }
        TimeoutFuture::new(0).await;
    }
    if !failed && bad == 0 {
        failed = history.keep_chains(&chains, false).await.is_none();
    }
    history.merged();
    let counts = [added, replaced, kept, bad].map(|n: usize| n.to_string());
    let counts = counts.each_ref().map(String::as_str);
    let mut said = vec![messages::with(messages::IMPORTED, lang, &counts)];
    if let Some((number, why)) = first_bad {
        said.push(messages::with(
            messages::IMPORT_FIRST_BAD,
            lang,
            &[&number.to_string(), why.get(lang)],
        ));
    }
    if broken > 0 {
        said.push(messages::IMPORT_BROKEN.get(lang).to_string());
    }
    if private > 0 {
        said.push(messages::with(
            messages::IMPORT_PRIVATE,
            lang,
            &[&private.to_string()],
        ));
    }
    let doubles = history.doubles().saturating_sub(doubles);
    if doubles > 0 {
        said.push(messages::with(
            messages::IMPORT_DOUBLE,
            lang,
            &[&doubles.to_string()],
        ));
    }
    if failed {
        said.push(messages::IMPORT_STOPPED.get(lang).to_string());
    }
    (said.join(crate::ui::messages::GAP.get(lang)), !failed)
}

/// The chains of a file that hold, and how many do not.
fn chains(opened: &Opened<'_>) -> (Vec<Chain>, usize) {
    let Ok(all) = opened.chains() else {
        return (Vec::new(), 1);
    };
    let (hold, broken): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| c.verify().is_ok());
    (hold, broken.len())
}
