//! Answers in the vendors' wire formats.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::{Map, Value as Json};
use tieline_catalog::model::{Field, FieldKind, FieldValue, Kind, Operation, Param, Provider};
use tieline_catalog::path::{join, param_at};
use tieline_catalog::wire::{parse_query, Request, Response};
use tieline_catalog::Parsed;

use crate::random::{utc, Random};
use crate::store::Resource;

/// The format of the answer to one request, and the request's id.
pub struct Dialect {
    /// Whose API it is.
    pub provider: Provider,
    /// Whether the answer is XML; otherwise JSON.
    xml: bool,
    /// The request's id.
    pub request_id: String,
    /// The host that was asked, as Alibaba's errors repeat it.
    host: String,
}

impl Dialect {
    /// Reads the format from a request. The older clients of Alibaba Cloud get XML unless `Format`
    /// asks for JSON; the newer ones (header `x-acs-version`) JSON unless `Format` or `Accept` asks
    /// for XML; Huawei's clients always JSON.
    pub fn of(request: &Request, random: &mut Random) -> Dialect {
        let provider = match request.path.as_str() {
            "" | "/" => Provider::Alibaba,
            _ => Provider::Huawei,
        };
        let form = parse_query(&request.body);
        let mut pairs = request.query.iter().chain(&form);
        let format = pairs.find(|(n, _)| n == "Format").map(|(_, v)| v.as_str());
        let accepts_xml = request
            .header("accept")
            .is_some_and(|a| a.contains("xml") && !a.contains("json"));
        let newer = request.header("x-acs-version").is_some();
        let xml = match format {
            Some(format) => !format.eq_ignore_ascii_case("json"),
            None => !newer || accepts_xml,
        };
        Dialect {
            provider,
            xml: xml && provider == Provider::Alibaba,
            request_id: match provider {
                Provider::Alibaba => random.uuid().to_uppercase(),
                Provider::Huawei => random.hex32(),
            },
            host: request.host.clone(),
        }
    }

    /// A success answer.
    pub fn success(&self, op: &Operation, members: Map<String, Json>) -> Response {
        self.response(
            op.response().status,
            &format!("{}Response", op.name),
            members,
        )
    }

    /// An error answer.
    pub fn error(&self, http: u16, code: &str, message: &str) -> Response {
        let members: &[(&str, &str)] = match self.provider {
            Provider::Alibaba => &[
                ("RequestId", &self.request_id),
                ("HostId", &self.host),
                ("Code", code),
                ("Message", message),
            ],
            Provider::Huawei => &[
                ("error_code", code),
                ("error_msg", message),
                ("request_id", &self.request_id),
            ],
        };
        let members = members
            .iter()
            .map(|(name, text)| (name.to_string(), Json::from(*text)))
            .collect();
        self.response(http, "Error", members)
    }

    fn response(&self, status: u16, root: &str, members: Map<String, Json>) -> Response {
        let tree = Json::Object(members);
        let (content_type, body) = if self.xml {
            let mut body = String::new();
            xml(root, &tree, &mut body);
            // The newer clients read an XML error only with exactly this type.
            ("text/xml;charset=utf-8", body)
        } else {
            ("application/json;charset=utf-8", tree.to_string())
        };
        // Huawei's client reads the request id from nowhere else.
        let header = self.provider.request_id_header().to_string();
        Response {
            status,
            content_type: content_type.to_string(),
            headers: vec![(header, self.request_id.clone())],
            body,
        }
    }
}

/// The source of the fields of an answer, or of an item in it.
pub struct Filling<'a> {
    /// The resource, where the fields speak of one.
    pub resource: Option<&'a Resource>,
    /// The resource's status.
    pub status: Option<&'a str>,
    /// The request's id.
    pub request_id: &'a str,
    /// The number of items found.
    pub count: usize,
    /// The request.
    pub request: &'a Parsed,
}

