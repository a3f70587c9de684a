//! The one function that interprets the rules: [`check`].

use serde::Serialize;

use crate::input::{Checked, Raw, Value};
use crate::model::*;
use crate::text::Message;

/// A rule that an input breaks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Violation {
    /// The wire path of the parameter: `Tag.2.Key`; empty for the input as a whole.
    pub parameter: String,
    /// The rule's id: `length`, `required`, `cidr` and so on.
    pub rule: &'static str,
    /// Whether it stops the request.
    pub severity: Severity,
    /// What is wrong and what to do, from the rule's own numbers.
    pub message: Message,
    /// Who says so: a document line, a fact, or a decision. The API gives it in English.
    #[serde(serialize_with = "in_english")]
    pub source: Message,
    /// The other parameter of a rule over two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
}

fn in_english<S: serde::Serializer>(text: &Message, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&text.en)
}

impl Violation {
    pub(crate) fn shape(path: &str, rule: &'static str, message: Message) -> Violation {
        Violation {
            parameter: path.to_string(),
            rule,
            severity: Severity::Error,
            message,
            source: Message::new(
                "Tieline: the input must have the operation's shape",
                "Tieline：输入必须符合该操作的结构",
            ),
            also: None,
        }
    }

    pub(crate) fn unknown(op: &Operation, siblings: &[Param], path: &str) -> Violation {
        let names: Vec<&str> = siblings.iter().map(|p| p.name).collect();
        let names = names.join(", ");
        Violation::shape(
            path,
            "unknown",
            Message::new(
                format!("{} has no parameter {path}. Known here: {names}.", op.name),
                format!("{} 没有参数 {path}。此处可用：{names}。", op.name),
            ),
        )
    }
}

/// What [`check`] returns: the values, and everything that is wrong with them.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// What could be read of the input.
    pub checked: Checked,
    /// All violations, in the order of the parameters.
    pub violations: Vec<Violation>,
}

impl Report {
    /// The violations that stop the request.
    pub fn errors(&self) -> impl Iterator<Item = &Violation> {
        self.violations
            .iter()
            .filter(|v| v.severity == Severity::Error)
    }

    /// The values, if no violation stops them.
    ///
    /// # Errors
    /// All violations, warnings included, when at least one is an error.
    pub fn valid(self) -> Result<Valid, Vec<Violation>> {
        if self.errors().next().is_some() {
            Err(self.violations)
        } else {
            Ok(Valid(self.checked))
        }
    }
}

/// Values that broke no rule of severity error. [`Report::valid`] is the only way to make one, and
/// only these are sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Valid(Checked);

impl Valid {
    /// The values.
    pub fn checked(&self) -> &Checked {
        &self.0
    }

    /// The values.
    pub fn into_checked(self) -> Checked {
        self.0
    }
}

/// Reads `raw` by the operation's tables and reports every violation. It never panics and never
/// stops at the first; an empty list counts as absent.
pub fn check(op: &'static Operation, raw: &Raw) -> Report {
    check_as(op, raw, false)
}

/// The same as a server does it: what [`Param::server_accepts_absence`] names may be missing.
pub fn check_as_server(op: &'static Operation, raw: &Raw) -> Report {
    check_as(op, raw, true)
}

fn check_as(op: &'static Operation, raw: &Raw, server: bool) -> Report {
    let mut checker = Checker {
        op,
        server,
        violations: Vec::new(),
    };
    let values = match raw {
        Raw::Object(members) => checker.members(op.params, members, ""),
        _ => checker.members(op.params, &[], ""),
    };
    let checked = Checked {
        operation: op,
        values,
    };
    for cross in op.cross {
        checker.cross(cross, &checked);
    }
    Report {
        checked,
        violations: checker.violations,
    }
}

struct Checker {
    op: &'static Operation,
    server: bool,
    violations: Vec<Violation>,
}

