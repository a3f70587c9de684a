//! The read operations: select, paginate, fill in.

use serde_json::{Map, Value as Json};
use tieline_catalog::input::Parsed;
use tieline_catalog::model::{Entry, Field, List, Operation, Provider, Simulation};
use tieline_catalog::operations::entries;
use tieline_catalog::wire::Response;

use crate::refusal::Refusal;
use crate::render::{insert, Filling};
use crate::store::Resource;
use crate::Turn;

/// The items on a page where the request names no number.
const PAGE_SIZE: usize = 10;

impl Turn<'_> {
    /// Answers a read: of one resource by its id, or of a list.
    pub(crate) fn read(
        &self,
        op: &'static Operation,
        parsed: &Parsed,
    ) -> Result<Response, Refusal> {
        let found = creation_of(op);
        let (creation, simulation) = found.ok_or_else(Refusal::internal)?;
        let visible = self.sandbox.store.visible(creation, parsed);
        let members = match &op.response.list {
            None => {
                let wanted = leaves(parsed);
                let resource = visible
                    .into_iter()
                    .find(|r| wanted.iter().any(|(_, text)| *text == r.id))
                    .ok_or_else(Refusal::not_found)?;
                self.filling(Some(resource), simulation, 1, parsed, op.response.fields)
            }
            Some(list) => {
                let items: Vec<_> = visible
                    .map(|r| self.filling(Some(r), simulation, 1, parsed, list.fields))
                    .filter(|item| selected(list, &leaves(parsed), item))
                    .collect();
                let total = items.len();
                let page: Vec<Json> = page(op, parsed, items);
                let mut members = self.filling(None, simulation, total, parsed, op.response.fields);
                insert(&mut members, list.path, Json::Array(page));
                members
            }
        };
        Ok(self.dialect.success(op, members))
    }

    fn filling(
        &self,
        resource: Option<&Resource>,
        simulation: &Simulation,
        count: usize,
        parsed: &Parsed,
        fields: &[Field],
    ) -> Map<String, Json> {
        let scale = self.sandbox.settings.time_scale;
        Filling {
            resource,
            status: resource.and_then(|r| r.status(simulation, scale, self.now_ms)),
            request_id: &self.dialect.request_id,
            count,
            request: &|path| parsed.get(path),
        }
        .members(fields)
    }
}

/// The creation that a read reports on.
fn creation_of(read: &Operation) -> Option<(&'static Operation, &'static Simulation)> {
    let reports = |entry: &&&Entry| entry.reads.iter().any(|r| r.name == read.name);
    let entry = entries().iter().find(reports)?;
    Some((&entry.create, entry.create.simulation.as_ref()?))
}

fn leaves(parsed: &Parsed) -> Vec<(String, String)> {
    let raw = parsed.to_raw();
    let leaves = raw.leaves().into_iter();
    leaves
        .map(|(path, text)| (path, text.to_string()))
        .collect()
}

/// Whether an item passes every filter of the request. A filter by a key that the list does not
/// know passes nothing: leaving it out would list what nobody asked for.
fn selected(list: &List, request: &[(String, String)], item: &Map<String, Json>) -> bool {
    let known = |key: &str| {
        let mut keys = list
            .select
            .iter()
            .filter_map(|(param, _)| param.split_once('.'));
        keys.any(|(_, known)| known == key)
    };
    let unknown = |(path, key): &&(String, String)| path.ends_with(".Key") && !known(key);
    if request.iter().find(unknown).is_some() {
        return false;
    }
    list.select.iter().all(|(param, field)| {
        let wanted = wanted(request, param);
        wanted.is_empty()
            || wanted
                .iter()
                .any(|text| Some(text) == text_at(item, field).as_ref())
    })
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

fn text_at(item: &Map<String, Json>, path: &str) -> Option<String> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    match item.get(first)? {
        Json::Object(members) => text_at(members, rest),
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The items of the page that the request asks for: by number and size, or by marker and limit.
fn page(op: &Operation, parsed: &Parsed, items: Vec<Map<String, Json>>) -> Vec<Json> {
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
                let at = items
                    .iter()
                    .position(|item| text_at(item, op.response.id).as_ref() == Some(&marker));
                at.map_or(items.len(), |at| at + 1)
            });
            (after, number("limit").unwrap_or(usize::MAX))
        }
    };
    items
        .into_iter()
        .skip(skip)
        .take(size)
        .map(Json::Object)
        .collect()
}
