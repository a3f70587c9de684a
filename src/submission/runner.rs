//! Does what the machine orders, and tells it what came of that: everything asynchronous of a
//! submission.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::{Operation, Raw};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::answer_pane::{HEADING, QUESTION};
use super::event::{Command, Effect, Event, Focus, Fresh, Limit};
use super::intent::{Intent, Open};
use super::machine::Submission;
use super::outcome_event::outcome_event;
use super::props::SubmissionPanelProps;
use crate::client;
use crate::form::control::control_id;
use crate::form::draft::{drop_submitted_draft, prefill};
use crate::form::state::Act;
use crate::history::History;
use crate::platform::dom;
use crate::platform::turns::Turn;

/// A submission under way. Clones are handles to the same one.
#[derive(Clone)]
pub struct Runner(Rc<Inner>);

impl PartialEq for Runner {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    machine: RefCell<Submission>,
    /// What happened and was not taken note of yet.
    events: RefCell<VecDeque<Event>>,
    stepping: Cell<bool>,
    /// What the panel was last drawn with.
    props: RefCell<SubmissionPanelProps>,
    history: RefCell<History>,
    redraw: Callback<()>,
    /// Whether the panel is in sight. What is under way goes on without it.
    mounted: Cell<bool>,
    /// The turn to decide about a request that has no record yet.
    turn: RefCell<Option<Turn>>,
}

/// The runner of a panel.
#[hook]
pub fn use_runner(props: &SubmissionPanelProps, history: &History) -> Runner {
    let update = use_force_update();
    let runner = use_memo((), {
        let (props, history) = (props.clone(), history.clone());
        move |()| {
            Runner(Rc::new(Inner {
                machine: RefCell::new(Submission::new(props.operation.0)),
                events: RefCell::default(),
                stepping: Cell::new(false),
                props: RefCell::new(props),
                history: RefCell::new(history),
                redraw: Callback::from(move |()| update.force_update()),
                mounted: Cell::new(true),
                turn: RefCell::default(),
            }))
        }
    });
    let runner = (*runner).clone();
    runner.0.props.replace(props.clone());
    runner.0.history.replace(history.clone());
    {
        let runner = runner.clone();
        use_effect_with((), move |()| move || runner.0.mounted.set(false));
    }
    runner
}

impl Runner {
    /// The present state.
    pub fn submission(&self) -> Submission {
        self.0.machine.borrow().clone()
    }

    /// Submits this input. What is typed or set from here on changes nothing about it.
    pub fn submit(&self, raw: Raw, edited: bool) {
        let target = self.0.props.borrow().settings.target();
        self.happened(Event::Submitted {
            raw,
            edited,
            target,
            now_ms: now_ms(),
            fresh: fresh(),
        });
    }

    /// The form did not let a submit pass.
    pub fn refused(&self) {
        self.happened(Event::Refused);
    }

    /// Takes note of the form's present input.
    pub fn edited(&self, raw: Raw) {
        self.happened(Event::Edited(raw));
    }

    /// Takes what the user chose.
    pub fn choose(&self, command: Command) {
        let fresh = fresh();
        self.happened(Event::Chosen { command, fresh });
    }

    /// Takes note of what happened, and of what happens because of it, one after the other.
    fn happened(&self, event: Event) {
        self.0.events.borrow_mut().push_back(event);
        if self.0.stepping.replace(true) {
            return;
        }
        loop {
            let Some(event) = self.0.events.borrow_mut().pop_front() else {
                break;
            };
            let before = self.0.machine.borrow().clone();
            let (after, effects) = before.step(event);
            if !after.is_deciding(None) {
                self.0.turn.take();
            }
            self.0.machine.replace(after);
            for effect in effects {
                self.perform(effect);
            }
        }
        self.0.stepping.set(false);
        if self.0.mounted.get() {
            self.0.redraw.emit(());
        }
    }

    /// Tells what `work` found, as soon as it is done.
    fn later(&self, work: impl Future<Output = Event> + 'static) {
        let runner = self.clone();
        spawn_local(async move { runner.happened(work.await) });
    }

    /// Waits for the turn to decide, unless this submission has it; `false` when the phase of `at` was left
    /// meanwhile.
    async fn take_turn(&self, history: &History, at: u32) -> bool {
        if self.0.turn.borrow().is_none() {
            let operation = self.0.props.borrow().operation.0.name;
            let turn = history.turn(operation).await;
            if !self.0.machine.borrow().is_deciding(Some(at)) {
                return false;
            }
            self.0.turn.replace(Some(turn));
        }
        true
    }

