//! The check of many resources against the cloud: what differs from the history, and what is gone.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::answer::{Found, Item};
use tieline_catalog::reconcile::{evidence, scope, Evidence};
use tieline_catalog::{Lang, Text};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::client::{other, Target};
use crate::history::account_lists::Place;
use crate::history::cloud_check::{Answer, CloudCheck, Next, Tally};
use crate::history::messages;
use crate::history::pace::SharedPace;
use crate::history::refused::{Reason, Refused};
use crate::history::service::History;
use crate::history::status_reads::Question;
use crate::platform::dom;
use tieline_records::{Record, Verdict};

/// A wait is looked at again after this time, so that a press on the button that ends it all is heard.
const GLANCE_MS: u64 = 200;
/// More findings are counted and not listed.
const LISTED: usize = 200;

/// What was found about a resource: its id, and texts with what fills them.
#[derive(Clone, PartialEq)]
struct Finding(String, Vec<(Text, Vec<String>)>);

impl Finding {
    fn words(&self, lang: Lang) -> String {
        let said = self.1.iter().map(|(text, values)| {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            messages::with(*text, lang, &values)
        });
        let all: Vec<String> = std::iter::once(self.0.clone()).chain(said).collect();
        all.join(" · ")
    }
}

/// How far a check is.
#[derive(Clone, PartialEq)]
pub struct Progress {
    tally: Tally,
    total: usize,
    /// What was found, a line each.
    findings: Vec<Finding>,
    /// Why some could not be asked about.
    reasons: Vec<Reason>,
    running: bool,
}

/// A check, and what starts and ends it.
#[derive(Clone, PartialEq)]
pub struct Check {
    progress: Option<Progress>,
    /// Starts it for the resources of these records.
    pub start: Callback<Vec<u64>>,
    stop: Callback<()>,
}

impl Check {
    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        self.progress
            .as_ref()
            .is_some_and(|progress| progress.running)
    }
}

/// The check of a page. It ends with the page.
#[hook]
pub fn use_check(history: &History, target: &Target) -> Check {
    let progress = use_state_eq(|| None::<Progress>);
    let stopped = use_mut_ref(|| Rc::new(Cell::new(false)));
    {
        let stopped = stopped.clone();
        use_effect_with((), move |()| move || stopped.borrow().set(true));
    }
    let start = {
        let (history, target) = (history.clone(), target.clone());
        let (progress, stopped) = (progress.setter(), stopped.clone());
        Callback::from(move |records: Vec<u64>| {
            let stop = Rc::new(Cell::new(false));
            // One at a time.
            stopped.replace(stop.clone()).set(true);
            let (history, target, progress) = (history.clone(), target.clone(), progress.clone());
            spawn_local(async move {
                run(&history, &target, records, &stop, |now| {
                    progress.set(Some(now))
                })
                .await;
            });
        })
    };
    let stop = Callback::from(move |()| stopped.borrow().set(true));
    Check {
        progress: (*progress).clone(),
        start,
        stop,
    }
}

async fn run(
    history: &History,
    target: &Target,
    records: Vec<u64>,
    stopped: &Cell<bool>,
    tell: impl Fn(Progress),
) {
    let mut check = CloudCheck::new(records, SharedPace::of_page());
    let mut findings = Vec::new();
    loop {
        let progress = |check: &CloudCheck, findings: &[Finding], running| Progress {
            tally: check.tally(),
            total: check.total(),
            findings: findings.to_vec(),
            reasons: check.reasons().to_vec(),
            running,
        };
        if stopped.get() {
            check.stop();
        }
        match check.next(dom::now() as u64) {
            Next::Done => return tell(progress(&check, &findings, false)),
            Next::Wait(ms) => TimeoutFuture::new(ms.min(GLANCE_MS) as u32).await,
            Next::Ask(ids) => {
                tell(progress(&check, &findings, true));
                let told = ask(history, target, &ids, |place| check.closed(place)).await;
                let (mut answers, mut said) = (Vec::new(), Vec::new());
                for (id, answer, finding) in told.each {
                    answers.push((id, answer));
                    said.extend(finding);
                }
                check.answered(&answers, told.place.as_ref(), dom::now() as u64);
                let room = LISTED.saturating_sub(findings.len());
                findings.extend(said.into_iter().take(room));
            }
        }
    }
}

/// What came of a question.
struct Told {
    /// Where it was asked, if there was one.
    place: Option<Place>,
    /// What came of it for each record's resource, and what is to be said about it.
    each: Vec<(u64, Answer, Option<Finding>)>,
}

