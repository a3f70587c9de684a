//! An operation of an API, as data.

use core::fmt;

use super::afterwards::Afterwards;
use super::param::{Control, Param};
use super::response::{
    DocExample, ErrorCode, Link, Permission, ReadBack, ResponseSchema, Simulation,
};
use super::rule::Cross;
use super::service::Service;
use super::source::{Doc, Document, Quote, Source};
use super::tools::Tools;
use crate::text::{Message, Text};

/// One creation, what it answers, and the read operations that report on what it created. One file each.
///
/// What is needed to answer only stands here and not in [`Operation`], so that a page that shows a
/// form need not have it yet: [`Operation::response`] and its neighbours find it.
pub struct Entry {
    /// The creation.
    pub create: Operation,
    /// Its success answer.
    pub response: ResponseSchema,
    /// Its documented error codes.
    pub errors: &'static [ErrorCode],
    /// The vendor's own list of all codes, to which the document refers.
    pub error_list: Option<Link>,
    /// The permission that an account needs, where the document says so.
    pub permission: Option<Permission>,
    /// The document's request and response examples.
    pub examples: Doc<&'static [DocExample]>,
    /// What the document says of each parameter.
    pub quotes: &'static [Quote],
    /// The vendor's public page of the API.
    pub page: Link,
    /// The reads of a created resource's status.
    pub read_back: ReadBack,
    /// Its simulation by the sandbox.
    pub simulation: Simulation,
    /// The reads, those that [`ReadBack`] names among them.
    pub reads: &'static [Read],
    /// What can be done with the resource once it is there.
    pub afterwards: Afterwards,
    /// The creation's names in the vendor's tools, as far as they do not follow from its other tables.
    pub tools: Tools,
}

/// A read operation and what it answers.
pub struct Read {
    /// The operation.
    pub operation: Operation,
    /// Its success answer.
    pub response: ResponseSchema,
}

/// Whether an operation creates or reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// It creates a resource: it is never repeated blindly.
    Create,
    /// It changes nothing: it can be repeated.
    Read,
}

/// The layout of the request on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    /// Alibaba Cloud RPC: `POST /`, parameters in the query string, lists flattened 1-based.
    Rpc,
    /// REST: a method and a path template whose `{name}` parts are [`ParamLocation::Path`](super::param::ParamLocation::Path) parameters.
    Rest {
        /// `GET` or `POST`.
        method: &'static str,
        /// For example `/v3/{domain_id}/ccaas/cloud-connections`.
        path: &'static str,
    },
}

impl Protocol {
    /// Parameters that every RPC request may carry beside the operation's own (as
    /// aliyun-python-sdk-core sends them; it adds the region to every request, asked for or not).
    pub const RPC_COMMON: &'static [&'static str] = &[
        "Action",
        "Version",
        "Format",
        "RegionId",
        "Timestamp",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "SignatureType",
        "AccessKeyId",
        "Signature",
        "SecurityToken",
    ];
}

/// An API operation, as data.
pub struct Operation {
    /// The operation's wire name, unique in the catalog: `CreateCen`.
    pub name: &'static str,
    /// Whether it creates or reads.
    pub action: Action,
    /// The product it belongs to.
    pub service: &'static Service,
    /// The layout of its request.
    pub protocol: Protocol,
    /// The resource that it makes, as a person says it: "CEN instance".
    pub title: Text,
    /// One sentence: what the operation does.
    pub summary: Text,
    /// Its behaviour after the answer (asynchronous or not), and what to know before sending.
    pub behaviour: Text,
    /// The document that specifies it.
    pub document: &'static Document,
    /// The request parameters, in the order of the form.
    pub params: &'static [Param],
    /// Rules over more than one parameter.
    pub cross: &'static [Cross],
    /// The parameter that makes the operation idempotent, if it has one.
    pub token: Option<&'static str>,
}

impl Operation {
    /// A source of its tables in words: whose document, its title and the line; or what else says so.
    pub fn cite(&self, source: &Source) -> Message {
        source.cite(self.service.provider.name(), self.document.title)
    }

    /// The name of the first top-level parameter with this control: the region, the account.
    pub fn param_with(&self, control: Control) -> Option<&'static str> {
        let found = self.params.iter().find(|p| p.control == control);
        found.map(|p| p.name)
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
