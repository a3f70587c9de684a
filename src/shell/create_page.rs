//! The page of one creation: the form, the request, and what sends it.

use std::cell::Cell;
use std::rc::Rc;

use tieline_catalog::{Kind, Lang, Operation, Param, Raw, Report};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::chunks;
use super::form_actions::{FormActionsProps, DESTINATION};
use super::request_side::RequestSide;
use super::top_bar::unusable;
use crate::client::Connection;
use crate::form::composition::use_composition;
use crate::form::control::Table;
use crate::form::draft::{draft_key, Handover};
use crate::form::field::Field;
use crate::form::folding::{part_of, Part};
use crate::form::heading::{fixed, heading};
use crate::form::list::{self, List};
use crate::form::prefill::prefill;
use crate::form::sections::Sections;
use crate::form::state::{Act, Form};
use crate::form::summary::{self, Summary};
use crate::platform::dom;
use crate::platform::host_page::{Declined, HostEvent};
use crate::platform::lazy::{self, LoadState};
use crate::platform::mount::Mount;
use crate::settings::Settings;
use crate::submission::{SharedForm, Status, SubmissionPanelProps};
use crate::ui::elements::text;
use crate::ui::messages;
use crate::ui::status_line::Stage;

/// The properties of [`CreatePage`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is created here.
    pub operation: Table<Operation>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// The state of the connection; `None` while it is being checked.
    pub connection: Option<Connection>,
    /// Input from another page.
    pub handover: Handover,
    /// Asks for a new look at the connection.
    pub recheck: Callback<()>,
    /// Told when a draft cannot be stored.
    pub unstored: Callback<()>,
    /// Where the form is shown.
    pub mount: Mount,
    /// Counts the storages that the history was in: what sends watches the present one.
    pub storages: u32,
    /// The second part, which checks, shows the request and sends.
    pub chunk: LoadState,
    /// Asks for it.
    pub load: Callback<()>,
}

/// The form as it is found: handed over, from its draft, or fresh. A draft is as old as any record: the browser may
/// have been killed before it forgot what had just been created from it.
fn first_form(props: &Props) -> Form {
    let op = props.operation.0;
    let now = |mut form: Form| {
        form.since = dom::now() as u64;
        form
    };
    let prefill = prefill(&props.settings, op, &props.mount);
    let given = prefill.values != Raw::new();
    let handed = props.handover.0.borrow_mut().take();
    if let Some((_, raw)) = handed.filter(|(name, _)| name == op.name) {
        return now(Form::with(op, &raw, &prefill));
    }
    let draft = (props.mount.keeps_drafts() && !given).then(|| dom::stored(&draft_key(op)));
    let draft = draft.flatten();
    let restored = draft.and_then(|draft| Form::restore(op, &draft, &prefill));
    restored.unwrap_or_else(|| now(Form::new(op, &prefill)))
}

/// The page of one operation: the form, the request and the answer.
#[component]
pub fn CreatePage(props: &Props) -> Html {
    let lang = props.settings.lang;
    let op = props.operation.0;
    let form = use_reducer(|| first_form(props).checked(lazy::ready().map(chunks::checks)));
    let node = use_node_ref();
    let status = use_state_eq(Status::default);
    let busy = use_memo((), |()| Cell::new(false));
    let chunk = props.chunk;

    use_composition(&node, &form);
    use_stored_draft(props, &form);
    use_summary_focus(&props.mount, &form);
    use_host_page(&props.mount, &form, &busy);
    use_chunk(props, &form);

    let onsubmit = {
        let form = form.dispatcher();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            form.dispatch(Act::Submit);
        })
    };
    let onkeydown = Callback::from(only_meant_enter);
    let sending = status.busy || form.waits();
    let stage = match status.stage {
        _ if sending => Stage::Sending,
        Some(stage) => stage,
        None if props.connection.as_ref().is_some_and(unusable) => Stage::Down,
        None => Stage::Idle,
    };
    let summary = match chunk {
        LoadState::Ready(ready) if !form.summary.is_empty() => {
            let summary = Summary {
                op,
                errors: form.summary.clone(),
                mount: props.mount.clone(),
                lang,
            };
            chunks::summary(ready, summary)
        }
        _ => Html::default(),
    };
    let side = match (chunk, form.report.clone()) {
        (LoadState::Ready(ready), Some(report)) => {
            let side = RequestSide {
                panel: panel(props, &form, &status, &busy),
                status: (*status).clone(),
                stage,
                report,
            };
            chunks::request_side(ready, side)
        }
        (LoadState::Failed, _) => Html::default(),
        _ => text("p", "tie", messages::LOADING.get(lang)),
    };
    html! {
        <div class="work">
            <section class="form-pane" part="form" aria-labelledby="page-title">
                { heading(op, lang) }
                <form ref={node} novalidate=true {onsubmit} {onkeydown} autocomplete="off">
                    { summary }
                    { fixed(op, lang) }
                    <div class="fields">
                        { fields(&form, Part::Open, &props.mount, lang) }
                        { sections(props, &form) }
                    </div>
                    { bar(props, &form, &status, &busy, stage, sending) }
                </form>
            </section>
            <aside class="wire-pane" part="wire" aria-label={messages::REQUEST.get(lang)}>
                { side }
            </aside>
        </div>
    }
}

