//! What happened to an intent, in its order.

use tieline_catalog::Lang;
use tieline_records::{By, Event, Outcome, Record, Search, What};
use yew::prelude::*;

use crate::history::columns::endpoint_name;
use crate::history::list_messages as list;
use crate::history::{messages, time};
use crate::ui::messages as shared;

/// The time line of a record.
pub fn timeline(record: &Record, lang: Lang) -> Html {
    let events = record.timeline();
    let row = |event: &Event| {
        html! {
            <div>
                <dt><time datetime={time::utc(event.at())}>{ time::here(event.at()) }</time></dt>
                <dd>{ words(event, lang) }</dd>
            </div>
        }
    };
    let others = record.state().others;
    html! {
        <>
            <h3>{ messages::TIMELINE.get(lang) }</h3>
            if !others.is_empty() {
                <p class="history-note">{ messages::with(messages::OTHERS, lang, &[&others.join(shared::AND.get(lang))]) }</p>
            }
            <dl class="history-timeline">{ for events.iter().map(row) }</dl>
        </>
    }
}

/// An event in words.
fn words(event: &Event, lang: Lang) -> String {
    let with = |text, value: &str| messages::with(text, lang, &[value]);
    match event.what() {
        What::Attempt {
            endpoint, token, ..
        } => {
            let endpoint = endpoint_name(&endpoint, lang);
            match token {
                Some(_) => with(messages::SENT_WITH_TOKEN, &endpoint),
                None => with(messages::SENT_TO, &endpoint),
            }
        }
        What::Answer {
            by,
            outcome,
            id,
            status,
            code,
            ..
        } => {
            let told = told(outcome, [id, status, code], lang);
            match by {
                By::Cloud => with(messages::BY_CLOUD, &told),
                By::Proxy => with(messages::BY_PROXY, &told),
                By::Page => messages::BY_PAGE.get(lang).to_string(),
                By::Nobody => messages::BY_NOBODY.get(lang).to_string(),
            }
        }
        What::LookUp { failed: true, .. } => messages::LOOKED_IN_VAIN.get(lang).to_string(),
        What::LookUp { by, found, .. } => {
            let count = found.len().to_string();
            match by {
                Search::Name => with(messages::LOOKED_BY_NAME, &count),
                Search::Address => with(messages::LOOKED_BY_ADDRESS, &count),
                Search::User => messages::LOOKED_BY_USER.get(lang).to_string(),
            }
        }
        What::Adopted {
            id,
            endpoint: Some(endpoint),
            made,
            ..
        } => {
            let made = made.map(time::here);
            let made = made.unwrap_or_else(|| messages::NOT_TOLD.get(lang).to_string());
            let endpoint = endpoint_name(&endpoint, lang);
            messages::with(messages::TAKEN_OVER, lang, &[&id, &endpoint, &made])
        }
        What::Adopted { id, .. } => with(messages::CHOSEN, &id),
        What::Status {
            id, absent: true, ..
        } => with(messages::REPORTED_ABSENT, &id),
        What::Status { status, .. } => {
            let none = messages::NONE.get(lang);
            with(messages::REPORTED, status.as_deref().unwrap_or(none))
        }
        What::Imported { .. } => messages::FROM_FILE.get(lang).to_string(),
        What::Note { text } if text.is_empty() => list::NOTE_REMOVED.get(lang).to_string(),
        What::Note { .. } => list::NOTED.get(lang).to_string(),
        What::Before(before) => {
            let told = told(
                before.outcome,
                [before.id, before.status, before.code],
                lang,
            );
            with(messages::BEFORE, &told)
        }
        What::Other => with(messages::OF_LATER, event.name()),
    }
}

/// An outcome, and what came with it.
fn told(outcome: Outcome, with: [Option<String>; 3], lang: Lang) -> String {
    let mut words = vec![messages::outcome(outcome).get(lang).to_string()];
    words.extend(with.into_iter().flatten());
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_words_in_both_languages() {
        let answer = |by, outcome| What::Answer {
            signer: None,
            by,
            outcome,
            simulated: false,
            id: Some("cen-1".into()),
            status: None,
            code: None,
            message: None,
            request_id: None,
        };
        let said = |what: &What, lang| words(&Event::new(what, 1, 0), lang);
        for what in [
            answer(By::Cloud, Outcome::Created),
            answer(By::Proxy, Outcome::NotExecuted),
            answer(By::Page, Outcome::NotExecuted),
            answer(By::Nobody, Outcome::Unknown),
            What::Imported { new: true },
            What::Adopted {
                id: "cen-1".into(),
                status: None,
                simulated: false,
                endpoint: Some("/api".into()),
                made: None,
                signer: None,
            },
            What::Note { text: "n".into() },
            What::Other,
        ] {
            let (en, zh) = (said(&what, Lang::En), said(&what, Lang::Zh));
            assert!(
                !en.is_empty() && en != zh && !zh.contains("{}"),
                "{en} {zh}"
            );
        }
        let created = said(&answer(By::Cloud, Outcome::Created), Lang::En);
        assert_eq!(created, "The cloud answered: Created · cen-1");
    }
}
