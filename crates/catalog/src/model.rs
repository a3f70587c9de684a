//! The types of the tables: what an operation is.
//!
//! An operation is data. Nothing in this module decides anything; [`crate::check`] interprets the
//! rules, [`crate::wire`] the places, [`crate::answer`] the responses and error codes.

use crate::text::{same, Text};

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

/// What a parameter's value is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Unicode text.
    Text,
    /// A whole number, in `i64`.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list of at most `max` items.
    List {
        /// What an item is; its `name` is not used.
        item: &'static Param,
        /// The most items the API takes.
        max: usize,
    },
    /// An object with members.
    Object(&'static [Param]),
}

/// How much care a value needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Privacy {
    /// Nothing special.
    Public,
    /// Personal data: masked in previews, never stored, goes to the cloud only.
    Personal,
    /// A credential: like personal data, and kept in memory only.
    Secret,
}

/// A hint for the form beyond what the kind and the rules say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    /// What the kind and the rules say: text, number, switch, choices, list.
    Auto,
    /// Text of several lines.
    Area,
    /// A region picker that also takes a typed region.
    Region,
    /// A generated idempotency token, shown and replaceable.
    Token,
    /// An account id that the settings can provide.
    Account,
}

/// The document's example of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Example {
    /// The document gives none.
    None,
    /// It can be sent as it is.
    Usable(&'static str),
    /// Partly hidden by the document (`ecc-d****`): shown, never filled in.
    Masked(&'static str),
}

/// A request parameter.
#[derive(Clone, Copy)]
pub struct Param {
    /// The wire name of this level: `Name`, `Tag`, `Key`, `cloud_connection`.
    pub name: &'static str,
    /// The label in the form.
    pub label: Text,
    /// What it is, from the document.
    pub help: Text,
    /// What its value is.
    pub kind: Kind,
    /// Where it travels; members and items travel with their parent.
    pub place: Place,
    /// Whether the document requires it.
    pub required: bool,
    /// Why a server must accept a request without it although the document requires it.
    pub server_accepts_absence: Option<Source>,
    /// The rules, each with its source.
    pub rules: &'static [Rule],
    /// The document's example.
    pub example: Example,
    /// The value that applies when it is absent, or with which the form starts (a switch).
    pub default: Option<&'static str>,
    /// How much care it needs.
    pub privacy: Privacy,
    /// A hint for the form.
    pub control: Control,
    /// The document line that introduces it.
    pub source: Source,
}

impl Param {
    /// An optional text in the query, to be completed with `..Param::TEXT`.
    pub const TEXT: Param = Param {
        name: "",
        label: same(""),
        help: same(""),
        kind: Kind::Text,
        place: Place::Query,
        required: false,
        server_accepts_absence: None,
        rules: &[],
        example: Example::None,
        default: None,
        privacy: Privacy::Public,
        control: Control::Auto,
        source: Source::Line(0),
    };

    /// The value list, if a rule or a suggestion gives one, and whether other values are allowed.
    pub fn choices(&self) -> Option<(&'static [Choice], bool)> {
        self.rules.iter().find_map(|rule| match rule.check {
            Check::OneOf(choices) => Some((choices, rule.severity == Severity::Warning)),
            _ => None,
        })
    }

    /// The longest text that the document allows, in characters.
    pub fn max_length(&self) -> Option<usize> {
        self.rules.iter().find_map(|rule| match rule.check {
            Check::Length { max, .. } if rule.severity == Severity::Error => Some(max),
            _ => None,
        })
    }
}

/// A value of a value list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The wire value.
    pub value: &'static str,
    /// What it means.
    pub label: Text,
}

/// How bad a violation is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Against the document, or impossible to encode: it stops the request.
    Error,
    /// Allowed by the document but likely wrong: it stops nothing.
    Warning,
}

/// A rule for one parameter: what is checked, how bad it is, and who says so.
#[derive(Clone, Copy)]
pub struct Rule {
    /// What is checked.
    pub check: Check,
    /// How bad a violation is.
    pub severity: Severity,
    /// Who says so.
    pub source: Source,
    /// A remark added to the message: why, or what was decided.
    pub note: Option<Text>,
}

impl Rule {
    /// A rule of the document, at `line`.
    pub const fn error(check: Check, line: u16) -> Rule {
        Rule {
            check,
            severity: Severity::Error,
            source: Source::Line(line),
            note: None,
        }
    }

    /// A rule that stops nothing.
    pub const fn warning(check: Check, source: Source) -> Rule {
        Rule {
            check,
            severity: Severity::Warning,
            source,
            note: None,
        }
    }

    /// The same rule from another source.
    pub const fn because(self, source: Source) -> Rule {
        Rule { source, ..self }
    }

    /// The same rule with a remark.
    pub const fn note(self, note: Text) -> Rule {
        Rule {
            note: Some(note),
            ..self
        }
    }
}

