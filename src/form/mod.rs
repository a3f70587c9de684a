//! The one form. It reads an operation's tables and knows no operation by name.

mod field;
mod list;
mod send;
pub mod shape;
pub mod state;
mod summary;

use std::cell::RefCell;
use std::rc::Rc;

use tieline_catalog::answer::Answer;
use tieline_catalog::{wire, Kind, Lang, Operation, Param, Protocol, Raw};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::answer::AnswerPane;
use crate::line::{tie_line, Way};
use crate::prose::prose;
use crate::request::request_pane;
use crate::settings::Settings;
use crate::{dom, history, words};
use field::Field;
use list::List;
use shape::Table;
use state::{Act, Form, Prefill};

/// Input that another page hands to a form: the operation's name and the input. Taken once.
#[derive(Clone, Default)]
pub struct Handover(pub Rc<RefCell<Option<(String, Raw)>>>);

impl PartialEq for Handover {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The properties of [`FormPage`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is created here.
    pub operation: Table<Operation>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// Whether nothing answers where requests would go.
    pub down: bool,
    /// Input from another page.
    pub handover: Handover,
    /// Asks for a new look at the connection.
    pub recheck: Callback<()>,
    /// Told when a draft cannot be stored.
    pub unstored: Callback<()>,
}

fn draft_key(op: &Operation) -> String {
    format!("tieline.draft.{}", op.name)
}

fn prefill(settings: &Settings) -> Prefill {
    Prefill {
        token: dom::uuid(),
        region: settings.region.clone(),
        account: settings.account.clone(),
    }
}

/// The form as it is found: handed over, from its draft, or fresh.
fn first_form(props: &Props) -> Form {
    let op = props.operation.0;
    let prefill = prefill(&props.settings);
    let handed = props.handover.0.borrow_mut().take();
    if let Some((_, raw)) = handed.filter(|(name, _)| name == op.name) {
        return Form::with(op, &raw, &prefill);
    }
    dom::stored(&draft_key(op))
        .and_then(|draft| Form::restore(op, &draft, &prefill))
        .unwrap_or_else(|| Form::new(op, &prefill))
}

/// The page of one operation: the form, the request and the answer.
#[component]
pub fn FormPage(props: &Props) -> Html {
    let lang = props.settings.lang;
    let op = props.operation.0;
    let form = use_reducer(|| first_form(props));
    let sender = send::use_sender(op, &props.settings, &props.recheck, &form);
    let node = use_node_ref();

    use_composition(&node, &form);
    {
        let unstored = props.unstored.clone();
        use_effect_with(form.draft(), move |draft| {
            if !dom::store(&draft_key(op), draft.as_deref()) && draft.is_some() {
                unstored.emit(());
            }
        });
    }
    use_effect_with(form.refusals, |refusals| {
        if *refusals > 0 {
            dom::focus(summary::ID);
        }
    });
    // After a creation the request that made it stays in sight until something new is typed.
    let sent = sender
        .outcome
        .as_ref()
        .filter(|o| !form.edited && !o.adopted && matches!(o.sent.answer, Answer::Created(_)));
    let settled = sent.is_some();
    let masked = match sent {
        Some(sent) => sent.valid.checked().masked(),
        None => form.report.checked.masked(),
    };
    let request = wire::encode(&masked);
    let trouble = history::use_history().and_then(|(history, _)| history.trouble());

    let onsubmit = sender.submit.reform(|event: SubmitEvent| {
        event.prevent_default();
    });
    // Some browsers end a composition before they report its Enter, with this key code.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && (composing || event.repeat()) {
            let area = event
                .target()
                .is_some_and(|t| t.has_type::<web_sys::HtmlTextAreaElement>());
            if !area {
                event.prevent_default();
            }
        }
    });
    let example = dispatch(&form, || Act::Example);
    let clear = {
        let settings = props.settings.clone();
        dispatch(&form, move || Act::Clear(prefill(&settings)))
    };
    let once = Callback::from(|event: MouseEvent| {
        if event.detail() > 1 {
            event.prevent_default();
        }
    });
    let way = match (&sender.outcome, sender.on_the_way) {
        (_, true) => Way::Sending,
        (Some(outcome), _) => outcome.way(),
        (None, _) if props.down => Way::Down,
        (None, _) => Way::Idle,
    };
    html! {
        <div class="work">
            <section class="form-pane" aria-labelledby="page-title">
                { head(op, lang) }
                <form ref={node} novalidate=true {onsubmit} {onkeydown} autocomplete="off">
                    { summary::summary(op, &form.summary, lang) }
                    { fixed(op, lang) }
                    <div class="fields">
                        { for op.params.iter().map(|p| field(&form, p, p.name.to_string(), lang)) }
                    </div>
                    <div class="bar">
                        if let Some(trouble) = trouble {
                            <p class="history-trouble" role="status">{ trouble.get(lang) }</p>
                        }
                        <button type="submit" class="primary" onclick={once}
                            aria-disabled={sender.on_the_way.then_some("true")}>
                            { if sender.on_the_way { words::SENDING } else { words::SEND }.get(lang) }
                        </button>
                        <button type="button" class="quiet" onclick={example}>
                            { words::EXAMPLE.get(lang) }
                        </button>
                        <button type="button" class="quiet" onclick={clear}>
                            { words::CLEAR.get(lang) }
                        </button>
                    </div>
                </form>
            </section>
            <aside class="wire-pane" aria-label={words::REQUEST.get(lang)}>
                { tie_line(way, props.settings.in_page, op.service.provider.name(), &request.host, lang) }
                <AnswerPane operation={props.operation} outcome={sender.outcome.clone()}
                    sending={sender.on_the_way} asking={sender.asking.clone()} look={sender.look.clone()}
                    wish={sender.wish.clone()} {lang} />
                { request_pane(&masked, &request, settled, props.settings.in_page, form.focused.as_deref(), lang) }
            </aside>
        </div>
    }
}

