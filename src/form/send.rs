//! From a submit to its answer: check, ask where repeating is risky, record, send, say.

use std::rc::Rc;

use tieline_catalog::answer::Answer;
use tieline_catalog::{check, Message, Operation, Severity, Valid, Violation};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::shape::control_id;
use super::state::{Act, Form};
use super::{draft_key, prefill};
use crate::answer::{Look, Outcome, Wish, HEADING, QUESTION};
use crate::client::{self, Sent};
use crate::dom;
use crate::history::History;
use crate::settings::Settings;

/// A submit this soon after a creation, with nothing typed in between, is the second half of a
/// double click. Milliseconds.
const DOUBLE_MS: f64 = 1000.0;

/// What has been sent from a form, and the ways to send more.
#[derive(Clone)]
pub struct Sender {
    /// A request is on its way.
    pub on_the_way: bool,
    /// What came of the last.
    pub outcome: Option<Rc<Outcome>>,
    /// The user is being asked before a risky repetition.
    pub asking: bool,
    /// What a look by name found.
    pub look: Look,
    /// Submits the form.
    pub submit: Callback<()>,
    /// Takes the user's wishes after an answer.
    pub wish: Callback<Wish>,
}

#[derive(Clone, Default)]
struct State {
    on_the_way: bool,
    outcome: Option<Rc<Outcome>>,
    /// When the last answer came.
    at: f64,
}

