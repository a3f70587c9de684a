//! The part of a form's page that sends: it takes submits, and shows and tells what came of them.
//!
//! It is loaded later, see `shell/chunks.rs`.

use std::rc::Rc;

use tieline_catalog::{Lang, Operation, Parsed, Text};
use yew::prelude::*;

use super::answer_pane::AnswerPane;
use super::runner::use_runner;
use crate::form::control::Table;
use crate::form::state::{Act, Form};
use crate::history::{use_history, Poller};
use crate::platform::host_page::HostEvent;
use crate::platform::mount::Mount;
use crate::settings::Settings;
use crate::ui::status_line::Stage;

/// A form. Handles of it lead to its present state, whatever it was when they were made, so that two
/// of them cannot tell whether it has changed: none equals another, and [`SubmissionPanel`] is always drawn anew.
#[derive(Clone)]
pub struct SharedForm(pub UseReducerHandle<Form>);

impl PartialEq for SharedForm {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// What the rest of the page shows of the sending.
#[derive(Clone, PartialEq, Default)]
pub struct Status {
    /// Something that was submitted is under way.
    pub busy: bool,
    /// What came of the last one.
    pub stage: Option<Stage>,
    /// What created something, masked, until something new is typed.
    pub settled: Option<Rc<Parsed>>,
    /// What is wrong with the history's storage.
    pub problem: Option<Text>,
}

/// The properties of [`SubmissionPanel`].
#[derive(Properties, Clone, PartialEq)]
pub struct SubmissionPanelProps {
    /// What is created.
    pub operation: Table<Operation>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// The form.
    pub form: SharedForm,
    /// Asks for a new look at the connection.
    pub recheck: Callback<()>,
    /// Takes what the rest of the page shows.
    pub tell: Callback<Status>,
    /// The language.
    pub lang: Lang,
    /// Where the form is shown.
    pub mount: Mount,
}

/// Sends what is submitted and shows the answer.
#[component]
pub fn SubmissionPanel(props: &SubmissionPanelProps) -> Html {
    let form = &props.form.0;
    let (history, _) = use_history(&props.mount);
    let problem = history.problem();
    let runner = use_runner(props, &history);
    {
        let (runner, form) = (runner.clone(), form.dispatcher());
        use_effect_with(props.form.0.submitted.clone(), move |submitted| {
            if let Some(submitted) = submitted {
                form.dispatch(Act::Taken);
                runner.submit(submitted.raw.clone(), submitted.edited);
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
    let created = last.filter(|l| !form.edited && !l.adopted && l.created().is_some());
    let status = Status {
        busy: submission.is_busy() || form.submitted.is_some(),
        stage: last.map(|last| last.stage()),
        settled: created.map(|l| Rc::new(l.intent.valid.parsed().masked())),
        problem,
    };
    {
        let tell = props.tell.clone();
        use_effect_with(status, move |status| tell.emit(status.clone()));
    }
    let choose = use_callback(runner, |command, runner| runner.choose(command));
    html! {
        <>
            <AnswerPane operation={props.operation} mount={props.mount.clone()}
                question={submission.question().cloned()} settled={last.cloned()}
                busy={submission.is_busy()} lookup={submission.lookup().clone()} {choose} lang={props.lang} />
            // The host page wants to hear of a status even where the history is not in sight.
            if props.mount.host_page().is_some() {
                <Poller target={props.settings.target()} mount={props.mount.clone()} />
            }
        </>
    }
}
