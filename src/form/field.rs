//! One field of a form: its name, its control, what is said about it, and its help.

use tieline_catalog::{Control, Lang, Param, Privacy, Severity, Text, Violation};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::shape::{control_id, shape, Shape, Table};
use super::state::{Act, Form};
use crate::prose::breakable;
use crate::{dom, words};

/// A field's properties. Equal ones are not rendered again, which keeps typing quick.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the field is for.
    pub param: Table<Param>,
    /// Its wire path, which is also the control's name.
    pub path: AttrValue,
    /// Its present text.
    pub value: AttrValue,
    /// What is wrong with it.
    pub shown: Vec<Violation>,
    /// The language.
    pub lang: Lang,
    /// Where its events go.
    pub form: UseReducerDispatcher<Form>,
}

/// A field.
#[component]
pub fn Field(props: &Props) -> Html {
    let Props {
        param, path, lang, ..
    } = props;
    let lang = *lang;
    let row = use_node_ref();
    let id = control_id(path);
    let shape = shape(param);
    let group = shape == Shape::Radio;
    let label_id = format!("{id}-label");

    let onfocusin = {
        let (form, path) = (props.form.clone(), path.clone());
        Callback::from(move |_: FocusEvent| form.dispatch(Act::Enter(path.to_string())))
    };
    let onfocusout = {
        let (form, path, row) = (props.form.clone(), path.clone(), row.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|t| t.dyn_into().ok());
            let inside = row
                .cast::<web_sys::Node>()
                .is_some_and(|row| to.is_some() && row.contains(to.as_ref()));
            if !inside {
                let (form, path) = (form.clone(), path.to_string());
                dom::after_press(move || form.dispatch(Act::Leave(path)));
            }
        })
    };
    let label = param.label.get(lang);
    let name = match group {
        true => html! { <span class="label" id={label_id.clone()}>{ label }</span> },
        false => html! { <label class="label" for={id.clone()}>{ label }</label> },
    };
    let state = worst(&props.shown);
    html! {
        <div class="field" ref={row} data-state={state} {onfocusin} {onfocusout}>
            <div class="field-name">
                { name }
                <span class="field-wire">
                    <code>{ breakable(path) }</code>
                    <span class="need" data-need={param.required.to_string()}>
                        { need(param.required).get(lang) }
                    </span>
                </span>
            </div>
            <div class="field-body">
                { control(props, shape, &id, &label_id) }
                { said(&props.shown, &id, lang) }
                <div class="field-help" id={format!("{id}-help")}>{ help(param, lang) }</div>
            </div>
        </div>
    }
}

/// "required" or "optional".
pub fn need(required: bool) -> Text {
    if required {
        words::REQUIRED
    } else {
        words::OPTIONAL
    }
}

/// The state of a field for its looks: its worst violation.
pub fn worst(shown: &[Violation]) -> Option<&'static str> {
    match shown.iter().map(|v| v.severity).min() {
        Some(Severity::Error) => Some("error"),
        Some(Severity::Warning) => Some("warning"),
        None => None,
    }
}

/// The violations of a field, in a live region that is always there.
pub fn said(shown: &[Violation], id: &str, lang: Lang) -> Html {
    html! {
        <div class="said" id={format!("{id}-said")} aria-live="polite">
            { for shown.iter().map(|v| {
                let (kind, mark) = match v.severity {
                    Severity::Error => ("error", words::ERROR_MARK),
                    Severity::Warning => ("warning", words::CHECK_MARK),
                };
                html! {
                    <p data-kind={kind}>
                        <b>{ mark.get(lang) }</b>{ " " }{ v.message.get(lang) }
                        { " " }<cite>{ source(&v.source, lang) }</cite>
                    </p>
                }
            }) }
        </div>
    }
}

/// Who says so. A line of the operation's own document goes by its number: the head of the form
/// names the document.
fn source(source: &str, lang: Lang) -> String {
    match source.rsplit_once(':') {
        Some((file, line)) if file.ends_with(".txt") => {
            words::document_line(line).get(lang).to_string()
        }
        _ => source.to_string(),
    }
}

fn help(param: &Param, lang: Lang) -> Html {
    let hints: Vec<String> = param
        .rules
        .iter()
        .filter_map(|rule| Some(rule.hint()?.get(lang).to_string()))
        .collect();
    let care = match param.privacy {
        Privacy::Public => None,
        Privacy::Personal => Some(words::PERSONAL),
        Privacy::Secret => Some(words::SECRET),
    };
    let help = param.help.get(lang);
    html! {
        <>
            if !help.is_empty() { <p>{ help }</p> }
            if !hints.is_empty() { <p class="hints">{ hints.join(" · ") }</p> }
            if let Some(care) = care { <p>{ care.get(lang) }</p> }
        </>
    }
}