impl Checker {
    fn members(
        &mut self,
        params: &'static [Param],
        members: &[(String, Raw)],
        path: &str,
    ) -> Vec<(&'static str, Value)> {
        let mut values = Vec::new();
        for param in params {
            let here = join(path, param.name);
            match members.iter().find(|(name, _)| name == param.name) {
                Some((_, raw)) => {
                    if let Some(value) = self.value(param, raw, &here) {
                        values.push((param.name, value));
                    }
                }
                None if param.required => {
                    if let Kind::Object(inner) = param.kind {
                        // The missing members are what the user can fill in.
                        self.members(inner, &[], &here);
                    } else if !(self.server && param.server_accepts_absence.is_some()) {
                        self.required(param, &here);
                    }
                }
                None => {}
            }
        }
        for (name, _) in members {
            if find_param(params, name).is_none() {
                let violation = Violation::unknown(self.op, params, &join(path, name));
                self.violations.push(violation);
            }
        }
        values
    }

    fn value(&mut self, param: &'static Param, raw: &Raw, path: &str) -> Option<Value> {
        match (&param.kind, raw) {
            (Kind::Object(params), Raw::Object(members)) => {
                Some(Value::Object(self.members(params, members, path)))
            }
            (Kind::List { item, max }, Raw::List(raws)) => self.list(param, item, *max, raws, path),
            (Kind::Object(_) | Kind::List { .. }, _) | (_, Raw::List(_) | Raw::Object(_)) => {
                self.wrong_type(param, path);
                None
            }
            (kind, Raw::Text(text)) => {
                if text.is_empty() && param.required {
                    self.required(param, path);
                    return Some(Value::Text(String::new())).filter(|_| matches!(kind, Kind::Text));
                }
                let value = match kind {
                    Kind::Integer => text.parse().ok().map(Value::Integer),
                    Kind::Boolean => text.parse().ok().map(Value::Boolean),
                    _ => Some(Value::Text(text.clone())),
                };
                if value.is_none() {
                    self.wrong_type(param, path);
                }
                let start = self.violations.len();
                for rule in param.rules {
                    // A lower limit adds nothing where the documented one is broken already.
                    let id = rule.check.id();
                    let known = self.violations[start..].iter().any(|v| v.rule == id);
                    if known && rule.severity == Severity::Warning {
                        continue;
                    }
                    if let Some(message) = rule.check.broken_by(text) {
                        self.push(rule, path, message);
                    }
                }
                value
            }
        }
    }

    fn list(
        &mut self,
        param: &'static Param,
        item: &'static Param,
        max: usize,
        raws: &[Raw],
        path: &str,
    ) -> Option<Value> {
        if raws.len() > max {
            let count = raws.len();
            self.violations.push(Violation {
                source: param.source.cite(self.op),
                ..Violation::shape(
                    path,
                    "items",
                    Message::new(
                        format!(
                            "At most {max} items; there are {count}. Remove {}.",
                            count - max
                        ),
                        format!(
                            "最多 {max} 项，现有 {count} 项。请删除 {} 项。",
                            count - max
                        ),
                    ),
                )
            });
        }
        for rule in param.rules {
            if let Check::UniqueKeys(key) = rule.check {
                self.unique(rule, key, raws, path);
            }
        }
        let values: Vec<Value> = raws
            .iter()
            .enumerate()
            .filter_map(|(i, raw)| self.value(item, raw, &join(path, &(i + 1).to_string())))
            .collect();
        (!values.is_empty()).then_some(Value::List(values))
    }

    fn unique(&mut self, rule: &'static Rule, key: &str, raws: &[Raw], path: &str) {
        for (i, raw) in raws.iter().enumerate() {
            let Some(text) = raw.get(key).filter(|t| !t.is_empty()) else {
                continue;
            };
            if let Some(first) = raws[..i].iter().position(|r| r.get(key) == Some(text)) {
                let first = first + 1;
                let here = format!("{path}.{}.{key}", i + 1);
                let message = Message::new(
                    format!("The same {key} as in item {first}. Use each {key} once."),
                    format!("与第 {first} 项的 {key} 相同。每个 {key} 只能使用一次。"),
                );
                self.push(rule, &here, message);
            }
        }
    }

