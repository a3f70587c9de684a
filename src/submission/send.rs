//! From a submit to its answer: check, ask where repeating is risky, record, send, say.

use std::rc::Rc;

use tieline_catalog::answer::{status_of, Answer, Created, Found};
use tieline_catalog::{check, Message, Severity, Valid, Violation};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::answer_pane::{Command, Confirmation, Lookup, Outcome, HEADING, QUESTION};
use super::outcome_event::outcome_event;
use super::submission_panel::SubmissionPanelProps;
use crate::client::{self, Sent};
use crate::form::control::control_id;
use crate::form::draft::{draft_key, prefill};
use crate::form::state::{Act, Form};
use crate::history::{self, History};
use crate::platform::dom;

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
    /// What the user is being asked about before a risky repetition.
    pub asking: Option<Rc<Confirmation>>,
    /// What a look by name found.
    pub look: Lookup,
    /// Submits the form.
    pub submit: Callback<()>,
    /// Takes the user's wishes after an answer.
    pub wish: Callback<Command>,
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
pub fn use_sender(props: &SubmissionPanelProps, history: History) -> Sender {
    let SubmissionPanelProps {
        settings,
        recheck,
        mount,
        ..
    } = props;
    let (op, form) = (props.operation.0, &props.form.0);
    let since = form.since;
    let state = use_state(State::default);
    let asking = use_state(|| None::<Rc<Confirmation>>);
    let look = use_state_eq(|| Lookup::None);
    let busy = use_mut_ref(|| false);
    // The record about which the user was asked last and sent nevertheless.
    let agreed = use_mut_ref(|| 0u64);
    // What the form holds when an answer comes, which is not what it held when it was sent.
    let latest = use_mut_ref(|| form.raw.clone());
    latest.borrow_mut().clone_from(&form.raw);

    {
        let mount = mount.clone();
        use_effect_with(asking.is_some(), move |asking| {
            if *asking {
                mount.focus(QUESTION);
            }
        });
    }

    let transmit = {
        let (form, state, asking, look) =
            (form.clone(), state.clone(), asking.clone(), look.clone());
        let (settings, recheck, history) = (settings.clone(), recheck.clone(), history.clone());
        let mount = mount.clone();
        Rc::new(move |valid: Valid, key: String| {
            if busy.replace(true) {
                return;
            }
            asking.set(None);
            look.set(Lookup::None);
            state.set(State {
                on_the_way: true,
                ..State::default()
            });
            form.dispatch(Act::Send);
            let (form, state, busy, latest) =
                (form.clone(), state.clone(), busy.clone(), latest.clone());
            let (settings, recheck, history) = (settings.clone(), recheck.clone(), history.clone());
            let mount = mount.clone();
            spawn_local(async move {
                if let Some(host_page) = mount.host_page() {
                    if !host_page.allows(&valid, &key).await {
                        state.set(State::default());
                        busy.replace(false);
                        return;
                    }
                }
                let target = settings.target();
                // The intent is on record before anything leaves, so that a closed tab leaves a
                // record of an unknown outcome.
                let record = history.begin(valid.parsed(), &key, &target).await;
                let sent = client::send(&target, &valid, &key).await;
                history.finish(record.id, &sent).await;
                if sent.problem.is_some() {
                    recheck.emit(());
                }
                let served = served(&form, &sent);
                let field = served.first().map(|v| v.parameter.clone());
                if matches!(sent.answer, Answer::Created(_)) {
                    dom::store(&draft_key(op), None);
                    if *latest.borrow() == form.raw {
                        form.dispatch(Act::Clear(prefill(&settings, op, &mount)));
                    }
                }
                form.dispatch(Act::Served(served));
                mount.focus_soon(match &field {
                    Some(field) => control_id(field),
                    None => HEADING.to_string(),
                });
                let outcome = Outcome {
                    sent: match record.doubted {
                        true => client::repeated(sent),
                        false => sent,
                    },
                    token: token(&valid),
                    valid,
                    key,
                    field,
                    record: Some(record.id),
                    adopted: false,
                };
                if let Some(host_page) = mount.host_page() {
                    host_page.notify(outcome_event(&outcome.valid, &outcome.key, &outcome.sent));
                }
                state.set(State {
                    on_the_way: false,
                    outcome: Some(Rc::new(outcome)),
                    at: dom::now(),
                });
                busy.replace(false);
            });
        })
    };

    let submit = {
        let (form, state, asking, history) =
            (form.clone(), state.clone(), asking.clone(), history.clone());
        let look = look.clone();
        let (transmit, agreed, target) = (transmit.clone(), agreed.clone(), settings.target());
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
            // The same request again is the same intent, unless the first was settled.
            let unsettled =
                |o: &&Outcome| matches!(o.sent.answer, Answer::NotExecuted(_) | Answer::Unknown(_));
            let key = last
                .filter(|o| o.valid == valid)
                .filter(unsettled)
                .map_or_else(dom::uuid, |o| o.key.clone());
            let public = valid.parsed().public().to_raw();
            let open = history.last_open(op.name, &public, since, &target, *agreed.borrow());
            let Some((row, same)) = open else {
                transmit(valid, key);
                return;
            };
            let (asking, look, transmit) = (asking.clone(), look.clone(), transmit.clone());
            let history = history.clone();
            spawn_local(async move {
                let Some(record) = history.record(row.id).await else {
                    transmit(valid, key);
                    return;
                };
                // The same token again cannot make a second resource; a fresh one can.
                let unknown = history.shown(&row) == history::Outcome::Unknown;
                let known = record.token().filter(|_| unknown).map(str::to_string);
                if known.is_some() && known == token(&valid) {
                    transmit(valid, if same { record.key } else { key });
                    return;
                }
                look.set(Lookup::None);
                asking.set(Some(Rc::new(Confirmation {
                    on_the_way: history.shown(&row) == history::Outcome::Pending,
                    token: known.filter(|_| same),
                    record,
                    same,
                    valid,
                })));
            });
        })
    };

    let wish = {
        let (form, state, asking, look) =
            (form.clone(), state.clone(), asking.clone(), look.clone());
        let (settings, history, mount) = (settings.clone(), history.clone(), mount.clone());
        Callback::from(move |wish: Command| match wish {
            Command::Repeat => {
                if let Some(asked) = asking.as_deref() {
                    let mut raw = asked.valid.parsed().to_raw();
                    if let (Some(path), Some(token)) = (op.token, &asked.token) {
                        raw.set(path, token);
                    }
                    if let Ok(valid) = check(op, &raw).valid() {
                        transmit(valid, asked.record.key.clone());
                    }
                } else if let Some(outcome) = &state.outcome {
                    transmit(outcome.valid.clone(), outcome.key.clone());
                }
            }
            Command::SendAnyway => {
                if let Some(asked) = asking.as_deref() {
                    agreed.replace(asked.record.id);
                }
                if let Ok(valid) = check(op, &form.raw).valid() {
                    transmit(valid, dom::uuid());
                }
            }
            Command::Cancel => asking.set(None),
            Command::GoToField => {
                if let Some(field) = state.outcome.as_ref().and_then(|o| o.field.as_ref()) {
                    mount.focus(&control_id(field));
                }
            }
            Command::LookUp => {
                let params = match (&*asking, &state.outcome) {
                    (Some(asked), _) => asked.record.raw(),
                    (None, Some(outcome)) => outcome.valid.parsed().to_raw(),
                    (None, None) => return,
                };
                look.set(Lookup::Looking);
                let (look, target) = (look.clone(), settings.target());
                spawn_local(async move {
                    let found = client::find_by_name(&target, op, &params).await;
                    look.set(Lookup::Done(Rc::new(found)));
                });
            }
            Command::Adopt(at) => {
                let item = match &*look {
                    Lookup::Done(found) => match &**found {
                        Found::Items(items) => items.get(at).cloned(),
                        Found::Refused(_) => None,
                    },
                    _ => None,
                };
                let (record, valid, key, same) = match (&*asking, &state.outcome) {
                    (Some(asked), _) => {
                        let key = asked.record.key.clone();
                        (Some(asked.record.id), asked.valid.clone(), key, asked.same)
                    }
                    (None, Some(o)) => (o.record, o.valid.clone(), o.key.clone(), true),
                    (None, None) => return,
                };
                let (Some(item), Some(record)) = (item, record) else {
                    return;
                };
                let (history, target) = (history.clone(), settings.target());
                let unchanged = same && check(op, &form.raw).parsed == *valid.parsed();
                let (form, state, asking, look) =
                    (form.clone(), state.clone(), asking.clone(), look.clone());
                let (settings, mount) = (settings.clone(), mount.clone());
                spawn_local(async move {
                    let simulated = client::is_simulated(&target).await;
                    history.adopt(record, &item, simulated).await;
                    if unchanged {
                        dom::store(&draft_key(op), None);
                        form.dispatch(Act::Clear(prefill(&settings, op, &mount)));
                    }
                    asking.set(None);
                    look.set(Lookup::None);
                    let outcome = Outcome {
                        sent: Sent {
                            simulated,
                            ..Sent::of(Answer::Created(Created {
                                status: Some(status_of(op, &item)),
                                id: item.id,
                                request_id: None,
                                fields: Vec::new(),
                            }))
                        },
                        token: None,
                        valid,
                        key,
                        field: None,
                        record: Some(record),
                        adopted: true,
                    };
                    if let Some(host_page) = mount.host_page() {
                        host_page.notify(outcome_event(
                            &outcome.valid,
                            &outcome.key,
                            &outcome.sent,
                        ));
                    }
                    state.set(State {
                        on_the_way: false,
                        outcome: Some(Rc::new(outcome)),
                        at: dom::now(),
                    });
                    mount.focus_soon(HEADING.to_string());
                });
            }
        })
    };

    Sender {
        on_the_way: state.on_the_way,
        outcome: state.outcome.clone(),
        asking: (*asking).clone(),
        look: (*look).clone(),
        submit,
        wish,
    }
}

/// The client token in a request.
fn token(valid: &Valid) -> Option<String> {
    let parsed = valid.parsed();
    let token = parsed.get(parsed.operation().token?);
    token.filter(|token| !token.is_empty())
}

/// What an answer says about fields of the form.
fn served(form: &Form, sent: &Sent) -> Vec<Violation> {
    let at = |parameter: &str, message: &Message, source: &str| {
        Some(Violation {
            parameter: form.place_of(parameter)?,
            rule: "answer",
            severity: Severity::Error,
            message: message.clone(),
            source: Message::new(source, source),
            also: None,
        })
    };
    let mut out: Vec<Violation> = sent
        .violations
        .iter()
        .filter_map(|c| at(&c.parameter, &c.message, ""))
        .collect();
    if let Answer::Rejected(refusal) = &sent.answer {
        let parameter = refusal.parameter.unwrap_or_default();
        out.extend(at(parameter, &refusal.explanation, &refusal.code));
    }
    out
}
