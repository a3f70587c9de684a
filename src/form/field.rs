//! One field of a form: its name, its control, what is said about it, and its help.

use tieline_catalog::{Control, Example, Lang, Param, Privacy, Severity, Violation};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::chunks;
use super::control::{control_id, control_kind, ControlKind};
pub use super::field_props::{worst, Props};
use super::state::Act;
use crate::platform::dom;
use crate::ui::elements::{button, element, row, text};
use crate::ui::messages;
use crate::ui::rich_text::breakable;

/// A field.
pub struct Field {
    row: NodeRef,
    select: NodeRef,
    /// Hidden text is shown.
    open: bool,
    /// The focus is in it.
    focused: bool,
}

/// An action on a field.
pub enum Msg {
    /// Hidden text is shown, or hidden again.
    Toggle,
    /// The focus has come or gone.
    Focus(bool),
}

impl Component for Field {
    type Message = Msg;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Field {
            row: NodeRef::default(),
            select: NodeRef::default(),
            open: false,
            focused: false,
        }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Toggle => self.open = !self.open,
            Msg::Focus(on) => self.focused = on,
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        // An option's attribute `selected` has no effect once the user has chosen.
        if let Some(select) = self.select.cast::<HtmlSelectElement>() {
            select.set_value(&ctx.props().value);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let Props {
            param, path, lang, ..
        } = props;
        let lang = *lang;
        let id = control_id(path);
        let control_kind = control_kind(param);
        let label_id = format!("{id}-label");

        let onfocusin = {
            let (form, path, link) = (props.form.clone(), path.clone(), ctx.link().clone());
            Callback::from(move |_: FocusEvent| {
                form.dispatch(Act::Enter(path.to_string()));
                link.send_message(Msg::Focus(true));
            })
        };
        let onfocusout = {
            let (form, path, row) = (props.form.clone(), path.clone(), self.row.clone());
            let link = ctx.link().clone();
            Callback::from(move |event: FocusEvent| {
                let to = event.related_target().and_then(|t| t.dyn_into().ok());
                let inside = row
                    .cast::<web_sys::Node>()
                    .is_some_and(|row| to.is_some() && row.contains(to.as_ref()));
                if !inside {
                    let (form, path, link) = (form.clone(), path.to_string(), link.clone());
                    dom::after_press(move || {
                        form.dispatch(Act::Leave(path));
                        link.send_message(Msg::Focus(false));
                    });
                }
            })
        };
        let label = param.label.get(lang);
        let name = match control_kind {
            ControlKind::Radio => {
                html! { <span class="label" id={label_id.clone()}>{ label }</span> }
            }
            _ => html! { <label class="label" part="label" for={id.clone()}>{ label }</label> },
        };
        let control = match control_kind {
            ControlKind::Switch => switch(props, &id),
            ControlKind::Select => self.select(props, &id),
            ControlKind::Radio => radio(props, &id, &label_id),
            ControlKind::Area => area(props, &id),
            _ => self.line(ctx, control_kind, &id),
        };
        html! {
            <div class="field" part="field" ref={&self.row} data-state={worst(&props.shown)} {onfocusin} {onfocusout}>
                { element("div", "field-name", row([name, wire_name(breakable(path), param.must_be_filled(), lang)])) }
                <div class="field-body" part="field-body">
                    { control }
                    { said(&props.shown, &id, lang) }
                    <div class="field-help" id={format!("{id}-help")}>{ help(props, self.focused || !props.shown.is_empty()) }</div>
                </div>
            </div>
        }
    }
}

/// A parameter's wire name, and whether it is required.
pub fn wire_name(name: Html, required: bool, lang: Lang) -> Html {
    let need = if required {
        messages::REQUIRED
    } else {
        messages::OPTIONAL
    };
    let required = if required { "true" } else { "false" };
    let need = html! { <span class="need" data-need={required}>{ need.get(lang) }</span> };
    element("span", "field-wire", row([element("code", "", name), need]))
}

