//! The resources that exist in the sandbox.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use tieline_catalog::model::{Control, Operation, Simulation};
use tieline_catalog::Parsed;

use crate::index::{Index, Key};
use crate::random::Random;

/// A created resource. Personal data and secrets of its request are not kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Resource {
    /// The creation's name.
    pub operation: String,
    /// The resource's id.
    pub id: String,
    /// The time of its creation, in milliseconds since 1970.
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
#[serde(from = "Kept")]
pub struct Store {
    resources: Vec<Resource>,
    #[serde(skip)]
    index: Index,
}

/// A store as it is kept: the index follows from the resources.
#[derive(Deserialize)]
struct Kept {
    resources: Vec<Resource>,
}

impl From<Kept> for Store {
    fn from(kept: Kept) -> Store {
        let mut store = Store::default();
        kept.resources.into_iter().for_each(|r| store.add(r));
        store
    }
}

/// The parameters in which a request must agree with a resource to see it.
const VISIBLE: &[Control] = &[Control::Account, Control::Region];

/// The store's record of a creation's client token.
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
    pub(crate) fn visible<'a>(
        &'a self,
        creation: &'static Operation,
        request: &Parsed,
    ) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let scope = scope(creation, request, VISIBLE);
        self.at(&Key::Creation(creation.name))
            .filter(move |r| is_within(r, &scope))
    }

    /// Those of them that have one of these ids.
    pub(crate) fn visible_by_id<'a>(
        &'a self,
        creation: &'static Operation,
        request: &Parsed,
        ids: Vec<String>,
    ) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let scope = scope(creation, request, VISIBLE);
        let ids = ids.into_iter().map(Key::Id);
        let mut found: Vec<usize> = ids.flat_map(|id| self.index.at(&id).to_vec()).collect();
        found.sort_unstable();
        found.dedup();
        let found = found.into_iter().map(|position| &self.resources[position]);
        found.filter(move |r| r.operation == creation.name && is_within(r, &scope))
    }

    /// The number of resources of a creation the request's account has. Those without an account are
    /// everybody's.
    pub(crate) fn count(&self, creation: &'static Operation, request: &Parsed) -> usize {
        let of = |key| self.index.at(&key).len();
        let account = creation.param_with(Control::Account);
        match account.and_then(|name| request.get(name)) {
            Some(account) => {
                let own = of(Key::Account(creation.name, Some(account)));
                own + of(Key::Account(creation.name, None))
            }
            None => of(Key::Creation(creation.name)),
        }
    }

    /// Whether the value that must be unique in the account is taken. Addresses are compared as
    /// addresses.
    pub(crate) fn taken(
        &self,
        creation: &'static Operation,
        unique: (&str, &str),
        request: &Parsed,
    ) -> bool {
        let (param, within) = unique;
        let Some(value) = request.get(param) else {
            return false;
        };
        let account = creation.param_with(Control::Account);
        let account = account.and_then(|name| request.get(name));
        let key = Key::unique(creation.name, [account, request.get(within)], &value);
        !self.index.at(&key).is_empty()
    }

    /// Looks a creation's client token up.
    pub(crate) fn replay(&self, creation: &'static Operation, request: &Parsed) -> Replay<'_> {
        let token = creation.token.and_then(|path| request.get(path));
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Replay::New;
        };
        let key = Key::Token(creation.name, token);
        let scope = scope(creation, request, &[Control::Account]);
        match self.at(&key).find(|r| is_within(r, &scope)) {
            None => Replay::New,
            Some(resource) if resource.params == leaves(request) => Replay::Same(resource),
            Some(_) => Replay::Changed,
        }
    }

    /// Adds a resource under a new id and returns it.
    pub(crate) fn create(
        &mut self,
        creation: &'static Operation,
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
            if self.index.at(&Key::Id(id.clone())).is_empty() {
                break id;
            }
        };
        let resource = Resource {
            operation: creation.name.to_string(),
            id,
            created_ms: now_ms,
            params: leaves(request),
        };
        self.add(resource.clone());
        resource
    }

    fn add(&mut self, resource: Resource) {
        self.index.add(self.resources.len(), keys(&resource));
        self.resources.push(resource);
    }

    fn at<'a>(&'a self, key: &Key) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let found = self.index.at(key).iter();
        found.map(|position| &self.resources[*position])
    }
}

/// Everything that a resource is looked up by. Of an operation that the catalog no longer has only
/// the id counts, which stays taken.
fn keys(resource: &Resource) -> Vec<Key> {
    let mut keys = Vec::from([Key::Id(resource.id.clone())]);
    let Some(creation) = tieline_catalog::find(&resource.operation) else {
        return keys;
    };
    let own = |name: &str| resource.param(name).map(str::to_string);
    keys.push(Key::Creation(creation.name));
    let account = creation.param_with(Control::Account).and_then(own);
    keys.push(Key::Account(creation.name, account.clone()));
    if let Some(token) = creation.token.and_then(own) {
        keys.push(Key::Token(creation.name, token));
    }
    if let Some((param, within)) = creation.simulation().and_then(|s| s.unique) {
        let scope = [account, own(within)];
        let value = resource.param(param);
        keys.extend(value.map(|value| Key::unique(creation.name, scope, value)));
    }
    keys
}

/// The request's own values of the parameters with these controls, by the names that they have in the
/// creation: within them it sees and counts. A read may call its region otherwise than the creation.
fn scope(
    creation: &'static Operation,
    request: &Parsed,
    controls: &[Control],
) -> Vec<(&'static str, String)> {
    let named = |control: &Control| {
        let asked = request.operation().param_with(*control)?;
        Some((creation.param_with(*control)?, request.get(asked)?))
    };
    controls.iter().filter_map(named).collect()
}

/// Whether a resource lies within a scope: what it does not name itself does not exclude it.
fn is_within(resource: &Resource, scope: &[(&'static str, String)]) -> bool {
    scope.iter().all(|(name, ours)| {
        let theirs = resource.param(name);
        theirs.is_none_or(|theirs| theirs == ours)
    })
}

fn leaves(request: &Parsed) -> Vec<(String, String)> {
    let raw = request.public().to_raw();
    raw.leaves()
        .into_iter()
        .map(|(path, text)| (path, text.to_string()))
        .collect()
}
