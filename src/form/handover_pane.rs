//! Hand over and keep: the form as a link, as a file, as a named preset. Opening one fills the form, and sends
//! nothing.

use std::rc::Rc;

use js_sys::Array;
use tieline_catalog::{Lang, Message, Operation, Raw};
use tieline_paste::{read, Format, Reading, LONGEST};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::fill::{handed_over, link, report, said, withheld, Filler};
use super::messages as texts;
use super::paste_pane::fits;
use super::presets::{delete, keep, presets, Preset, LONGEST_NAME};
use crate::platform::download::download;
use crate::ui::copy_button::CopyButton;
use crate::ui::elements::{button, text};
use crate::ui::fold::fold;

/// The properties of [`HandoverPane`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The form.
    pub filler: Filler,
    /// The language.
    pub lang: Lang,
}

/// Hand over and keep.
#[derive(Default)]
pub struct HandoverPane {
    open: bool,
    name: String,
    presets: Vec<Preset>,
    /// What is said of what was done last.
    said: Option<Message>,
    /// What a file has brought.
    reading: Option<Rc<Reading>>,
    /// What was deleted last.
    gone: Option<Preset>,
    /// The form was filled from here.
    filled: bool,
    field: NodeRef,
}

/// An action on a [`HandoverPane`].
pub enum Act {
    /// It was unfolded, or folded.
    Unfold(bool),
    /// The name of a preset to be.
    Name(String),
    /// Keep the form under that name.
    Keep,
    /// Fill the form with a preset.
    Use(String),
    /// Delete a preset.
    Delete(String),
    /// Keep what was deleted last.
    Restore,
    /// Write a file.
    Save,
    /// Read a file.
    Open(File),
    /// It was read, or could not be.
    Opened(Option<String>),
    /// Take back what was filled in.
    Undo,
}

impl Component for HandoverPane {
    type Message = Act;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        HandoverPane::default()
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        let filler = &ctx.props().filler;
        let op = filler.operation();
        match act {
            Act::Unfold(open) => {
                self.open = open;
                self.presets = presets(op);
            }
            Act::Name(name) => self.name = name,
            Act::Open(file) => {
                ctx.link()
                    .send_future(async move { Act::Opened(content(file).await) });
                return false;
            }
            act => {
                (self.said, self.reading, self.filled) = (None, None, false);
                self.act(filler, act);
                self.presets = presets(op);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        let toggled = ctx.link().callback(Act::Unfold);
        let inside = || self.unfolded(ctx);
        fold("fill", texts::KEEP.get(lang), self.open, toggled, inside)
    }
}

impl HandoverPane {
    /// Does what changes something, and says so.
    fn act(&mut self, filler: &Filler, act: Act) {
        let op = filler.operation();
        match act {
            Act::Keep => {
                let name = self.name.trim().to_string();
                let kept = !name.is_empty() && keep(op, Preset::of(op, &name, &filler.form.raw));
                self.said = Some(match (name.is_empty(), kept) {
                    (true, _) => texts::NEEDS_A_NAME.message(),
                    (_, true) => texts::kept(&name),
                    (_, false) => texts::NOT_KEPT.message(),
                });
                if kept {
                    self.name.clear();
                }
                self.gone = None;
            }
            Act::Use(name) => {
                if let Some(preset) = presets(op).into_iter().find(|p| p.name == name) {
                    filler.fill(&preset.raw(op));
                    (self.filled, self.said) = (true, Some(texts::FILLED_IN.message()));
                }
            }
            Act::Delete(name) => {
                self.gone = delete(op, &name);
                self.said = self.gone.as_ref().map(|gone| texts::deleted(&gone.name));
            }
            Act::Restore => {
                if let Some(gone) = self.gone.take() {
                    self.said = Some(texts::kept(&gone.name));
                    keep(op, gone);
                }
            }
            Act::Save => {
                let parts = Array::of1(&JsValue::from_str(&file(op, &filler.form.raw)));
                let name = format!("{}.tieline.json", op.name);
                let written = download(&parts, "application/json", &name);
                self.said = written.is_err().then(|| texts::NOT_WRITTEN.message());
            }
            Act::Opened(Some(content)) => {
                let reading = match read(op, &content) {
                    form if form.format == Format::Form => withheld(form),
                    other => other,
                };
                let mut message = said(op, &reading);
                if fits(filler, &reading) {
                    filler.fill(&reading.raw);
                    self.filled = true;
                    message = Message::new(
                        format!("{} {}", message.en, texts::FILLED_IN.en),
                        format!("{}{}", message.zh, texts::FILLED_IN.zh),
                    );
                }
                (self.said, self.reading) = (Some(message), Some(Rc::new(reading)));
            }
            Act::Opened(None) => self.said = Some(texts::NO_FORM.message()),
            Act::Undo => {
                filler.undo();
                self.said = Some(texts::TAKEN_BACK.message());
            }
            Act::Unfold(_) | Act::Name(_) | Act::Open(_) => {}
        }
    }

