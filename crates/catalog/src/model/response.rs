//! An operation's answers, as data: fields, error codes, examples, and their simulation by the sandbox.

use super::param::Kind;
use super::source::{Doc, Source};
use crate::text::Text;

/// The type of a response field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
}

impl From<Kind> for FieldKind {
    /// The type in which a parameter comes back.
    fn from(kind: Kind) -> FieldKind {
        match kind {
            Kind::Integer => FieldKind::Integer,
            Kind::Boolean => FieldKind::Boolean,
            Kind::List { .. } => FieldKind::List,
            Kind::Text | Kind::Object(_) => FieldKind::Text,
        }
    }
}

/// A field of an answer.
#[derive(Clone, Copy)]
pub struct Field {
    /// The path in the answer, members joined by `.`: `cloud_connection.id`. The members of a list's items
    /// follow the list: `cloud_connection.tags.key`.
    pub path: &'static str,
    /// Its type.
    pub kind: FieldKind,
    /// What it is.
    pub help: Doc<Text>,
    /// The document's example, empty when it has none.
    pub example: Doc<&'static str>,
    /// The source of the sandbox's value.
    pub value: FieldValue,
    /// The document line.
    pub source: Doc<Source>,
}

/// The source of a field's value in the sandbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldValue {
    /// The resource's id.
    Id,
    /// The resource's present status.
    Status,
    /// The request's id.
    RequestId,
    /// A request parameter, by wire path; left out when it was absent.
    Echo(&'static str),
    /// A constant (`0`, `true`, `vpc`), written in the field's kind.
    Const(&'static str),
    /// The time of creation, milliseconds since 1970.
    CreatedMillis,
    /// The time of creation in UTC, `2023-09-20T08:28:28Z`.
    CreatedUtc(Zone),
    /// The number of items found, in lists.
    Count,
    /// The page number and the page size asked for, or this default.
    Page(&'static str, &'static str),
    /// A list parameter of the creation, by name: its items with the members that they were given.
    Items(&'static str),
    /// Never sent by the sandbox.
    Absent,
}

/// Whether a time says its zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// It ends in `Z`; without it nobody knows its moment.
    Written,
    /// The document states the format without a zone, and the times of its example are in UTC: one that lacks
    /// the `Z` is in UTC too.
    MayBeMissing,
}

/// The schema of a success answer.
#[derive(Clone, Copy)]
pub struct ResponseSchema {
    /// The HTTP status of success.
    pub status: u16,
    /// The path of the resource's id.
    pub id: &'static str,
    /// The path of its status, if the answer has one. In a list, relative to the item.
    pub resource_status: Option<&'static str>,
    /// The path of the request id.
    pub request_id: &'static str,
    /// All documented fields outside the list.
    pub fields: &'static [Field],
    /// For reads that list: the list.
    pub list: Option<List>,
}

/// The list in a read's answer.
#[derive(Clone, Copy)]
pub struct List {
    /// The path of the list in JSON: `Cens.Cen`. In XML the last part is the repeated element.
    pub path: &'static str,
    /// The fields of an item, paths relative to it.
    pub fields: &'static [Field],
    /// Which request parameter selects by which item field. `Filter.CenId` is an entry of the
    /// parameter `Filter` whose Key is `CenId`.
    pub select: &'static [(&'static str, &'static str)],
}

/// The meaning of an error code for the request that met it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorClass {
    /// Refused, and refused again unchanged.
    Rejected,
    /// Not executed; it can be sent again after a while.
    NotExecuted,
    /// It may have been executed.
    Unknown,
}

/// The case in which the sandbox answers with a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// The parameter it belongs to breaks a rule; with no parameter, any does.
    Invalid,
    /// The parameter's value is taken already.
    Taken,
    /// The quota is used up.
    Quota,
    /// The fault `forbidden` is ordered.
    Forbidden,
    /// The sandbox never answers with it.
    Never,
}

/// An error code.
#[derive(Clone, Copy)]
pub struct ErrorCode {
    /// The code. A trailing `*` stands for any ending (common codes only).
    pub code: &'static str,
    /// The documented HTTP status; nothing is decided by it.
    pub http: u16,
    /// The documented message.
    pub message: &'static str,
    /// Its meaning.
    pub explanation: Text,
    /// The advice, for people.
    pub advice: Text,
    /// The parameter it belongs to, by path without item numbers (`Tag.Value`).
    pub parameter: Option<&'static str>,
    /// Its meaning for the request.
    pub class: ErrorClass,
    /// The case in which the sandbox answers with it.
    pub when: When,
    /// The document line.
    pub source: Source,
}