/// Keeps what is typed in the browser's storage.
#[hook]
fn use_stored_draft(props: &Props, form: &UseReducerHandle<Form>) {
    let (op, unstored) = (props.operation.0, props.unstored.clone());
    let keeps = props.mount.keeps_drafts();
    let kept = use_mut_ref(|| None);
    use_effect_with(form.draft(), move |draft| {
        let key = draft_key(op);
        // What another tab has kept since is not this form's to remove.
        let kept = kept.replace(draft.clone());
        let own = draft.is_some() || dom::stored(&key) == kept;
        if keeps && own && !dom::store(&key, draft.as_deref()) && draft.is_some() {
            unstored.emit(());
        }
    });
}

/// Moves the focus to what is to be corrected, whenever a submit met errors.
#[hook]
fn use_summary_focus(mount: &Mount, form: &UseReducerHandle<Form>) {
    let mount = mount.clone();
    use_effect_with(form.refusals, move |refusals| {
        if *refusals > 0 {
            mount.focus(summary::ID);
        }
    });
}

/// Gives the host page the form, and tells it what is typed and what is wrong with it, as soon as that
/// is known.
#[hook]
fn use_host_page(mount: &Mount, form: &UseReducerHandle<Form>, busy: &Rc<Cell<bool>>) {
    {
        let (mount, form) = (mount.clone(), form.clone());
        // Who submitted hears of it when nobody takes that up any more.
        use_effect_with((), move |()| {
            move || {
                if let Some(host_page) = mount.host_page() {
                    // The form that comes in its place, if one does, is attached later.
                    host_page.detach();
                    if form.waits() {
                        host_page.notify(HostEvent::Declined(Declined::Left, None));
                    }
                }
            }
        });
    }
    let (mount, form, busy) = (mount.clone(), form.clone(), busy.clone());
    // Handles to a reducer are no measure of change: each gives the latest state.
    use_effect_with((form.raw.clone(), form.report.is_some()), move |_| {
        if let Some(host_page) = mount.host_page() {
            let (reported, submitted, busy) = (form.clone(), form.clone(), busy.clone());
            host_page.attach(
                Rc::new(move || reported.report.clone().or_else(|| check_now(&reported))),
                Rc::new(move || submit_now(&submitted, &busy)),
            );
            if let Some(report) = &form.report {
                host_page.notify(HostEvent::Change {
                    operation: form.op.name,
                    values: &report.parsed,
                    violations: &report.violations,
                });
            }
        }
    });
}

/// Submits a form for the host page, when its user could do so.
fn submit_now(form: &UseReducerHandle<Form>, busy: &Cell<bool>) -> Result<(), Declined> {
    if form.composing {
        return Err(Declined::Composing);
    }
    if form.waits() || busy.get() {
        return Err(Declined::Busy);
    }
    form.dispatch(Act::Submit);
    Ok(())
}

/// The check of a form that has not heard yet that the checks are there.
fn check_now(form: &Form) -> Option<Rc<Report>> {
    let check = chunks::checks(lazy::ready()?);
    Some(Rc::new(check(form.op, &form.raw)))
}

/// Asks for the second part when the form is used before it is there, or once more when it was not to
/// be had; gives the form its checks when it comes. What could not be sent when it was submitted is
/// not sent some time later unasked.
#[hook]
fn use_chunk(props: &Props, form: &UseReducerHandle<Form>) {
    let load = props.load.clone();
    use_effect_with((form.touched, form.submits), move |(touched, _)| {
        if *touched {
            load.emit(());
        }
    });
    let (unchecked, form) = (form.report.is_none(), form.dispatcher());
    use_effect_with(props.chunk, move |chunk| match chunk {
        LoadState::Absent => {}
        LoadState::Failed => form.dispatch(Act::Taken),
        LoadState::Ready(ready) if unchecked => {
            form.dispatch(Act::Checks(chunks::checks(*ready)));
        }
        LoadState::Ready(_) => {}
    });
}

