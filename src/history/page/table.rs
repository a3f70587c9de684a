//! The table: a row per record, of which only those in sight are rendered.
//!
//! Rows have a fixed height, and so have the heads of days; gaps stand for those that are not rendered. One row at a time
//! is in the tab order; arrow keys move it. That row stays rendered when it scrolls away, so that
//! it keeps the focus.

use std::ops::Range;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use js_sys::Reflect;
use tieline_catalog::Lang;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::element_ids::button_id;
use super::page_state::PageState;
use super::visible_rows::{stretches, window, Shape, Stretch};
use crate::history::columns::{Column, Shown};
use crate::history::days::{self, beginnings};
use crate::history::index::Summary;
use crate::history::list_messages as list;
use crate::history::{messages, time};
use crate::platform::dom;
use crate::ui::messages as shared;
use tieline_records::{Outcome, Verdict};

/// The space between two columns, and at either end of a row, in rem.
const GAP: f32 = 0.75;
/// The rows that Page Up and Page Down move by.
const PAGE: usize = 10;
const HINT: &str = "history-keys";

/// The properties of [`Table`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The state of the page, whose rows are shown.
    pub page: PageState,
    /// The history's version: rows look different when others finish.
    pub version: u32,
}

/// The table.
#[component]
pub fn Table(props: &Props) -> Html {
    let PageState {
        lang, rows, open, ..
    } = &props.page;
    let lang = *lang;
    let (table, body) = (use_node_ref(), use_node_ref());
    // Who takes the page to another place sees other times.
    let zone = dom::minutes_ahead(dom::now() as u64);
    let shape = use_memo(
        (rows.clone(), props.page.sort.column, zone),
        |(rows, column, _)| {
            let moment = |at: usize| column.moment(&rows[at]).unwrap_or_default();
            let heads = match column.is_time() {
                true => beginnings(rows.len(), moment, &dom::minutes_ahead),
                false => Vec::new(),
            };
            Shape {
                rows: rows.len(),
                heads: Rc::new(heads),
            }
        },
    );
    let shown = use_window(&body, &shape);
    let active = use_state_eq(|| None::<u64>);
    let active_at = use_memo((rows.clone(), *active), |(rows, active)| {
        active.and_then(|id| rows.iter().position(|row| row.id == id))
    });
    let active_at = *active_at;
    let stop = active_at.unwrap_or(0);

    let go = {
        let (active, rows, mount) = (active.clone(), rows.clone(), props.page.mount.clone());
        Callback::from(move |at: usize| {
            if let Some(row) = rows.get(at.min(rows.len().saturating_sub(1))) {
                active.set(Some(row.id));
                // The row may only be rendered by the next turn.
                mount.focus_soon(button_id(row.id));
            }
        })
    };
    let pick = {
        let (selection, rows) = (props.page.selection.clone(), rows.clone());
        Callback::from(move |(at, range): (usize, bool)| {
            selection.set(selection.picked(&rows, at, range));
        })
    };
    let on_open = {
        let open = open.setter();
        Callback::from(move |id: u64| open.set(Some(id)))
    };
    let row = |at: usize| -> Html {
        let Some(row) = rows.get(at) else {
            return Html::default();
        };
        html! {
            <Row key={row.id.to_string()} {lang} row={row.summary().clone()} {at} place={shape.place(at)} {zone}
                shown={(*props.page.shown).clone()} told={props.page.history.standing(row)} open={**open == Some(row.id)} stop={at == stop}
                selected={props.page.selection.has(row.id)}
                go={go.clone()} pick={pick.clone()} on_open={on_open.clone()} />
        }
    };
    let parts = stretches(rows.len(), shown, active_at);
    {
        let (body, table) = (body.clone(), table.clone());
        let shown = (*props.page.shown).clone();
        use_effect_with(shown, move |shown| size_columns(&table, shown));
        use_effect(move || size_gaps(&body));
    }
    let columns = props.page.shown.columns();
    html! {
        <>
            <p id={HINT} hidden=true>{ messages::KEYS.get(lang) }</p>
            <div class="history-scroll">
            <table ref={table} class="history-table" role="table" aria-label={shared::HISTORY.get(lang)}
                aria-rowcount={(shape.place(rows.len()) + 1).to_string()}>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        <SelectAll page={props.page.clone()} />
                        <>{ for columns.iter().map(|column| head(&props.page, *column)) }</>
                    </tr>
                </thead>
                <tbody role="rowgroup" ref={body}>
                    // One list in which each has its key: of lists within lists Yew begins a whole one anew where
                    // another comes or goes beside it, and whatever had the focus is gone.
                    { for parts.into_iter().enumerate().flat_map(|(i, part)| match part {
                        Stretch::Gap(range) => {
                            let heads = shape.heads_in(&range);
                            vec![html! {
                                <tr key={format!("gap-{i}")} class="history-gap" aria-hidden="true"
                                    data-rows={range.len().to_string()} data-heads={heads.to_string()}></tr>
                            }]
                        }
                        Stretch::Rows(range) => {
                            let rows = range.flat_map(|at| day(&props.page, &shape, at).into_iter().chain([row(at)]));
                            rows.collect()
                        }
                    }) }
                </tbody>
            </table>
            </div>
        </>
    }
}

