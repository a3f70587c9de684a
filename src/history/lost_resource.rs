//! Finding the resource of a request whose answer was lost, and taking it over: once for the form and
//! for the history's page.

use std::rc::Rc;

use tieline_catalog::answer::{status_of, Found, Item};
use tieline_catalog::reconcile::{created_at, evidence, look_up, NEAR_MS};
use tieline_catalog::{Lang, Operation, Raw, Text, Way};
use yew::prelude::*;

use super::columns::endpoint_name;
use super::service::History;
use super::{messages, time};
use crate::client::{Target, NO_LOOK_UP};
use crate::ui::copy_button::CopyButton;
use crate::ui::messages as shared;
use tieline_records::{Outcome, Record, Search, What};

/// A look for a resource.
#[derive(Clone, PartialEq, Debug)]
pub enum Lookup {
    /// Nobody has looked.
    None,
    /// Under way.
    Looking,
    /// What it found.
    Done(Rc<Found>),
    /// What it found before there was too much of it: nobody knows what the rest has.
    Part(Rc<[Item]>),
}

impl Lookup {
    /// What there is to choose from.
    pub fn items(&self) -> &[Item] {
        match self {
            Lookup::Part(items) => items,
            Lookup::Done(found) => match &**found {
                Found::Items(items) => items,
                Found::Refused(_) => &[],
            },
            Lookup::None | Lookup::Looking => &[],
        }
    }
}

impl History {
    /// Whether a sandbox got the last request of a record; `None` when the record is not there.
    pub async fn is_of_sandbox(&self, record: Option<u64>) -> Option<bool> {
        let sent = self.record(record?).await;
        sent.as_ref().map(is_of_sandbox)
    }
}

/// A request whose resource is looked for.
pub struct Asked {
    /// What was to be created.
    pub op: &'static Operation,
    /// With which parameters.
    pub params: Raw,
    /// When it was first sent, in milliseconds since 1970, if that is known.
    pub sent: Option<u64>,
}

impl Asked {
    /// The request of a record.
    pub fn of(op: &'static Operation, record: &Record) -> Asked {
        Asked {
            op,
            params: record.raw(),
            sent: Some(record.created),
        }
    }
}

/// Whether a sandbox got a record's last request. Who was there when no answer came is not known: then it may
/// be real, unless it never left the page.
pub fn is_of_sandbox(record: &Record) -> bool {
    let told = record.was_simulated();
    told.unwrap_or_else(|| record.endpoint == Target::InPage.name())
}

/// Whether clouds may have executed a request of a record before its last one, and nobody knows what became of that:
/// only they can end this doubt.
pub fn is_doubted_by_clouds(record: &Record) -> bool {
    let is_lost = |outcome| matches!(outcome, Outcome::Unknown | Outcome::Pending);
    // What never left the page met no cloud, unless somebody has said so.
    let left = |endpoint: &str| endpoint != Target::InPage.name();
    let timeline = record.timeline();
    let last = timeline.iter().rposition(|event| event.name() == "attempt");
    // Whether the request that has no answer was for clouds, whether it left, and whether they may have executed
    // one before it.
    let (mut real, mut sent, mut doubted) = (false, false, false);
    for event in &timeline[..last.unwrap_or_default()] {
        match event.what() {
            What::Attempt {
                simulated,
                endpoint,
                ..
            } => {
                doubted |= sent;
                real = !simulated;
                sent = real && left(&endpoint);
            }
            What::Answer { id: Some(_), .. } | What::Adopted { .. } => {
                (real, sent, doubted) = (false, false, false);
            }
            What::Answer {
                outcome, simulated, ..
            } => {
                doubted |= real && !simulated && is_lost(outcome);
                (real, sent) = (false, false);
            }
            What::Before(before) => {
                let open = before.id.is_none() && is_lost(before.outcome);
                doubted |= open && !before.simulated && left(&before.endpoint);
            }
            _ => {}
        }
    }
    doubted || sent
}

/// In which way the lost resource of a request is looked for.
pub fn search_of(op: &'static Operation, params: &Raw) -> Search {
    match look_up(op, params).is_some_and(|way| way.is_by_address()) {
        true => Search::Address,
        false => Search::Name,
    }
}

/// What the button is called that looks for an operation's lost resource.
pub fn look_up_label(op: &Operation) -> Text {
    let ways = op.read_back().map_or(&[][..], |read| read.reconcile.ways);
    let by_address = |way: &Way| matches!(way, Way::RegionAndAddress { .. });
    match ways.iter().any(by_address) {
        true => messages::LOOK_UP_BY_ADDRESS,
        false => shared::LOOK_UP,
    }
}