/// The violations of a field, in a live region that is always there.
pub fn said(shown: &[Violation], id: &str, lang: Lang) -> Html {
    html! {
        <div class="said" id={format!("{id}-said")} aria-live="polite">
            { for shown.iter().map(|v| {
                let (kind, mark) = match v.severity {
                    Severity::Error => ("error", messages::ERROR_MARK),
                    Severity::Warning => ("warning", messages::CHECK_MARK),
                };
                html! {
                    <p data-kind={kind}>
                        <b>{ mark.get(lang) }</b>{ messages::GAP.get(lang) }{ v.message.get(lang) }
                        { " " }<cite>{ v.source.get(lang) }</cite>
                    </p>
                }
            }) }
        </div>
    }
}

/// What a field is for, and its rules: those are seen while somebody is at it, or something is wrong.
fn help(props: &Props, ruled: bool) -> Html {
    let (param, lang) = (&props.param, props.lang);
    let care = match param.privacy {
        Privacy::Public => None,
        Privacy::Personal => Some(messages::PERSONAL),
        Privacy::Secret => Some(messages::SECRET),
    };
    let help = param.help.get(lang);
    let mut parts = Vec::new();
    if !help.is_empty() {
        parts.push(text("p", "", help));
    }
    if let Some(ready) = props.ready {
        parts.push(chunks::rules(ready, (*param, ruled, lang)));
    }
    let locked = props.locked.then_some(messages::LOCKED);
    let notes = [care, locked].into_iter().flatten();
    parts.extend(notes.map(|note| text("p", "", note.get(lang))));
    Html::from_iter(parts)
}

impl Field {
    /// One line of text, with what helps to write it.
    fn line(&self, ctx: &Context<Self>, control_kind: ControlKind, id: &str) -> Html {
        let props = ctx.props();
        let lang = props.lang;
        let list = (control_kind == ControlKind::Suggest).then(|| format!("{id}-list"));
        let beside = match control_kind {
            ControlKind::Masked => {
                let word = if self.open {
                    messages::HIDE
                } else {
                    messages::SHOW
                }
                .get(lang);
                html! {
                    <button type="button" class="quiet" onclick={ctx.link().callback(|_| Msg::Toggle)}
                        aria-controls={id.to_string()}
                        aria-label={messages::about(word, props.param.label.get(lang), lang)}>
                        { word }
                    </button>
                }
            }
            ControlKind::Token => {
                let (form, path) = (props.form.clone(), props.path.to_string());
                let fresh = Callback::from(move |_: MouseEvent| {
                    form.dispatch(Act::Edit(path.clone(), dom::uuid()));
                });
                match props.locked {
                    true => Html::default(),
                    false => button("quiet", messages::NEW_TOKEN.get(lang), fresh),
                }
            }
            ControlKind::Suggest => match props.ready {
                Some(ready) => chunks::suggestions(ready, props.clone()),
                None => suggestions(props, id),
            },
            _ => counter(props, id),
        };
        html! {
            <div class="entry">
                <input type={if control_kind == ControlKind::Masked && !self.open { "password" } else { "text" }}
                    class="wire" part="control" id={id.to_string()} name={&props.path} value={&props.value}
                    inputmode={(control_kind == ControlKind::Number).then_some("numeric")} oninput={edited(props)} {list}
                    autocomplete="off" spellcheck="false" autocapitalize="none"
                    placeholder={example(&props.param)} readonly={props.locked} aria-required={props.required()}
                    aria-invalid={props.invalid()} aria-describedby={props.described(id)} />
                { beside }
            </div>
        }
    }

    /// A drop-down list. Its value is set after drawing.
    fn select(&self, props: &Props, id: &str) -> Html {
        let (lang, value, param) = (props.lang, &props.value, &props.param);
        let (choices, _) = param.choices().unwrap_or((&[], false));
        let pick = {
            let props = props.clone();
            Callback::from(move |event: Event| {
                let target = event.target();
                let select = target.and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
                props.choose(select.map(|s| s.value()).unwrap_or_default());
            })
        };
        let none = match param.required {
            true => messages::CHOOSE.message(),
            false => messages::not_sent(param.default),
        };
        // What a draft or a record holds stays visible even where the list does not know it.
        let stray = !value.is_empty() && !choices.iter().any(|c| c.value == &**value);
        html! {
            <div class="entry">
                <select ref={&self.select} part="control" id={id.to_string()} name={&props.path} onchange={pick}
                    disabled={props.locked} aria-required={props.required()} aria-invalid={props.invalid()}
                    aria-describedby={props.described(id)}>
                    <option value="">{ none.get(lang).to_string() }</option>
                    if stray { <option {value}>{ value }</option> }
                    { for choices.iter().map(|c| html! {
                        <option value={c.value}>{ choice_text(c, lang) }</option>
                    }) }
                </select>
            </div>
        }
    }
}

