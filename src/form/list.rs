//! A list of a form: its items with add and remove, up to the API's limit.

use tieline_catalog::{Kind, Lang, Param, Violation};
use yew::prelude::*;

use super::control::{control_id, Table};
use super::field::{said, wire_name, worst, Field};
use super::field_paths::items;
use super::state::{Act, Form};
use crate::platform::lazy;
use crate::platform::mount::Mount;
use crate::ui::messages;

/// A list's properties.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The list's parameter.
    pub param: Table<Param>,
    /// Its wire path.
    pub path: AttrValue,
    /// The text of every field in it, item by item.
    pub values: Vec<Vec<AttrValue>>,
    /// What is wrong with every field in it.
    pub fields_shown: Vec<Vec<Vec<Violation>>>,
    /// What is wrong with the list as a whole.
    pub shown: Vec<Violation>,
    /// The language.
    pub lang: Lang,
    /// Where its events go.
    pub form: UseReducerDispatcher<Form>,
    /// Where the form is shown.
    pub mount: Mount,
    /// The user may not change it.
    pub locked: bool,
}

/// The fields of one item: what follows the item's path, and the parameter.
fn members(item: &'static Param) -> Vec<(String, &'static Param)> {
    match item.kind {
        Kind::Object(members) => members
            .iter()
            .map(|m| (format!(".{}", m.name), m))
            .collect(),
        _ => vec![(String::new(), item)],
    }
}

/// Reads a list's properties out of the form.
pub fn props(
    form: &Form,
    param: &'static Param,
    item: &'static Param,
    path: &str,
    lang: Lang,
    dispatcher: UseReducerDispatcher<Form>,
    mount: &Mount,
) -> Props {
    let mut values = Vec::new();
    let mut fields_shown = Vec::new();
    for number in 1..=items(&form.raw, path) {
        let paths = members(item)
            .into_iter()
            .map(|(rest, _)| format!("{path}.{number}{rest}"));
        let (texts, shown) = paths
            .map(|p| {
                let text = form.raw.get(&p).unwrap_or_default().to_string();
                (AttrValue::from(text), form.shown(&p))
            })
            .unzip();
        values.push(texts);
        fields_shown.push(shown);
    }
    Props {
        param: Table(param),
        path: AttrValue::from(path.to_string()),
        values,
        fields_shown,
        shown: form.shown(path),
        lang,
        form: dispatcher,
        mount: mount.clone(),
        locked: form.locks(path),
    }
}

/// A list.
#[component]
pub fn List(props: &Props) -> Html {
    let Props {
        param, path, lang, ..
    } = props;
    let lang = *lang;
    let Kind::List { item, max, .. } = param.kind else {
        return Html::default();
    };
    let id = control_id(path);
    let count = props.values.len();
    let full = count >= max;
    let label = param.label.get(lang);
    let first = members(item).first().map(|(rest, _)| rest.clone());
    let first = first.unwrap_or_default();

    let add = {
        let (form, path, first) = (props.form.clone(), path.clone(), first.clone());
        let mount = props.mount.clone();
        Callback::from(move |_: MouseEvent| {
            if !full {
                form.dispatch(Act::Add(path.to_string()));
                mount.focus_soon(control_id(&format!("{path}.{}{first}", count + 1)));
            }
        })
    };
    let remove = |number: usize| {
        let (form, path, first) = (props.form.clone(), path.clone(), first.clone());
        let mount = props.mount.clone();
        Callback::from(move |_: MouseEvent| {
            form.dispatch(Act::Remove(format!("{path}.{number}")));
            // The focus goes to what has moved here, or to the button that adds.
            let next = number.min(count - 1);
            mount.focus_soon(match next {
                0 => format!("{}-add", control_id(&path)),
                _ => control_id(&format!("{path}.{next}{first}")),
            });
        })
    };
    html! {
        <div class="field list" role="group" id={id.clone()} tabindex="-1" data-state={worst(&props.shown)}
            aria-labelledby={format!("{id}-label")} aria-describedby={format!("{id}-said {id}-help")}>
            <div class="field-name">
                <span class="label" id={format!("{id}-label")}>{ label }</span>
                { wire_name(html! { param.name }, param.required, lang) }
            </div>
            <div class="field-body">
                <div class="field-help" id={format!("{id}-help")}>
                    if !param.help.get(lang).is_empty() { <p>{ param.help.get(lang) }</p> }
                </div>
                // A list of its own: beside what has no key, Yew would begin each item anew when one comes or goes.
                <>{ for (1..=count).map(|number| html! {
                    <div class="item" role="group" key={number} aria-label={format!("{label} {number}")}>
                        <span class="item-number" aria-hidden="true">{ number }</span>
                        { for members(item).into_iter().enumerate().map(|(i, (rest, member))| html! {
                            <Field key={rest.clone()} param={Table(member)}
                                path={format!("{path}.{number}{rest}")}
                                value={props.values[number - 1][i].clone()}
                                shown={props.fields_shown[number - 1][i].clone()}
                                {lang} locked={props.locked} ready={lazy::ready()} form={props.form.clone()} />
                        }) }
                        if !props.locked {
                            <button type="button" class="quiet remove" onclick={remove(number)}
                                aria-label={messages::about(messages::REMOVE.get(lang), &format!("{label} {number}"), lang)}>
                                { messages::REMOVE.get(lang) }
                            </button>
                        }
                    </div>
                }) }</>
                { said(&props.shown, &id, lang) }
                <div class="list-foot">
                    if !props.locked {
                        <button type="button" class="quiet" id={format!("{id}-add")} onclick={add}
                            aria-label={messages::about(messages::ADD.get(lang), label, lang)}
                            aria-disabled={full.then_some("true")} aria-describedby={format!("{id}-count")}>
                            { messages::ADD.get(lang) }
                        </button>
                    }
                    <span class="counter" id={format!("{id}-count")} aria-live="polite">
                        { messages::items(count, max).get(lang).to_string() }
                        if full { { " " }{ messages::list_full(max).get(lang).to_string() } }
                    </span>
                </div>
            </div>
        </div>
    }
}
