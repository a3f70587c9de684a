//! What this is, in a minute: shown at the first visit, in the page's flow above what can be created, and never
//! again unless it is asked for.

use std::cell::Cell;

use gloo_events::EventListener;
use tieline_catalog::{Lang, Text};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::messages as texts;
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::elements::{button, text};

/// The name under which it is kept that it was shown.
const SHOWN: &str = "tieline.tour.shown";
/// The event that says that it is asked for.
const ASKED: &str = "tieline-tour";
/// The attribute of what a step is about.
const TOURED: &str = "data-toured";
/// The id of the button that leads on.
const NEXT: &str = "tour-next";

thread_local! {
    /// It is asked for, and not shown yet.
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

/// Each step: what it says, and what it is about.
const STEPS: [(Text, &str); 5] = [
    (texts::TOUR_WHAT, ""),
    (texts::TOUR_CHOOSE, ".nav"),
    (texts::TOUR_REAL, ".top .state"),
    (texts::TOUR_RECORD, ".nav a[href='#/history']"),
    (texts::TOUR_KEYS, ".palette-button"),
];

/// Shows it, on the first page, and leads the focus there.
pub fn ask_for_tour(mount: &Mount) {
    WANTED.set(true);
    mount.go_to(&Route::Home.hash(), NEXT.to_string());
    let event = web_sys::Event::new(ASKED);
    if let (Some(window), Ok(event)) = (web_sys::window(), event) {
        let _ = window.dispatch_event(&event);
    }
}

/// The properties of [`Tour`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
}

/// The tour.
pub struct Tour {
    /// The step in sight; none once it was left.
    at: Option<usize>,
    _listeners: Vec<EventListener>,
}

/// An action on the tour.
pub enum Act {
    /// Another step: so many on.
    Move(isize),
    /// It is left.
    Leave,
    /// Somebody may have asked for it.
    Asked,
}

impl Component for Tour {
    type Message = Act;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        // Where nothing can be stored it would come each time.
        let first = || dom::stored(SHOWN).is_none() && dom::store(SHOWN, Some("yes"));
        let shown = WANTED.take() || first();
        let link = ctx.link().clone();
        let window = web_sys::window();
        let listeners = window.map(|window| {
            let leave = link.callback(|()| Act::Leave);
            let escape = EventListener::new(&window, "keydown", move |event| {
                if event.dyn_ref::<KeyboardEvent>().is_some_and(leaves) {
                    leave.emit(());
                }
            });
            let asked = EventListener::new(&window, ASKED, move |_| link.send_message(Act::Asked));
            vec![escape, asked]
        });
        Tour {
            at: shown.then_some(0),
            _listeners: listeners.unwrap_or_default(),
        }
    }

    fn update(&mut self, _: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Move(by) => {
                let to = self.at.and_then(|at| at.checked_add_signed(by));
                self.at = to.filter(|to| *to < STEPS.len());
            }
            Act::Leave if self.at.is_none() => return false,
            Act::Leave => self.at = None,
            Act::Asked if WANTED.take() => self.at = Some(0),
            Act::Asked => return false,
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        point_at(self.at.map_or("", |at| STEPS[at].1));
    }

    fn destroy(&mut self, _: &Context<Self>) {
        point_at("");
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        let Some(at) = self.at else {
            return Html::default();
        };
        let last = at + 1 == STEPS.len();
        let on = |act: fn() -> Act| ctx.link().callback(move |_: MouseEvent| act());
        let word = if last {
            texts::TOUR_DONE
        } else {
            texts::TOUR_NEXT
        };
        html! {
            <div class="banner tour" data-kind="tour">
                <p><b>{ texts::tour_step(at + 1, STEPS.len()).get(lang).to_string() }</b>{ " " }{ STEPS[at].0.get(lang) }</p>
                if at > 0 {
                    { button("quiet", texts::TOUR_BACK.get(lang), on(|| Act::Move(-1))) }
                }
                <button type="button" class="primary" id={NEXT} onclick={on(|| Act::Move(1))}>{ word.get(lang) }</button>
                if !last {
                    { button("quiet", texts::TOUR_SKIP.get(lang), on(|| Act::Leave)) }
                }
                { text("span", "tour-note", texts::TOUR_ESCAPE.get(lang)) }
            </div>
        }
    }
}

/// Whether a key press leaves the tour: Escape, unless something else wants it.
fn leaves(event: &KeyboardEvent) -> bool {
    let covered = found("dialog:modal").is_some();
    event.key() == "Escape" && !event.default_prevented() && !dom::composes(event) && !covered
}

fn found(selector: &str) -> Option<Element> {
    let document = web_sys::window()?.document()?;
    document.query_selector(selector).ok()?
}

/// Marks what a step is about, and nothing else.
fn point_at(selector: &str) {
    if let Some(before) = found(&format!("[{TOURED}]")) {
        let _ = before.remove_attribute(TOURED);
    }
    if let Some(about) = (!selector.is_empty()).then(|| found(selector)).flatten() {
        let _ = about.set_attribute(TOURED, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_in_less_than_a_minute() {
        let words: usize = STEPS
            .iter()
            .map(|(text, _)| text.en.split(' ').count())
            .sum();
        let characters: usize = STEPS.iter().map(|(text, _)| text.zh.chars().count()).sum();
        // Slow readers read 150 words, or 250 characters, in a minute.
        assert!(words <= 150, "{words} words");
        assert!(characters <= 250, "{characters} characters");
    }
}