    /// Tells when a time limit is over. Only what is under way keeps the runner: one that is done and
    /// whose console was taken away must not keep its history from going, too, until then.
    fn wait(&self, limit: Limit, ms: u32) {
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            TimeoutFuture::new(ms).await;
            if let Some(inner) = inner.upgrade() {
                let now_ms = now_ms();
                Runner(inner).happened(Event::TimedOut { limit, now_ms });
            }
        });
    }

    fn perform(&self, effect: Effect) {
        let history = self.0.history.borrow().clone();
        let props = self.0.props.borrow().clone();
        let (op, form, mount) = (props.operation.0, &props.form.0, &props.mount);
        match effect {
            Effect::FindOpen {
                turn,
                intent,
                agreed,
                lost,
                own,
            } => {
                let (runner, since) = (self.clone(), form.since);
                self.later(async move {
                    let open = match runner.take_turn(&history, turn).await {
                        true => {
                            let known = Known {
                                since,
                                agreed,
                                lost,
                                own: &own,
                            };
                            find_open(&history, op, &intent, known).await
                        }
                        false => None,
                    };
                    Event::OpenFound { turn, open }
                });
            }
            Effect::AskHost { turn, intent } => {
                let (mount, runner) = (mount.clone(), self.clone());
                self.later(async move {
                    // Nobody is asked about what was given up while it waited.
                    let mut allowed = runner.take_turn(&history, turn).await;
                    if let (true, Some(host_page)) = (allowed, mount.host_page()) {
                        allowed = host_page.allows(&intent.valid, &intent.key).await;
                    }
                    Event::HostAnswered { turn, allowed }
                });
            }
            Effect::Record { turn, intent } => self.later(async move {
                let values = intent.valid.parsed();
                let record = history.begin(values, &intent.key, &intent.target).await;
                let record = Some((record.id, record.doubted));
                Event::Recorded { turn, record }
            }),
            Effect::Send {
                turn,
                intent,
                record,
                doubted,
            } => self.later(async move {
                let sent = client::send(&intent.target, &intent.valid, &intent.key).await;
                Event::Answered {
                    turn,
                    intent,
                    record,
                    doubted,
                    sent: Box::new(sent),
                    now_ms: now_ms(),
                }
            }),
            Effect::Finish { turn, record, sent } => self.later(async move {
                history.finish(record, &sent).await;
                let now_ms = now_ms();
                Event::Finished { turn, now_ms }
            }),
            Effect::FindByName { look, target, raw } => self.later(async move {
                let found = client::find_by_name(&target, op, &raw).await;
                Event::Found { look, found }
            }),
            Effect::Adopt {
                turn,
                record,
                item,
                target,
            } => self.later(async move {
                let simulated = history.adopt_from(record, &item, &target).await;
                let now_ms = now_ms();
                Event::Adopted {
                    turn,
                    simulated,
                    now_ms,
                }
            }),
            Effect::Wait { limit, ms } => self.wait(limit, ms),
            Effect::Refuse => form.dispatch(Act::Refuse),
            Effect::ForgetServed => form.dispatch(Act::ForgetServed),
            Effect::Serve(violations) => form.dispatch(Act::Served(violations)),
            Effect::RenewToken(token) => form.dispatch(Act::RenewToken(token)),
            Effect::ClearForm(raw) if !self.0.mounted.get() => drop_submitted_draft(op, &raw),
            Effect::ClearForm(raw) => {
                let prefill = prefill(&props.settings, op, mount);
                form.dispatch(Act::ClearUnlessChanged(raw, prefill));
            }
            // Whoever types something else by now is not taken away from it.
            Effect::Focus(_) if form.is_typing() => {}
            Effect::Focus(focus) if self.0.mounted.get() => mount.focus_soon(match focus {
                Focus::Question => QUESTION.to_string(),
                Focus::Answer => HEADING.to_string(),
                Focus::Field(path) => control_id(&path),
            }),
            Effect::Focus(_) => {}
            Effect::Notify(settled) => {
                if let Some(host_page) = mount.host_page() {
                    let Intent { valid, key, .. } = &settled.intent;
                    host_page.notify(outcome_event(valid, key, &settled.sent));
                }
            }
            Effect::Recheck => props.recheck.emit(()),
        }
    }
}

/// What a form knows of earlier requests.
struct Known<'a> {
    /// Since when it is there, in milliseconds since 1970.
    since: u64,
    /// The record that was agreed to.
    agreed: u64,
    /// The record of the same intent whose outcome is unknown here.
    lost: Option<u64>,
    /// Its own records.
    own: &'a [u64],
}

/// The earlier request to ask about, once the history has been read.
async fn find_open(
    history: &History,
    op: &'static Operation,
    intent: &Intent,
    known: Known<'_>,
) -> Option<Box<Open>> {
    history.loaded().await;
    let public = intent.valid.parsed().public().to_raw();
    let open = history.last_open(
        op.name,
        &public,
        known.since,
        &intent.target,
        known.agreed,
        known.own,
    );
    let (row, same) = open.or_else(|| history.row(known.lost?).map(|row| (row, true)))?;
    let record = history.record(row.id).await?;
    Some(Box::new(Open {
        record,
        same,
        outcome: history.shown(&row),
    }))
}

fn fresh() -> Fresh {
    Fresh {
        key: dom::uuid(),
        token: dom::uuid(),
    }
}

fn now_ms() -> u64 {
    dom::now() as u64
}