    fn cross(&mut self, cross: &'static Cross, checked: &Checked) {
        let (a, b) = cross.params;
        let CrossCheck::Ceiling { table, unit } = cross.check;
        let default = find_param(self.op.params, a).and_then(|p| p.default);
        let choice = checked.get(a).or_else(|| default.map(str::to_string));
        let number = checked.get(b).and_then(|text| text.parse::<i64>().ok());
        let (Some(choice), Some(number)) = (choice, number) else {
            return;
        };
        let Some((_, max)) = table.iter().find(|(value, _)| *value == choice) else {
            return;
        };
        if number > *max {
            self.violations.push(Violation {
                parameter: b.to_string(),
                rule: cross.rule,
                severity: cross.severity,
                message: Message::new(
                    format!("{a} {choice} carries at most {max} {0}; {b} is {number} {0}. Choose a lower {b} or another {a}.", unit.en),
                    format!("{a} 为 {choice} 时上限为 {max} {0}，而 {b} 为 {number} {0}。请降低 {b} 或更换 {a}。", unit.zh),
                ),
                source: cross.source.cite(self.op),
                also: Some(a.to_string()),
            });
        }
    }

    fn required(&mut self, param: &Param, path: &str) {
        // Where the value comes from a closed list there is nothing to enter.
        let message = match param.choices() {
            Some((_, false)) => Message::new("Required. Choose a value.", "必填，请选择。"),
            _ => Message::new("Required. Enter a value.", "必填，请填写。"),
        };
        self.violations.push(Violation {
            source: param.source.cite(self.op),
            ..Violation::shape(path, "required", message)
        });
    }

    fn wrong_type(&mut self, param: &Param, path: &str) {
        let (en, zh) = param.kind.noun();
        self.violations.push(Violation {
            source: param.source.cite(self.op),
            ..Violation::shape(
                path,
                "type",
                Message::new(format!("Must be {en}."), format!("必须是{zh}。")),
            )
        });
    }

    fn push(&mut self, rule: &Rule, path: &str, mut message: Message) {
        if let Some(note) = rule.note {
            message.en = format!("{} {}", message.en, note.en);
            message.zh = format!("{}{}", message.zh, note.zh);
        }
        self.violations.push(Violation {
            parameter: path.to_string(),
            rule: rule.check.id(),
            severity: rule.severity,
            message,
            source: rule.source.cite(self.op),
            also: None,
        });
    }
}

/// The parameter of that name among siblings.
pub fn find_param(params: &'static [Param], name: &str) -> Option<&'static Param> {
    params.iter().find(|p| p.name == name)
}

/// The parameter at a wire path, item numbers included.
pub fn param_at(op: &'static Operation, path: &str) -> Option<&'static Param> {
    let mut segments = path.split('.');
    let first = find_param(op.params, segments.next()?)?;
    segments.try_fold(first, |at, segment| match at.kind {
        Kind::Object(members) => find_param(members, segment),
        Kind::List { item, .. } => segment.parse::<usize>().ok().map(|_| item),
        _ => None,
    })
}

/// Joins a wire path and a name.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_string()
    } else {
        format!("{path}.{name}")
    }
}

