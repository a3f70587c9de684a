//! The list of values beside a line of text: the ARIA pattern's editable combobox with a listbox. Any other value
//! can be typed.
//!
//! It is loaded lazily and takes over the input that stands before it, which is no other element by that: nothing
//! that is typed or composed in it is disturbed. An input that has the focus is taken over when it is left.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use tieline_catalog::{Lang, Text};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::messages;
use crate::platform::dom;
use model::Model;
pub use model::Offer;

mod model;

/// The properties of [`Combobox`].
#[derive(Properties, Clone, PartialEq)]
pub struct Props {
    /// The id of the input, which stands before this in an element of its own.
    pub id: AttrValue,
    /// What is chosen.
    pub label: Text,
    /// What can be chosen.
    pub offers: Vec<Offer>,
    /// The present value.
    pub value: AttrValue,
    /// Told of what was chosen.
    pub choose: Callback<String>,
    /// The user may not change it.
    pub locked: bool,
    /// The language.
    pub lang: Lang,
}

/// The list beside an input.
pub struct Combobox {
    own: NodeRef,
    model: Rc<RefCell<Model>>,
    /// The input, once it was taken over.
    input: Option<HtmlInputElement>,
    listeners: Vec<EventListener>,
    /// The list was shown when it was drawn last.
    shown: bool,
}

/// An action on it.
pub enum Act {
    /// The input is to be taken over, if it is free.
    Take,
    /// The model is another; this was chosen, if anything was.
    Changed(Option<&'static str>),
    /// The button was pressed.
    Toggle,
    /// This offer of the list was pressed.
    Choose(usize),
}

impl Component for Combobox {
    type Message = Act;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let Props { offers, value, .. } = ctx.props();
        Combobox {
            own: NodeRef::default(),
            model: Rc::new(RefCell::new(Model::new(offers.clone(), value))),
            input: None,
            listeners: Vec::new(),
            shown: false,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let Props { offers, value, .. } = ctx.props();
        if *offers != old.offers {
            self.model.replace(Model::new(offers.clone(), value));
        }
        self.model.borrow_mut().set(value);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Take => return self.take(ctx),
            Act::Changed(chosen) => self.tell(ctx, chosen),
            Act::Toggle => {
                let open = self.model.borrow().open;
                match open {
                    true => self.model.borrow_mut().close(),
                    false => self.model.borrow_mut().show_all(),
                }
                self.focus();
            }
            Act::Choose(at) => {
                let chosen = self.model.borrow_mut().choose(at);
                self.tell(ctx, chosen);
                self.focus();
            }
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first && !ctx.props().locked {
            match self.take(ctx) {
                true => ctx.link().send_message(Act::Changed(None)),
                false => self.wait(ctx),
            }
        }
        let (open, at) = {
            let model = self.model.borrow();
            (model.open, model.at)
        };
        let Some(input) = &self.input else {
            return;
        };
        let id = &ctx.props().id;
        let _ = input.set_attribute("aria-expanded", if open { "true" } else { "false" });
        set(input, "aria-controls", open.then(|| list_id(id)));
        set(
            input,
            "aria-activedescendant",
            at.map(|at| option_id(id, at)),
        );
        let list = self.own.cast::<Element>();
        let list = list.and_then(|own| own.next_element_sibling());
        let Some(list) = list.filter(|_| open) else {
            self.shown = false;
            return;
        };
        // What has just been opened at the edge of the window is seen as a whole.
        if !std::mem::replace(&mut self.shown, true) {
            bring_into_sight(&list);
        }
        if let Ok(Some(marked)) = list.query_selector("[aria-selected=true]") {
            bring_into_sight(&marked);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props {
            id,
            label,
            offers,
            value,
            lang,
            ..
        } = ctx.props();
        let lang = *lang;
        let meant = offers.iter().find(|offer| offer.value == &**value);
        let model = self.model.borrow();
        let count = model.shown().count();
        let toggle = ctx.link().callback(|_: MouseEvent| Act::Toggle);
        // The focus stays in the input.
        let stay = Callback::from(|event: MouseEvent| event.prevent_default());
        html! {
            <>
                // The browser's own list, as long as the input is not taken over.
                if self.input.is_none() {
                    <datalist id={format!("{id}-list")}>
                        { for offers.iter().map(|o| html! { <option value={o.value} label={o.label.get(lang)} /> }) }
                    </datalist>
                } else {
                    <button type="button" class="quiet combobox-button" tabindex="-1" onclick={toggle} onmousedown={&stay}
                        aria-label={messages::about(messages::SHOW_LIST.get(lang), label.get(lang), lang)}
                        aria-expanded={model.open.to_string()} aria-controls={model.open.then(|| list_id(id))}>
                        <span aria-hidden="true">{ "▾" }</span>
                    </button>
                }
                if let Some(offer) = meant {
                    <span class="meaning">{ offer.label.get(lang) }</span>
                }
                // A region that is there before what it announces.
                <span class="unseen" role="status" ref={&self.own}>
                    if model.open { { messages::offers(count).get(lang).to_string() } }
                </span>
                if model.open {
                    <ul class="combobox-list" id={list_id(id)} role="listbox" aria-label={label.get(lang)} onmousedown={&stay}>
                        { for model.shown().enumerate().map(|(nth, offer)| {
                            let onclick = ctx.link().callback(move |_: MouseEvent| Act::Choose(nth));
                            html! {
                                <li id={option_id(id, nth)} role="option" aria-selected={(model.at == Some(nth)).to_string()} {onclick}>
                                    <code>{ offer.value }</code>
                                    <span>{ " " }{ offer.label.get(lang) }</span>
                                    if offer.doubtful {
                                        <span class="combobox-note">{ " " }{ messages::NOT_IN_THE_DOCUMENT.get(lang) }</span>
                                    }
                                </li>
                            }
                        }) }
                    </ul>
                }
            </>
        }
    }
}

impl Combobox {
    /// Moves the focus into the input.
    fn focus(&self) {
        if let Some(input) = &self.input {
            let _ = input.focus();
        }
    }