/// Holds the resource of the first of these records against the cloud, and those of others that can be asked about
/// in the same read, unless the place is `closed`.
async fn ask(
    history: &History,
    target: &Target,
    ids: &[u64],
    closed: impl Fn(&Place) -> Option<Rc<Refused>>,
) -> Told {
    let Some(question) = history.question(ids, target).await else {
        let first = ids.first();
        let none = |id: &u64| (*id, Answer::NoQuestion, None);
        return Told {
            place: None,
            each: first.map(none).into_iter().collect(),
        };
    };
    let place = place_of(&question);
    let mut each = Vec::new();
    if let Some(why) = other(target, question.simulated()).await {
        // They stay what they were: who does not know them says nothing about them.
        for before in &question.about {
            let resource = before.resource_id.clone().unwrap_or_default();
            let said = vec![(why.what, Vec::new())];
            each.push((before.id, Answer::NoQuestion, Some(Finding(resource, said))));
        }
        return Told { place: None, each };
    }
    if let Some(why) = place.as_ref().and_then(closed) {
        let unasked = |before: &Record| (before.id, Answer::Unasked(why.clone()), None);
        return Told {
            place: None,
            each: question.about.iter().map(unasked).collect(),
        };
    }
    SharedPace::of_page().asked(dom::now() as u64);
    let found = question.ask(target).await;
    match (&found, &place) {
        (Found::Items(items), _) => {
            for before in &question.about {
                let (answer, finding) = compare(history, before, items, &found).await;
                each.push((before.id, answer, finding));
            }
        }
        (Found::Refused(why), Some(place)) => {
            let refused = Rc::new(Refused {
                place: place.clone(),
                read: question.read.parsed().operation(),
                why: why.clone(),
            });
            let answer = |before: &Record| (before.id, Answer::Refused(refused.clone()), None);
            each.extend(question.about.iter().map(answer));
        }
        // Nothing is asked about a record of no operation.
        (Found::Refused(_), None) => {}
    }
    Told { place, each }
}

/// Where a question is asked: all its records are of the same region and account.
fn place_of(question: &Question) -> Option<Place> {
    let first = question.about.first()?;
    let op = first.operation()?;
    let scope = Rc::new(scope(op, &first.raw()));
    Some(Place { op, scope })
}

/// Holds a record against what a read found.
async fn compare(
    history: &History,
    before: &Record,
    items: &[Item],
    found: &Found,
) -> (Answer, Option<Finding>) {
    let id = before.id;
    history.observe(before, found).await;
    let resource = before.resource_id.clone().unwrap_or_default();
    let Some(item) = items.iter().find(|item| item.id == resource) else {
        let row = history.row(id);
        return match row.is_some_and(|row| row.verdict == Verdict::Gone) {
            true => {
                let said = vec![(messages::CHECKED_GONE, Vec::new())];
                (Answer::Gone, Some(Finding(resource, said)))
            }
            // It was made a moment ago: no read has to know it yet.
            false => (Answer::Same, None),
        };
    };
    let mut said = Vec::new();
    let after = history.record(id).await.and_then(|record| record.status);
    if after != before.status {
        let values = [&before.status, &after].map(|status| status.clone().unwrap_or_default());
        said.push((messages::CHECKED_STATUS, values.to_vec()));
    }
    said.extend(others(before, item));
    match said.is_empty() {
        true => (Answer::Same, None),
        false => (Answer::Differs, Some(Finding(resource, said))),
    }
}

/// What a resource has otherwise than it was asked for.
fn others(record: &Record, item: &Item) -> Vec<(Text, Vec<String>)> {
    let Some(op) = record.operation() else {
        return Vec::new();
    };
    let told = evidence(op, &record.raw(), item).into_iter();
    let differ = told.filter(|told| !told.asked.is_empty() && !told.agrees());
    let line = |told: Evidence| {
        let values = vec![told.parameter.to_string(), told.asked, told.found];
        (messages::CHECKED_VALUE, values)
    };
    differ.map(line).collect()
}

/// Why some could not be asked about, for people: the words for it, and what the answer said itself.
fn reason(reason: &Reason, lang: Lang) -> String {
    let Refused { place, why, .. } = &*reason.refused;
    let count = reason.count.to_string();
    let what = messages::with(messages::UNASKED, lang, &[&place.words(lang), &count]);
    let http = match why.http {
        0 => String::new(),
        http => format!("HTTP {http}"),
    };
    let said = [
        what.as_str(),
        why.explanation.get(lang),
        &why.code,
        &http,
        &why.message,
    ];
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    said.join(" · ")
}

/// How far it is and what it found, for people. The live region is there before there is anything to say.
pub fn report(check: &Check, lang: Lang) -> Html {
    let said = check.progress.as_ref().map(|progress| {
        let Tally {
            same,
            differ,
            gone,
            unknown,
        } = progress.tally;
        let done = progress.tally.total();
        let counts = [done, progress.total, same, differ, gone, unknown];
        let counts = counts.map(|count| count.to_string());
        messages::with(
            messages::CHECKED,
            lang,
            &counts.each_ref().map(String::as_str),
        )
    });
    let stop = check.stop.reform(|_: MouseEvent| ());
    let findings = check
        .progress
        .iter()
        .flat_map(|progress| &progress.findings);
    let findings: Vec<&Finding> = findings.collect();
    let reasons = check.progress.iter().flat_map(|progress| &progress.reasons);
    let reasons: Vec<String> = reasons.map(|why| reason(why, lang)).collect();
    html! {
        <div class="history-check" data-any={said.is_some().to_string()}>
            // Each step is for the eye; what came of it in the end is said.
            <p aria-hidden="true">{ said.clone().unwrap_or_default() }</p>
            <p class="unseen" role="status">
                { if check.is_running() { messages::CHECKING.get(lang).to_string() } else { said.unwrap_or_default() } }
            </p>
            if check.is_running() {
                <button type="button" class="quiet" onclick={stop}>{ messages::STOP_CHECK.get(lang) }</button>
            }
            if !reasons.is_empty() {
                <ul tabindex="0" aria-label={messages::CHECK_REASONS.get(lang)}>
                    { for reasons.iter().map(|line| html! { <li>{ line }</li> }) }
                </ul>
            }
            if !findings.is_empty() {
                <ul tabindex="0" aria-label={messages::CHECK_FINDINGS.get(lang)}>
                    { for findings.iter().map(|line| html! { <li>{ line.words(lang) }</li> }) }
                </ul>
            }
        </div>
    }
}