/// A page of the vendor's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// Its address.
    pub url: &'static str,
    /// Who says that it is there.
    pub source: Source,
}

/// What an account has to be allowed to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Permission {
    /// The action of the policy: `cen:CreateCen`.
    pub action: &'static str,
    /// The resources that the action can be granted for: `acs:cen:*:{#accountId}:ceninstance/*`.
    pub resource: &'static str,
    /// The lines of the document's table.
    pub source: Source,
}

/// An example of the document, word for word.
pub struct DocExample {
    /// What it is.
    pub kind: DocExampleKind,
    /// Its first line in the document.
    pub line: u16,
    /// The example.
    pub text: &'static str,
}

/// The kind of a document's example.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocExampleKind {
    /// A request.
    Request,
    /// A success answer in JSON.
    Json,
    /// A success answer in XML.
    Xml,
}

/// The reads of a created resource: its status by id, and resources by name.
pub struct ReadBack {
    /// The read operation's name.
    pub operation: &'static str,
    /// The read's parameters that find the resource by id.
    pub by_id: &'static [(&'static str, Fill)],
    /// The read operation that lists by name, if the API can.
    pub by_name_operation: Option<&'static str>,
    /// Its parameters that list resources of a given name, to look for one whose id was
    /// lost.
    pub by_name: &'static [(&'static str, Fill)],
    /// Statuses that will still change: the console keeps asking.
    pub pending: &'static [&'static str],
    /// The status when the resource exists and the API reports none.
    pub when_present: Option<&'static str>,
    /// How the resource of a request whose answer was lost is found.
    pub reconcile: Reconcile,
    /// The read that lists all there is, if the API can.
    pub all: Option<Listing>,
    /// The read that reports on several resources at once, where a document says that it takes several ids.
    pub by_ids: Option<ByIds>,
    /// The evidence, and what is unverified about it.
    pub source: Source,
}

/// A read that lists all resources of a kind that an account has, in a region where there are several.
#[derive(Clone, Copy)]
pub struct Listing {
    /// The read operation's name.
    pub operation: &'static str,
    /// Its parameters.
    pub params: &'static [(&'static str, Fill)],
    /// How it goes on after a full page.
    pub paging: Paging,
}

/// How a list goes on after a full page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paging {
    /// By the page's number, from 1.
    Number {
        /// The parameter that takes it.
        number: &'static str,
        /// The parameter that says how many items a page has.
        size: &'static str,
    },
    /// By the last id of the page before.
    Marker {
        /// The parameter that takes it.
        marker: &'static str,
        /// The parameter that says how many items a page has.
        size: &'static str,
    },
}

/// A read that reports on several resources at once.
#[derive(Clone, Copy)]
pub struct ByIds {
    /// The read operation's name.
    pub operation: &'static str,
    /// Its parameters beside the ids.
    pub params: &'static [(&'static str, Fill)],
    /// The list parameter that takes the ids.
    pub ids: &'static str,
    /// How many it takes.
    pub most: usize,
    /// The document that says so.
    pub source: Source,
}

/// How the resource of a request whose answer was lost is found.
#[derive(Clone, Copy)]
pub struct Reconcile {
    /// The ways, the surest first. Where none leads to it only the console can tell.
    pub ways: &'static [Way],
    /// The vendor's console, where a person can look.
    pub console: Link,
}

/// A way to the resource of a request whose answer was lost.
#[derive(Clone, Copy)]
pub enum Way {
    /// The same client token and body once more: the cloud answers with the first result.
    Replay,
    /// What has the name that was asked for ([`ReadBack::by_name`]); of several the time of creation tells.
    NameAndTime,
    /// What a region has of its kind ([`ReadBack::all`]) with the address that was asked for, which is there
    /// only once.
    RegionAndAddress {
        /// The creation's parameter that holds the address, which an item has as it was given.
        address: &'static str,
    },
}

/// The source of a read's parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// A constant.
    Const(&'static str),
    /// The resource's id.
    Id,
    /// A parameter of the creation, or this when it was absent.
    Param(&'static str, &'static str),
}

/// A creation in the sandbox.
pub struct Simulation {
    /// The id's fixed beginning: `ccn-`.
    pub id_prefix: &'static str,
    /// The number of characters of `a-z0-9` follow; 0 stands for a UUID.
    pub id_length: usize,
    /// The statuses, each with the milliseconds after the creation at which it begins.
    pub states: &'static [(u32, &'static str)],
    /// A parameter whose value may be used once within another's value: (`IpAddress`, `RegionId`).
    pub unique: Option<(&'static str, &'static str)>,
    /// The most resources of an account, unless a setting says otherwise.
    pub quota: u32,
}
