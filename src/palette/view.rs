//! The palette and the list of keys: two dialogs over the page, and the keys that open them.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use tieline_catalog::error_centre::place;
use tieline_catalog::{Lang, Text};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::items::{items, Goal, Item, Kind};
use super::keys::{read, Pressed};
use super::messages as texts;
use crate::explorer::ask_for_tour;
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::search::matching::{find, Keys, Query};
use crate::settings::Handle;
use crate::ui::elements::{button, text};

/// So many results are shown at most.
const SHOWN: usize = 40;

/// The name under which it is kept that keys without Ctrl or Command do nothing.
const SINGLE_OFF: &str = "tieline.keys.single-off";

/// The properties of [`Palette`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where the console is shown.
    pub mount: Mount,
    /// The settings.
    pub settings: Handle,
    /// Asks for a new check of the connection.
    pub recheck: Callback<()>,
}

/// The palette, the list of keys, and the button that opens the one.
pub struct Palette {
    items: Rc<Vec<Item>>,
    query: String,
    found: Vec<usize>,
    at: usize,
    /// The marked result is to be brought into sight.
    moved: bool,
    single: bool,
    palette: NodeRef,
    input: NodeRef,
    keys: NodeRef,
    _listener: Option<EventListener>,
}

/// An action on the palette.
pub enum Act {
    /// A key was pressed that is for it.
    Pressed(Pressed),
    /// The palette is to be opened.
    Open,
    /// This was typed.
    Ask(String),
    /// Another result is marked: so many on.
    Move(isize),
    /// This result is marked.
    Mark(usize),
    /// The marked result is chosen.
    Choose,
    /// A dialog was closed.
    Closed,
    /// The list of keys is to be closed.
    Close,
    /// Keys without Ctrl or Command are switched on or off.
    Single(bool),
}