fn area(props: &Props, id: &str) -> Html {
    html! {
        <div class="entry">
            <textarea class="wire" part="control" id={id.to_string()} name={&props.path} value={&props.value}
                oninput={edited(props)} rows="3" autocomplete="off" placeholder={example(&props.param)}
                readonly={props.locked} aria-required={props.required()} aria-invalid={props.invalid()}
                aria-describedby={props.described(id)} />
            { counter(props, id) }
        </div>
    }
}

fn switch(props: &Props, id: &str) -> Html {
    let on = props.value == "true";
    let toggle = {
        let props = props.clone();
        Callback::from(move |_: Event| props.choose((!on).to_string()))
    };
    html! {
        <div class="switch">
            <input type="checkbox" role="switch" id={id.to_string()} name={&props.path} checked={on}
                disabled={props.locked} onchange={toggle} aria-invalid={props.invalid()} aria-describedby={props.described(id)} />
            <span class="wire" aria-hidden="true">
                { if on { messages::ON } else { messages::OFF }.get(props.lang) }
            </span>
        </div>
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

/// The usable example, as a placeholder. Tokens have values of their own, and what is hidden has none.
fn example(param: &Param) -> Option<&'static str> {
    let shown = param.control != Control::Token && param.privacy == Privacy::Public;
    match param.example {
        Example::Usable(text) | Example::Masked(text) if shown => Some(text),
        _ => None,
    }
}

/// The number of characters, once there are any. Characters are Unicode scalar values.
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
            title={messages::characters_said(count, max).get(props.lang).to_string()}>
            { messages::characters(count, max) }
        </span>
    }
}

/// What the value means, and the values to choose from, until there is more.
fn suggestions(props: &Props, id: &str) -> Html {
    let (choices, _) = props.param.choices().unwrap_or((&[], true));
    let meant = choices.iter().find(|c| c.value == &*props.value);
    html! {
        <>
            if let Some(choice) = meant {
                <span class="meaning">{ choice.label.get(props.lang) }</span>
            }
            <datalist id={format!("{id}-list")}>
                { for choices.iter().map(|c| html! {
                    <option value={c.value} label={c.label.get(props.lang)} />
                }) }
            </datalist>
        </>
    }
}

fn choice_text(choice: &tieline_catalog::Choice, lang: Lang) -> String {
    let label = choice.label.get(lang);
    match label.is_empty() || label == choice.value {
        true => choice.value.to_string(),
        false => format!("{} — {label}", choice.value),
    }
}

fn radio(props: &Props, id: &str, label_id: &str) -> Html {
    let (param, lang) = (&props.param, props.lang);
    let (choices, _) = param.choices().unwrap_or((&[], false));
    let option = |number: usize, of: &'static str, text: Html, label: &str| {
        // The first is where a link to the field leads.
        let this = match number {
            0 => id.to_string(),
            _ => format!("{id}-{number}"),
        };
        let pick = {
            let props = props.clone();
            Callback::from(move |_: Event| props.choose(of.to_string()))
        };
        html! {
            <label class="choice" for={this.clone()}>
                <input type="radio" id={this} name={&props.path} value={of}
                    checked={props.value == of} disabled={props.locked} onchange={pick} />
                <span class="choice-text">
                    { text }
                    if !label.is_empty() { <span class="choice-label">{ label.to_string() }</span> }
                </span>
            </label>
        }
    };
    let mut options = Vec::new();
    if !param.required {
        let text = messages::not_sent(param.default);
        let text = html! { <span>{ text.get(lang).to_string() }</span> };
        options.push(option(0, "", text, ""));
    }
    for choice in choices {
        let label = choice.label.get(lang);
        let label = if label == choice.value { "" } else { label };
        let text = html! { <span class="wire">{ choice.value }</span> };
        options.push(option(options.len(), choice.value, text, label));
    }
    html! {
        <div class="choices" role="radiogroup" aria-labelledby={label_id.to_string()}
            aria-required={props.required()} aria-invalid={props.invalid()}
            aria-describedby={props.described(id)}>
            { options }
        </div>
    }
}
