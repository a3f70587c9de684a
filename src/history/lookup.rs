//! Finding the resource of a request whose answer was lost, and taking it over: once for the form and
//! for the history's page.

use std::rc::Rc;

use tieline_catalog::answer::{status_of, Found, Item};
use tieline_catalog::{Lang, Operation};
use yew::prelude::*;

use super::service::History;
use super::{messages, time};
use crate::client::{is_simulated, Target};
use crate::ui::copy_button::CopyButton;
use crate::ui::messages as shared;
use tieline_records::Record;

/// A look for a resource by its name.
#[derive(Clone, PartialEq, Debug)]
pub enum Lookup {
    /// Nobody has looked.
    None,
    /// Under way.
    Looking,
    /// What it found.
    Done(Rc<Found>),
}

impl History {
    /// Takes a resource that was found at `target` over into the record of the request that made it.
    /// Returns whether a sandbox stood for the cloud.
    pub async fn adopt_from(&self, record: u64, item: &Item, target: &Target) -> bool {
        let simulated = is_simulated(target).await;
        self.adopt(record, item, simulated).await;
        simulated
    }
}

/// The resources that a look-up found, each with the button that takes it over; `adopt` gets its place
/// in the list.
pub fn found_list(
    op: &'static Operation,
    items: &[Item],
    history: &History,
    adopt: &Callback<usize>,
    lang: Lang,
) -> Html {
    let row = |(at, item): (usize, &Item)| {
        let taken = history.has_resource(&item.id);
        let onclick = adopt.reform(move |_: MouseEvent| at);
        html! {
            <li>
                <code>{ &item.id }</code>{ " " }
                { status_of(op, item) }{ " " }
                <CopyButton text={item.id.clone()} label={shared::COPY_ID} {lang} />
                if taken {
                    { shared::TAKEN.get(lang) }
                } else {
                    <button type="button" class="quiet" {onclick}>{ shared::ADOPT.get(lang) }</button>
                }
            </li>
        }
    };
    html! { <ul class="found">{ for items.iter().enumerate().map(row) }</ul> }
}

/// The name of the endpoint of a record, for people.
pub fn endpoint_name(endpoint: &str, lang: Lang) -> String {
    match endpoint == Target::InPage.name() {
        true => messages::IN_PAGE.get(lang).to_string(),
        false => endpoint.to_string(),
    }
}

/// Why nothing can be asked about a record: it was sent to another endpoint than the present one.
pub fn sent_elsewhere(endpoint: &str, lang: Lang) -> String {
    let name = endpoint_name(endpoint, lang);
    messages::with(messages::ELSEWHERE, lang, &[&name])
}

/// The name of a record for people: its name, and when it was written by the clock here.
pub fn display_name(record: &Record) -> String {
    let offset = -(js_sys::Date::new_0().get_timezone_offset() as i32);
    let time = time::local(record.created, offset);
    match record.name() {
        Some(name) if !name.is_empty() => format!("{name} · {time}"),
        _ => time,
    }
}
