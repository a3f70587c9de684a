//! The part of a form's page that sends: it takes submits, and shows and tells what came of them.
//!
//! It is loaded later, see `shell/chunks.rs`.

use std::rc::Rc;

use tieline_catalog::answer::Answer;
use tieline_catalog::{Lang, Operation, Parsed, Text};
use yew::prelude::*;

use super::answer_pane::AnswerPane;
use super::send::use_sender;
use crate::form::control::Table;
use crate::form::state::Form;
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
    /// A request is on its way.
    pub on_the_way: bool,
    /// What came of the last one.
    pub way: Option<Stage>,
    /// What created something, masked, until something new is typed.
    pub settled: Option<Rc<Parsed>>,
    /// What is wrong with the history's storage.
    pub problem: Option<Text>,
}

/// The properties of [`SubmissionPanel`].
#[derive(Properties, PartialEq)]
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
    let (problem, loading) = (history.problem(), history.is_loading());
    let taken = use_mut_ref(|| 0u32);
    let sender = use_sender(props, history);
    {
        // Whether an earlier request is open is known only when the history has been read.
        let (submit, taken) = (sender.submit.clone(), taken.clone());
        use_effect_with((form.submits, loading), move |(submits, loading)| {
            if !loading && *submits > taken.replace(*submits) {
                submit.emit(());
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
    let outcome = sender.outcome.as_ref();
    // After a creation the request that made it stays in sight until something new is typed.
    let settled = outcome
        .filter(|o| !form.edited && !o.adopted && matches!(o.sent.answer, Answer::Created(_)));
    let told = Status {
        on_the_way: sender.on_the_way || loading && form.submits > *taken.borrow(),
        way: outcome.map(|outcome| outcome.way()),
        settled: settled.map(|o| Rc::new(o.valid.parsed().masked())),
        problem,
    };
    {
        let tell = props.tell.clone();
        use_effect_with(told, move |told| tell.emit(told.clone()));
    }
    html! {
        <>
        <AnswerPane operation={props.operation} mount={props.mount.clone()} outcome={sender.outcome.clone()}
            sending={sender.on_the_way} asking={sender.asking.clone()} look={sender.look.clone()}
            wish={sender.wish.clone()} lang={props.lang} />
            // The page around wants to hear of a status even where the history is not in sight.
            if props.mount.host_page().is_some() {
                <Poller target={props.settings.target()} mount={props.mount.clone()} />
            }
        </>
    }
}