/// A wire path without its item numbers: `Tag.2.Key` → `Tag.Key`.
pub fn without_numbers(path: &str) -> String {
    let kept: Vec<&str> = path
        .split('.')
        .filter(|s| s.parse::<usize>().is_err())
        .collect();
    kept.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::find;

    /// Checks the operation's example with some leaves changed (`=`), or removed (`-Name`), and
    /// compares what is reported, one `parameter: rule` a line, warnings with a `?`.
    fn reports(op: &str, changes: &[&str], expected: &[&str]) {
        let op = find(op).unwrap();
        let mut raw = Raw::example(op);
        if op.name == "CreateCloudConnection" {
            raw.set("domain_id", "0d8b1f0a5e8026e30f1ac01cd5d7a5c8");
        }
        for change in changes {
            match (change.split_once('='), change.strip_prefix('-')) {
                (Some((path, text)), _) => assert!(raw.set(path, text), "{path}"),
                (None, Some(path)) => raw.remove(path),
                _ => panic!("{change}"),
            }
        }
        let found: Vec<String> = check(op, &raw)
            .violations
            .iter()
            .map(|v| {
                let mark = if v.severity == Severity::Warning {
                    "?"
                } else {
                    ""
                };
                format!("{}: {}{mark}", v.parameter, v.rule)
            })
            .collect();
        assert_eq!(found, expected, "{} {changes:?}", op.name);
    }

    #[test]
    fn names_of_the_smartag_and_vpc_documents() {
        for op in [
            "CreateCloudConnectNetwork",
            "CreateExpressCloudConnection",
            "CreateCustomerGateway",
        ] {
            for good in ["ab", "网关", "a1._-", "Gateway", "é1"] {
                let warned: &[&str] = match good {
                    "é1" => &["Name: first-character?"],
                    _ => &[],
                };
                reports(op, &[&format!("Name={good}")], warned);
            }
            reports(op, &["Name=a"], &["Name: length"]);
            reports(op, &["Name=1a"], &["Name: first-character"]);
            reports(op, &["Name=_a"], &["Name: first-character"]);
            reports(op, &["Name=a b"], &["Name: characters"]);
            reports(op, &["Name=a😀"], &["Name: characters"]);
            reports(
                op,
                &["Name=http://a"],
                &["Name: characters", "Name: forbidden-prefix"],
            );
            reports(op, &["Name="], &["Name: length"]);
            reports(
                op,
                &["Description=1"],
                &["Description: length", "Description: first-character"],
            );
            reports(
                op,
                &["Description=https://a"],
                &["Description: forbidden-prefix"],
            );
            reports(op, &["Description=a http://b 😀"], &[]);
        }
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        let han = |n: usize| "网".repeat(n);
        reports(
            "CreateExpressCloudConnection",
            &[&format!("Name={}", han(128))],
            &[],
        );
        reports(
            "CreateExpressCloudConnection",
            &[&format!("Name={}", han(129))],
            &["Name: length"],
        );
        reports("CreateCen", &[&format!("Name={}", "😀".repeat(128))], &[]);
        // A combining mark is a character of its own, as the documents count.
        reports(
            "CreateCen",
            &[&format!("Name={}", "e\u{301}".repeat(64))],
            &[],
        );
        reports(
            "CreateCen",
            &[&format!("Name={}", "e\u{301}".repeat(65))],
            &["Name: length"],
        );
        reports(
            "CreateExpressCloudConnection",
            &[&format!("Description={}", han(256))],
            &[],
        );
        reports(
            "CreateExpressCloudConnection",
            &[&format!("Description={}", han(257))],
            &["Description: length"],
        );
    }

    #[test]
    fn lower_limits_of_today_are_warnings() {
        let han = |n: usize| "网".repeat(n);
        for (op, path, max) in [
            ("CreateCloudConnectNetwork", "Name", 100),
            ("CreateCloudConnectNetwork", "Description", 128),
            ("CreateCustomerGateway", "Name", 100),
            ("CreateCustomerGateway", "Description", 100),
            ("CreateCloudConnection", "cloud_connection.name", 64),
            ("CreateCloudConnection", "cloud_connection.description", 255),
        ] {
            reports(op, &[&format!("{path}={}", han(max))], &[]);
            reports(
                op,
                &[&format!("{path}={}", han(max + 1))],
                &[&format!("{path}: length?")],
            );
        }
    }

    #[test]
    fn cloud_connect_network() {
        let op = "CreateCloudConnectNetwork";
        reports(op, &[], &[]);
        reports(op, &["-IsDefault"], &["IsDefault: required"]);
        reports(op, &["IsDefault=yes"], &["IsDefault: type"]);
        reports(
            op,
            &["CidrBlock=172.16.22.3/24"],
            &["CidrBlock: host-bits?"],
        );
        reports(
            op,
            &["CidrBlock=8.8.8.0/24"],
            &["CidrBlock: private-network?"],
        );
        reports(
            op,
            &["CidrBlock=10.0.0.0/7"],
            &["CidrBlock: private-network?"],
        );
        for bad in [
            "172.16.22.0",
            "172.16.22.0/33",
            "172.16.22.0/",
            "x",
            "",
            " 10.0.0.0/8",
            "010.0.0.0/8",
            "10.0.0.0/08",
        ] {
            reports(op, &[&format!("CidrBlock={bad}")], &["CidrBlock: cidr"]);
        }
        reports(op, &["SnatCidrBlock=172.16.22.3/24"], &[]);
        reports(op, &["RegionId=cn-shanghai"], &[]);
        reports(op, &["RegionId=eu-central-1"], &["RegionId: value?"]);
        reports(
            op,
            &["RegionId=evil.com/#"],
            &["RegionId: region", "RegionId: value?"],
        );
    }

    #[test]
    fn cen() {
        let op = "CreateCen";
        reports(
            op,
            &["-Name", "-Description", "-ProtectionLevel", "-Tag"],
            &[],
        );
        reports(op, &["Name=", "Description="], &[]);
        reports(op, &["Name=1 <x>"], &[]);
        reports(
            op,
            &["Name=http://x", "Description=https://x"],
            &["Name: forbidden-prefix", "Description: forbidden-prefix"],
        );
        reports(op, &["ProtectionLevel=FULL"], &["ProtectionLevel: value"]);
        reports(op, &["Tag.1.Key="], &["Tag.1.Key: required"]);
        reports(op, &["Tag.1.Value="], &[]);
        reports(
            op,
            &["Tag.2.Key=tagtest", "Tag.2.Value=b"],
            &["Tag.2.Key: unique"],
        );
        reports(
            op,
            &["Tag.1.Key=aliyunx", "Tag.1.Value=acs:y"],
            &[
                "Tag.1.Key: forbidden-prefix",
                "Tag.1.Value: forbidden-prefix",
            ],
        );
        reports(
            op,
            &["Tag.1.Key=xhttp://", "Tag.1.Value=xhttps://"],
            &[
                "Tag.1.Key: forbidden-substring",
                "Tag.1.Value: forbidden-substring",
            ],
        );
        reports(
            op,
            &[
                &format!("Tag.1.Key={}", "k".repeat(65)),
                &format!("Tag.1.Value={}", "v".repeat(129)),
            ],
            &["Tag.1.Key: length", "Tag.1.Value: length"],
        );
        let many: Vec<String> = (1..=21).map(|i| format!("Tag.{i}.Key=k{i}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        reports(op, &many[..20], &[]);
        reports(op, &many, &["Tag: items"]);
        reports(op, &["ClientToken=令牌"], &["ClientToken: ascii"]);
    }

    #[test]
    fn express_cloud_connection() {
        let op = "CreateExpressCloudConnection";
        reports(op, &[], &[]);
        reports(
            op,
            &["-Bandwidth", "-IdcSP", "-PeerLocation", "-RegionId"],
            &[
                "RegionId: required",
                "Bandwidth: required",
                "IdcSP: required",
                "PeerLocation: required",
            ],
        );
        reports(op, &["Bandwidth=3"], &["Bandwidth: value"]);
        reports(
            op,
            &["Bandwidth=2.5"],
            &["Bandwidth: type", "Bandwidth: value"],
        );
        reports(
            op,
            &["Bandwidth=１００"],
            &["Bandwidth: type", "Bandwidth: value"],
        );
        reports(op, &["PortType=1GBase"], &["PortType: value"]);
        for (port, fits, exceeds) in [
            ("100Base-T", "100", "200"),
            ("1000Base-T", "1000", "10000"),
            ("1000Base-LX", "1000", "10000"),
            ("10GBase-T", "10000", "40000"),
            ("10GBase-LR", "10000", "40000"),
        ] {
            let port = format!("PortType={port}");
            reports(op, &[&port, &format!("Bandwidth={fits}")], &[]);
            reports(
                op,
                &[&port, &format!("Bandwidth={exceeds}")],
                &["Bandwidth: port-speed?"],
            );
        }
        // The default port type counts where none is given.
        reports(
            op,
            &["-PortType", "Bandwidth=10000"],
            &["Bandwidth: port-speed?"],
        );
        reports(op, &["IdcSP=CT"], &[]);
        reports(op, &["IdcSP=ACME"], &["IdcSP: value?"]);
        reports(op, &["PeerLocation=杭州"], &["PeerLocation: mentions?"]);
        reports(op, &["RedundantEccId=vbr-1"], &["RedundantEccId: prefix?"]);
    }

    #[test]
    fn personal_data() {
        let op = "CreateExpressCloudConnection";
        for good in ["XX@example.com", "a.b+c@mail.example.cn", "名@例子.中国"] {
            reports(op, &[&format!("ContactMail={good}")], &[]);
        }
        for bad in [
            "x",
            "@example.com",
            "a@",
            "a@b",
            "a@b..c",
            "a b@c.d",
            "a@b@c.d",
        ] {
            reports(
                op,
                &[&format!("ContactMail={bad}")],
                &["ContactMail: email"],
            );
        }
        for good in ["15200000000", "+86 571-8502-2088", "(0571) 85022088"] {
            reports(op, &[&format!("ContactTel={good}")], &[]);
        }
        for bad in [
            "152XXXXXXXX",
            "1234",
            "+",
            "123456789012345678901",
            "1+23456",
        ] {
            reports(
                op,
                &[&format!("ContactTel={bad}")],
                &["ContactTel: telephone"],
            );
        }
        // 11010519491231002X is the example of GB 11643-1999 itself.
        for good in [
            "11010519491231002X",
            "11010519491231002x",
            "440524188001010014",
        ] {
            reports(op, &[&format!("IDCardNo={good}")], &[]);
        }
        for bad in [
            "110105194912310021",
            "11010519491331002X",
            "110105190002290028",
            "1101051949123100",
            "32****************",
            "",
        ] {
            reports(
                op,
                &[&format!("IDCardNo={bad}")],
                &["IDCardNo: resident-id"],
            );
        }
        reports(
            op,
            &["IDCardNo=110105491231002"],
            &["IDCardNo: resident-id-generation?"],
        );
    }

    #[test]
    fn customer_gateway() {
        let op = "CreateCustomerGateway";
        reports(
            op,
            &["-IpAddress", "-RegionId"],
            &["RegionId: required", "IpAddress: required"],
        );
        for bad in [
            "116.62.222.xxx",
            "1.2.3",
            "1.2.3.4/32",
            "1.2.3.4 ",
            "01.2.3.4",
            "256.1.1.1",
        ] {
            reports(op, &[&format!("IpAddress={bad}")], &["IpAddress: ip"]);
        }
        for special in [
            "10.1.1.1",
            "192.168.0.1",
            "172.31.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "224.0.0.1",
            "255.1.1.1",
        ] {
            reports(
                op,
                &[&format!("IpAddress={special}")],
                &["IpAddress: special-address?"],
            );
        }
        reports(op, &["IpAddress=2400:3200::1"], &["IpAddress: ipv4?"]);
        reports(op, &[&format!("ClientToken={}", "t".repeat(64))], &[]);
        reports(
            op,
            &[&format!("ClientToken={}", "t".repeat(65))],
            &["ClientToken: length"],
        );
        reports(op, &["RegionId=xx-nowhere-1"], &["RegionId: value?"]);
        for host in [
            "a.b",
            "a@b",
            "a/b",
            "a#b",
            "..",
            "CN-hangzhou",
            "a\r\nb",
            "a。b",
            "-a",
            "",
        ] {
            let change = format!("RegionId={host}");
            let op = find(op).unwrap();
            let mut raw = Raw::example(op);
            let (path, text) = change.split_once('=').unwrap();
            raw.set(path, text);
            assert!(check(op, &raw).errors().next().is_some(), "{host:?}");
        }
    }

    #[test]
    fn huawei_cloud_connection() {
        let op = "CreateCloudConnection";
        reports(op, &[], &[]);
        reports(
            op,
            &["-domain_id", "-cloud_connection"],
            &["domain_id: required", "cloud_connection.name: required"],
        );
        reports(op, &["domain_id=.."], &["domain_id: path-segment"]);
        reports(
            op,
            &["cloud_connection.name="],
            &["cloud_connection.name: required"],
        );
        reports(
            op,
            &["cloud_connection.name=a b"],
            &["cloud_connection.name: characters?"],
        );
        reports(
            op,
            &["cloud_connection.description=a<b"],
            &["cloud_connection.description: characters"],
        );
        reports(op, &["X-Auth-Token=a\nb"], &["X-Auth-Token: header-value"]);
        reports(
            op,
            &["cloud_connection.tags=x"],
            &["cloud_connection.tags: unknown"],
        );
    }

    #[test]
    fn messages_carry_the_rule_s_numbers_and_the_source() {
        let op = find("CreateCustomerGateway").unwrap();
        let mut raw = Raw::example(op);
        raw.set("Name", "a");
        let violations = check(op, &raw).violations;
        assert_eq!(violations[0].message.en, "2–128 characters; this has 1.");
        assert_eq!(violations[0].message.zh, "2–128 个字符，现有 1 个。");
        assert_eq!(
            violations[0].source,
            Message::new(
                "Alibaba Cloud, CreateCustomerGateway (Vpc), line 32",
                "阿里云，CreateCustomerGateway (Vpc)，第 32 行"
            )
        );
    }

    #[test]
    fn what_is_chosen_is_not_asked_to_be_entered_and_ceilings_have_a_unit() {
        let op = find("CreateExpressCloudConnection").unwrap();
        let missing = check(op, &Raw::new()).violations;
        let said = |path: &str| {
            let found = missing.iter().find(|v| v.parameter == path);
            found.map(|v| (v.message.en.clone(), v.message.zh.clone()))
        };
        let text = |en: &str, zh: &str| Some((en.to_string(), zh.to_string()));
        assert_eq!(
            said("Bandwidth"),
            text("Required. Choose a value.", "必填，请选择。")
        );
        assert_eq!(
            said("PeerLocation"),
            text("Required. Enter a value.", "必填，请填写。")
        );
        let mut raw = Raw::example(op);
        raw.set("PortType", "100Base-T");
        raw.set("Bandwidth", "200");
        let violations = check(op, &raw).violations;
        let ceiling = violations.iter().find(|v| v.rule == "port-speed").unwrap();
        assert!(ceiling
            .message
            .en
            .contains("at most 100 Mbit/s; Bandwidth is 200 Mbit/s"));
        assert!(ceiling.message.zh.contains("上限为 100 Mbps"));
    }

    #[test]
    fn no_source_is_known_to_this_project_s_authors_only() {
        for entry in crate::operations::entries() {
            for op in [&entry.create].into_iter().chain(entry.reads) {
                let own = op.params.iter().flat_map(|p| p.rules).map(|r| r.source);
                for source in own.chain(op.params.iter().map(|p| p.source)) {
                    let said = source.cite(op);
                    let hidden = [".txt", ".md", "section"]
                        .iter()
                        .any(|w| said.en.contains(w));
                    assert!(!hidden, "{} {}", op.name, said.en);
                    assert!(!said.zh.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_server_accepts_what_the_vendor_s_own_clients_omit() {
        let op = find("CreateCloudConnectNetwork").unwrap();
        assert_eq!(check_as_server(op, &Raw::new()).violations, []);
    }
}
