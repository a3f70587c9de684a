//! What the clouds have and the history does not tell of: looked for, listed, taken over.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::reconcile::told;
use tieline_catalog::text::t;
use tieline_catalog::{Lang, Text};
use tieline_code::{imports, Import};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::account_places::account_places;
use super::unrecorded_row::{row, Row};
use crate::client::{is_simulated, signed_read, Target};
use crate::history::account_lists::{maker, places, AccountLists, Listed, Next, Unlisted};
use crate::history::messages::{with, UNREADABLE};
use crate::history::pace::SharedPace;
use crate::history::service::History;
use crate::platform::dom;
use crate::platform::download::download;
use crate::platform::mount::Mount;
use crate::ui::copy_button::CopyButton;
use crate::ui::elements::button;
use crate::ui::fold::fold;
use crate::ui::messages as shared;
use tieline_records::Record;

/// A wait is looked at again after this time, so that a press on the button that ends it all is heard.
const GLANCE_MS: u64 = 200;
/// What could not be read is read again after this time.
const UNREAD_MS: u32 = 2_000;
/// More are counted and taken over with the others, and not listed.
const LISTED: usize = 200;
/// What was done last.
const SAID: &str = "history-outside-said";

const SUMMARY: Text = t(
    "Resources of the account that are not recorded here",
    "账号中未记录的资源",
);
const EXPLAINED: Text = t(
    "Lists what the present target's accounts have of every kind, and shows what no record tells of. Nothing is changed in the cloud, and nothing is recorded unless you say so.",
    "列出当前目标账号中的各类资源，并显示没有记录的部分。不会更改云端任何内容；未经您确认也不会写入记录。",
);
const EVERYWHERE: Text = t(
    "In every known region, not only in those of the history and of the settings",
    "查询所有已知地域，而不仅是历史记录和设置中的地域",
);
const LOOK: Text = t("Look for them", "开始查询");
const STOP: Text = t("Stop looking", "停止查询");
const LOOKING: Text = t("Reading the lists…", "正在读取资源列表…");
const PROGRESS: Text = t(
    "Lists read: {} of {}. Resources: {}. Without a record: {}.",
    "已读取 {} / {} 个列表，共 {} 个资源，其中 {} 个没有记录。",
);
const STOPPED: Text = t("Stopped before the end.", "已中途停止。");
const NOT_LISTED: Text = t("{} could not be listed: {}", "无法列出 {}：{}");
const NO_PLACE: Text = t(
    "{} could not be listed: neither the history nor the settings name the region or the account that the list wants.",
    "无法列出 {}：历史记录和设置中均未提供所需的地域或账号。",
);
const ALL: Text = t("Take all of them into the history", "全部纳入历史记录");
const TAKEN: Text = t(
    "Taken into the history: {}. None of them was sent from here, which their records say.",
    "已纳入历史记录：{} 个。记录中会注明它们并非由此处创建。",
);
const LEFT: Text = t(
    "Left out: {}. A request whose outcome is unknown may have made them; decide about each below.",
    "未纳入：{} 个。它们可能由结果未知的请求创建，请在下方逐一处理。",
);
const FAILED: Text = t(
    "The browser's storage failed; nothing was taken over. Try again.",
    "浏览器存储失败，未纳入任何资源。请重试。",
);
const RELATED: Text = t("{} now belongs to its request.", "{} 已关联到对应的请求。");
const COPY_IMPORTS: Text = t(
    "Copy import blocks for Terraform",
    "复制 Terraform import 块",
);
const IMPORTS: Text = t("Import blocks for Terraform:", "Terraform import 块：");
const SAVE_IMPORTS: Text = t("Save as a file", "保存为文件");
const WITHOUT: Text = t(
    "Not in the import blocks: {}, of which Terraform's providers know no such resource.",
    "import 块未包含 {} 个：Terraform Provider 没有对应的资源类型。",
);
const NOT_SAVED: Text = t(
    "The browser does not let the page write a file. Copy the blocks instead.",
    "浏览器不允许本页面写入文件。请改为复制。",
);
const UNRECORDED: Text = t("Resources without a record", "没有记录的资源");
const MORE: Text = t(
    "And {} more, which are taken over with the others.",
    "另有 {} 个未显示，可与其他资源一并纳入。",
);

