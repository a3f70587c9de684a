//! The filter and the files.

use tieline_catalog::{creations, Lang};
use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::element_ids::{IMPORT, PROBLEM, TEXT_FIELD};
use crate::history::files::Format;
use crate::history::filter::Filter;
use crate::history::messages;
use crate::history::period::Period;
use tieline_records::Verdict;

/// The properties of [`Toolbar`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The present filter.
    pub filter: Filter,
    /// Whether a file is being read or written.
    pub busy: bool,
    /// Whether nothing can be added, which is said above.
    pub read_only: bool,
    /// Whether it is a file that is shown: it stands for itself, and the cloud is not asked about it.
    pub of_file: bool,
    /// Whether a check is under way.
    pub checking: bool,
    /// Whether there is anything to export.
    pub any: bool,
    /// Called with a new filter.
    pub on_filter: Callback<Filter>,
    /// Called when the shown records are to be held against the cloud.
    pub on_check: Callback<()>,
    /// Called when the shown records are to be exported.
    pub on_export: Callback<Format>,
    /// Called with a file to import.
    pub on_import: Callback<File>,
}

/// The filter and the files.
#[component]
pub fn Toolbar(props: &Props) -> Html {
    let Props { lang, filter, .. } = props;
    let lang = *lang;
    let change = |change: fn(&mut Filter, String)| {
        let (filter, on_filter) = (filter.clone(), props.on_filter.clone());
        move |value: String| {
            let mut filter = filter.clone();
            change(&mut filter, value);
            on_filter.emit(filter);
        }
    };
    let on_text = {
        let change = change(|filter, value| filter.text = value);
        Callback::from(move |event: InputEvent| {
            change(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let on_operation = {
        let change = change(|filter, value| {
            filter.operation = tieline_catalog::find(&value).map(|op| op.name);
        });
        Callback::from(move |event: Event| {
            change(event.target_unchecked_into::<HtmlSelectElement>().value());
        })
    };
    let on_outcome = {
        let change = change(|filter, value| {
            filter.verdict = Verdict::ALL.into_iter().find(|v| v.code() == value);
        });
        Callback::from(move |event: Event| {
            change(event.target_unchecked_into::<HtmlSelectElement>().value());
        })
    };
    let on_export = |format: Format| {
        let on_export = props.on_export.clone();
        Callback::from(move |_: MouseEvent| on_export.emit(format))
    };
    let file_field = use_node_ref();
    let choose_file = {
        let file_field = file_field.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = file_field.cast::<HtmlInputElement>() {
                field.click();
            }
        })
    };
    let on_file = {
        let on_import = props.on_import.clone();
        Callback::from(move |event: Event| {
            let field = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                on_import.emit(file);
            }
            // So that the same file can be chosen again.
            field.set_value("");
        })
    };
    html! {
        <div class="history-tools">
            <form role="search" aria-label={messages::FILTER.get(lang)} class="history-filter"
                onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                <label class="history-grow">
                    <span>{ messages::TEXT.get(lang) }</span>
                    <input id={TEXT_FIELD} type="search" autocomplete="off" spellcheck="false"
                        placeholder={messages::TEXT_HINT.get(lang)}
                        value={filter.text.clone()} oninput={on_text} />
                </label>
                <label>
                    <span>{ messages::OPERATION.get(lang) }</span>
                    <select onchange={on_operation}>
                        <option value="" selected={filter.operation.is_none()}>{ messages::ALL.get(lang) }</option>
                        { for creations().map(|op| html! {
                            <option value={op.name} selected={filter.operation == Some(op.name)}>
                                { format!("{} · {}", op.title.get(lang), op.name) }
                            </option>
                        }) }
                    </select>
                </label>
                <label>
                    <span>{ messages::OUTCOME.get(lang) }</span>
                    <select onchange={on_outcome}>
                        <option value="" selected={filter.verdict.is_none()}>{ messages::ALL.get(lang) }</option>
                        { for Verdict::ALL.into_iter().map(|verdict| html! {
                            <option value={verdict.code()} selected={filter.verdict == Some(verdict)}>
                                { messages::verdict(verdict).get(lang) }
                            </option>
                        }) }
                    </select>
                </label>
                { period(filter, &props.on_filter, lang) }
            </form>
            <div class="history-files">
                <button type="button" class="quiet" disabled={props.checking || !props.any || props.of_file}
                    onclick={props.on_check.reform(|_: MouseEvent| ())} aria-describedby={props.of_file.then_some(PROBLEM)}>
                    { messages::CHECK.get(lang) }
                </button>
                <button type="button" class="quiet" disabled={props.busy || !props.any || props.of_file}
                    onclick={on_export(Format::Json)} aria-describedby={props.of_file.then_some(PROBLEM)}>
                    { messages::EXPORT_JSON.get(lang) }
                </button>
                <button type="button" class="quiet" disabled={props.busy || !props.any} onclick={on_export(Format::Csv)}>
                    { messages::EXPORT_CSV.get(lang) }
                </button>
                <button type="button" id={IMPORT} class="quiet" disabled={props.busy || props.read_only} onclick={choose_file}
                    aria-describedby={props.read_only.then_some(PROBLEM)}>
                    { messages::IMPORT.get(lang) }
                </button>
                <input ref={file_field} type="file" accept=".json,application/json" hidden=true
                    aria-label={messages::IMPORT.get(lang)} onchange={on_file} />
            </div>
        </div>
    }
}

/// The code of a range in the list of the periods.
const RANGE: &str = "range";

/// The code of a period in the list.
fn code(period: &Period) -> String {
    match period {
        Period::Any => String::new(),
        Period::Days(days) => days.to_string(),
        Period::Range(..) => RANGE.to_string(),
    }
}

fn period_name(period: &Period, lang: Lang) -> String {
    match period {
        Period::Any => messages::ANY_TIME.get(lang).to_string(),
        Period::Days(1) => messages::TODAY.get(lang).to_string(),
        Period::Days(days) => messages::with(messages::LAST_DAYS, lang, &[&days.to_string()]),
        Period::Range(..) => messages::RANGE.get(lang).to_string(),
    }
}

/// The choice of the time: of some days, or from a day to another.
fn period(filter: &Filter, on_filter: &Callback<Filter>, lang: Lang) -> Html {
    let with = |period: Period| Filter {
        period,
        ..filter.clone()
    };
    let choices = Period::CHOICES.into_iter();
    let choices: Vec<Period> = choices
        .chain([Period::Range(String::new(), String::new())])
        .collect();
    let onchange = {
        let (choices, filter, on_filter) = (choices.clone(), filter.clone(), on_filter.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let chosen = choices.iter().find(|period| code(period) == value);
            on_filter.emit(Filter {
                period: chosen.cloned().unwrap_or_default(),
                ..filter.clone()
            });
        })
    };
    let bound = |label, value: &str, to: fn(String, &Period) -> Period| {
        let (filter, on_filter) = (with(filter.period.clone()), on_filter.clone());
        let oninput = Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            on_filter.emit(Filter {
                period: to(value, &filter.period),
                ..filter.clone()
            });
        });
        html! {
            <label>
                <span>{ tieline_catalog::Text::get(label, lang) }</span>
                <input type="date" value={value.to_string()} {oninput} />
            </label>
        }
    };
    html! {
        <>
            <label>
                <span>{ messages::PERIOD.get(lang) }</span>
                <select {onchange}>
                    { for choices.iter().map(|choice| html! {
                        <option value={code(choice)} selected={code(choice) == code(&filter.period)}>
                            { period_name(choice, lang) }
                        </option>
                    }) }
                </select>
            </label>
            if let Period::Range(from, to) = &filter.period {
                { bound(&messages::FROM, from, |value, period| match period {
                    Period::Range(_, to) => Period::Range(value, to.clone()),
                    _ => Period::Range(value, String::new()),
                }) }
                { bound(&messages::TO, to, |value, period| match period {
                    Period::Range(from, _) => Period::Range(from.clone(), value),
                    _ => Period::Range(String::new(), value),
                }) }
            }
        </>
    }
}
