//! The resources that exist in the sandbox.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use tieline_catalog::input::Parsed;
use tieline_catalog::model::{Control, Operation, Simulation};

use crate::random::Random;

/// A created resource. Personal data and secrets of its request are not kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Resource {
    /// The creation's name.
    pub operation: String,
    /// The resource's id.
    pub id: String,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// The leaves of its request by wire path, the client token among them.
    pub params: Vec<(String, String)>,
}

impl Resource {
    /// The request parameter at a wire path.
    pub fn param(&self, path: &str) -> Option<&str> {
        let found = self.params.iter().find(|(name, _)| name == path);
        found.map(|(_, value)| value.as_str())
    }

    /// The status at `now_ms`; `None` for resources that have none.
    pub fn status(
        &self,
        simulation: &Simulation,
        time_scale: f64,
        now_ms: u64,
    ) -> Option<&'static str> {
        let age = now_ms.saturating_sub(self.created_ms);
        let begun = |after: u32| (f64::from(after) * time_scale.max(0.0)) as u64 <= age;
        let states = simulation.states;
        states
            .iter()
            .rev()
            .find(|(after, _)| begun(*after))
            .or(states.first())
            .map(|(_, status)| *status)
    }
}

/// All resources, in the order of their creation.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Store {
    resources: Vec<Resource>,
}

/// What a store says to a creation's client token.
pub enum Replay<'a> {
    /// The token is new, or there is none.
    New,
    /// The token and the parameters were seen before: this is what they created.
    Same(&'a Resource),
    /// The token was seen with other parameters.
    Changed,
}

impl Store {
    /// The resources of a creation that a request can see: those of its account and, where both
    /// name a region, of its region.
    pub fn visible<'a>(
        &'a self,
        creation: &'a Operation,
        request: &'a Parsed,
    ) -> impl Iterator<Item = &'a Resource> {
        self.of(creation)
            .filter(|r| shares(r, request, Control::Account) && shares(r, request, Control::Region))
    }

    /// How many resources of a creation the request's account has.
    pub fn count(&self, creation: &Operation, request: &Parsed) -> usize {
        self.of(creation)
            .filter(|r| shares(r, request, Control::Account))
            .count()
    }

    /// Whether the value that must be unique is taken. Addresses are compared as addresses.
    pub fn taken(&self, creation: &Operation, unique: (&str, &str), request: &Parsed) -> bool {
        let (param, within) = unique;
        let Some(value) = request.get(param) else {
            return false;
        };
        let scope = request.get(within);
        self.of(creation).any(|r| {
            r.param(within) == scope.as_deref()
                && r.param(param)
                    .is_some_and(|other| same_value(other, &value))
        })
    }

    /// Looks a creation's client token up.
    pub fn replay(&self, creation: &Operation, request: &Parsed) -> Replay<'_> {
        let token = creation
            .token
            .and_then(|path| Some((path, request.get(path)?)));
        let Some((path, token)) = token.filter(|(_, token)| !token.is_empty()) else {
            return Replay::New;
        };
        match self
            .of(creation)
            .find(|r| r.param(path) == Some(token.as_str()) && shares(r, request, Control::Account))
        {
            None => Replay::New,
            Some(resource) if resource.params == leaves(request) => Replay::Same(resource),
            Some(_) => Replay::Changed,
        }
    }

    /// Adds a resource under a new id and returns it.
    pub fn create(
        &mut self,
        creation: &Operation,
        simulation: &Simulation,
        request: &Parsed,
        now_ms: u64,
        random: &mut Random,
    ) -> Resource {
        let id = loop {
            let id = match simulation.id_length {
                0 => format!("{}{}", simulation.id_prefix, random.uuid()),
                length => format!("{}{}", simulation.id_prefix, random.letters(length)),
            };
            if self.resources.iter().all(|r| r.id != id) {
                break id;
            }
        };
        let resource = Resource {
            operation: creation.name.to_string(),
            id,
            created_ms: now_ms,
            params: leaves(request),
        };
        self.resources.push(resource.clone());
        resource
    }

    fn of<'a>(&'a self, creation: &Operation) -> impl Iterator<Item = &'a Resource> {
        let name = creation.name;
        self.resources.iter().filter(move |r| r.operation == name)
    }
}

/// Whether a resource and a request agree on the parameter with this control, where both have it.
fn shares(resource: &Resource, request: &Parsed, control: Control) -> bool {
    request
        .operation()
        .params
        .iter()
        .filter(|p| p.control == control)
        .all(|p| match (resource.param(p.name), request.get(p.name)) {
            (Some(theirs), Some(ours)) => theirs == ours,
            _ => true,
        })
}

fn leaves(request: &Parsed) -> Vec<(String, String)> {
    let raw = request.public().to_raw();
    raw.leaves()
        .into_iter()
        .map(|(path, text)| (path, text.to_string()))
        .collect()
}

fn same_value(a: &str, b: &str) -> bool {
    match (a.parse::<IpAddr>(), b.parse::<IpAddr>()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}