/// The properties of [`Unrecorded`].
#[derive(Properties, Clone, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The history.
    pub history: History,
    /// The history's version.
    pub version: u32,
    /// Whom to ask.
    pub target: Target,
    /// The region from the settings; may be empty.
    pub region: AttrValue,
    /// The account from the settings; may be empty.
    pub account: AttrValue,
    /// Where it is shown.
    pub mount: Mount,
    /// Called with the record whose details are to be shown.
    pub on_open: Callback<u64>,
}

/// How far a look is.
#[derive(Clone, PartialEq)]
struct Progress {
    /// How many lists have been read, how many there are, and how many resources they have.
    counts: [usize; 3],
    /// What no record told of when it was found.
    news: Vec<Rc<Listed>>,
    /// What could not be listed, and why.
    refused: Vec<(String, String)>,
    running: bool,
    stopped: bool,
    /// Who was asked: whatever is found is theirs, whom else the page would ask by now.
    target: Target,
    /// Whether that was a sandbox.
    simulated: bool,
}

/// What the clouds have and the history does not tell of.
#[component]
pub fn Unrecorded(props: &Props) -> Html {
    let lang = props.lang;
    let open = use_state_eq(|| false);
    let everywhere = use_state_eq(|| false);
    let progress = use_state_eq(|| None::<Rc<Progress>>);
    let requests = use_state_eq(|| Rc::new(Some(Vec::<Record>::new())));
    let said = use_state_eq(String::new);
    let stopped = use_mut_ref(|| Rc::new(Cell::new(false)));
    {
        let stopped = stopped.clone();
        use_effect_with((), move |()| move || stopped.borrow().set(true));
    }
    let running = progress.as_ref().is_some_and(|progress| progress.running);
    let any = progress
        .as_ref()
        .is_some_and(|progress| !progress.news.is_empty());
    {
        let (history, requests) = (props.history.clone(), requests.setter());
        let asked = progress.as_ref().filter(|_| any);
        let asked = asked.map(|progress| (progress.target.clone(), progress.simulated));
        // Which requests are open changes with the history.
        use_effect_with((props.version, asked), move |(_, asked)| {
            let over = Rc::new(Cell::new(false));
            if let Some((target, simulated)) = asked.clone() {
                let over = over.clone();
                spawn_local(async move {
                    while !over.get() {
                        let open = history.open_requests(&target, simulated).await;
                        let read = open.is_some();
                        requests.set(Rc::new(open));
                        if read {
                            break;
                        }
                        TimeoutFuture::new(UNREAD_MS).await;
                    }
                });
            }
            move || over.set(true)
        });
    }
    let start = {
        let (props, progress, said) = (props.clone(), progress.setter(), said.setter());
        let (stopped, everywhere) = (stopped.clone(), *everywhere);
        Callback::from(move |_: MouseEvent| {
            let stop = Rc::new(Cell::new(false));
            // One at a time.
            stopped.replace(stop.clone()).set(true);
            said.set(String::new());
            let (props, progress) = (props.clone(), progress.clone());
            spawn_local(async move {
                let tell = |now| progress.set(Some(Rc::new(now)));
                look(&props, everywhere, &stop, tell).await;
            });
        })
    };
    let stop = Callback::from(move |_: MouseEvent| stopped.borrow().set(true));
    let choose = {
        let everywhere = everywhere.setter();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            everywhere.set(input.checked());
        })
    };
    let toggled = {
        let open = open.setter();
        Callback::from(move |now| open.set(now))
    };
    let inside = || {
        html! {
            <div class="history-unrecorded">
                <p class="history-note">{ EXPLAINED.get(lang) }</p>
                <label class="history-everywhere">
                    <input type="checkbox" checked={*everywhere} onchange={choose} disabled={running} />
                    <span>{ EVERYWHERE.get(lang) }</span>
                </label>
                <div class="history-actions">
                    if running {
                        { button("quiet", STOP.get(lang), stop) }
                    } else {
                        { button("quiet", LOOK.get(lang), start) }
                    }
                </div>
                { progress.as_ref().map_or_else(Html::default, |progress| told_so_far(progress, lang)) }
                <p id={SAID} tabindex="-1" class="history-note" role="status">{ (*said).clone() }</p>
                if let Some(progress) = progress.as_ref().filter(|_| any) {
                    { news(props, progress, &requests, &said) }
                }
            </div>
        }
    };
    html! {
        <div class="history-outside">
            { fold("", SUMMARY.get(lang), *open, toggled, inside) }
        </div>
    }
}