/// Keeps an Enter that belongs to a composition, or that is only held down, from submitting.
fn only_meant_enter(event: KeyboardEvent) {
    if event.key() == "Enter" && (dom::composes(&event) || event.repeat()) {
        let area = event
            .target()
            .is_some_and(|t| t.has_type::<web_sys::HtmlTextAreaElement>());
        if !area {
            event.prevent_default();
        }
    }
}

/// What the lazy parts know of the form: made only where they take it, and for each of them out of line.
#[inline(never)]
fn panel(
    props: &Props,
    form: &UseReducerHandle<Form>,
    status: &UseStateHandle<Status>,
    busy: &Rc<Cell<bool>>,
) -> SubmissionPanelProps {
    let set_status = status.setter();
    SubmissionPanelProps {
        operation: props.operation,
        settings: props.settings.clone(),
        form: SharedForm(form.clone()),
        connection: props.connection.clone(),
        recheck: props.recheck.clone(),
        tell: Callback::from(move |new| set_status.set(new)),
        busy: busy.clone(),
        mount: props.mount.clone(),
        lang: props.settings.lang,
    }
}

/// The buttons under the fields, and what keeps them from working.
fn bar(
    props: &Props,
    form: &UseReducerHandle<Form>,
    status: &UseStateHandle<Status>,
    busy: &Rc<Cell<bool>>,
    stage: Stage,
    sending: bool,
) -> Html {
    let (lang, chunk) = (props.settings.lang, props.chunk);
    let once = Callback::from(|event: MouseEvent| {
        if event.detail() > 1 {
            event.prevent_default();
        }
    });
    let word = match form.report {
        _ if !sending => messages::SEND,
        // It is not known yet whether it can be sent.
        None => messages::LOADING,
        Some(_) => messages::SENDING,
    };
    let actions = match chunk {
        LoadState::Ready(ready) => chunks::form_actions(
            ready,
            FormActionsProps {
                panel: panel(props, form, status, busy),
                stage,
                problem: status.problem,
            },
        ),
        _ => Html::default(),
    };
    html! {
        <div class="bar" part="bar">
            if chunk == LoadState::Failed {
                <p class="history-problem" role="alert">{ messages::NOT_LOADED.get(lang) }</p>
            }
            <button type="submit" class="primary" part="submit" onclick={once} aria-describedby={DESTINATION}
                aria-disabled={sending.then_some("true")}>
                { word.get(lang) }
            </button>
            { actions }
        </div>
    }
}

/// The fields of a part of the form.
fn fields(form: &UseReducerHandle<Form>, part: Part, mount: &Mount, lang: Lang) -> Html {
    let own = form
        .op
        .params
        .iter()
        .filter(|p| part_of(form.op, p) == part);
    own.map(|p| field(form, p, p.name.to_string(), mount, lang))
        .collect()
}

/// The sections that are closed at first. They come with the second part.
fn sections(props: &Props, form: &UseReducerHandle<Form>) -> Html {
    let lang = props.settings.lang;
    match props.chunk {
        LoadState::Ready(ready) => {
            let sections = Sections {
                form: form.clone(),
                fields: Part::FOLDED.map(|part| fields(form, part, &props.mount, lang)),
                lang,
            };
            chunks::sections(ready, sections)
        }
        _ => Html::default(),
    }
}

fn field(
    form: &UseReducerHandle<Form>,
    param: &'static Param,
    path: String,
    mount: &Mount,
    lang: Lang,
) -> Html {
    match param.kind {
        Kind::Object(members) => html! {
            { for members.iter().map(|m| field(form, m, format!("{path}.{}", m.name), mount, lang)) }
        },
        Kind::List { item, .. } => {
            let props = list::props(form, param, item, &path, lang, form.dispatcher(), mount);
            html! { <List key={path} ..props /> }
        }
        _ => {
            let value = form.raw.get(&path).unwrap_or_default().to_string();
            let shown = form.shown(&path);
            html! {
                <Field key={path.clone()} param={Table(param)} path={path.clone()} {value} {shown} {lang}
                    locked={form.locks(&path)} ready={lazy::ready()} form={form.dispatcher()} />
            }
        }
    }
}
