//! A file that a newer version of the page has exported: its records are a history of their own, in memory and to be
//! read only. What this version does not know of them may mean something, so nothing of it is written.

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::text::t;
use tieline_catalog::{Lang, Text};
use tieline_records::export::Opened;
use tieline_records::Record;

use super::service::row_changes::TELLING_MS;
use super::service::History;
use super::{codec, messages};
use crate::platform::dom;
use crate::ui::messages::GAP;

/// The records that are read before the page may draw again.
const BATCH: usize = 1_000;

const SHOWN: Text = t(
    "A newer version of this page has written the file “{}”. Its records are shown here to be read only: nothing of them is added to this history, and what this version does not know of them may be missing. To import the file, reload the page, which gets the newer version.",
    "文件“{}”由较新版本的页面导出。此处仅供只读查看：其中的记录不会加入历史记录，本版本不识别的内容可能缺失。如需导入，请重新加载页面以获取新版本。",
);
const UNSHOWN: Text = t(
    "Records of it that this version cannot read and does not show: {}.",
    "其中有 {} 条记录本版本无法读取，未显示。",
);
const FIRST_UNSHOWN: Text = t("The first one, number {}: {}", "首条为第 {} 条：{}");
const READING: Text = t("Reading the file: {} of {}…", "正在读取文件：{} / {}…");
/// The button that leads away from it.
pub const CLOSE: Text = t(
    "Close the file and go back to the history",
    "关闭文件，返回历史记录",
);

/// The file, open.
#[derive(Clone, PartialEq)]
pub struct NewerFile {
    name: String,
    /// What it tells of.
    pub history: History,
    unread: Unread,
}

/// The records that this version cannot read: how many, and the number of the first with the reason.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
struct Unread {
    count: usize,
    first: Option<(usize, Text)>,
}

impl NewerFile {
    /// Reads the file of this name. `progress` is told how far it is.
    pub async fn read(
        name: String,
        opened: &Opened<'_>,
        lang: Lang,
        progress: impl Fn(String),
    ) -> NewerFile {
        let (mut records, mut unread) = (Vec::new(), Unread::default());
        let mut told = 0.0;
        for (at, batch) in opened.records.chunks(BATCH).enumerate() {
            let done = at * BATCH;
            if dom::now() - told >= TELLING_MS {
                told = dom::now();
                let values = [done, opened.records.len()].map(|count| count.to_string());
                let values = values.each_ref().map(String::as_str);
                progress(messages::with(READING, lang, &values));
            }
            read_batch(batch, done, dom::now() as u64, (&mut records, &mut unread));
            TimeoutFuture::new(0).await;
        }
        NewerFile {
            name,
            history: History::of_file(records),
            unread,
        }
    }

    /// What it is, and that nothing of it is taken over.
    pub fn explanation(&self, lang: Lang) -> String {
        messages::with(SHOWN, lang, &[&self.name])
    }

    /// How many of its records are not shown, and why.
    pub fn missing(&self, lang: Lang) -> Option<String> {
        let (number, why) = self.unread.first?;
        let values = [self.unread.count, number].map(|count| count.to_string());
        let count = messages::with(UNSHOWN, lang, &[&values[0]]);
        let first = messages::with(FIRST_UNSHOWN, lang, &[&values[1], why.get(lang)]);
        Some(count + GAP.get(lang) + &first)
    }
}

/// Reads some records of a file, of which `before` came before these.
fn read_batch(
    batch: &[&str],
    before: usize,
    now: u64,
    (records, unread): (&mut Vec<Record>, &mut Unread),
) {
    for (at, json) in batch.iter().enumerate() {
        match codec::read(json, now) {
            Ok(read) => records.push(read.record),
            Err(why) => {
                unread.count += 1;
                unread.first.get_or_insert((before + at + 1, why));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_languages_have_the_same_gaps() {
        for text in [SHOWN, UNSHOWN, FIRST_UNSHOWN, READING] {
            let gaps = |text: &str| text.matches("{}").count();
            assert!(
                gaps(text.en) > 0 && gaps(text.en) == gaps(text.zh),
                "{}",
                text.en
            );
        }
    }

    #[test]
    fn what_this_version_cannot_read_is_counted_and_the_first_one_named() {
        let good = json!({
            "operation": "CreateCen", "params": {}, "created": 5, "updated": 6, "key": "k",
            "outcome": "created", "resource_id": "cen-1", "endpoint": "/api", "seal": [7],
        })
        .to_string();
        let other = good.replace("CreateCen", "CreateSomethingNew");
        let (mut records, mut unread) = (Vec::new(), Unread::default());
        let batch = [good.as_str(), &other, "7", &good];
        read_batch(&batch, 1_000, 9, (&mut records, &mut unread));
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].rest["seal"], json!([7]));
        let first = Some((1_002, messages::RECORD_OPERATION));
        assert_eq!(unread, Unread { count: 2, first });
    }
}