/// How far it is, for people.
fn told_so_far(progress: &Progress, lang: Lang) -> Html {
    let [done, total, met] = progress.counts.map(|count| count.to_string());
    let news = progress.news.len().to_string();
    let mut words = with(PROGRESS, lang, &[&done, &total, &met, &news]);
    if progress.stopped {
        words += shared::GAP.get(lang);
        words += STOPPED.get(lang);
    }
    html! {
        <>
            // Each step is for the eye; what came of it in the end is said.
            <p aria-hidden="true">{ words.clone() }</p>
            <p class="unseen" role="status">
                { if progress.running { LOOKING.get(lang).to_string() } else { words } }
            </p>
            if !progress.refused.is_empty() {
                <ul class="history-refused">
                    { for progress.refused.iter().map(|(en, zh)| html! {
                        <li>{ match lang { Lang::En => en.clone(), Lang::Zh => zh.clone() } }</li>
                    }) }
                </ul>
            }
        </>
    }
}

/// The resources without a record, and what can be done with them.
fn news(
    props: &Props,
    progress: &Progress,
    requests: &Option<Vec<Record>>,
    said: &UseStateHandle<String>,
) -> Html {
    let lang = props.lang;
    let known = known(props, &progress.news);
    let say = {
        let (said, mount) = (said.setter(), props.mount.clone());
        // What was pressed may be gone afterwards.
        Callback::from(move |text: String| {
            said.set(text);
            mount.focus_soon(SAID.to_string());
        })
    };
    let is_known = |found: &Rc<Listed>| known.contains(&found.item.id);
    let left = progress
        .news
        .iter()
        .filter(|found| !is_known(found))
        .count();
    let simulated = progress.simulated;
    let take = {
        let (props, say, target) = (props.clone(), say.clone(), progress.target.clone());
        Callback::from(move |found: Vec<Rc<Listed>>| {
            let (props, say, target) = (props.clone(), say.clone(), target.clone());
            spawn_local(async move {
                say.emit(take_over(&props, &found, (&target, simulated)).await);
            });
        })
    };
    let relate = {
        let (props, say) = (props.clone(), say.clone());
        Callback::from(move |(record, found): (Record, Rc<Listed>)| {
            let (props, say) = (props.clone(), say.clone());
            spawn_local(async move {
                let history = &props.history;
                let signer = found.signer.as_deref();
                history.adopt(&record, &found.item, simulated, signer).await;
                say.emit(with(RELATED, props.lang, &[&found.item.id]));
            });
        })
    };
    let all = {
        let (take, news) = (take.clone(), progress.news.clone());
        Callback::from(move |_: MouseEvent| take.emit(news.clone()))
    };
    let import = |found: &Rc<Listed>| {
        let Listed { place, item, .. } = &**found;
        Import {
            op: place.op,
            params: told(place.op, &place.scope, item),
            id: item.id.clone(),
        }
    };
    let blocks: Vec<Import> = progress.news.iter().map(import).collect();
    let (blocks, without) = imports(&blocks, lang);
    let save = {
        let (blocks, say) = (blocks.clone(), say.clone());
        Callback::from(move |_: MouseEvent| {
            let parts = js_sys::Array::of1(&JsValue::from_str(&blocks));
            if download(&parts, "text/plain;charset=utf-8", "imports.tf").is_err() {
                say.emit(NOT_SAVED.get(lang).to_string());
            }
        })
    };
    // What cannot be read may have made any of it.
    let unread = requests.is_none().then_some(UNREADABLE);
    let barred = props.history.read_only().or(unread);
    let item = |(nth, found): (usize, &Rc<Listed>)| {
        row(Row {
            nth,
            found: found.clone(),
            known: is_known(found),
            maker: maker(requests.as_deref().unwrap_or_default(), found),
            barred,
            history: &props.history,
            take: take.reform(|found| vec![found]),
            relate: relate.clone(),
            on_open: props.on_open.clone(),
            lang,
        })
    };
    let more = progress.news.len().saturating_sub(LISTED);
    html! {
        <>
            <div class="history-actions">
                if left > 0 && !progress.running && barred.is_none() {
                    { button("quiet", ALL.get(lang), all) }
                }
            </div>
            <div class="history-actions">
                <span>{ IMPORTS.get(lang) }</span>
                <CopyButton text={blocks} label={COPY_IMPORTS} {lang} />
                { button("quiet", SAVE_IMPORTS.get(lang), save) }
            </div>
            if without > 0 {
                <p class="history-note">{ with(WITHOUT, lang, &[&without.to_string()]) }</p>
            }
            <ul class="history-listed" tabindex="0" aria-label={UNRECORDED.get(lang)}>
                { for progress.news.iter().take(LISTED).enumerate().map(item) }
            </ul>
            if more > 0 {
                <p class="history-note">{ with(MORE, lang, &[&more.to_string()]) }</p>
            }
        </>
    }
}

