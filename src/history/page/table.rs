//! The table: a row per record, of which only those in sight are rendered.
//!
//! Rows have a fixed height, and gaps stand for the rows that are not rendered. One row at a time
//! is in the tab order; arrow keys move it. That row stays rendered when it scrolls away, so that
//! it keeps the focus.

use std::ops::Range;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use tieline_catalog::{find, Lang};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::window::{stretches, window, Stretch};
use crate::history::filter::Rows;
use crate::history::index::Summary;
use crate::history::service::History;
use crate::history::{messages, time};
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::ui::messages as shared;
use tieline_records::{Outcome, Verdict};

/// The rows that Page Up and Page Down move by.
const PAGE: usize = 10;
const HINT: &str = "history-keys";

/// The properties of [`Table`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The history that the rows belong to.
    pub history: History,
    /// The history's version: rows look different when others finish.
    pub version: u32,
    /// The rows that passed the filter, newest first.
    pub rows: Rows,
    /// The record whose details are open.
    pub open: Option<u64>,
    /// Called with the record whose details are asked for.
    pub on_open: Callback<u64>,
    /// Where the table is shown.
    pub mount: Mount,
}

/// The id of the button in a record's row.
pub fn button_id(record: u64) -> String {
    format!("history-{record}")
}

/// The table.
#[component]
pub fn Table(props: &Props) -> Html {
    let Props {
        lang, rows, open, ..
    } = props;
    let lang = *lang;
    let body = use_node_ref();
    let shown = use_window(&body, rows.len());
    let active = use_state_eq(|| None::<u64>);
    let position = |id: u64| rows.binary_search_by(|row| id.cmp(&row.id)).ok();
    let active_at = (*active).and_then(position);
    let stop = active_at.unwrap_or(0);

    let go = {
        let (active, rows, mount) = (active.clone(), rows.clone(), props.mount.clone());
        Callback::from(move |at: usize| {
            if let Some(row) = rows.get(at.min(rows.len().saturating_sub(1))) {
                active.set(Some(row.id));
                // The row may only be rendered by the next turn.
                mount.focus_soon(button_id(row.id));
            }
        })
    };
    let offset = dom::minutes_ahead();
    let row = |at: usize| -> Html {
        let Some(row) = rows.get(at) else {
            return Html::default();
        };
        html! {
            <Row key={row.id.to_string()} {lang} row={row.clone()} {at} {offset}
                outcome={props.history.shown(row)} verdict={props.history.verdict(row)} open={*open == Some(row.id)} stop={at == stop}
                go={go.clone()} on_open={props.on_open.clone()} />
        }
    };
    let parts = stretches(rows.len(), shown, active_at);
    {
        let body = body.clone();
        use_effect(move || size_gaps(&body));
    }
    let columns = [
        messages::TIME,
        messages::OPERATION,
        messages::NAME,
        messages::RESOURCE_ID,
        messages::OUTCOME,
        shared::STATUS,
    ];
    html! {
        <>
            <p id={HINT} hidden=true>{ messages::KEYS.get(lang) }</p>
            <table class="history-table" role="table" aria-label={shared::HISTORY.get(lang)}
                aria-rowcount={(rows.len() + 1).to_string()}>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        { for columns.iter().map(|text| html! {
                            <th role="columnheader" scope="col">{ text.get(lang) }</th>
                        }) }
                    </tr>
                </thead>
                <tbody role="rowgroup" ref={body}>
                    { for parts.into_iter().enumerate().map(|(i, part)| match part {
                        Stretch::Gap(rows) => html! {
                            <tr key={format!("gap-{i}")} class="history-gap" aria-hidden="true"
                                data-rows={rows.to_string()}></tr>
                        },
                        Stretch::Rows(range) => html! { { for range.map(&row) } },
                    }) }
                </tbody>
            </table>
        </>
    }
}