/// The head of a column, which sorts by it.
fn head(page: &PageState, column: Column) -> Html {
    let sort = *page.sort;
    let direction = (sort.column == column).then_some(match sort.descending {
        true => ("descending", "↓"),
        false => ("ascending", "↑"),
    });
    let onclick = {
        let sorted = page.sort.setter();
        Callback::from(move |_: MouseEvent| sorted.set(sort.pressed(column)))
    };
    html! {
        <th role="columnheader" scope="col" class={column.code()} aria-sort={direction.map(|(name, _)| name)}>
            <button type="button" {onclick}>
                { column.title().get(page.lang) }
                if let Some((_, mark)) = direction {
                    <span aria-hidden="true">{ mark }</span>
                }
            </button>
        </th>
    }
}

#[derive(Properties, PartialEq)]
struct SelectAllProps {
    page: PageState,
}

/// The box that selects all rows that the filter shows, or none of them.
#[component]
fn SelectAll(props: &SelectAllProps) -> Html {
    let PageState { rows, chosen, .. } = &props.page;
    let (all, some) = (chosen.len() == rows.len(), !chosen.is_empty());
    let field = use_node_ref();
    use_effect_with((field.clone(), some && !all), |(field, partly)| {
        // There is no attribute for it.
        if let Some(field) = field.cast::<HtmlInputElement>() {
            let _ = Reflect::set(&field, &"indeterminate".into(), &(*partly).into());
        }
    });
    let onclick = {
        let (selection, rows) = (props.page.selection.clone(), rows.clone());
        Callback::from(move |_: MouseEvent| selection.set(selection.with(rows.iter(), !all)))
    };
    let count = rows.len().to_string();
    html! {
        <th role="columnheader" scope="col" class="select">
            <label>
                <input ref={field} type="checkbox" checked={all} {onclick}
                    aria-label={messages::with(list::SELECT_ALL, props.page.lang, &[&count])} />
            </label>
        </th>
    }
}

/// The head of the day that begins with the row at this place, if one does.
fn day(page: &PageState, shape: &Shape, at: usize) -> Option<Html> {
    let row = page.rows.get(at).filter(|_| shape.has_head(at))?;
    let moment = page.sort.column.moment(row)?;
    let next = shape.heads.get(shape.heads_to(at)).copied();
    let count = next.unwrap_or(shape.rows) - at;
    let name = days::name(moment, dom::now() as u64, &dom::minutes_ahead, page.lang);
    Some(html! {
        <tr key={format!("day-{at}")} role="row" class="history-day" aria-rowindex={(shape.place(at) + 1).to_string()}>
            <th role="rowheader" scope="rowgroup" colspan={(page.shown.columns().len() + 1).to_string()}>
                <h2>{ name }</h2>{ " " }<span>{ count }</span>
            </th>
        </tr>
    })
}

/// Gives the columns their widths, unless they are the usual ones, whose widths are in the style sheet; and says
/// how many lines a narrow row needs for what else it shows.
fn size_columns(table: &NodeRef, shown: &Shown) {
    let Some(table) = table.cast::<HtmlElement>() else {
        return;
    };
    let usual = Shown::default();
    let more = shown.columns().iter().filter(|column| !usual.has(**column));
    let (mut tracks, mut least) = ("1.5rem".to_string(), 1.5 + 2.0 * GAP);
    for (width, grows) in shown.columns().iter().map(|column| column.width()) {
        tracks += &match grows {
            true => format!(" minmax({width}rem, 1fr)"),
            false => format!(" {width}rem"),
        };
        least += width + GAP;
    }
    let (tracks, least) = match *shown == usual {
        true => Default::default(),
        false => (tracks, format!("{least}rem")),
    };
    let style = table.style();
    let _ = style.set_property("--history-columns", &tracks);
    let _ = style.set_property("--history-least", &least);
    let _ = style.set_property("--history-more", &more.count().to_string());
}

