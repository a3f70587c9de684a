//! Does what the machine orders, and tells it what came of that: everything asynchronous of a
//! submission.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::answer::Found;
use tieline_catalog::Raw;
use tieline_records::{Outcome, Search};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::answer_pane::HEADING;
use super::earlier_requests::{find_open, Earlier, Known};
use super::event::{Command, Consent, Effect, Event, Focus, Fresh, Limit};
use super::intent::{Intent, Settled};
use super::machine::Submission;
#[cfg(feature = "embed")]
use super::outcome_event::follow;
use super::outcome_event::outcome_event;
use super::props::{SubmissionPanelProps, QUESTION};
use super::reality::Reality;
use crate::client::{self, Freshness, LookedUp, Target};
use crate::form::control::control_id;
use crate::form::draft::drop_submitted_draft;
use crate::form::prefill::prefill;
use crate::form::state::Act;
use crate::history::{search_of, History, Seen};
use crate::platform::dom;
use crate::platform::host_page::{Declined, HostEvent};
use crate::platform::mount::Mount;
use crate::platform::turns::Place;

/// A submission under way. Clones are handles to the same one.
#[derive(Clone)]
pub struct Runner(Rc<Inner>);

impl PartialEq for Runner {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    /// Tells what it does from what others do.
    number: u32,
    machine: RefCell<Submission>,
    /// What happened and was not taken note of yet.
    events: RefCell<VecDeque<Event>>,
    stepping: Cell<bool>,
    /// What the panel was last drawn with.
    props: RefCell<SubmissionPanelProps>,
    /// The history that has its records, also after the panel got another one.
    history: History,
    redraw: Callback<()>,
    /// Whether the panel is in sight. What is under way goes on without it.
    mounted: Cell<bool>,
    /// The place in the queue of those that decide about a request that has no record yet.
    place: Place,
    /// What was known of the history when it was decided by it.
    seen: RefCell<Seen>,
}

thread_local! {
    /// How many there have been.
    static RUNNERS: Cell<u32> = const { Cell::new(0) };
}

/// The runner of a panel.
#[hook]
pub fn use_runner(props: &SubmissionPanelProps, history: &History) -> Runner {
    let update = use_force_update();
    // What was submitted while another history was there goes on with that one, unseen.
    let runner = use_memo(history.clone(), {
        let props = props.clone();
        move |history| {
            props.busy.set(false);
            Runner(Rc::new(Inner {
                number: RUNNERS.replace(RUNNERS.get() + 1),
                machine: RefCell::new(Submission::new(props.operation.0)),
                events: RefCell::default(),
                stepping: Cell::new(false),
                props: RefCell::new(props),
                history: history.clone(),
                redraw: Callback::from(move |()| update.force_update()),
                mounted: Cell::new(true),
                place: Place::default(),
                seen: RefCell::default(),
            }))
        }
    });
    let runner = (*runner).clone();
    runner.0.props.replace(props.clone());
    {
        let runner = runner.clone();
        let switched = use_mut_ref(|| false);
        use_effect_with(history.clone(), move |_| {
            // The token in the form may belong to what was submitted while another history was there.
            if switched.replace(true) {
                runner.renew_token();
            }
            move || runner.left()
        });
    }
    runner
}

impl Runner {
    /// The present state.
    pub fn submission(&self) -> Submission {
        self.0.machine.borrow().clone()
    }

    /// Gives the form a client token that was never used.
    fn renew_token(&self) {
        let form = self.0.props.borrow().form.0.clone();
        form.dispatch(Act::RenewToken(dom::uuid()));
    }

    /// The panel was taken away, or the history is another one. Nobody can answer a question any more.
    fn left(&self) {
        self.0.mounted.set(false);
        self.happened(Event::Left);
    }

    /// Tells who submitted that nothing comes of it.
    fn decline(&self, why: Declined) {
        let mount = self.0.props.borrow().mount.clone();
        if let Some(host_page) = mount.host_page() {
            host_page.notify(HostEvent::Declined(why, Some(self.0.number)));
        }
    }

    /// Tells the host page what came of a request; `late`, when that was told before, as unknown.
    fn notify(&self, settled: &Settled, late: bool) {
        let mount = self.0.props.borrow().mount.clone();
        if let Some(host_page) = mount.host_page() {
            let Intent { valid, key, .. } = &settled.intent;
            host_page.notify(outcome_event(
                self.0.number,
                valid,
                key,
                &settled.sent,
                late,
            ));
            #[cfg(feature = "embed")]
            follow(&self.0.history, &mount, settled);
        }
    }