/// Gives each gap the height of the rows that it stands for. The page's policy allows no style
/// attributes; a property that is set from code is none.
fn size_gaps(body: &NodeRef) {
    let body = body.cast::<HtmlElement>();
    let mut row = body.and_then(|body| body.first_element_child());
    while let Some(at) = row {
        if let (Some(rows), Some(gap)) =
            (at.get_attribute("data-rows"), at.dyn_ref::<HtmlElement>())
        {
            gap.style().set_property("--gap", &rows).ok();
        }
        row = at.next_element_sibling();
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    lang: Lang,
    row: Rc<Summary>,
    at: usize,
    offset: i32,
    outcome: Outcome,
    verdict: Verdict,
    open: bool,
    stop: bool,
    go: Callback<usize>,
    on_open: Callback<u64>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { row, .. } = props;
    let lang = props.lang;
    let title = find(&row.operation).map_or(&*row.operation, |op| op.title.get(lang));
    let time = time::local(row.created, props.offset);
    let status = match (row.absent, props.verdict) {
        (true, Verdict::Creating) => messages::NOT_VISIBLE.get(lang),
        (true, _) => messages::ABSENT.get(lang),
        (false, _) => &row.status,
    };
    let onclick = {
        let (on_open, id) = (props.on_open.clone(), row.id);
        Callback::from(move |_: MouseEvent| on_open.emit(id))
    };
    let onkeydown = {
        let (go, at) = (props.go.clone(), props.at);
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let to = match event.key().as_str() {
                "ArrowDown" | "j" => at + 1,
                "ArrowUp" | "k" => at.saturating_sub(1),
                "PageDown" => at + PAGE,
                "PageUp" => at.saturating_sub(PAGE),
                "Home" => 0,
                "End" => usize::MAX,
                _ => return,
            };
            event.prevent_default();
            go.emit(to);
        })
    };
    let name = [&time, title, &row.name].map(str::to_string);
    let name: Vec<String> = name.into_iter().filter(|part| !part.is_empty()).collect();
    let cell = |class: &'static str, text: &str| {
        html! {
            <td role="cell" class={class} title={text.to_string()}>
                { text.to_string() }
            </td>
        }
    };
    html! {
        <tr role="row" aria-rowindex={(props.at + 2).to_string()} onclick={onclick}
            class={classes!("history-row", props.open.then_some("open"))}>
            <td role="cell" class="time">
                <button type="button" id={button_id(row.id)} {onkeydown} aria-describedby={HINT}
                    aria-label={name.join(", ")} aria-expanded={props.open.to_string()}
                    tabindex={if props.stop { "0" } else { "-1" }}>
                    <time datetime={time::utc(row.created)}>{ time.clone() }</time>
                </button>
            </td>
            { cell("operation", title) }
            { cell("name", &row.name) }
            { cell("id", &row.resource_id) }
            <td role="cell" class="outcome">
                { standing(props.outcome, props.verdict, lang) }
                if row.simulated { <span class="simulated">{ shared::SIMULATED.get(lang) }</span> }
            </td>
            { cell("status", status) }
        </tr>
    }
}

/// What is to be said about a record's resource: one word, with its mark.
pub fn standing(outcome: Outcome, verdict: Verdict, lang: Lang) -> Html {
    let kind = match (verdict, outcome) {
        (Verdict::Creating, _) => "pending",
        (Verdict::Active, _) => "created",
        (Verdict::NotCreated, Outcome::Rejected) => "rejected",
        (Verdict::NotCreated, _) | (Verdict::Gone, _) => "not-executed",
        (Verdict::Unknown, _) => "unknown",
    };
    html! {
        <span class={classes!("history-outcome", kind)}>
            { messages::standing(outcome, verdict).get(lang) }
        </span>
    }
}

/// The rows in sight, which follows every scroll and every change of size, whoever scrolls.
#[hook]
fn use_window(body: &NodeRef, total: usize) -> Range<usize> {
    let shown = use_state_eq(|| window(total, 0.0, 800.0, 44.0));
    let measure = {
        let (body, shown) = (body.clone(), shown.clone());
        move || {
            if let Some(range) = in_sight(&body, total) {
                shown.set(range);
            }
        }
    };
    {
        let measure = measure.clone();
        use_effect_with(total, move |_| {
            measure();
            let listeners = web_sys::window().map(|target| {
                // Scroll events do not bubble: whichever ancestor scrolls, the window captures it.
                let options = EventListenerOptions {
                    phase: EventListenerPhase::Capture,
                    passive: true,
                };
                ["scroll", "resize"].map(|event| {
                    let measure = measure.clone();
                    EventListener::new_with_options(&target, event, options, move |_| measure())
                })
            });
            move || drop(listeners)
        });
    }
    let range = (*shown).clone();
    range.start.min(total)..range.end.min(total)
}

fn in_sight(body: &NodeRef, total: usize) -> Option<Range<usize>> {
    let body = body.cast::<HtmlElement>()?;
    let height = web_sys::window()?.inner_height().ok()?.as_f64()?;
    let first = body.query_selector("tr.history-row").ok()??;
    let row = first.dyn_into::<HtmlElement>().ok()?;
    let row = row.get_bounding_client_rect().height();
    Some(window(
        total,
        -body.get_bounding_client_rect().top(),
        height,
        row,
    ))
}