/// What speaks for a resource that was found, beside what was asked for: whatever both tell, and the time.
pub(super) fn evidence_of(asked: &Asked, item: &Item, lang: Lang) -> Html {
    let mark = |agrees: bool| match agrees {
        true => messages::AGREES.get(lang),
        false => messages::DIFFERS.get(lang),
    };
    let line = |label: &str, asked: &str, found: &str, agrees: bool| {
        html! {
            <div><dt>{ label.to_string() }</dt>
                <dd>{ messages::with(messages::EVIDENCE, lang, &[asked, found, mark(agrees)]) }</dd></div>
        }
    };
    let told = evidence(asked.op, &asked.params, item);
    let told = told
        .iter()
        .filter(|told| !told.asked.is_empty() || !told.found.is_empty());
    let time = asked
        .sent
        .zip(created_at(asked.op, item))
        .map(|(sent, made)| {
            let near = made.abs_diff(sent) <= NEAR_MS;
            let label = messages::MADE_AT.get(lang);
            line(label, &time::here(sent), &time::here(made), near)
        });
    html! {
        <dl>
            { for told.map(|told| line(told.parameter, &told.asked, &told.found, told.agrees())) }
            { for time }
        </dl>
    }
}

/// The resources that a look-up found, each with what speaks for it and the button that takes it over, where that
/// is possible; `adopt` gets its place in the list.
pub fn found_list(
    asked: &Asked,
    items: &[Item],
    history: &History,
    adopt: Option<&Callback<usize>>,
    lang: Lang,
) -> Html {
    let row = |(at, item): (usize, &Item)| {
        let taken = history.has_resource(&item.id);
        let onclick = adopt.map(|adopt| adopt.reform(move |_: MouseEvent| at));
        html! {
            <li>
                <code>{ &item.id }</code>{ " " }
                <span>{ status_of(asked.op, item) }</span>{ " " }
                <CopyButton text={item.id.clone()} label={shared::COPY_ID} {lang} />
                if taken {
                    <span>{ shared::TAKEN.get(lang) }</span>
                } else if let Some(onclick) = onclick {
                    <button type="button" class="quiet" {onclick}>{ shared::ADOPT.get(lang) }</button>
                }
                { evidence_of(asked, item, lang) }
            </li>
        }
    };
    html! { <ul class="found">{ for items.iter().enumerate().map(row) }</ul> }
}

/// That only the vendor's own console can tell what became of a request, with the link to it.
pub fn only_by_console(op: &Operation, lang: Lang) -> Html {
    let console = op.read_back().map(|read| read.reconcile.console.url);
    html! {
        <>
            { NO_LOOK_UP.get(lang) }
            if let Some(href) = console {
                { shared::GAP.get(lang) }
                <a {href} target="_blank" rel="noopener noreferrer">{ shared::VENDOR_CONSOLE.get(lang) }</a>
            }
        </>
    }
}

/// Why nothing can be asked about a record: it was sent to another endpoint than the present one.
pub fn sent_elsewhere(endpoint: &str, lang: Lang) -> String {
    let name = endpoint_name(endpoint, lang);
    // Of two accounts behind one address the default one has no name.
    let unnamed = endpoint != Target::InPage.name() && !endpoint.ends_with(')');
    let text = match unnamed {
        true => messages::ELSEWHERE_DEFAULT,
        false => messages::ELSEWHERE,
    };
    messages::with(text, lang, &[&name])
}

/// The name of a record for people: its name, and when it was written by the clock here.
pub fn display_name(record: &Record) -> String {
    let time = time::here(record.created);
    match record.name() {
        Some(name) if !name.is_empty() => format!("{name} · {time}"),
        _ => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::creations;

    #[test]
    fn what_only_the_console_can_tell_leads_to_it() {
        for op in creations() {
            let url = op.read_back().expect("a read").reconcile.console.url;
            let said = format!("{:?}", only_by_console(op, Lang::Zh));
            assert!(
                said.contains(url) && said.contains("无法按名称查询"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_look_says_what_it_goes_by() {
        let mut addresses = 0;
        for op in creations() {
            let by = search_of(op, &Raw::example(op));
            let address = by == Search::Address;
            addresses += usize::from(address);
            for text in [messages::looking(by), messages::found(by)] {
                assert_eq!(text.en.contains("address"), address, "{}", text.en);
                assert_eq!(text.en.contains("name"), !address, "{}", text.en);
                assert_eq!(text.zh.contains("地址"), address, "{}", text.zh);
                assert_eq!(text.zh.contains("名称"), !address, "{}", text.zh);
            }
        }
        assert!(addresses > 0, "no operation is looked for by an address");
    }
}
