//! What of a request goes into code, whatever the language: its values with the private ones taken out, the
//! environment variables in their place, and where it goes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::input::Value;
use tieline_catalog::model::{
    Action, Control, Kind, Operation, Param, ParamLocation, Privacy, Provider, Tools,
};
use tieline_catalog::operations::entries;
use tieline_catalog::path::{find_param, join};
use tieline_catalog::text::{Lang, Message, Text};
use tieline_catalog::{wire, Parsed};

use crate::context::{Context, Unavailable};
use crate::names;

/// A value in code.
pub enum Node {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// The environment variable of this name.
    Variable(String),
    /// A list.
    List(Vec<Node>),
    /// An object.
    Object(Vec<(&'static Param, Node)>),
}

/// An environment variable that holds a value which stands in no code.
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub label: Text,
    /// The care that it needs.
    pub privacy: Privacy,
    /// Whether it is a header of its own, such as a user's token: what signs needs none.
    pub header: bool,
}

/// A request, as every target sees it.
pub struct Plan<'a> {
    /// The operation.
    pub op: &'static Operation,
    /// Its names in the vendor's tools.
    pub tools: &'static Tools,
    /// What the code depends on beside the request.
    pub context: &'a Context<'a>,
    /// The top-level parameters that are present, in the catalog's order.
    pub given: Vec<(&'static Param, Node)>,
    /// The environment variables in the values.
    pub variables: Vec<Variable>,
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The cloud's host, or that of the endpoint in its place.
    pub host: String,
}

impl<'a> Plan<'a> {
    /// The plan of a request.
    ///
    /// # Errors
    /// A NUL: no command line and no Terraform file can hold one, and no cloud takes it for a name.
    pub fn new(parsed: &Parsed, context: &'a Context<'a>) -> Result<Plan<'a>, Unavailable> {
        let op = parsed.operation();
        let id = context.id.unwrap_or_default();
        let leaves = parsed.to_raw();
        let mut texts = leaves.leaves();
        texts.push(("id".into(), id));
        if let Some((path, _)) = texts.iter().find(|(_, text)| text.contains('\0')) {
            return Err(Unavailable(Message::new(
                format!("{path} holds a NUL character, which no code can hold in every language. Remove it."),
                format!("{path} 含有 NUL 字符，并非每种语言的代码都能表示。请将其删除。"),
            )));
        }
        let request = wire::encode(parsed);
        let (scheme, host) = match context.endpoint.and_then(|e| e.split_once("://")) {
            Some((scheme, host)) => (scheme, host.to_string()),
            None => ("https", request.host),
        };
        let mut variables = Vec::new();
        let given = members(op.params, parsed.values(), &mut variables);
        let belongs = |op: &Operation, own: &Operation| own.name == op.name;
        let entry = entries().iter().find(|entry| belongs(op, &entry.create));
        Ok(Plan {
            op,
            tools: entry.map_or(&Tools::NONE, |entry| &entry.tools),
            context,
            given,
            variables,
            scheme,
            host,
        })
    }

