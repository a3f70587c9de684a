//! The types of the tables: what an operation is.
//!
//! An operation is data. Nothing in this module decides anything; [`crate::check`] interprets the
//! rules, [`crate::wire`] the places, [`crate::answer`] the responses and error codes.

mod param;
mod response;
mod rule;

pub use param::*;
pub use response::*;
pub use rule::*;

use crate::text::Text;

/// One creation and the read operations that report on what it created. One file each.
pub struct Entry {
    /// The creation.
    pub create: Operation,
    /// The reads, the one that [`Operation::read_back`] names among them.
    pub reads: &'static [Operation],
}

/// Whose cloud it is. Request style, signature and error bodies follow from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provider {
    /// Alibaba Cloud: RPC style, `Code`/`Message`/`RequestId`, XML or JSON.
    Alibaba,
    /// Huawei Cloud: REST, `error_code`/`error_msg`/`request_id`, JSON.
    Huawei,
}

impl Provider {
    /// The provider's name.
    pub const fn name(self) -> Text {
        match self {
            Provider::Alibaba => Text {
                en: "Alibaba Cloud",
                zh: "阿里云",
            },
            Provider::Huawei => Text {
                en: "Huawei Cloud",
                zh: "华为云",
            },
        }
    }
}

/// A vendor's product: an API version and its hosts.
pub struct Service {
    /// The short name used in configuration: `smartag`, `cbn`, `vpc`, `cc`.
    pub id: &'static str,
    /// The vendor's product code: `Smartag`, `Cbn`, `Vpc`, `cc`.
    pub code: &'static str,
    /// The API version, as in `x-acs-version`; `v3` for Huawei.
    pub version: &'static str,
    /// Whose product it is.
    pub provider: Provider,
    /// The product's name for people.
    pub product: Text,
    /// The host of a request that names no region.
    pub host: &'static str,
    /// The host of a request that names one, `{region}` standing for it; `None` when there is one
    /// host for all regions.
    pub regional_host: Option<&'static str>,
    /// Regions whose host does not follow the pattern.
    pub host_exceptions: &'static [(&'static str, &'static str)],
}

/// Whether an operation creates or reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// It creates a resource: it is never repeated blindly.
    Create,
    /// It changes nothing: it can be repeated.
    Read,
}

/// How the request is laid out on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    /// Alibaba Cloud RPC: `POST /`, parameters in the query string, lists flattened 1-based.
    Rpc,
    /// REST: a method and a path template whose `{name}` parts are [`Place::Path`] parameters.
    Rest {
        /// `GET` or `POST`.
        method: &'static str,
        /// For example `/v3/{domain_id}/ccaas/cloud-connections`.
        path: &'static str,
    },
}

/// Where something is said: every rule, parameter, field and code carries one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A line of the operation's own seed document.
    Line(u16),
    /// Something public beyond the document that says so: a later document, an SDK.
    Fact(Text),
    /// A decision of this project, where the documents are silent or contradict themselves.
    Decision(Text),
}

/// The vendor's document behind an operation.
pub struct Document {
    /// The seed file's name.
    pub file: &'static str,
    /// What it is, with its date where it has one.
    pub title: &'static str,
}

/// What only the API's description and the tests read: the page is built without it.
#[derive(Clone, Copy)]
pub struct Doc<T> {
    #[cfg(not(target_family = "wasm"))]
    value: T,
    #[cfg(target_family = "wasm")]
    left_out: std::marker::PhantomData<T>,
}

impl<T: Copy> Doc<T> {
    /// Wraps it.
    pub const fn new(value: T) -> Doc<T> {
        #[cfg(target_family = "wasm")]
        let _ = value;
        Doc {
            #[cfg(not(target_family = "wasm"))]
            value,
            #[cfg(target_family = "wasm")]
            left_out: std::marker::PhantomData,
        }
    }

    /// The value.
    #[cfg(not(target_family = "wasm"))]
    pub const fn get(&self) -> T {
        self.value
    }
}

/// An API operation, as data.
pub struct Operation {
    /// The operation's wire name, unique in the catalog: `CreateCen`.
    pub name: &'static str,
    /// Whether it creates or reads.
    pub action: Action,
    /// The product it belongs to.
    pub service: &'static Service,
    /// How its request is laid out.
    pub protocol: Protocol,
    /// What it makes, as a person says it: "CEN instance".
    pub title: Text,
    /// One sentence: what the operation does.
    pub summary: Text,
    /// How it behaves after the answer (asynchronous or not), and what to know before sending.
    pub behaviour: Text,
    /// The document that specifies it.
    pub document: &'static Document,
    /// The request parameters, in the order of the form.
    pub params: &'static [Param],
    /// Rules over more than one parameter.
    pub cross: &'static [Cross],
    /// The success answer.
    pub response: Response,
    /// The documented error codes.
    pub errors: &'static [ErrorCode],
    /// The document's request and response examples.
    pub examples: Doc<&'static [DocExample]>,
    /// The parameter that makes the operation idempotent, if it has one.
    pub token: Option<&'static str>,
    /// How a created resource's status is read. `None` for reads.
    pub read_back: Option<ReadBack>,
    /// How the sandbox plays it. `None` for reads, which follow from their creation.
    pub simulation: Option<Simulation>,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Names are unique in the catalog, so they tell operations apart.
impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Operation {}

/// Where a top-level parameter travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The query string.
    Query,
    /// A part of the path template.
    Path,
    /// A request header.
    Header,
    /// The JSON body.
    Body,
}