    /// Tells of what was chosen, if anything was.
    fn tell(&self, ctx: &Context<Self>, chosen: Option<&'static str>) {
        if let (Some(chosen), Some(input)) = (chosen, &self.input) {
            // Also where the choice is the one before, and nobody draws it anew.
            input.set_value(chosen);
            ctx.props().choose.emit(chosen.to_string());
        }
    }

    /// The input before this.
    fn found(&self) -> Option<HtmlInputElement> {
        let around = self.own.cast::<Element>()?.parent_element()?;
        around.query_selector("input").ok()??.dyn_into().ok()
    }

    /// Takes the input over, unless somebody is in it. Whether it was.
    fn take(&mut self, ctx: &Context<Self>) -> bool {
        let free = |input: &HtmlInputElement| !input.matches(":focus").unwrap_or(false);
        let Some(input) = self.found().filter(free) else {
            return false;
        };
        // Without its list the browser shows none of its own.
        for (name, value) in [("role", "combobox"), ("aria-autocomplete", "list")] {
            let _ = input.set_attribute(name, value);
        }
        let _ = input.remove_attribute("list");
        self.listeners = listeners(&input, &self.model, &ctx.link().callback(Act::Changed));
        self.input = Some(input);
        true
    }

    /// Waits until the input is left.
    fn wait(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        self.listeners = self
            .found()
            .map(|input| {
                // Right after the event the input has the focus no more.
                EventListener::new(&input, "blur", move |_| link.send_message(Act::Take))
            })
            .into_iter()
            .collect();
    }
}

/// What is listened to in the input. The model knows at once, so that a key that comes before anything was drawn
/// finds it as it is.
fn listeners(
    input: &HtmlInputElement,
    model: &Rc<RefCell<Model>>,
    changed: &Callback<Option<&'static str>>,
) -> Vec<EventListener> {
    let on = |name: &'static str, act: fn(&mut Model, &HtmlInputElement, &web_sys::Event)| {
        let (model, changed, own) = (model.clone(), changed.clone(), input.clone());
        EventListener::new(input, name, move |event| {
            act(&mut model.borrow_mut(), &own, event);
            changed.emit(None);
        })
    };
    let pressed = {
        let (model, changed) = (model.clone(), changed.clone());
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(input, "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let held = event.ctrl_key() || event.meta_key() || event.shift_key();
            if dom::composes(event) || held && event.key() != "Tab" {
                return;
            }
            let pressed = model.borrow_mut().press(&event.key(), event.alt_key());
            if pressed.taken {
                event.prevent_default();
                event.stop_propagation();
            }
            changed.emit(pressed.chosen);
        })
    };
    vec![
        pressed,
        on("input", |model, input, event| match composed(event) {
            true => model.close(),
            false => model.typed(&input.value()),
        }),
        on("compositionend", |model, input, _| {
            model.typed(&input.value())
        }),
        on("click", |model, _, _| {
            if !model.open {
                model.show_all();
            }
        }),
        on("blur", |model, _, _| model.close()),
    ]
}

/// Scrolls no further than is needed to see it.
fn bring_into_sight(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether an input method composes what was typed.
fn composed(event: &web_sys::Event) -> bool {
    let event = event.dyn_ref::<web_sys::InputEvent>();
    event.is_some_and(web_sys::InputEvent::is_composing)
}

fn set(input: &HtmlInputElement, name: &str, value: Option<String>) {
    let _ = match value {
        Some(value) => input.set_attribute(name, &value),
        None => input.remove_attribute(name),
    };
}

fn list_id(id: &str) -> String {
    format!("{id}-offers")
}

fn option_id(id: &str, nth: usize) -> String {
    format!("{id}-offer-{nth}")
}