/// The characters that a text may be made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chars {
    /// Letters, Chinese characters, digits and the listed others.
    WordsAnd(&'static str),
    /// Any but the listed ones.
    AllBut(&'static str),
}

/// What a rule checks. Characters are Unicode scalar values, never bytes.
#[derive(Clone, Copy)]
pub enum Check {
    /// The number of characters, both ends included.
    Length {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// The first character is a letter of any script.
    FirstLetter,
    /// The first character is A–Z, a–z or Chinese.
    FirstLatinOrHan,
    /// Every character is one of these.
    Chars(Chars),
    /// It starts with none of these.
    NotPrefix(&'static [&'static str]),
    /// It contains none of these.
    NotContains(&'static [&'static str]),
    /// It starts with this.
    Prefix(&'static str),
    /// It contains at least one of these.
    Mentions(&'static [&'static str]),
    /// It is one of these values. With severity warning the list is a suggestion.
    OneOf(&'static [Choice]),
    /// The number lies in this range, both ends included.
    Range {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// An IPv4 or IPv6 network in CIDR notation, host bits allowed.
    Cidr,
    /// The network's host bits are zero.
    NoHostBits,
    /// The network lies in 10/8, 172.16/12, 192.168/16 or fc00::/7 (RFC 1918, RFC 4193).
    PrivateCidr,
    /// An IPv4 or IPv6 address.
    Ip,
    /// The address is IPv4.
    Ipv4,
    /// The address is in none of these networks; the text says what they are.
    NotWithin(&'static [(&'static str, Text)]),
    /// Only ASCII characters.
    Ascii,
    /// An e-mail address: one `@`, something before it, a host with no empty label after it.
    Email,
    /// A telephone number: 5–20 digits with an optional leading `+` and separators.
    Telephone,
    /// A Chinese resident identity number: 18 characters with a valid date and checksum
    /// (GB 11643-1999), or the 15 digits of the first generation.
    ResidentId,
    /// A resident identity number of the second generation: 18 characters.
    ResidentId18,
    /// A region that can be part of a host name: `a-z`, `0-9` and `-`, at most 63.
    RegionLabel,
    /// The items' members of this name differ from each other.
    UniqueKeys(&'static str),
    /// It can stand as one segment of a path: not empty, not `.` or `..`, no control character.
    PathSegment,
    /// It can stand in a header: visible ASCII.
    HeaderValue,
}

/// A rule over two parameters; the violation shows at both.
#[derive(Clone, Copy)]
pub struct Cross {
    /// The rule's id in violations: `port-speed`.
    pub rule: &'static str,
    /// The wire paths of the two parameters.
    pub params: (&'static str, &'static str),
    /// How bad a violation is.
    pub severity: Severity,
    /// What is checked.
    pub check: CrossCheck,
    /// Who says so.
    pub source: Source,
}

/// What a rule over two parameters checks.
#[derive(Clone, Copy)]
pub enum CrossCheck {
    /// The first's value (its default when absent) names a ceiling for the second's number.
    Ceiling {
        /// The first's values, each with its ceiling.
        table: &'static [(&'static str, i64)],
        /// The ceilings' unit.
        unit: Text,
    },
}

/// The type of a response field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list (of tags).
    List,
}

/// A field of an answer.
#[derive(Clone, Copy)]
pub struct Field {
    /// The path in the answer, members joined by `.`: `cloud_connection.id`.
    pub path: &'static str,
    /// Its type.
    pub kind: FieldKind,
    /// What it is.
    pub help: Doc<Text>,
    /// The document's example, empty when it has none.
    pub example: Doc<&'static str>,
    /// Where the sandbox takes it from.
    pub value: FieldValue,
    /// The document line.
    pub source: Doc<Source>,
}

/// Where the sandbox takes a field's value from.
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
    /// The time of creation, `2023-09-20T08:28:28Z`.
    CreatedUtc,
    /// The number of items found, in lists.
    Count,
    /// The page number and the page size asked for, or this default.
    Page(&'static str, &'static str),
    /// The creation's list of tags (members Key and Value), in the list style of the answer.
    Tags(&'static str),
    /// Never sent by the sandbox.
    Absent,
}

/// The shape of a success answer.
#[derive(Clone, Copy)]
pub struct Response {
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

/// What an error code means for the request that met it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorClass {
    /// Refused, and refused again unchanged.
    Rejected,
    /// Not executed; it can be sent again after a while.
    NotExecuted,
    /// It may have been executed.
    Unknown,
}

/// When the sandbox answers with a code.
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
    /// What it means.
    pub explanation: Text,
    /// What to do.
    pub advice: Text,
    /// The parameter it belongs to, by path without item numbers (`Tag.Value`).
    pub parameter: Option<&'static str>,
    /// What it means for the request.
    pub class: ErrorClass,
    /// When the sandbox answers with it.
    pub when: When,
    /// The document line.
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

/// What a document's example shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocExampleKind {
    /// A request.
    Request,
    /// A success answer in JSON.
    Json,
    /// A success answer in XML.
    Xml,
}

/// How the status of a created resource is read.
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
    /// What the status is when the resource exists and the API reports none.
    pub when_present: Option<&'static str>,
    /// The evidence, and what is unverified about it.
    pub source: Source,
}

/// What goes into a parameter of a read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// A constant.
    Const(&'static str),
    /// The resource's id.
    Id,
    /// A parameter of the creation, or this when it was absent.
    Param(&'static str, &'static str),
}

/// How the sandbox plays a creation.
pub struct Simulation {
    /// The id's fixed beginning: `ccn-`.
    pub id_prefix: &'static str,
    /// How many characters of `a-z0-9` follow; 0 stands for a UUID.
    pub id_length: usize,
    /// The statuses, each with the milliseconds after the creation at which it begins.
    pub states: &'static [(u32, &'static str)],
    /// A parameter whose value may be used once within another's value: (`IpAddress`, `RegionId`).
    pub unique: Option<(&'static str, &'static str)>,
    /// How many resources an account may have, unless a setting says otherwise.
    pub quota: u32,
}