/// The ids of these of which a record tells.
fn known(props: &Props, found: &[Rc<Listed>]) -> HashSet<String> {
    let ids = found.iter().map(|found| found.item.id.as_str());
    props.history.recorded(&ids.collect())
}

/// Takes these over, which somebody has told of, a sandbox or not; what to say about it.
async fn take_over(
    props: &Props,
    found: &[Rc<Listed>],
    (target, simulated): (&Target, bool),
) -> String {
    let Props { history, lang, .. } = props;
    let Some(taken) = history.take_over(found, target, simulated).await else {
        return FAILED.get(*lang).to_string();
    };
    let mut words = with(TAKEN, *lang, &[&taken.to_string()]);
    let known = known(props, found);
    let left = found.iter().filter(|found| !known.contains(&found.item.id));
    let left = left.count();
    if left > 0 {
        words += shared::GAP.get(*lang);
        words += &with(LEFT, *lang, &[&left.to_string()]);
    }
    words
}

/// Looks for what no record tells of.
async fn look(props: &Props, everywhere: bool, stopped: &Cell<bool>, tell: impl Fn(Progress)) {
    let Props {
        history, target, ..
    } = props;
    let mut now = Progress {
        counts: [0; 3],
        news: Vec::new(),
        refused: Vec::new(),
        running: true,
        stopped: false,
        target: target.clone(),
        simulated: false,
    };
    tell(now.clone());
    history.loaded().await;
    let home = [props.region.as_str(), props.account.as_str()];
    let account_places = account_places(history, target, home).await;
    let mut all = Vec::new();
    for (op, account_places) in &account_places {
        let places = places(op, account_places, everywhere);
        if places.is_empty() {
            let words = |lang| with(NO_PLACE, lang, &[op.title.get(lang)]);
            now.refused.push((words(Lang::En), words(Lang::Zh)));
        }
        all.extend(places);
    }
    // What answers from the beginning to the end, and nobody in its place.
    now.simulated = is_simulated(target).await;
    let mut lists = AccountLists::new(all, SharedPace::of_page());
    loop {
        now.counts = [lists.done(), lists.total(), lists.met()];
        if stopped.get() {
            now.stopped = !matches!(lists.next(u64::MAX), Next::Done);
            lists.stop();
        }
        match lists.next(dom::now() as u64) {
            Next::Done => {
                now.running = false;
                return tell(now);
            }
            Next::Wait(ms) => TimeoutFuture::new(ms.min(GLANCE_MS) as u32).await,
            Next::Ask(question) => {
                tell(now.clone());
                SharedPace::of_page().asked(dom::now() as u64);
                let (found, signer) = signed_read(target, &question, now.simulated, &[]).await;
                match lists.answered((found, signer.as_deref()), dom::now() as u64) {
                    Ok(listed) => {
                        let new: Vec<_> = listed.into_iter().map(Rc::new).collect();
                        let known = known(props, &new);
                        let new = new.into_iter();
                        now.news
                            .extend(new.filter(|found| !known.contains(&found.item.id)));
                    }
                    Err(unlisted) => {
                        let Unlisted { place, refusal } = *unlisted;
                        let words = |lang| {
                            let why = refusal.explanation.get(lang);
                            with(NOT_LISTED, lang, &[&place.words(lang), why])
                        };
                        now.refused.push((words(Lang::En), words(Lang::Zh)));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_gaps() {
        for text in [
            PROGRESS, NOT_LISTED, NO_PLACE, TAKEN, LEFT, RELATED, WITHOUT, MORE,
        ] {
            let gaps = |text: &str| text.matches("{}").count();
            assert!(
                gaps(text.en) > 0 && gaps(text.en) == gaps(text.zh),
                "{}",
                text.en
            );
        }
    }
}
