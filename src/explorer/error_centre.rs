//! The page of the error centre.

use tieline_catalog::error_centre::{
    all, explain, explain_error, find, read, read_place, Asked, Explained,
};
use tieline_catalog::{Lang, Operation};
use tieline_records::Record;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::{messages, results};
use crate::history::{display_name, History};
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::elements::text;
use crate::ui::messages as shared;

/// So many entries at most are unfolded at once.
const UNFOLDED: usize = 3;

/// The properties of [`ErrorCentre`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The code that the address names: `CreateCen/Unauthorized`; empty for none.
    pub place: String,
    /// Where the console is shown.
    pub mount: Mount,
    /// The language.
    pub lang: Lang,
}

/// The error centre.
pub struct ErrorCentre {
    /// What was typed or pasted.
    text: String,
    /// The records whose request has the id that was asked for.
    records: Vec<Record>,
    /// Counts what was asked for: what is found for an earlier one is nothing to go by.
    asked: u32,
}

/// An action on the error centre.
pub enum Act {
    /// This was typed.
    Ask(String),
    /// The records of what was asked for.
    Found(u32, Vec<Record>),
}

impl Component for ErrorCentre {
    type Message = Act;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        ErrorCentre {
            text: String::new(),
            records: Vec::new(),
            asked: 0,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        // Another address is another question.
        if ctx.props().place != old.place {
            self.ask(ctx, String::new());
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Ask(text) => self.ask(ctx, text),
            Act::Found(asked, records) if asked == self.asked => self.records = records,
            Act::Found(..) => return false,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        let oninput = ctx.link().callback(|event: InputEvent| {
            let field: HtmlTextAreaElement = event.target_unchecked_into();
            Act::Ask(field.value())
        });
        html! {
            <section class="sheet codes" aria-labelledby="page-title">
                <header class="page-head">
                    <h1 id="page-title">{ shared::ERROR_CENTRE.get(lang) }</h1>
                    { text("p", "lead", messages::LEAD.get(lang)) }
                </header>
                <div class="code-ask">
                    <label for="codes">{ messages::ASK.get(lang) }</label>
                    <textarea id="codes" name="codes" class="wire" rows="2" autocomplete="off" spellcheck="false"
                        value={self.text.clone()} aria-describedby="codes-help" {oninput} />
                    <p class="field-help" id="codes-help">{ messages::ASK_HELP.get(lang) }</p>
                </div>
                { self.results(ctx) }
            </section>
        }
    }
}

impl ErrorCentre {
    fn ask(&mut self, ctx: &Context<Self>, text: String) {
        self.asked += 1;
        self.records = Vec::new();
        let id = match read(&text) {
            Asked::Answer(error, _) => error.request_id,
            Asked::Words(words) => Some(words),
            Asked::Nothing | Asked::Unreadable => None,
        };
        self.text = text;
        if let Some(id) = id {
            let (history, asked) = (History::of(&ctx.props().mount), self.asked);
            ctx.link()
                .send_future(async move { Act::Found(asked, history.of_request(&id).await) });
        }
    }

    fn results(&self, ctx: &Context<Self>) -> Html {
        let Props { place, mount, lang } = ctx.props();
        let lang = *lang;
        let (head, found) = match read(&self.text) {
            Asked::Nothing if place.is_empty() => return everything(mount, lang),
            Asked::Nothing => {
                let (op, code) = read_place(place);
                (Html::default(), explain(code, None, op))
            }
            Asked::Answer(error, status) => {
                let status = status.map(|status| html! { <code>{ status }</code> });
                let head = html! {
                    <p>
                        { messages::READ.get(lang) }{ shared::COLON.get(lang) }
                        { for status }{ " " }
                        <code>{ &error.code }</code>
                        if let Some(id) = &error.request_id {
                            { " " }{ shared::REQUEST_ID.get(lang) }{ " " }<code>{ id }</code>
                        }
                    </p>
                };
                (head, explain_error(&error, status_of(&self.text)))
            }
            Asked::Unreadable => (text("p", "", messages::UNREADABLE.get(lang)), Vec::new()),
            Asked::Words(words) => (Html::default(), find(&words)),
        };
        let of_records = self.records.iter().filter_map(|record| {
            let code = record.code.as_deref()?;
            Some(explain(code, None, record.operation()))
        });
        let found = match found.is_empty() {
            true => of_records.flatten().collect(),
            false => found,
        };
        let none = found.is_empty() && self.records.is_empty();
        html! {
            <>
                <div role="status">
                    if none && !matches!(read(&self.text), Asked::Unreadable) {
                        { text("p", "", messages::NONE.get(lang)) }
                    } else {
                        <p class="unseen">{ messages::count(found.len()).get(lang).to_string() }</p>
                    }
                    { head }
                </div>
                { self.known(lang) }
                // A list of its own: the live region before it has to be the same when other results come.
                <>{ for found.iter().map(|one| results::code(one, found.len() <= UNFOLDED, mount, lang)) }</>
                { lists(&found, lang) }
                if !place.is_empty() && self.text.is_empty() {
                    <p><a href="#/errors">{ messages::ALL.get(lang) }</a></p>
                }
            </>
        }
    }

    /// The records of the request id.
    fn known(&self, lang: Lang) -> Html {
        if self.records.is_empty() {
            return Html::default();
        }
        html! {
            <>
                <h2>{ messages::RECORD.get(lang) }</h2>
                <ul>
                    { for self.records.iter().map(|record| {
                        let title = record.operation().map_or("", |op| op.title.get(lang));
                        let to = Route::History(Some(record.id)).hash();
                        html! { <li><a href={to}>{ format!("{title} · {}", display_name(record)) }</a></li> }
                    }) }
                </ul>
            </>
        }
    }
}

/// The status line that precedes a pasted answer.
fn status_of(text: &str) -> Option<u16> {
    match read(text) {
        Asked::Answer(_, status) => status,
        _ => None,
    }
}

/// The vendors' lists of the operations of some codes, each once.
fn lists(found: &[Explained], lang: Lang) -> Html {
    let mut ops: Vec<&'static Operation> = Vec::new();
    for op in found.iter().filter_map(|one| one.operation) {
        let list = |op: &Operation| op.error_list().map(|list| list.url);
        if ops.len() < UNFOLDED && !ops.iter().any(|known| list(known) == list(op)) {
            ops.push(op);
        }
    }
    html! { { for ops.into_iter().map(|op| results::vendor_list(op, lang)) } }
}

/// All there is, by operation.
fn everything(mount: &Mount, lang: Lang) -> Html {
    let all = all();
    let section = |title: Html, list: Html, wanted: &dyn Fn(&Explained) -> bool| {
        let own = all.iter().filter(|one| wanted(one));
        html! {
            <>
                <h2>{ title }</h2>
                { list }
                { for own.map(|one| results::code(one, false, mount, lang)) }
            </>
        }
    };
    let operations = tieline_catalog::creations().filter(|op| mount.offers(op));
    html! {
        <>
            { text("p", "note", messages::STATUS_NOTE.get(lang)) }
            { for operations.map(|op| section(
                op.title.get(lang).into(),
                results::vendor_list(op, lang),
                &|one| one.operation == Some(op),
            )) }
            { section(messages::COMMON.get(lang).into(), Html::default(), &|one| {
                one.operation.is_none() && one.title.is_none()
            }) }
            { section(messages::WITHOUT.get(lang).into(), Html::default(), &|one| one.title.is_some()) }
        </>
    }
}