fn dispatch(
    form: &UseReducerHandle<Form>,
    act: impl Fn() -> Act + 'static,
) -> Callback<MouseEvent> {
    let form = form.dispatcher();
    Callback::from(move |_| form.dispatch(act()))
}

/// Tells the form when an input method composes. Yew does not know these events.
#[hook]
fn use_composition(node: &NodeRef, form: &UseReducerHandle<Form>) {
    let form = form.dispatcher();
    use_effect_with(node.clone(), move |node| {
        let listen = |name: &'static str, on: bool| {
            let form = form.clone();
            let element = node.cast::<web_sys::Element>()?;
            Some(gloo_events::EventListener::new(&element, name, move |_| {
                form.dispatch(Act::Compose(on));
            }))
        };
        let listeners = [
            listen("compositionstart", true),
            listen("compositionend", false),
        ];
        move || drop(listeners)
    });
}

fn head(op: &'static Operation, lang: Lang) -> Html {
    html! {
        <header class="page-head">
            <p class="trail">
                { op.service.provider.name().get(lang) }
                <span aria-hidden="true">{ "—" }</span>
                { op.service.product.get(lang) }
            </p>
            <h1 id="page-title">{ op.title.get(lang) }<code>{ op.name }</code></h1>
            <p class="lead">{ prose(op.summary.get(lang)) }</p>
            if !op.behaviour.get(lang).is_empty() {
                <p class="behaviour">{ prose(op.behaviour.get(lang)) }</p>
            }
        </header>
    }
}

/// What the operation fixes: shown, not asked.
fn fixed(op: &'static Operation, lang: Lang) -> Html {
    let facts = match op.protocol {
        Protocol::Rpc => vec![
            ("Action", op.name.to_string()),
            ("Version", op.service.version.to_string()),
        ],
        Protocol::Rest { method, path } => {
            vec![("Method", method.to_string()), ("Path", path.to_string())]
        }
    };
    html! {
        <dl class="fixed" aria-label={words::FIXED.get(lang)}>
            { for facts.into_iter().map(|(name, value)| html! {
                <div><dt>{ name }</dt><dd><code>{ value }</code></dd></div>
            }) }
            <div>
                <dt>{ words::DOCUMENT.get(lang) }</dt><dd>{ op.document.title }</dd>
            </div>
        </dl>
    }
}

fn field(form: &UseReducerHandle<Form>, param: &'static Param, path: String, lang: Lang) -> Html {
    match param.kind {
        Kind::Object(members) => html! {
            { for members.iter().map(|m| field(form, m, format!("{path}.{}", m.name), lang)) }
        },
        Kind::List { item, .. } => {
            let props = list::props(form, param, item, &path, lang, form.dispatcher());
            html! { <List key={path} ..props /> }
        }
        _ => {
            let value = form.raw.get(&path).unwrap_or_default().to_string();
            let shown = form.shown(&path);
            html! {
                <Field key={path.clone()} param={Table(param)} path={path.clone()} {value} {shown} {lang}
                    form={form.dispatcher()} />
            }
        }
    }
}