    /// Tells who submitted that what comes of it is told from here.
    fn taken(&self) {
        let mount = self.0.props.borrow().mount.clone();
        if let Some(host_page) = mount.host_page() {
            host_page.notify(HostEvent::Taken(self.0.number));
        }
    }

    /// Submits this input. What is typed or set from here on changes nothing about it. `pressed`: by the
    /// button, not by Enter in a field.
    pub fn submit(&self, raw: Raw, edited: bool, pressed: bool) {
        let target = self.0.props.borrow().settings.target();
        self.taken();
        self.happened(Event::Submitted {
            raw,
            edited,
            target,
            consent: self.consent(pressed),
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

    /// Takes note of what the history shows of the request that is asked about.
    pub fn shown(&self, record: u64, outcome: Outcome) {
        self.happened(Event::Shown { record, outcome });
    }

    /// Takes what the user chose.
    pub fn choose(&self, command: Command) {
        let (fresh, consent) = (fresh(), self.consent(true));
        self.happened(Event::Chosen {
            command,
            consent,
            fresh,
        });
    }

    /// Whether something real may be created now. A key that may have been pressed in passing never says so.
    fn consent(&self, pressed: bool) -> Consent {
        let props = self.0.props.borrow();
        let reality = Reality::of(props.settings.in_page, props.connection.as_ref());
        // A host page asks its users as it likes, and calls instead of pressing.
        let can_decline = pressed || props.mount.host_page().is_some();
        let asked = props.settings.review || !can_decline;
        reality.consent(props.connection.is_some(), asked)
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
                self.0.place.leave();
            }
            if self.0.mounted.get() {
                self.0.props.borrow().busy.set(after.is_busy());
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

    /// Decides in turn, unless the phase of `at` was left meanwhile.
    async fn in_turn<T>(
        &self,
        history: &History,
        at: u32,
        decision: impl Future<Output = T>,
    ) -> Option<T> {
        let turns = history.turns(self.0.props.borrow().operation.0.name);
        let wanted = || self.is_deciding(at);
        self.0.place.in_turn(&turns, wanted, decision).await
    }

    /// Whether the phase of this turn still decides about a request that has no record yet.
    fn is_deciding(&self, turn: u32) -> bool {
        self.0.machine.borrow().is_deciding(Some(turn))
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

    /// Records an intent, if the phase of this turn still wants that.
    fn record(&self, history: History, turn: u32, intent: Intent, unkept: bool) {
        let (runner, seen) = (self.clone(), self.0.seen.borrow().clone());
        self.later(async move {
            let Intent {
                valid, key, target, ..
            } = &intent;
            let target = (target, !intent.real);
            let wanted = || runner.is_deciding(turn);
            let begun = history.begin(valid.parsed(), key, target, &seen, wanted, unkept);
            let record = begun.await.map(Rc::new);
            let fresh = fresh();
            Event::Recorded {
                turn,
                record,
                fresh,
            }
        });
    }

    fn send(&self, turn: u32, intent: Intent, (record, doubted): (u64, bool), clouds: bool) {
        self.later(async move {
            let Intent {
                target,
                valid,
                key,
                real,
                ..
            } = &intent;
            let sent = Box::new(client::send(target, valid, key, *real, clouds).await);
            Event::Answered {
                turn,
                intent,
                record,
                doubted,
                sent,
                now_ms: now_ms(),
            }
        });
    }

    /// Looks for the resource of a lost request, and notes that in its record. `simulated`: a sandbox got that
    /// request, unless its record knows better.
    fn look_up(
        &self,
        history: History,
        look: u32,
        target: Target,
        (raw, record, simulated): (Raw, Option<u64>, bool),
    ) {
        let op = self.0.props.borrow().operation.0;
        self.later(async move {
            let simulated = history.is_of_sandbox(record).await.unwrap_or(simulated);
            let told = client::find_lost(&target, op, &raw, simulated).await;
            let mut counts = false;
            if let Some(record) = record {
                let by = search_of(op, &raw);
                history.looked_up(record, by, &told).await;
                let noted = history.record(record).await;
                counts = noted.is_some_and(|record| record.is_looked_up());
            }
            Event::Found {
                look,
                found: told.found,
                whole: told.whole,
                simulated,
                counts,
            }
        });
    }

    fn find_proxy(&self, turn: u32, target: Target) {
        self.later(async move {
            let connection = client::connection(&target, Freshness::Recent).await;
            let reality = Reality::of(target == Target::InPage, Some(&connection));
            let real = reality == Reality::Live;
            Event::ProxyFound { turn, real }
        });
    }

    fn perform(&self, effect: Effect) {
        let history = self.0.history.clone();
        let props = self.0.props.borrow().clone();
        let (op, form, mount) = (props.operation.0, &props.form.0, &props.mount);
        match effect {
            Effect::FindProxy { turn, target } => self.find_proxy(turn, target),
            Effect::FindOpen {
                turn,
                intent,
                agreed,
                lost,
                made,
            } => {
                let (runner, since) = (self.clone(), form.since);
                self.later(async move {
                    let known = Known {
                        since,
                        agreed,
                        lost,
                        made: &made,
                    };
                    let found = find_open(&history, op, &intent, known);
                    let found = runner.in_turn(&history, turn, found).await;
                    let Earlier { open, kept, seen } = found.unwrap_or_default();
                    if runner.is_deciding(turn) {
                        runner.0.seen.replace(seen);
                    }
                    Event::OpenFound { turn, open, kept }
                });
            }
            Effect::AskHost { turn, intent } => {
                let (mount, runner, by) = (mount.clone(), self.clone(), self.0.number);
                self.later(async move {
                    let ask = async {
                        match mount.host_page() {
                            Some(host_page) => {
                                host_page.allows(&intent.valid, &intent.key, by).await
                            }
                            None => true,
                        }
                    };
                    // Nobody is asked about what was given up while it waited.
                    let allowed = runner.in_turn(&history, turn, ask).await;
                    let allowed = allowed.unwrap_or_default();
                    Event::HostAnswered { turn, allowed }
                });
            }
            Effect::Record {
                turn,
                intent,
                unkept,
            } => self.record(history, turn, intent, unkept),
            Effect::Send {
                turn,
                intent,
                record,
                doubted,
                clouds,
            } => self.send(turn, intent, (record, doubted), clouds),
            Effect::Finish { turn, record, sent } => self.later(async move {
                history.finish(record, &sent).await;
                let now_ms = now_ms();
                Event::Finished { turn, now_ms }
            }),
            Effect::LookUp {
                look,
                target,
                raw,
                record,
                simulated,
            } => self.look_up(history, look, target, (raw, record, simulated)),
            Effect::NoteLooked { record } => spawn_local(async move {
                // Elsewhere nobody's keys look.
                let told = LookedUp {
                    found: Found::Items(Vec::new()),
                    whole: true,
                    signer: None,
                };
                history.looked_up(record, Search::User, &told).await;
            }),
            Effect::Adopt {
                turn,
                record,
                item,
                simulated,
            } => self.later(async move {
                history.adopt(&record, &item, simulated, None).await;
                let now_ms = now_ms();
                Event::Adopted { turn, now_ms }
            }),
            Effect::Wait { limit, ms } => self.wait(limit, ms),
            Effect::Refuse => form.dispatch(Act::Refuse),
            Effect::Decline(why) => self.decline(why),
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
            Effect::Focus(focus) if self.0.mounted.get() => match focus {
                // It is there already.
                Focus::Button => focus_button(mount),
                Focus::Question => mount.focus_soon(QUESTION.to_string()),
                Focus::Answer => mount.focus_soon(HEADING.to_string()),
                Focus::Field(path) => mount.focus_soon(control_id(&path)),
            },
            Effect::Focus(_) => {}
            Effect::Notify(settled) => self.notify(&settled, false),
            Effect::NotifyLate(settled) => self.notify(&settled, true),
            Effect::Recheck => props.recheck.emit(()),
        }
    }
}

/// Moves the focus back to the button that submits the form.
fn focus_button(mount: &Mount) {
    let root = mount.root().cast::<Element>();
    let button = root.and_then(|root| root.query_selector("form [type=submit]").ok()?);
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // What is not shown takes no focus.
        let _ = button.focus();
    }
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