impl Filling<'_> {
    /// The fields as JSON members, nested by their paths. What has no value is left out.
    pub fn members(&self, fields: &[Field]) -> Map<String, Json> {
        let mut members = Map::new();
        for field in fields {
            if let Some(value) = self.value(field) {
                insert(&mut members, field.path, value);
            }
        }
        members
    }

    /// The text of one field.
    pub fn text(&self, field: &Field) -> Option<String> {
        match self.value(field)? {
            Json::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    fn value(&self, field: &Field) -> Option<Json> {
        let created = self.resource.map(|r| r.created_ms);
        Some(match field.value {
            FieldValue::Id => self.resource?.id.as_str().into(),
            FieldValue::Status => self.status?.into(),
            FieldValue::RequestId => self.request_id.into(),
            FieldValue::Echo(path) => match self.resource {
                Some(resource) => typed(field.kind, resource.param(path)?),
                None => typed(field.kind, &self.request.get(path)?),
            },
            FieldValue::Const(text) => typed(field.kind, text),
            FieldValue::CreatedMillis => created?.into(),
            FieldValue::CreatedUtc(_) => utc(created?).into(),
            FieldValue::Count => self.count.into(),
            FieldValue::Page(path, default) => {
                let asked = self.request.get(path);
                typed(field.kind, asked.as_deref().unwrap_or(default))
            }
            FieldValue::Items(path) => self.items(path)?,
            FieldValue::Absent => return None,
        })
    }

    /// The items of a list parameter of the creation, with the members that were given.
    fn items(&self, path: &str) -> Option<Json> {
        let resource = self.resource?;
        let creation = tieline_catalog::find(&resource.operation)?;
        let Kind::List { item, .. } = param_at(creation, path)?.kind else {
            return None;
        };
        let items = (1..).map_while(|n| {
            let at = format!("{path}.{n}");
            let Kind::Object(members) = item.kind else {
                return Some(typed(item.kind.into(), resource.param(&at)?));
            };
            let leaf = |member: &Param| resource.param(&join(&at, member.name));
            members.iter().find_map(leaf)?;
            let given = members.iter().filter_map(|member| {
                let value = typed(member.kind.into(), leaf(member)?);
                Some((member.name.to_string(), value))
            });
            Some(Json::Object(given.collect()))
        });
        Some(Json::Array(items.collect()))
    }
}

/// Puts a value at a path of members joined by `.`.
pub fn insert(members: &mut Map<String, Json>, path: &str, value: Json) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_string(), value);
        }
        Some((first, rest)) => {
            let inner = members
                .entry(first)
                .or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// A text in a field's type. A text that has no reading in it stays text, so that nothing is lost.
fn typed(kind: FieldKind, text: &str) -> Json {
    match kind {
        FieldKind::Integer => text.parse::<i64>().map_or(text.into(), Json::from),
        FieldKind::Boolean => text.parse::<bool>().map_or(text.into(), Json::from),
        FieldKind::List => Json::Array(Vec::new()),
        FieldKind::Text => text.into(),
    }
}

/// Writes an element. An array repeats its element for each item.
fn xml(name: &str, value: &Json, out: &mut String) {
    if let Json::Array(items) = value {
        for item in items {
            xml(name, item, out);
        }
        return;
    }
    out.push_str(&format!("<{name}>"));
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                xml(name, value, out);
            }
        }
        Json::String(text) => escape(text, out),
        other => out.push_str(&other.to_string()),
    }
    out.push_str(&format!("</{name}>"));
}

/// Escapes element text. Characters that XML 1.0 cannot hold become U+FFFD.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Written plainly, a parser would turn it into a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_nests_repeats_and_escapes() {
        let tree = serde_json::json!({
            "Cens": {"Cen": [{"Name": "a<b>&\u{1}\r"}, {"Level": 2}]},
            "Empty": {"Item": []},
        });
        let mut out = String::new();
        xml("R", &tree, &mut out);
        assert_eq!(
            out,
            "<R><Cens><Cen><Name>a&lt;b&gt;&amp;\u{fffd}&#13;</Name></Cen><Cen><Level>2</Level></Cen></Cens><Empty></Empty></R>"
        );
    }

    #[test]
    fn the_format_follows_the_client() {
        let ask = |header: &[(&str, &str)], query: &[(&str, &str)]| {
            let own = |pairs: &[(&str, &str)]| {
                pairs
                    .iter()
                    .map(|(n, v)| (n.to_string(), v.to_string()))
                    .collect()
            };
            let request = Request {
                path: "/".into(),
                headers: own(header),
                query: own(query),
                ..Request::default()
            };
            Dialect::of(&request, &mut Random::new(1)).xml
        };
        assert!(ask(&[], &[]));
        assert!(!ask(&[], &[("Format", "JSON")]));
        assert!(!ask(&[("x-acs-version", "1")], &[]));
        assert!(ask(&[("x-acs-version", "1")], &[("Format", "xml")]));
        assert!(ask(
            &[("x-acs-version", "1"), ("accept", "application/xml")],
            &[]
        ));
        assert!(!ask(
            &[("x-acs-version", "1"), ("accept", "application/json")],
            &[]
        ));
    }
}