impl Component for Palette {
    type Message = Act;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let pressed = ctx.link().callback(Act::Pressed);
        let listener = web_sys::window().map(|window| {
            let options = EventListenerOptions {
                phase: EventListenerPhase::Bubble,
                passive: false,
            };
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                if let Some(key) = wanted(event) {
                    event.prevent_default();
                    pressed.emit(key);
                }
            })
        });
        Palette {
            items: Rc::default(),
            query: String::new(),
            found: Vec::new(),
            at: 0,
            moved: false,
            single: dom::stored(SINGLE_OFF).is_none(),
            palette: NodeRef::default(),
            input: NodeRef::default(),
            keys: NodeRef::default(),
            _listener: listener,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Pressed(Pressed::Palette) | Act::Open => self.open(ctx),
            Act::Pressed(_) if !self.single => return false,
            // Where the search is folded away, the palette finds the same.
            Act::Pressed(Pressed::Search) if focus_search() => return false,
            Act::Pressed(Pressed::Search) => self.open(ctx),
            Act::Pressed(Pressed::Keys) => show(&self.keys),
            Act::Ask(query) => self.ask(query),
            Act::Move(by) => {
                let count = self.found.len().min(SHOWN) as isize;
                self.at = (self.at as isize + by).rem_euclid(count.max(1)) as usize;
                self.moved = true;
            }
            Act::Mark(at) => self.at = at,
            Act::Choose => self.choose(ctx),
            Act::Closed => {
                self.items = Rc::default();
                self.ask(String::new());
            }
            Act::Close => close(&self.keys),
            Act::Single(on) => {
                self.single = on;
                dom::store(SINGLE_OFF, (!on).then_some("1"));
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().settings.lang;
        let open = ctx.link().callback(|_: MouseEvent| Act::Open);
        html! {
            <>
                <button type="button" class="quiet palette-button" onclick={open} aria-keyshortcuts="Control+K Meta+K">
                    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                        <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" stroke-width="2" />
                        <path d="M11 11 L15 15" stroke="currentColor" stroke-width="2" />
                    </svg>
                    { text("span", "", texts::PALETTE.get(lang)) }<kbd aria-hidden="true">{ "Ctrl K" }</kbd>
                </button>
                { self.dialog(ctx, lang) }
                { self.shortcuts(ctx, lang) }
            </>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if !std::mem::take(&mut self.moved) {
            return;
        }
        let marked = self.palette.cast::<Element>();
        let marked =
            marked.and_then(|dialog| dialog.query_selector("[aria-selected=true]").ok()?);
        if let Some(marked) = marked {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            marked.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}

impl Palette {
    fn open(&mut self, ctx: &Context<Self>) {
        self.items = Rc::new(items(&ctx.props().mount));
        self.ask(String::new());
        show(&self.palette);
        if let Some(input) = self.input.cast::<HtmlElement>() {
            let _ = input.focus();
        }
    }

    fn ask(&mut self, query: String) {
        let keys: Vec<&Keys> = self.items.iter().map(|item| &item.keys).collect();
        self.found = find(&Query::new(&query), &keys);
        self.query = query;
        self.at = 0;
    }

    /// The way to the error centre with what was typed, where that can be a code.
    fn explain(&self) -> Option<String> {
        let code = place(None, self.query.trim());
        let is_code = code.len() > 3 && !code.contains('*');
        is_code.then(|| format!("#/errors/{code}"))
    }

    fn choose(&mut self, ctx: &Context<Self>) {
        let chosen = self
            .found
            .get(self.at)
            .and_then(|place| self.items.get(*place));
        let goal = chosen.map(|item| item.goal.clone());
        let goal = goal.or_else(|| self.explain().map(Goal::Place));
        let Some(goal) = goal else {
            return;
        };
        close(&self.palette);
        let Props {
            mount,
            settings,
            recheck,
        } = ctx.props();
        match goal {
            Goal::Place(place) => dom::go(&place),
            Goal::Control(place, id) => mount.go_to(&place, id),
            Goal::Region(region) => settings.change(|s| s.region = region.to_string()),
            Goal::Lang(lang) => settings.change(|s| s.lang = lang),
            Goal::Theme(theme) => settings.change(|s| s.theme = theme),
            Goal::InPage(in_page) => settings.change(|s| s.in_page = in_page),
            Goal::Check => recheck.emit(()),
            Goal::Keys => show(&self.keys),
            Goal::Tour => ask_for_tour(mount),
        }
    }

    fn dialog(&self, ctx: &Context<Self>, lang: Lang) -> Html {
        let oninput = ctx.link().callback(|event: InputEvent| {
            Act::Ask(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let onkeydown = ctx.link().batch_callback(|event: KeyboardEvent| {
            // An input method takes the keys for itself.
            let act = match event.key().as_str() {
                _ if dom::composes(&event) => None,
                "ArrowDown" => Some(Act::Move(1)),
                "ArrowUp" => Some(Act::Move(-1)),
                "Enter" => Some(Act::Choose),
                _ => None,
            };
            act.inspect(|_| event.prevent_default())
        });
        let onclose = ctx.link().callback(|_: Event| Act::Closed);
        let shown = &self.found[..self.found.len().min(SHOWN)];
        let marked = (!shown.is_empty()).then(|| option_id(self.at));
        html! {
            <dialog class="palette" ref={self.palette.clone()} aria-labelledby="palette-label" {onclose}>
                <label for="palette-query" id="palette-label">{ texts::PALETTE.get(lang) }</label>
                <input type="text" id="palette-query" name="palette" role="combobox" ref={self.input.clone()}
                    value={self.query.clone()} {oninput} {onkeydown} placeholder={texts::HINT.get(lang)}
                    autocomplete="off" spellcheck="false" aria-expanded={(!shown.is_empty()).to_string()} aria-controls={(!shown.is_empty()).then_some("palette-list")}
                    aria-autocomplete="list" aria-activedescendant={marked} />
                <p class="unseen" role="status">{ texts::count(shown.len()).get(lang).to_string() }</p>
                if !shown.is_empty() {
                    <ul id="palette-list" role="listbox" aria-label={texts::RESULTS.get(lang)}>
                        { for shown.iter().enumerate().map(|(nth, place)| self.result(ctx, nth, &self.items[*place], lang)) }
                    </ul>
                } else {
                    { text("p", "note", texts::NONE.get(lang)) }
                    if let Some(place) = self.explain() {
                        <p><a href={place} onclick={ctx.link().batch_callback(|event: MouseEvent| {
                            event.prevent_default();
                            Some(Act::Choose)
                        })}>{ texts::EXPLAIN.get(lang) }</a></p>
                    }
                }
            </dialog>
        }
    }

    fn result(&self, ctx: &Context<Self>, nth: usize, item: &Item, lang: Lang) -> Html {
        let marked = nth == self.at;
        let onclick = ctx
            .link()
            .batch_callback(move |_: MouseEvent| vec![Act::Mark(nth), Act::Choose]);
        html! {
            <li id={option_id(nth)} role="option" aria-selected={marked.to_string()} {onclick}>
                <span class="palette-title" lang={tongue(item)}>{ item.title.get(lang).to_string() }</span>
                if !item.detail.is_empty() { { " " }<code>{ &item.detail }</code> }
                <span class="palette-kind">{ " " }{ item.kind.label().get(lang) }</span>
            </li>
        }
    }

    /// The keys, and whether those without Ctrl or Command do anything: who dictates speaks them.
    fn shortcuts(&self, ctx: &Context<Self>, lang: Lang) -> Html {
        let single = ctx.link().callback(|event: Event| {
            Act::Single(event.target_unchecked_into::<HtmlInputElement>().checked())
        });
        let row = |keys: &'static str, what: Text| {
            html! { <><dt><kbd>{ keys }</kbd></dt><dd>{ what.get(lang) }</dd></> }
        };
        html! {
            <dialog class="palette keys" ref={self.keys.clone()} aria-labelledby="keys-title">
                <h2 id="keys-title">{ texts::KEYS.get(lang) }</h2>
                <dl class="facts">
                    { row("Ctrl K, ⌘ K", texts::OPENS) }
                    { row("/", texts::SEARCHES) }
                    { row("?", texts::SHOWS_KEYS) }
                    { row("↑ ↓ ⏎", texts::CHOOSES) }
                    { row("Ctrl ⏎, ⌘ ⏎", texts::CREATES) }
                    { row("Ctrl Z, ⌘ Z", texts::UNDOES) }
                    { row("F1", texts::EXPLAINS) }
                    { row("Esc", texts::CLOSES) }
                </dl>
                <label class="single">
                    <input type="checkbox" role="switch" name="single-keys" checked={self.single} onchange={single} />
                    <span>{ texts::SINGLE.get(lang) }</span>
                </label>
                <div class="actions">
                    { button("quiet", texts::CLOSE.get(lang), ctx.link().callback(|_: MouseEvent| Act::Close)) }
                </div>
            </dialog>
        }
    }
}

/// The language of a title that is the same in both: a code is read out as one.
fn tongue(item: &Item) -> Option<&'static str> {
    let same = item.title.en == item.title.zh && item.kind == Kind::Code;
    same.then(|| Lang::En.tag())
}

fn option_id(nth: usize) -> String {
    format!("palette-{nth}")
}

/// What a key press means here and now; nothing, where something else wants it.
fn wanted(event: &KeyboardEvent) -> Option<Pressed> {
    let key = read(
        &event.key(),
        event.ctrl_key() || event.meta_key(),
        event.alt_key(),
    )?;
    let document = web_sys::window()?.document()?;
    let covered = document.query_selector("dialog:modal").ok()?.is_some();
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let field = target.is_some_and(|target| {
        let field = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
        target.matches(field).unwrap_or(false)
    });
    let free = !event.default_prevented() && !dom::composes(event) && !covered;
    (free && (key == Pressed::Palette || !field)).then_some(key)
}

/// Moves the focus to the search of the operations, where it is shown.
fn focus_search() -> bool {
    let search = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("search"))
        .and_then(|search| search.dyn_into::<HtmlElement>().ok());
    let shown = search.filter(|search| search.offset_parent().is_some());
    shown.is_some_and(|search| search.focus().is_ok())
}

fn show(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        let _ = dialog.show_modal();
    }
}

fn close(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}