/// Gives each gap the height of the rows and heads that it stands for. The page's policy allows no style
/// attributes; a property that is set from code is none.
fn size_gaps(body: &NodeRef) {
    let body = body.cast::<HtmlElement>();
    let mut row = body.and_then(|body| body.first_element_child());
    while let Some(at) = row {
        if let (Some(rows), Some(gap)) =
            (at.get_attribute("data-rows"), at.dyn_ref::<HtmlElement>())
        {
            let heads = at.get_attribute("data-heads").unwrap_or_default();
            gap.style().set_property("--gap", &rows).ok();
            gap.style().set_property("--gap-heads", &heads).ok();
        }
        row = at.next_element_sibling();
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    lang: Lang,
    row: Rc<Summary>,
    at: usize,
    place: usize,
    zone: i32,
    shown: Shown,
    told: (Outcome, Verdict),
    open: bool,
    stop: bool,
    selected: bool,
    go: Callback<usize>,
    pick: Callback<(usize, bool)>,
    on_open: Callback<u64>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps {
        row, told, lang, ..
    } = props;
    let (told, lang) = (*told, *lang);
    let text = |column: Column| column.text(row, told, &dom::minutes_ahead, lang);
    let onclick = {
        let (on_open, id) = (props.on_open.clone(), row.id);
        Callback::from(move |_: MouseEvent| on_open.emit(id))
    };
    let name = [Column::Time, Column::Operation, Column::Name].map(text);
    let name: Vec<&str> = name.iter().map(|part| &**part).collect();
    let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
    let name = name.join(shared::COMMA.get(lang));
    let cell = |column: Column| match column {
        Column::Outcome => html! {
            <td role="cell" class="outcome">
                { standing(told.0, told.1, lang) }
                if row.simulated { <span class="simulated">{ shared::SIMULATED.get(lang) }</span> }
            </td>
        },
        _ => {
            let text = AttrValue::from(text(column).into_owned());
            html! {
                <td role="cell" class={column.code()} title={text.clone()} data-label={column.title().get(lang)}>{ text }</td>
            }
        }
    };
    // The first column opens the details.
    let others = props
        .shown
        .columns()
        .iter()
        .filter(|column| **column != Column::Time);
    let tabindex = if props.stop { "0" } else { "-1" };
    html! {
        <tr role="row" aria-rowindex={(props.place + 2).to_string()} {onclick} onkeydown={on_row_keys(props)}
            class={classes!("history-row", props.open.then_some("open"), props.selected.then_some("selected"))}>
            { select(props, &name, tabindex) }
            <td role="cell" class="time">
                <button type="button" id={button_id(row.id)} aria-describedby={HINT} aria-label={name}
                    aria-expanded={props.open.to_string()} {tabindex}>
                    <time datetime={time::utc(row.created)}>{ text(Column::Time).into_owned() }</time>
                </button>
            </td>
            // A list of its own: the button before it stays the same when columns come or go.
            <>{ for others.map(|column| cell(*column)) }</>
        </tr>
    }
}

/// The cell with the box that selects a row. A press beside the box is none on the row.
fn select(props: &RowProps, name: &str, tabindex: &'static str) -> Html {
    let onclick = {
        let (pick, at) = (props.pick.clone(), props.at);
        Callback::from(move |event: MouseEvent| pick.emit((at, event.shift_key())))
    };
    let stop = Callback::from(|event: MouseEvent| event.stop_propagation());
    html! {
        <td role="cell" class="select" onclick={stop}>
            <label>
                <input type="checkbox" checked={props.selected} {onclick} {tabindex}
                    aria-label={messages::with(list::SELECT, props.lang, &[name])} />
            </label>
        </td>
    }
}

/// The keys of a row.
fn on_row_keys(props: &RowProps) -> Callback<KeyboardEvent> {
    let (go, pick, at) = (props.go.clone(), props.pick.clone(), props.at);
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" | "j" => go.emit(at + 1),
            "ArrowUp" | "k" => go.emit(at.saturating_sub(1)),
            "PageDown" => go.emit(at + PAGE),
            "PageUp" => go.emit(at.saturating_sub(PAGE)),
            "Home" => go.emit(0),
            "End" => go.emit(usize::MAX),
            "x" => pick.emit((at, false)),
            "X" => pick.emit((at, true)),
            _ => return,
        }
        event.prevent_default();
    })
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

/// The heights of a row and of a head before one was seen, in CSS pixels.
const HEIGHTS: (f64, f64) = (44.0, 36.0);

/// The rows in sight, which follows every scroll and every change of size, whoever scrolls.
#[hook]
fn use_window(body: &NodeRef, shape: &Rc<Shape>) -> Range<usize> {
    let shown = use_state_eq(|| window(shape, 0.0, 800.0, HEIGHTS));
    let heights = use_mut_ref(|| HEIGHTS);
    let measure = {
        let (body, shown, shape) = (body.clone(), shown.setter(), shape.clone());
        move || {
            if let Some(range) = in_sight(&body, &shape, &mut heights.borrow_mut()) {
                shown.set(range);
            }
        }
    };
    {
        use_effect_with(shape.clone(), move |_| {
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
    range.start.min(shape.rows)..range.end.min(shape.rows)
}

/// The rows in sight. The heights are kept for when no row or no head is rendered: of a list that grew so short that
/// all its rows lie above those that were in sight, none is, and none would ever be.
fn in_sight(body: &NodeRef, shape: &Shape, (row, head): &mut (f64, f64)) -> Option<Range<usize>> {
    let body = body.cast::<HtmlElement>()?;
    let visible = web_sys::window()?.inner_height().ok()?.as_f64()?;
    let height = |selector: &str| {
        let found = body.query_selector(selector).ok()??;
        Some(found.get_bounding_client_rect().height())
    };
    *row = height("tr.history-row").unwrap_or(*row);
    *head = height("tr.history-day").unwrap_or(*head);
    let top = -body.get_bounding_client_rect().top();
    Some(window(shape, top, visible, (*row, *head)))
}
