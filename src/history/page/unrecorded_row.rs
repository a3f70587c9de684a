//! A resource that the clouds have and the history does not tell of, as a row of the list.

use std::rc::Rc;

use tieline_catalog::answer::status_of;
use tieline_catalog::reconcile::{created_at, told};
use tieline_catalog::text::t;
use tieline_catalog::{Lang, Text};
use yew::prelude::*;

use crate::history::account_lists::Listed;
use crate::history::lost_resource::{display_name, evidence_of, Asked};
use crate::history::messages::with;
use crate::history::service::History;
use crate::history::time;
use crate::ui::messages as shared;
use tieline_records::{Outcome, Record};

const TAKE: Text = t("Take it into the history", "纳入历史记录");
const TAKE_THIS: Text = t("Take it into the history: {}", "纳入历史记录：{}");
const KNOWN: Text = t("In the history", "已有记录");
const MAYBE: Text = t(
    "The request “{}” may have made it, whose outcome is not known:",
    "可能由请求“{}”创建，该请求的结果尚不清楚：",
);
const ON_ITS_WAY: Text = t(
    "The request “{}” may have made it, which is still in progress.",
    "可能由请求“{}”创建，该请求仍在处理中。",
);
const OPEN: Text = t("Show the request", "查看该请求");

/// What a row is made of.
pub struct Row<'a> {
    /// Its place in the list, to which more are added at the end only.
    pub nth: usize,
    /// The resource.
    pub found: Rc<Listed>,
    /// Whether a record tells of it by now.
    pub known: bool,
    /// The request that may have made it.
    pub maker: Option<&'a Record>,
    /// Why nothing can be done with it, if so.
    pub barred: Option<Text>,
    /// The history.
    pub history: &'a History,
    /// Takes it over into a record of its own.
    pub take: Callback<Rc<Listed>>,
    /// Takes it over into the record of the request that made it.
    pub relate: Callback<(Record, Rc<Listed>)>,
    /// Shows a record's details.
    pub on_open: Callback<u64>,
    /// The language.
    pub lang: Lang,
}

/// The row.
pub fn row(row: Row<'_>) -> Html {
    let (lang, Listed { place, item, .. }) = (row.lang, &*row.found);
    let told = told(place.op, &place.scope, item);
    let name = told.leaves().into_iter().find_map(|(path, text)| {
        let last = path.rsplit('.').next().unwrap_or_default();
        last.eq_ignore_ascii_case("name").then(|| text.to_string())
    });
    let made = created_at(place.op, item);
    let made = made.map(time::here);
    let facts = [
        Some(place.op.title.get(lang).to_string()),
        Some(place.label()),
        Some(status_of(place.op, item)),
        made,
    ];
    let facts = facts.into_iter().flatten().filter(|fact| !fact.is_empty());
    let facts: Vec<String> = facts.collect();
    html! {
        // With a key it stays the same element when more are found: a button in it would become another's else.
        <li key={row.nth}>
            <p>
                if let Some(name) = name {
                    <strong>{ name }</strong>{ " " }
                }
                <code>{ item.id.clone() }</code>
            </p>
            <p class="history-note">{ facts.join(" · ") }</p>
            { action(&row) }
        </li>
    }
}

/// What can be done with it.
fn action(row: &Row<'_>) -> Html {
    let (lang, item) = (row.lang, &row.found.item);
    if row.known {
        return html! { <p class="history-note">{ KNOWN.get(lang) }</p> };
    }
    if let Some(why) = row.barred {
        return html! { <p class="history-note">{ why.get(lang) }</p> };
    }
    let Some(record) = row.maker else {
        let found = row.found.clone();
        let onclick = row.take.reform(move |_: MouseEvent| found.clone());
        return html! {
            <button type="button" class="quiet" {onclick} aria-label={with(TAKE_THIS, lang, &[&item.id])}>
                { TAKE.get(lang) }
            </button>
        };
    };
    let id = record.id;
    let way = row.history.row(id);
    let sent = way.is_some_and(|way| row.history.shown(&way) == Outcome::Pending);
    let open = row.on_open.reform(move |_: MouseEvent| id);
    let (known, found) = (record.clone(), row.found.clone());
    let relate = row
        .relate
        .reform(move |_: MouseEvent| (known.clone(), found.clone()));
    let text = if sent { ON_ITS_WAY } else { MAYBE };
    html! {
        <>
            <p>{ with(text, lang, &[&display_name(record)]) }</p>
            if !sent {
                { evidence_of(&Asked::of(row.found.place.op, record), item, lang) }
            }
            <div class="history-actions">
                if !sent {
                    <button type="button" class="quiet" onclick={relate}>{ shared::ADOPT.get(lang) }</button>
                }
                <button type="button" class="quiet" onclick={open}>{ OPEN.get(lang) }</button>
            </div>
        </>
    }
}
