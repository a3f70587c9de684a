//! The read operations: select, paginate, fill in.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value as Json};
use tieline_catalog::model::{Entry, List, Operation, Provider, Simulation};
use tieline_catalog::operations::entries;
use tieline_catalog::Parsed;

use crate::refusal::Refusal;
use crate::render::{insert, Filling};
use crate::store::{Resource, Store};

/// The items on a page where the request names no number.
const PAGE_SIZE: usize = 10;

/// The cloud as a read sees it.
pub struct Cloud<'a> {
    /// The resources.
    pub store: &'a Store,
    /// The factor on the time between statuses.
    pub time_scale: f64,
    /// The time, in milliseconds since 1970.
    pub now_ms: u64,
    /// The request's id.
    pub request_id: &'a str,
}

impl Cloud<'_> {
    /// Answers a read: of one resource by its id, or of a list.
    pub fn read(
        &self,
        op: &'static Operation,
        parsed: &Parsed,
    ) -> Result<Map<String, Json>, Refusal> {
        let found = creation_of(op);
        let (creation, simulation) = found.ok_or_else(Refusal::internal)?;
        let request = leaves(parsed);
        let Some(list) = &op.response().list else {
            let ids = request.into_iter().map(|(_, text)| text).collect();
            let mut visible = self.store.visible_by_id(creation, parsed, ids);
            let resource = visible.next().ok_or_else(Refusal::not_found)?;
            let filling = self.filling(Some(resource), simulation, 1, parsed);
            return Ok(filling.members(op.response().fields));
        };
        let items = self.selected(op, list, creation, simulation, &request, parsed);
        let total = items.len();
        let page = page(op, parsed, items).into_iter().map(|resource| {
            let filling = self.filling(Some(resource), simulation, 1, parsed);
            Json::Object(filling.members(list.fields))
        });
        let page: Vec<Json> = page.collect();
        let filling = self.filling(None, simulation, total, parsed);
        let mut members = filling.members(op.response().fields);
        insert(&mut members, list.path, Json::Array(page));
        Ok(members)
    }

    /// The resources that pass every filter of the request. A filter by a key that the list does not
    /// know passes nothing: leaving it out would list what nobody asked for.
    fn selected(
        &self,
        op: &'static Operation,
        list: &List,
        creation: &'static Operation,
        simulation: &'static Simulation,
        request: &[(String, String)],
        parsed: &Parsed,
    ) -> Vec<&Resource> {
        if asks_unknown_key(list, request) {
            return Vec::new();
        }
        let select = list.select.iter();
        let filters: Vec<(&str, Vec<String>)> = select
            .map(|(param, field)| (*field, wanted(request, param)))
            .filter(|(_, wanted)| !wanted.is_empty())
            .collect();
        let passes = |resource: &&Resource| {
            let filling = self.filling(Some(resource), simulation, 1, parsed);
            filters.iter().all(|(path, wanted)| {
                let field = list.fields.iter().find(|field| field.path == *path);
                let text = field.and_then(|field| filling.text(field));
                text.is_some_and(|text| wanted.contains(&text))
            })
        };
        let by_id = filters.iter().find(|(path, _)| *path == op.response().id);
        match by_id {
            Some((_, ids)) => self
                .store
                .visible_by_id(creation, parsed, ids.clone())
                .filter(passes)
                .collect(),
            None => self
                .store
                .visible(creation, parsed)
                .filter(passes)
                .collect(),
        }
    }

    fn filling<'a>(
        &'a self,
        resource: Option<&'a Resource>,
        simulation: &'static Simulation,
        count: usize,
        request: &'a Parsed,
    ) -> Filling<'a> {
        Filling {
            resource,
            status: resource.and_then(|r| r.status(simulation, self.time_scale, self.now_ms)),
            request_id: self.request_id,
            count,
            request,
        }
    }
}

/// The creation that a read reports on.
fn creation_of(read: &Operation) -> Option<(&'static Operation, &'static Simulation)> {
    let reports = |entry: &&&Entry| entry.reads.iter().any(|r| r.operation == *read);
    let entry = entries().iter().find(reports)?;
    Some((&entry.create, &entry.simulation))
}

fn leaves(parsed: &Parsed) -> Vec<(String, String)> {
    let raw = parsed.to_raw();
    let leaves = raw.leaves().into_iter();
    leaves
        .map(|(path, text)| (path, text.to_string()))
        .collect()
}

/// Whether a filter of the request is by a key that the list does not know.
fn asks_unknown_key(list: &List, request: &[(String, String)]) -> bool {
    let known = |key: &str| {
        let mut keys = list
            .select
            .iter()
            .filter_map(|(param, _)| param.split_once('.'));
        keys.any(|(_, known)| known == key)
    };
    let mut keys = request.iter().filter(|(path, _)| path.ends_with(".Key"));
    keys.any(|(_, key)| !known(key))
}

/// The values that a request wants for a selection: the parameter itself, its list items, or, for
/// `Filter.CenId`, the values of the filters whose Key is `CenId`. Empty texts select nothing.
fn wanted(request: &[(String, String)], param: &str) -> Vec<String> {
    let mut wanted = Vec::new();
    for (path, text) in request.iter().filter(|(_, text)| !text.is_empty()) {
        let item = path
            .strip_prefix(param)
            .and_then(|rest| rest.strip_prefix('.'));
        if path == param || item.is_some_and(|n| n.parse::<usize>().is_ok()) {
            wanted.push(text.clone());
        }
    }
    let Some((filters, wanted_key)) = param.split_once('.') else {
        return wanted;
    };
    for (path, _) in request.iter().filter(|(_, key)| key == wanted_key) {
        let filter = path.strip_suffix("Key").filter(|p| p.starts_with(filters));
        let Some(filter) = filter else { continue };
        let values = format!("{filter}Value");
        let of_filter = request.iter().filter(|(path, _)| path.starts_with(&values));
        wanted.extend(of_filter.map(|(_, value)| value.clone()));
    }
    wanted
}

/// The resources of the page that the request asks for: by number and size, or by marker and limit.
fn page<'a>(op: &Operation, parsed: &Parsed, items: Vec<&'a Resource>) -> Vec<&'a Resource> {
    let number = |name: &str| parsed.get(name).and_then(|text| text.parse::<usize>().ok());
    let (skip, size) = match op.service.provider {
        Provider::Alibaba => {
            let size = number("PageSize").unwrap_or(PAGE_SIZE);
            let before = number("PageNumber").unwrap_or(1).saturating_sub(1);
            (before.saturating_mul(size), size)
        }
        Provider::Huawei => {
            let marker = parsed.get("marker").filter(|m| !m.is_empty());
            let after = marker.map_or(0, |marker| {
                let at = items.iter().position(|item| item.id == marker);
                at.map_or(items.len(), |at| at + 1)
            });
            (after, number("limit").unwrap_or(usize::MAX))
        }
    };
    items.into_iter().skip(skip).take(size).collect()
}