/// The sender of a form.
#[hook]
pub fn use_sender(
    op: &'static Operation,
    settings: &Rc<Settings>,
    recheck: &Callback<()>,
    form: &UseReducerHandle<Form>,
) -> Sender {
    let history = use_context::<History>();
    let state = use_state(State::default);
    let asking = use_state_eq(|| false);
    let look = use_state_eq(|| Look::None);
    let busy = use_mut_ref(|| false);
    // What was sent before this form was there may still be on its way.
    let since = use_mut_ref(|| dom::now() as u64);
    // What the form holds when an answer comes, which is not what it held when it was sent.
    let latest = use_mut_ref(|| form.raw.clone());
    latest.borrow_mut().clone_from(&form.raw);

    use_effect_with(*asking, |asking| {
        if *asking {
            dom::focus(QUESTION);
        }
    });

    let transmit = {
        let (form, state, asking, look) =
            (form.clone(), state.clone(), asking.clone(), look.clone());
        let (settings, recheck, history) = (settings.clone(), recheck.clone(), history.clone());
        Rc::new(move |valid: Valid, key: String| {
            if busy.replace(true) {
                return;
            }
            asking.set(false);
            look.set(Look::None);
            state.set(State {
                on_the_way: true,
                ..State::default()
            });
            form.dispatch(Act::Send);
            let (form, state, busy, latest) =
                (form.clone(), state.clone(), busy.clone(), latest.clone());
            let (settings, recheck, history) = (settings.clone(), recheck.clone(), history.clone());
            spawn_local(async move {
                let target = settings.target();
                // The intent is on record before anything leaves, so that a closed tab leaves a
                // record of an unknown outcome.
                let record = match &history {
                    Some(history) => Some(history.begin(valid.checked(), &key, &target).await),
                    None => None,
                };
                let sent = client::send(&target, &valid, &key).await;
                if let (Some(history), Some(record)) = (&history, record) {
                    history.finish(record, &sent).await;
                }
                if sent.trouble.is_some() {
                    recheck.emit(());
                }
                let served = served(&form, &sent);
                let field = served.first().map(|v| v.parameter.clone());
                if matches!(sent.answer, Answer::Created(_)) {
                    dom::store(&draft_key(op), None);
                    if *latest.borrow() == form.raw {
                        form.dispatch(Act::Clear(prefill(&settings)));
                    }
                }
                form.dispatch(Act::Served(served));
                dom::focus_soon(match &field {
                    Some(field) => control_id(field),
                    None => HEADING.to_string(),
                });
                let token = op
                    .token
                    .and_then(|path| valid.checked().get(path))
                    .filter(|token| !token.is_empty());
                state.set(State {
                    on_the_way: false,
                    outcome: Some(Rc::new(Outcome {
                        sent,
                        valid,
                        key,
                        token,
                        field,
                    })),
                    at: dom::now(),
                });
                busy.replace(false);
            });
        })
    };

    let submit = {
        let (form, state, asking, history) =
            (form.clone(), state.clone(), asking.clone(), history.clone());
        let transmit = transmit.clone();
        Callback::from(move |()| {
            if form.composing || state.on_the_way {
                return;
            }
            let last = state.outcome.as_deref();
            let created = last.is_some_and(|o| matches!(o.sent.answer, Answer::Created(_)));
            if created && !form.edited && dom::now() - state.at < DOUBLE_MS {
                return;
            }
            let Ok(valid) = check(op, &form.raw).valid() else {
                form.dispatch(Act::Refuse);
                return;
            };
            let same = last.filter(|o| o.valid == valid);
            let unknown = same.is_some_and(|o| matches!(o.sent.answer, Answer::Unknown(_)));
            // The same token again cannot make a second resource; a fresh one can.
            let safe = unknown && form.token().is_some();
            let public = valid.checked().public().to_raw();
            let recorded = || {
                history
                    .as_ref()
                    .is_some_and(|h| h.last_open(op.name, &public, *since.borrow()).is_some())
            };
            if !safe && (unknown || recorded()) {
                asking.set(true);
                return;
            }
            // The same request again is the same intent, unless the first was settled.
            let key = same
                .filter(|o| matches!(o.sent.answer, Answer::NotExecuted(_) | Answer::Unknown(_)))
                .map_or_else(dom::uuid, |o| o.key.clone());
            transmit(valid, key);
        })
    };

    let wish = {
        let (form, state, asking, look) =
            (form.clone(), state.clone(), asking.clone(), look.clone());
        let settings = settings.clone();
        Callback::from(move |wish: Wish| match wish {
            Wish::Repeat => {
                if let Some(outcome) = &state.outcome {
                    transmit(outcome.valid.clone(), outcome.key.clone());
                }
            }
            Wish::SendAnyway => {
                if let Ok(valid) = check(op, &form.raw).valid() {
                    transmit(valid, dom::uuid());
                }
            }
            Wish::Cancel => asking.set(false),
            Wish::GoToField => {
                if let Some(field) = state.outcome.as_ref().and_then(|o| o.field.as_ref()) {
                    dom::focus(&control_id(field));
                }
            }
            Wish::LookUp => {
                let sent = state.outcome.as_ref().filter(|_| !*asking);
                let params = match sent {
                    Some(outcome) => outcome.valid.checked().to_raw(),
                    None => form.raw.clone(),
                };
                look.set(Look::Looking);
                let (look, target) = (look.clone(), settings.target());
                spawn_local(async move {
                    let found = client::find_by_name(&target, op, &params).await;
                    look.set(Look::Done(Rc::new(found)));
                });
            }
        })
    };

    Sender {
        on_the_way: state.on_the_way,
        outcome: state.outcome.clone(),
        asking: *asking,
        look: (*look).clone(),
        submit,
        wish,
    }
}

/// What an answer says about fields of the form.
fn served(form: &Form, sent: &Sent) -> Vec<Violation> {
    let at = |parameter: &str, message: &Message, source: String| {
        Some(Violation {
            parameter: form.place_of(parameter)?,
            rule: "answer",
            severity: Severity::Error,
            message: message.clone(),
            source,
            also: None,
        })
    };
    let mut out: Vec<Violation> = sent
        .violations
        .iter()
        .filter_map(|c| at(&c.parameter, &c.message, String::new()))
        .collect();
    if let Answer::Rejected(refusal) = &sent.answer {
        let parameter = refusal.parameter.unwrap_or_default();
        out.extend(at(parameter, &refusal.explanation, refusal.code.clone()));
    }
    out
}