fn control(props: &Props, shape: Shape, id: &str, label_id: &str) -> Html {
    let Props {
        param, path, value, ..
    } = props;
    let invalid = (worst(&props.shown) == Some("error")).then_some("true");
    let described = format!("{id}-said {id}-help");
    let required = param.required.then_some("true");
    let edit = edited(props);
    let counter = counter(props, id);
    match shape {
        Shape::Line | Shape::Number => {
            let mode = (shape == Shape::Number).then_some("numeric");
            html! {
                <div class="entry">
                    <input type="text" class="wire" id={id.to_string()} name={path.clone()} value={value.clone()}
                        inputmode={mode} oninput={edit} autocomplete="off" spellcheck="false"
                        autocapitalize="none" placeholder={example(param)}
                        aria-required={required} aria-invalid={invalid} aria-describedby={described} />
                    { counter }
                </div>
            }
        }
        Shape::Area => html! {
            <div class="entry">
                <textarea class="wire" id={id.to_string()} name={path.clone()} value={value.clone()} oninput={edit}
                    rows="3" autocomplete="off" placeholder={example(param)}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described} />
                { counter }
            </div>
        },
        Shape::Masked => html! { <Masked
        id={id.to_string()} name={path.clone()} value={value.clone()} {edit}
        {required} {invalid} {described} lang={props.lang} label={param.label} /> },
        Shape::Token => {
            let fresh = {
                let (form, path) = (props.form.clone(), path.to_string());
                Callback::from(move |_: MouseEvent| {
                    form.dispatch(Act::Edit(path.clone(), dom::uuid()));
                })
            };
            html! {
                <div class="entry">
                    <input type="text" class="wire" id={id.to_string()} name={path.clone()} value={value.clone()}
                        oninput={edit} autocomplete="off" spellcheck="false"
                        aria-required={required} aria-invalid={invalid} aria-describedby={described} />
                    <button type="button" class="quiet" onclick={fresh}>
                        { words::NEW_TOKEN.get(props.lang) }
                    </button>
                </div>
            }
        }
        Shape::Switch => {
            let on = &**value == "true";
            let toggle = {
                let (form, path) = (props.form.clone(), path.to_string());
                Callback::from(move |_: Event| {
                    form.dispatch(Act::Choose(path.clone(), (!on).to_string()));
                })
            };
            html! {
                <div class="switch">
                    <input type="checkbox" role="switch" id={id.to_string()} name={path.clone()} checked={on}
                        onchange={toggle} aria-invalid={invalid} aria-describedby={described} />
                    <span class="wire" aria-hidden="true">
                        { if on { words::ON } else { words::OFF }.get(props.lang) }
                    </span>
                </div>
            }
        }
        Shape::Suggest => suggest(props, id, edit, &described),
        Shape::Select => {
            let (form, to) = (props.form.clone(), path.to_string());
            let pick = Callback::from(move |value| form.dispatch(Act::Choose(to.clone(), value)));
            html! { <Select param={*param} id={id.to_string()} name={path.clone()} value={value.clone()}
            {pick} {invalid} {described} lang={props.lang} /> }
        }
        Shape::Radio => radio(props, id, label_id, &described),
    }
}

fn edited(props: &Props) -> Callback<InputEvent> {
    let (form, path) = (props.form.clone(), props.path.to_string());
    Callback::from(move |event: InputEvent| {
        let target = event.target();
        let input = target.and_then(|t| match t.dyn_into::<HtmlInputElement>() {
            Ok(input) => Some(input.value()),
            Err(t) => t.dyn_into::<HtmlTextAreaElement>().ok().map(|a| a.value()),
        });
        if let Some(text) = input {
            form.dispatch(Act::Edit(path.clone(), text));
        }
    })
}

/// The usable example, as a placeholder. Tokens and accounts have values of their own.
fn example(param: &Param) -> Option<&'static str> {
    match param.example {
        tieline_catalog::Example::None => None,
        tieline_catalog::Example::Usable(text) | tieline_catalog::Example::Masked(text) => {
            Some(text).filter(|_| param.control != Control::Token)
        }
    }
}

/// How many characters there are, once there are any. Characters are Unicode scalar values.
fn counter(props: &Props, id: &str) -> Html {
    let Some(max) = props.param.max_length() else {
        return Html::default();
    };
    let count = props.value.chars().count();
    if count == 0 {
        return Html::default();
    }
    html! {
        <span class="counter" id={format!("{id}-count")} data-over={(count > max).to_string()}
            title={words::characters_said(count, max).get(props.lang).to_string()}>
            { words::characters(count, max) }
        </span>
    }
}

fn suggest(props: &Props, id: &str, edit: Callback<InputEvent>, described: &str) -> Html {
    let Props {
        param, path, value, ..
    } = props;
    let (choices, _) = param.choices().unwrap_or((&[], true));
    let list = format!("{id}-list");
    let meant = choices.iter().find(|c| c.value == &**value);
    let invalid = (worst(&props.shown) == Some("error")).then_some("true");
    html! {
        <div class="entry">
            <input type="text" class="wire" id={id.to_string()} name={path.clone()} value={value.clone()}
                oninput={edit} list={list.clone()} autocomplete="off" spellcheck="false"
                autocapitalize="none" placeholder={example(param)}
                aria-required={param.required.then_some("true")} aria-invalid={invalid}
                aria-describedby={described.to_string()} />
            if let Some(choice) = meant {
                <span class="meaning">{ choice.label.get(props.lang) }</span>
            }
            <datalist id={list}>
                { for choices.iter().map(|c| html! {
                    <option value={c.value} label={c.label.get(props.lang)} />
                }) }
            </datalist>
        </div>
    }
}

