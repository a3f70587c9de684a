//! A simulation of the clouds: the creations of the catalog and their reads, in the vendors' wire
//! formats.
//!
//! It is sans-I/O: a request, the time and some entropy go in, a [`Reply`] comes out. The host (a
//! page, the proxy, a server, a test) does the waiting and the dropping of connections. Everything
//! follows from the catalog's tables; nothing here names an operation.
//!
//! Credentials and signatures are not looked at: a host that checks them answers with
//! [`refuse`] what it does not accept.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod faults;
mod index;
mod random;
mod reads;
mod refusal;
mod render;
mod settings;
mod store;

use alloc::string::ToString;
use alloc::vec::Vec;

use tieline_catalog::check::check_as_server;
use tieline_catalog::input::Parsed;
use tieline_catalog::model::{Action, Operation, Simulation, When};
use tieline_catalog::wire::{parse, Request, Response};
use tieline_catalog::Raw;

pub use faults::{Fault, FaultInfo, FAULTS};
pub use settings::Settings;
pub use store::Store;

pub use random::utc;

use random::Random;
use reads::Cloud;
use refusal::Refusal;
use render::{Dialect, Filling};
use store::Replay;

/// The result of a request.
#[derive(Clone, PartialEq, Debug)]
pub struct Reply {
    /// The time that the host waits before it answers or drops the connection, in milliseconds.
    pub delay_ms: u32,
    /// The answer; `None`: the connection drops without one. What was asked for is done by then.
    pub response: Option<Response>,
}

/// The vendor's error answer to a request that the host does not let through: its status, code and
/// message in the format that the request asks for. `entropy` is a fresh random value.
pub fn refuse(
    request: &Request,
    status: u16,
    code: &str,
    message: &str,
    entropy: u128,
) -> Response {
    Dialect::of(request, &mut Random::new(entropy)).error(status, code, message)
}

/// A simulated cloud with its resources.
#[derive(Clone, Debug, Default)]
pub struct Sandbox {
    settings: Settings,
    store: Store,
}

impl Sandbox {
    /// An empty cloud.
    pub fn new(settings: Settings) -> Sandbox {
        Sandbox {
            settings,
            store: Store::default(),
        }
    }

    /// The resources, to be kept by the host. It holds no personal data and no secret.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Puts kept resources back, replacing those that are there.
    pub fn restore(&mut self, store: Store) {
        self.store = store;
    }

    /// Answers a request. `now_ms` is the time in milliseconds since 1970; `entropy` is a fresh
    /// random value for each request, from which ids are drawn. It never panics, whatever the
    /// request.
    pub fn handle(&mut self, request: &Request, now_ms: u64, entropy: u128) -> Reply {
        let mut random = Random::new(entropy);
        let dialect = Dialect::of(request, &mut random);
        let mut turn = Turn {
            sandbox: self,
            dialect: &dialect,
            now_ms,
            random: &mut random,
            fault: None,
        };
        let response = match turn.answer(request) {
            Ok(response) => response,
            Err(refusal) => dialect.error(refusal.http, &refusal.code, &refusal.message),
        };
        let fault = turn.fault;
        let slow_ms = self.settings.slow_ms;
        Reply {
            delay_ms: if fault == Some(Fault::Slow) {
                slow_ms
            } else {
                0
            },
            response: match fault {
                Some(Fault::Lost) => None,
                Some(Fault::Unavailable) => {
                    let Refusal {
                        http,
                        code,
                        message,
                    } = Refusal::unavailable();
                    Some(dialect.error(http, &code, &message))
                }
                Some(Fault::Html) => Some(web_page()),
                _ => Some(response),
            },
        }
    }
}

/// One request's way through the sandbox.
struct Turn<'a> {
    sandbox: &'a mut Sandbox,
    dialect: &'a Dialect,
    now_ms: u64,
    random: &'a mut Random,
    /// The fault that strikes; the host's part of it (waiting, dropping) is done at the end.
    fault: Option<Fault>,
}

impl Turn<'_> {
    fn answer(&mut self, request: &Request) -> Result<Response, Refusal> {
        let provider = self.dialect.provider;
        self.fault = self.sandbox.settings.fault;
        let (op, raw) = parse(request).map_err(|e| Refusal::unparsable(provider, &e))?;
        if self.fault.is_none() && op.action == Action::Create {
            self.fault = ordered(&raw);
        }
        match self.fault {
            Some(Fault::Throttle) => return Err(Refusal::throttled(provider)),
            Some(Fault::Error | Fault::Html) => return Err(Refusal::internal()),
            Some(Fault::Forbidden) => return Err(Refusal::when(op, When::Forbidden, None)),
            _ => {}
        }
        let report = check_as_server(op, &raw);
        // The vendors' servers ignore parameters that they do not know, as newer clients send them.
        let mut errors = report.errors().filter(|v| v.rule != "unknown");
        if let Some(violation) = errors.next() {
            return Err(Refusal::violation(op, violation));
        }
        match (op.action, op.simulation()) {
            (Action::Create, Some(simulation)) => self.create(op, simulation, &report.parsed),
            _ => {
                let cloud = Cloud {
                    store: &self.sandbox.store,
                    time_scale: self.sandbox.settings.time_scale,
                    now_ms: self.now_ms,
                    request_id: &self.dialect.request_id,
                };
                let members = cloud.read(op, &report.parsed)?;
                Ok(self.dialect.success(op, members))
            }
        }
    }

    fn create(
        &mut self,
        op: &'static Operation,
        simulation: &Simulation,
        parsed: &Parsed,
    ) -> Result<Response, Refusal> {
        let Sandbox { settings, store } = &mut *self.sandbox;
        let resource = match store.replay(op, parsed) {
            Replay::Changed => return Err(Refusal::token_reused(op)),
            Replay::Same(resource) => {
                // The answer of an execution is lost or late, not that of a replay: otherwise a
                // fault in the name could never be recovered from by the client token.
                self.fault = settings.fault;
                resource.clone()
            }
            Replay::New => {
                if let Some(unique) = simulation.unique.filter(|u| store.taken(op, *u, parsed)) {
                    return Err(Refusal::when(op, When::Taken, Some(unique.0)));
                }
                let quota = settings.quota.unwrap_or(simulation.quota);
                let full = store.count(op, parsed) >= quota as usize;
                if full || self.fault == Some(Fault::Quota) {
                    return Err(Refusal::when(op, When::Quota, None));
                }
                store.create(op, simulation, parsed, self.now_ms, self.random)
            }
        };
        // A replay repeats the first answer: the status is that of the creation's moment.
        let filling = Filling {
            resource: Some(&resource),
            status: resource.status(simulation, settings.time_scale, resource.created_ms),
            request_id: &self.dialect.request_id,
            count: 1,
            request: parsed,
        };
        Ok(self
            .dialect
            .success(op, filling.members(op.response().fields)))
    }
}

/// The fault that a creation's own name or description orders.
fn ordered(raw: &Raw) -> Option<Fault> {
    raw.leaves().into_iter().find_map(|(path, text)| {
        let name = path.rsplit('.').next().unwrap_or_default();
        let own = name.eq_ignore_ascii_case("name") || name.eq_ignore_ascii_case("description");
        Fault::ordered_in(text).filter(|_| own)
    })
}

fn web_page() -> Response {
    Response {
        status: 200,
        content_type: "text/html; charset=utf-8".to_string(),
        headers: Vec::new(),
        body: "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>".to_string(),
    }
}
