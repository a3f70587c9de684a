//! Paste to fill: text from elsewhere, recognised by itself, folded until it is asked for.

use std::rc::Rc;

use js_sys::Reflect;
use tieline_catalog::Lang;
use tieline_paste::{read, Reading};
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

use super::fill::{report, said, Filler};
use super::messages as texts;
use crate::ui::elements::{button, text};
use crate::ui::fold::fold;

/// The properties of [`PastePane`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The form.
    pub filler: Filler,
    /// The language.
    pub lang: Lang,
}

/// Paste to fill.
pub struct PastePane {
    open: bool,
    text: String,
    reading: Option<Rc<Reading>>,
    /// What was done with it.
    done: Option<Done>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Filled,
    Undone,
}

/// An action on a [`PastePane`].
pub enum Act {
    /// It was unfolded, or folded.
    Unfold(bool),
    /// The text is this now, at one stroke or not.
    Type(String, bool),
    /// What was read is wanted in the form.
    Fill,
    /// It is not wanted any more.
    Undo,
}

impl Component for PastePane {
    type Message = Act;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        PastePane {
            open: false,
            text: String::new(),
            reading: None,
            done: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        let filler = &ctx.props().filler;
        match act {
            Act::Unfold(open) => self.open = open,
            Act::Type(text, pasted) => {
                let reading =
                    (!text.trim().is_empty()).then(|| Rc::new(read(filler.operation(), &text)));
                (self.text, self.reading, self.done) = (text, reading, None);
                if pasted {
                    self.fill(filler);
                }
            }
            Act::Fill => self.fill(filler),
            Act::Undo => {
                filler.undo();
                self.done = Some(Done::Undone);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        let toggled = ctx.link().callback(Act::Unfold);
        let inside = || self.unfolded(ctx);
        fold("fill", texts::PASTE.get(lang), self.open, toggled, inside)
    }
}

impl PastePane {
    fn fill(&mut self, filler: &Filler) {
        let reading = self
            .reading
            .as_ref()
            .filter(|reading| fits(filler, reading));
        if let Some(reading) = reading {
            filler.fill(&reading.raw);
            self.done = Some(Done::Filled);
        }
    }

    fn unfolded(&self, ctx: &Context<Self>) -> Html {
        let Props { filler, lang } = ctx.props();
        let (op, lang) = (filler.operation(), *lang);
        let oninput = ctx.link().callback(|event: InputEvent| {
            let kind = Reflect::get(&event, &"inputType".into()).ok();
            let pasted = kind.and_then(|kind| kind.as_string()) == Some("insertFromPaste".into());
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            Act::Type(area.value(), pasted)
        });
        let status = match (&self.reading, self.done) {
            (Some(reading), None) => said(op, reading).get(lang).to_string(),
            (Some(reading), Some(Done::Filled)) => {
                let said = said(op, reading);
                let gap = crate::ui::messages::GAP.get(lang);
                format!("{}{gap}{}", said.get(lang), texts::FILLED_IN.get(lang))
            }
            (Some(_), Some(Done::Undone)) => texts::TAKEN_BACK.get(lang).to_string(),
            (None, _) => String::new(),
        };
        let fillable = self
            .reading
            .as_ref()
            .is_some_and(|reading| fits(filler, reading));
        let undoable = self.done == Some(Done::Filled) && filler.form.before.is_some();
        html! {
            <>
                { text("p", "", texts::PASTE_HELP.get(lang)) }
                <label for="paste-text">{ texts::PASTED.get(lang) }</label>
                <textarea id="paste-text" class="wire" rows="5" spellcheck="false" autocomplete="off" translate="no"
                    value={self.text.clone()} {oninput} />
                <p role="status">{ status }</p>
                <div class="actions">
                    if fillable && self.done != Some(Done::Filled) {
                        { button("primary", texts::FILL.get(lang), ctx.link().callback(|_| Act::Fill)) }
                    }
                    if undoable {
                        { button("quiet", texts::UNDO.get(lang), ctx.link().callback(|_| Act::Undo)) }
                    }
                </div>
                if let Some(reading) = &self.reading {
                    { report(op, reading, &filler.mount, lang) }
                }
            </>
        }
    }
}

/// Whether there is something for this form in it.
pub fn fits(filler: &Filler, reading: &Reading) -> bool {
    reading.operation == filler.operation() && !reading.raw.leaves().is_empty()
}
