//! The export into a file that the user chose once: what became of it, and its buttons.

use std::future::Future;

use tieline_catalog::text::t;
use tieline_catalog::{Lang, Text};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::history::autosave::{allow, autosave, choose_file, forget_file, State};
use crate::history::messages::with;
use crate::history::service::History;
use crate::history::time;
use crate::platform::chosen_file::can_choose;
use crate::ui::elements::button;

const CHOOSE: Text = t("Export into a file automatically…", "自动导出到文件…");
const INTO: Text = t(
    "Exported automatically into {}, last written: {}.",
    "自动导出到 {}，最近写入时间：{}。",
);
const NEVER: Text = t("not yet", "尚未写入");
const STOP: Text = t("Stop exporting automatically", "停止自动导出");
const FORGOTTEN: Text = t(
    "The browser no longer lets the page write this file.",
    "浏览器不再允许本页面写入此文件。",
);
const ALLOW: Text = t("Let the page write it again", "重新允许写入");
const DAMAGED: Text = t(
    "The file was not written: not all of the history can be read here, and what is missing may be in the file.",
    "文件未写入：历史记录未能全部读取，缺失的部分可能仍在该文件中。",
);
const FAILED: Text = t(
    "The file could not be written: {} It has its previous content, and is written again after the next change.",
    "无法写入文件（{}）。文件仍为之前的内容，下次更改后会再次写入。",
);

/// What became of the export, and its buttons; nothing where the browser lets no page write a file.
pub fn automatic(history: &History, lang: Lang) -> Html {
    if !can_choose() || !history.is_kept_by_browser() {
        return Html::default();
    }
    let Some(now) = autosave() else {
        let choose = on_press(
            history,
            |history| async move { choose_file(&history).await },
        );
        return html! { <p>{ button("quiet", CHOOSE.get(lang), choose) }</p> };
    };
    let written = match now.written {
        0 => NEVER.get(lang).to_string(),
        written => time::here(written),
    };
    let stop = on_press(
        history,
        |history| async move { forget_file(&history).await },
    );
    let again = on_press(history, |history| async move { allow(&history).await });
    html! {
        <div class="history-note">
            <p>{ with(INTO, lang, &[&now.name, &written]) }</p>
            <p role="status">
                { match &now.state {
                    State::Forgotten => FORGOTTEN.get(lang).to_string(),
                    State::Failed(why) => with(FAILED, lang, &[why]),
                    State::Damaged => DAMAGED.get(lang).to_string(),
                    State::Kept | State::Writing => String::new(),
                } }
            </p>
            <div class="history-actions">
                if now.state == State::Forgotten {
                    { button("quiet", ALLOW.get(lang), again) }
                }
                { button("quiet", STOP.get(lang), stop) }
            </div>
        </div>
    }
}

fn on_press<F: Future<Output = ()> + 'static>(
    history: &History,
    work: fn(History) -> F,
) -> Callback<MouseEvent> {
    let history = history.clone();
    Callback::from(move |_: MouseEvent| spawn_local(work(history.clone())))
}