/// A drop-down list. Its value is set after drawing, because an option's attribute `selected` has
/// no effect once the user has chosen.
#[component]
fn Select(props: &SelectProps) -> Html {
    let (lang, value, param) = (props.lang, &props.value, props.param.0);
    let (choices, _) = param.choices().unwrap_or((&[], false));
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((value.clone(), lang), move |(value, _)| {
            if let Some(select) = node.cast::<HtmlSelectElement>() {
                select.set_value(value);
            }
        });
    }
    let pick = props.pick.reform(|event: Event| {
        let select = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        select.map(|s| s.value()).unwrap_or_default()
    });
    let none = if param.required {
        words::CHOOSE
    } else {
        words::NOT_SENT
    };
    // What a draft or a record holds stays visible even where the list does not know it.
    let stray = !value.is_empty() && !choices.iter().any(|c| c.value == &**value);
    html! {
        <div class="entry">
            <select ref={node} id={props.id.clone()} name={props.name.clone()} onchange={pick}
                aria-required={param.required.then_some("true")} aria-invalid={props.invalid}
                aria-describedby={props.described.clone()}>
                <option value="">{ none.get(lang) }</option>
                if stray { <option value={value.clone()}>{ value.clone() }</option> }
                { for choices.iter().map(|c| html! {
                    <option value={c.value}>{ choice_text(c, lang) }</option>
                }) }
            </select>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SelectProps {
    param: Table<Param>,
    id: String,
    name: AttrValue,
    value: AttrValue,
    pick: Callback<String>,
    invalid: Option<&'static str>,
    described: String,
    lang: Lang,
}

fn choice_text(choice: &tieline_catalog::Choice, lang: Lang) -> String {
    let label = choice.label.get(lang);
    match label.is_empty() || label == choice.value {
        true => choice.value.to_string(),
        false => format!("{} — {label}", choice.value),
    }
}

fn radio(props: &Props, id: &str, label_id: &str, described: &str) -> Html {
    let Props {
        param, path, value, ..
    } = props;
    let (choices, _) = param.choices().unwrap_or((&[], false));
    let lang = props.lang;
    let pick = |to: &'static str| {
        let (form, path) = (props.form.clone(), path.to_string());
        Callback::from(move |_: Event| form.dispatch(Act::Choose(path.clone(), to.to_string())))
    };
    let none = (!param.required).then(|| {
        let default = param
            .default
            .map(|d| words::applies(d).get(lang).to_string());
        (
            "",
            words::NOT_SENT.get(lang).to_string(),
            default.unwrap_or_default(),
            false,
        )
    });
    let some = choices.iter().map(|c| {
        let label = c.label.get(lang);
        let label = if label == c.value { "" } else { label };
        (c.value, c.value.to_string(), label.to_string(), true)
    });
    let options = none.into_iter().chain(some).enumerate();
    html! {
        <div class="choices" role="radiogroup" aria-labelledby={label_id.to_string()}
            aria-required={param.required.then_some("true")}
            aria-invalid={(worst(&props.shown) == Some("error")).then_some("true")}
            aria-describedby={described.to_string()}>
            { for options.map(|(i, (of, text, label, wire))| {
                // The first is where a link to the field leads.
                let this = if i == 0 { id.to_string() } else { format!("{id}-{i}") };
                html! {
                    <label class="choice" for={this.clone()}>
                        <input type="radio" id={this} name={path.clone()} value={of}
                            checked={of == &**value} onchange={pick(of)} />
                        <span class="choice-text">
                            { match wire {
                                true => html! { <span class="wire">{ text }</span> },
                                false => html! { <span>{ text }</span> },
                            } }
                            if !label.is_empty() { <span class="choice-label">{ label }</span> }
                        </span>
                    </label>
                }
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MaskedProps {
    id: String,
    name: AttrValue,
    value: AttrValue,
    edit: Callback<InputEvent>,
    required: Option<&'static str>,
    invalid: Option<&'static str>,
    described: String,
    lang: Lang,
    label: Text,
}

/// An input that hides what it holds until it is asked to show it.
#[component]
fn Masked(props: &MaskedProps) -> Html {
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let word = if *open { words::HIDE } else { words::SHOW }.get(props.lang);
    html! {
        <div class="entry">
            <input type={if *open { "text" } else { "password" }} class="wire" id={props.id.clone()}
                name={props.name.clone()} value={props.value.clone()} oninput={&props.edit}
                autocomplete="off" spellcheck="false" autocapitalize="none"
                aria-required={props.required} aria-invalid={props.invalid}
                aria-describedby={props.described.clone()} />
            <button type="button" class="quiet" onclick={toggle}
                aria-controls={props.id.clone()}
                aria-label={format!("{word}: {}", props.label.get(props.lang))}>
                { word }
            </button>
        </div>
    }
}