    fn unfolded(&self, ctx: &Context<Self>) -> Html {
        let Props { filler, lang } = ctx.props();
        let (op, lang, raw) = (filler.operation(), *lang, &filler.form.raw);
        let scope = ctx.link();
        let choose = {
            let field = self.field.clone();
            Callback::from(move |_: MouseEvent| {
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    field.click();
                }
            })
        };
        let onchange = scope.batch_callback(|event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let file = field.files().and_then(|files| files.get(0));
            // So that the same file can be chosen again.
            field.set_value("");
            file.map(Act::Open)
        });
        html! {
            <>
                { text("p", "", texts::KEEP_HELP.get(lang)) }
                <div class="actions">
                    // An element in somebody else's page has no address of its own.
                    if filler.mount.host_page().is_none() {
                        <CopyButton text={link(op, raw)} label={texts::COPY_LINK} {lang} />
                    }
                    { button("quiet", texts::SAVE_FILE.get(lang), scope.callback(|_| Act::Save)) }
                    { button("quiet", texts::OPEN_FILE.get(lang), choose) }
                    <input ref={self.field.clone()} type="file" accept=".json,application/json" hidden=true
                        aria-label={texts::OPEN_FILE.get(lang)} {onchange} />
                </div>
                if filler.mount.keeps_drafts() {
                    { self.kept(ctx) }
                }
                <p role="status">{ self.said.as_ref().map_or("", |said| said.get(lang)).to_string() }</p>
                <div class="actions">
                    if self.filled && filler.form.before.is_some() {
                        { button("quiet", texts::UNDO.get(lang), scope.callback(|_| Act::Undo)) }
                    }
                    if self.gone.is_some() {
                        { button("quiet", texts::UNDO.get(lang), scope.callback(|_| Act::Restore)) }
                    }
                </div>
                if let Some(reading) = &self.reading {
                    { report(op, reading, &filler.mount, lang) }
                }
            </>
        }
    }

    /// The presets, and the form for another.
    fn kept(&self, ctx: &Context<Self>) -> Html {
        let (lang, scope) = (ctx.props().lang, ctx.link());
        let oninput = scope.callback(|event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            Act::Name(field.value())
        });
        let onsubmit = scope.callback(|event: SubmitEvent| {
            event.prevent_default();
            Act::Keep
        });
        html! {
            <>
                { text("h3", "", texts::PRESETS.get(lang)) }
                if self.presets.is_empty() {
                    { text("p", "", texts::NO_PRESETS.get(lang)) }
                }
                <ul class="presets">
                    { for self.presets.iter().map(|preset| self.preset(ctx, preset)) }
                </ul>
                <form class="actions" {onsubmit}>
                    <label for="preset-name">{ texts::PRESET_NAME.get(lang) }</label>
                    <input type="text" id="preset-name" class="wire" autocomplete="off" maxlength={LONGEST_NAME.to_string()}
                        value={self.name.clone()} {oninput} />
                    <button type="submit" class="quiet">{ texts::KEEP_PRESET.get(lang) }</button>
                </form>
            </>
        }
    }

    fn preset(&self, ctx: &Context<Self>, preset: &Preset) -> Html {
        let lang = ctx.props().lang;
        let (used, deleted) = (preset.name.clone(), preset.name.clone());
        let on_use = ctx
            .link()
            .callback(move |_: MouseEvent| Act::Use(used.clone()));
        let on_delete = ctx
            .link()
            .callback(move |_: MouseEvent| Act::Delete(deleted.clone()));
        let about = |word| crate::ui::messages::about(word, &preset.name, lang);
        html! {
            <li key={preset.name.clone()} class="actions">
                <span class="preset">{ preset.name.clone() }</span>
                <button type="button" class="quiet" aria-label={about(texts::FILL.get(lang))} onclick={on_use}>
                    { texts::FILL.get(lang) }
                </button>
                <button type="button" class="quiet" aria-label={about(texts::DELETE_PRESET.get(lang))} onclick={on_delete}>
                    { texts::DELETE_PRESET.get(lang) }
                </button>
            </li>
        }
    }
}

/// A form's file.
fn file(op: &'static Operation, raw: &Raw) -> String {
    let values = handed_over(op, raw).into_iter();
    let values = values.map(|(path, text)| (path, text.into()));
    let values: serde_json::Map<String, serde_json::Value> = values.collect();
    let file = serde_json::json!({ "operation": op.name, "values": values });
    // Texts and names can always be written.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// A file's text, if it is one and of a size that can be a form's.
async fn content(file: File) -> Option<String> {
    if file.size() > LONGEST as f64 {
        return None;
    }
    JsFuture::from(file.text()).await.ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_s_file_is_read_as_it_was_written() {
        for op in tieline_catalog::creations() {
            let raw = Raw::example(op);
            let text = file(op, &raw);
            let other = tieline_catalog::creations().last().expect("an operation");
            let reading = read(other, &text);
            assert_eq!(reading.operation, op);
            let of = |pairs: &[(String, String)]| pairs.to_vec();
            let read: Vec<(String, String)> = reading
                .raw
                .leaves()
                .into_iter()
                .map(|(p, t)| (p, t.to_string()))
                .collect();
            assert_eq!(of(&read), handed_over(op, &raw), "{text}");
        }
    }
}
