//! What is wrong with the history's database, and what can be done about it.

use js_sys::Array;
use tieline_catalog::text::t;
use tieline_catalog::{Lang, Text};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::history::messages::with;
use crate::history::service::History;
use crate::history::store::Damage;
use crate::history::time;
use crate::platform::dom;
use crate::platform::download::download;
use crate::ui::elements::button;

const ASIDE: Text = t(
    "Values of the history that are damaged and were set aside: {}. All else is as it was. Save them as a file: what they told of may be in it.",
    "历史记录中有 {} 个值已损坏，已移出并单独保留。其余内容不受影响。请将其保存为文件，其中可能仍含有相关信息。",
);
const DATABASE: Text = t(
    "The browser cannot open this page's history ({}). It was left as it is, and a new one was begun; as soon as it opens again, both become one. What was sent before is not known here: look in the cloud before you repeat a creation.",
    "浏览器无法打开本页面的历史记录（{}）。原有数据保持不变，并已启用新的历史记录；一旦可以重新打开，两者将自动合并。此处不包含先前发送的请求：重复创建之前请先在云端核对。",
);
const SAVE: Text = t("Save the raw content as a file", "将原始内容保存为文件");
const FORGET: Text = t("Remove what was set aside", "移除已损坏的内容");
const SAVED: Text = t("Saved.", "已保存。");
const NOTHING: Text = t(
    "The browser gives nothing of it at present. It stays where it is, and the page tries again each time it is opened.",
    "浏览器目前无法提供其中任何内容。数据仍保留在原处，每次打开页面时会再次尝试。",
);
const FAILED: Text = t(
    "The browser did not let the page write a file.",
    "浏览器不允许本页面写入文件。",
);

/// The properties of [`Storage`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The history.
    pub history: History,
    /// The history's version.
    pub version: u32,
}

/// What is wrong with the database; nothing as a rule.
#[component]
pub fn Storage(props: &Props) -> Html {
    let lang = props.lang;
    let damage = use_state_eq(|| None::<Damage>);
    let said = use_state_eq(|| None::<Text>);
    {
        let (history, damage) = (props.history.clone(), damage.setter());
        let moment = (props.version, props.history.is_loading());
        use_effect_with(moment, move |(_, loading)| {
            if !loading {
                spawn_local(async move { damage.set(history.damage().await) });
            }
        });
    }
    let found = damage
        .as_ref()
        .filter(|d| d.values > 0 || d.database.is_some());
    let Some(found) = found else {
        return Html::default();
    };
    let save = {
        let (history, said) = (props.history.clone(), said.setter());
        Callback::from(move |_: MouseEvent| {
            let (history, said) = (history.clone(), said.clone());
            spawn_local(async move { said.set(Some(save(&history).await)) });
        })
    };
    let forget = {
        let (history, said) = (props.history.clone(), said.setter());
        Callback::from(move |_: MouseEvent| {
            let (history, said) = (history.clone(), said.clone());
            spawn_local(async move {
                history.forget_aside().await;
                // What was set aside since is in no file yet.
                said.set(None);
            });
        })
    };
    html! {
        <div class="history-problem" role="alert">
            if let Some(why) = &found.database {
                <p>{ with(DATABASE, lang, &[why]) }</p>
            }
            if found.values > 0 {
                <p>{ with(ASIDE, lang, &[&found.values.to_string()]) }</p>
            }
            <div class="history-actions">
                { button("quiet", SAVE.get(lang), save) }
                // What somebody has as a file need not be kept here.
                if found.values > 0 && *said == Some(SAVED) {
                    { button("quiet", FORGET.get(lang), forget) }
                }
            </div>
            <p role="status">{ said.map_or("", |text| text.get(lang)) }</p>
        </div>
    }
}

/// Writes what is damaged to a file; what to say about it.
async fn save(history: &History) -> Text {
    let Some((file, read)) = history.raw().await else {
        return NOTHING;
    };
    if !read {
        return NOTHING;
    }
    let day = time::utc(dom::now() as u64)[..10].to_string();
    let parts = Array::of1(&JsValue::from_str(&file));
    let name = format!("tieline-damaged-{day}.json");
    match download(&parts, "application/json", &name) {
        Ok(()) => SAVED,
        Err(_) => FAILED,
    }
}
