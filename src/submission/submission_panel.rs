//! The part of a creation's page that sends: it takes submits, and shows and tells what came of them.
//!
//! It is loaded lazily, see `shell/chunks.rs`.

use std::rc::Rc;

use yew::prelude::*;

use super::answer_pane::AnswerPane;
use super::next_steps::use_another;
use super::props::{SettledRequest, Status, SubmissionPanelProps};
use super::runner::use_runner;
use super::status_following::use_followed;
use super::submit_origin::use_submit_origin;
use crate::form::state::Act;
use crate::history::{use_history, Autosaver};
use crate::platform::host_page::HostEvent;

/// Sends what is submitted and shows the answer.
#[component]
pub fn SubmissionPanel(props: &SubmissionPanelProps) -> Html {
    let form = &props.form.0;
    let (history, _) = use_history(&props.mount);
    let problem = history.problem();
    let runner = use_runner(props, &history);
    let pressed = use_submit_origin(&props.mount);
    {
        let (runner, form) = (runner.clone(), form.dispatcher());
        use_effect_with(props.form.0.submitted.clone(), move |submitted| {
            if let Some(submitted) = submitted {
                form.dispatch(Act::Taken);
                runner.submit(submitted.raw.clone(), submitted.edited, pressed.take());
            }
        });
    }
    {
        let runner = runner.clone();
        use_effect_with(form.refusals, move |refusals| {
            if *refusals > 0 {
                runner.refused();
            }
        });
    }
    {
        let runner = runner.clone();
        use_effect_with(form.raw.clone(), move |raw| runner.edited(raw.clone()));
    }
    {
        let mount = props.mount.clone();
        use_effect_with(problem, move |problem| {
            if let (Some(host_page), Some(problem)) = (mount.host_page(), problem) {
                host_page.notify(HostEvent::Error {
                    kind: "history",
                    message: problem.message(),
                });
            }
        });
    }
    let submission = runner.submission();
    let last = submission.settled();
    // After a creation the request that made it stays in sight until something new is typed.
    let last_created = last.filter(|l| !form.edited && !l.adopted);
    let created = last_created.and_then(|l| Some((l, l.created()?)));
    let status = Status {
        busy: submission.is_busy() || form.submitted.is_some(),
        sent: submission.is_sent(),
        stage: last.map(|last| last.stage()),
        settled: created.map(|(last, created)| {
            Rc::new(SettledRequest {
                values: Rc::new(last.intent.valid.parsed().masked()),
                id: created.id.as_str().into(),
            })
        }),
        problem,
    };
    {
        let tell = props.tell.clone();
        use_effect_with(status, move |status| tell.emit(status.clone()));
    }
    let made = last.filter(|last| last.created().is_some());
    let (followed, poller) = use_followed(props, &history, made.and_then(|made| made.record));
    {
        let runner = runner.clone();
        let asked = submission.question().map(|asked| asked.open.record.id);
        let shown = asked.and_then(|id| Some((id, history.shown(&*history.row(id)?))));
        use_effect_with(shown, move |shown| {
            if let Some((record, outcome)) = *shown {
                runner.shown(record, outcome);
            }
        });
    }
    let another = use_another(props);
    let choose = use_callback(runner, |command, runner| runner.choose(command));
    html! {
        <>
            <AnswerPane operation={props.operation} mount={props.mount.clone()}
                question={submission.question().cloned()} scruple={submission.scruple().cloned()} settled={last.cloned()}
                busy={submission.is_busy()} lookup={submission.lookup().clone()} {followed} {choose} {another} lang={props.lang} />
            <Autosaver {history} />
            { poller }
        </>
    }
}