    /// The text in the comments' language.
    pub fn say(&self, text: Text) -> &'static str {
        text.get(self.context.lang)
    }

    /// Whether the comments are in Chinese.
    pub fn chinese(&self) -> bool {
        self.context.lang == Lang::Zh
    }

    /// Whose cloud it is.
    pub fn provider(&self) -> Provider {
        self.op.service.provider
    }

    /// The address of the cloud with its scheme. Huawei Cloud's code names it where the samples of the document name a
    /// region: the form has no region, the API has one host, and a sandbox's has none of theirs.
    pub fn endpoint(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }

    /// Whether today's SDK of the product has this request as a type of its own: it has every creation, but
    /// not the parameters that it dropped while the document still requires them. Reads go through the
    /// vendor's general client, which has no types.
    pub fn is_typed(&self) -> bool {
        let dropped = |(param, _): &(&Param, Node)| param.server_accepts_absence.is_some();
        self.op.action == Action::Create && !self.given.iter().any(dropped)
    }

    /// The values that travel in this part of the request.
    pub fn located(
        &self,
        location: ParamLocation,
    ) -> impl Iterator<Item = &(&'static Param, Node)> {
        self.given
            .iter()
            .filter(move |(param, _)| param.location == location)
    }

    /// The value of the top-level parameter with this control.
    pub fn with_control(&self, control: Control) -> Option<&Node> {
        let found = self
            .given
            .iter()
            .find(|(param, _)| param.control == control);
        found.map(|(_, node)| node)
    }

    /// The names of the credentials among the headers, which stand in no code that signs.
    pub fn tokens(&self) -> Vec<&'static str> {
        let headers = self.located(ParamLocation::Header);
        let tokens = headers.filter(|(param, _)| param.privacy == Privacy::Secret);
        tokens.map(|(param, _)| param.name).collect()
    }

    /// What the type of a request in Huawei Cloud's SDKs has beside a body: the account belongs to the
    /// credentials, and a token is not needed.
    pub fn fields(&self) -> impl Iterator<Item = &(&'static Param, Node)> {
        self.given.iter().filter(|(param, _)| {
            let token = param.location == ParamLocation::Header && param.privacy == Privacy::Secret;
            param.location != ParamLocation::Body && param.control != Control::Account && !token
        })
    }

    /// The type of an object in the vendor's SDKs; `within` is the type that it is a member of.
    pub fn type_of(&self, within: &str, param: &Param) -> String {
        match self.provider() {
            Provider::Alibaba => format!("{within}{}", names::class(param.name)),
            // The object that a creation consists of bears the creation's name.
            Provider::Huawei if within == self.body_type() => self.op.name.into(),
            Provider::Huawei => names::class(param.name),
        }
    }

    /// The type of the request in the vendor's SDKs.
    pub fn request_type(&self) -> String {
        format!("{}Request", self.op.name)
    }

    /// The type of the request's body in Huawei Cloud's SDKs.
    pub fn body_type(&self) -> String {
        format!("{}RequestBody", self.op.name)
    }

    /// Whether the request has a body.
    pub fn has_body(&self) -> bool {
        self.located(ParamLocation::Body).next().is_some()
    }

    /// The product's code and version as Alibaba Cloud's packages are called: `cbn20170912`.
    pub fn package(&self) -> String {
        let service = self.op.service;
        let version = service.version.replace('-', "");
        format!("{}{version}", service.code.to_ascii_lowercase())
    }

    /// The values by name as they stand in a query string or on a command line: `Tag.1.Key`.
    pub fn flat(&self, keep: impl Fn(&Param) -> bool) -> Vec<(String, &Node)> {
        let mut out = Vec::new();
        for (param, node) in self.given.iter().filter(|(param, _)| keep(param)) {
            flatten(param.name.to_string(), node, &mut out);
        }
        out
    }

    /// The values by name as the vendor's general client takes them, all of them texts that `scalar` writes.
    pub fn texts(&self, scalar: fn(&Node) -> String) -> Vec<(String, String)> {
        let text = |node: &Node| match node {
            Node::Integer(n) => scalar(&Node::Text(n.to_string())),
            Node::Boolean(b) => scalar(&Node::Text(b.to_string())),
            leaf => scalar(leaf),
        };
        let flat = self.flat(|_| true).into_iter();
        flat.map(|(name, node)| (name, text(node))).collect()
    }

    /// What the general client of Alibaba Cloud is told of a call beside its values: the members of its
    /// `Params`, as Go calls them.
    pub fn call(&self) -> [(&'static str, &'static str); 9] {
        [
            ("Action", self.op.name),
            ("Version", self.op.service.version),
            ("Protocol", "HTTPS"),
            ("Method", "POST"),
            ("AuthType", "AK"),
            ("Style", "RPC"),
            ("Pathname", "/"),
            ("ReqBodyType", "formData"),
            ("BodyType", "json"),
        ]
    }
}

fn flatten<'n>(path: String, node: &'n Node, out: &mut Vec<(String, &'n Node)>) {
    match node {
        Node::List(items) => {
            for (i, item) in items.iter().enumerate() {
                flatten(format!("{path}.{}", i + 1), item, out);
            }
        }
        Node::Object(members) => {
            for (param, member) in members {
                flatten(join(&path, param.name), member, out);
            }
        }
        leaf => out.push((path, leaf)),
    }
}

fn members(
    params: &'static [Param],
    values: &[(&'static str, Value)],
    variables: &mut Vec<Variable>,
) -> Vec<(&'static Param, Node)> {
    let values = values.iter();
    values
        .filter_map(|(name, value)| {
            let param = find_param(params, name)?;
            Some((param, node(param, value, variables)))
        })
        .collect()
}

fn node(param: &'static Param, value: &Value, variables: &mut Vec<Variable>) -> Node {
    if param.privacy != Privacy::Public {
        let name = names::variable(param.name);
        if variables.iter().all(|known| known.name != name) {
            variables.push(Variable {
                name: name.clone(),
                label: param.label,
                privacy: param.privacy,
                header: param.location == ParamLocation::Header,
            });
        }
        return Node::Variable(name);
    }
    match (param.kind, value) {
        (Kind::List { item, .. }, Value::List(items)) => {
            let items = items.iter().map(|value| node(item, value, variables));
            Node::List(items.collect())
        }
        (Kind::Object(params), Value::Object(values)) => {
            Node::Object(members(params, values, variables))
        }
        (_, Value::Integer(n)) => Node::Integer(*n),
        (_, Value::Boolean(b)) => Node::Boolean(*b),
        (_, value) => Node::Text(value.text().unwrap_or_default()),
    }
}
