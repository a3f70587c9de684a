//! The one function that interprets the rules: [`check`].

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::input::{Parsed, Raw, Value};
use crate::model::*;
use crate::path::{find_param, join, param_at};
use crate::text::{listed, t, Message};

/// The most violations that are told where an input can have any number: of a body's shape, and of the
/// items past the most that a list may have.
pub const MOST_TOLD: usize = 100;

/// A rule that an input breaks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Violation {
    /// The wire path of the parameter: `Tag.2.Key`; empty for the input as a whole.
    pub parameter: String,
    /// The rule's id: `length`, `required`, `cidr` and so on.
    pub rule: &'static str,
    /// Whether it stops the request.
    pub severity: Severity,
    /// The fault and the advice, from the rule's own numbers.
    pub message: Message,
    /// The rule's source: a document line, a fact, or a decision. The API gives it in English.
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
        let names = listed(&names);
        Violation::shape(
            path,
            "unknown",
            Message::new(
                format!(
                    "{} has no parameter {path}. Known here: {}.",
                    op.name, names.en
                ),
                format!("{} 没有参数 {path}。此处可用：{}。", op.name, names.zh),
            ),
        )
    }
}

/// The result of [`check`]: the values, and everything that is wrong with them.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// The values that could be read.
    pub parsed: Parsed,
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
            Ok(Valid(self.parsed))
        }
    }
}

/// Values that broke no rule of severity error. [`Report::valid`] is the only way to make one, and
/// only these are sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Valid(Parsed);

impl Valid {
    /// The values.
    pub fn parsed(&self) -> &Parsed {
        &self.0
    }
}

/// What is said of every text of every operation: no document forbids these characters, and nobody sees them.
const NO_CONTROL: Rule = Rule::warning(
    Check::NoControl,
    Source::Decision(t(
        "no document forbids it, but it can get lost on the way or be refused",
        "文档未禁止控制字符，但可能在传输中丢失或被拒绝",
    )),
);

/// Reads `raw` by the operation's tables and reports every violation. It never panics and never
/// stops at the first; an empty list counts as absent.
pub fn check(op: &'static Operation, raw: &Raw) -> Report {
    Checker::new(op).check(raw)
}

/// The same as a server does it: what [`Param::server_accepts_absence`] names may be missing.
pub fn check_as_server(op: &'static Operation, raw: &Raw) -> Report {
    let checker = Checker {
        server: true,
        ..Checker::new(op)
    };
    checker.check(raw)
}

/// The values alone that [`check`] reads, for who has very many inputs and asks about no rule.
pub fn values(op: &'static Operation, raw: &Raw) -> Parsed {
    let checker = Checker {
        rules: false,
        ..Checker::new(op)
    };
    checker.check(raw).parsed
}

struct Checker {
    op: &'static Operation,
    server: bool,
    /// Whether the rules are asked for: no value depends on them.
    rules: bool,
    violations: Vec<Violation>,
}

impl Checker {
    fn new(op: &'static Operation) -> Checker {
        Checker {
            op,
            server: false,
            rules: true,
            violations: Vec::new(),
        }
    }

    fn check(mut self, raw: &Raw) -> Report {
        let values = match raw {
            Raw::Object(members) => self.members(self.op.params, members, ""),
            _ => self.members(self.op.params, &[], ""),
        };
        let parsed = Parsed::new(self.op, values);
        let cross: &'static [Cross] = if self.rules { self.op.cross } else { &[] };
        for cross in cross {
            self.cross(cross, &parsed);
        }
        Report {
            parsed,
            violations: self.violations,
        }
    }

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
                None => self.expected(param, &here),
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
            (Kind::List { item, .. }, Raw::List(raws)) => self.list(param, item, raws, path),
            (Kind::Object(_) | Kind::List { .. }, _) | (_, Raw::List(_) | Raw::Object(_)) => {
                self.wrong_type(param, path);
                None
            }
            // An empty token makes nothing idempotent: it is none.
            (_, Raw::Text(text)) if text.is_empty() && param.control == Control::Token => None,
            (kind, Raw::Text(text)) => {
                if text.is_empty() && param.must_be_filled() {
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
                if !self.rules {
                    return value;
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
                if matches!(kind, Kind::Text) {
                    self.control_characters(param, text, path, start);
                }
                value
            }
        }
    }

    /// An area takes line breaks and tabs. Where a violation since `start` stops the text anyway, or speaks
    /// of its characters, nothing is added.
    fn control_characters(&mut self, param: &Param, text: &str, path: &str, start: usize) {
        let told = |v: &Violation| {
            v.severity == Severity::Error || matches!(v.rule, "characters" | "visible-ascii")
        };
        if self.violations[start..].iter().any(told) {
            return;
        }
        let broken = match param.control {
            Control::Area => NO_CONTROL
                .check
                .broken_by(&text.replace(['\n', '\r', '\t'], "")),
            _ => NO_CONTROL.check.broken_by(text),
        };
        if let Some(message) = broken {
            self.push(&NO_CONTROL, path, message);
        }
    }

    fn list(
        &mut self,
        param: &'static Param,
        item: &'static Param,
        raws: &[Raw],
        path: &str,
    ) -> Option<Value> {
        let Kind::List {
            max,
            severity,
            source,
            ..
        } = param.kind
        else {
            return None;
        };
        if raws.len() > max {
            let count = raws.len();
            self.violations.push(Violation {
                severity,
                source: self.op.cite(&source),
                ..Violation::shape(
                    path,
                    "items",
                    Message::new(
                        format!(
                            "At most {max} items; there are {count}. Remove {}.",
                            count - max
                        ),
                        format!(
                            "最多 {max} 项，当前 {count} 项。请删除 {} 项。",
                            count - max
                        ),
                    ),
                )
            });
        }
        for rule in param.rules {
            if let Check::UniqueKeys(key) = rule.check {
                self.unique(rule, key, raws, max, path);
            }
        }
        let mut values = Vec::new();
        for (i, raw) in raws.iter().enumerate() {
            let before = self.violations.len();
            let here = join(path, &(i + 1).to_string());
            let value = self.value(item, raw, &here);
            self.not_empty(item, value.as_ref(), &here, before);
            values.extend(value);
            if i >= max {
                self.limit(before.max(MOST_TOLD));
            }
        }
        (!values.is_empty()).then_some(Value::List(values))
    }

    /// An item without any member cannot be sent: nothing on the wire would stand for it, and what follows it
    /// would move up. Where a violation since `start` stops it anyway, nothing is added.
    fn not_empty(&mut self, item: &Param, value: Option<&Value>, path: &str, start: usize) {
        let (Kind::Object(params), Some(Value::Object(members))) = (item.kind, value) else {
            return;
        };
        let mut told = self.violations[start..].iter();
        let stopped = told.any(|v| v.severity == Severity::Error);
        if let (Some(first), true, false) = (params.first(), members.is_empty(), stopped) {
            let path = join(path, first.name);
            self.violations.truncate(start);
            self.violations.push(Violation::shape(
                &path,
                "required",
                Message::new("Required. Enter a value.", "必填，请填写。"),
            ));
        }
    }

    /// Drops the violations past the first `most`, but never all that stop the request.
    fn limit(&mut self, most: usize) {
        let dropped = self.violations.split_off(most.min(self.violations.len()));
        let stops = |v: &Violation| v.severity == Severity::Error;
        if !self.violations.iter().any(stops) {
            self.violations.extend(dropped.into_iter().find(stops));
        }
    }

    /// Items past the most that a list may have are compared with those within it only, so that a hostile list
    /// costs no square of its length.
    fn unique(&mut self, rule: &'static Rule, key: &str, raws: &[Raw], max: usize, path: &str) {
        for (i, raw) in raws.iter().enumerate() {
            if i >= max && self.violations.len() >= MOST_TOLD {
                return;
            }
            let Some(text) = raw.get(key).filter(|t| !t.is_empty()) else {
                continue;
            };
            let within = &raws[..i.min(max)];
            if let Some(first) = within.iter().position(|r| r.get(key) == Some(text)) {
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

    fn cross(&mut self, cross: &'static Cross, parsed: &Parsed) {
        let (a, b) = cross.params;
        let CrossCheck::Ceiling { table, unit } = cross.check;
        let default = param_at(self.op, a).and_then(|p| p.default);
        let choice = parsed.get(a).or_else(|| default.map(str::to_string));
        let number = parsed.get(b).and_then(|text| text.parse::<i64>().ok());
        let (Some(choice), Some(number)) = (choice, number) else {
            return;
        };
        let Some((_, max)) = table.iter().find(|(value, _)| *value == choice) else {
            return;
        };
        if number > *max {
            let place = |path: &str| {
                let top = path.split('.').next();
                let mut params = self.op.params.iter();
                params.position(|p| Some(p.name) == top)
            };
            let mut others = self.violations.iter();
            let behind = others.position(|v| place(&v.parameter) > place(b));
            let at = behind.unwrap_or(self.violations.len());
            self.violations.insert(at, Violation {
                parameter: b.to_string(),
                rule: cross.rule,
                severity: cross.severity,
                message: Message::new(
                    format!("{a} {choice} carries at most {max} {0}; {b} is {number} {0}. Choose a lower {b} or another {a}.", unit.en),
                    format!("{a} 为 {choice} 时上限为 {max} {0}，而 {b} 为 {number} {0}。请降低 {b} 或更换 {a}。", unit.zh),
                ),
                source: self.op.cite(&cross.source),
                also: Some(a.to_string()),
            });
        }
    }

    fn required(&mut self, param: &Param, path: &str) {
        // Where the value comes from a closed list there is nothing to enter.
        let message = match param.choices() {
            Some((_, false)) => Message::new("Required. Choose a value.", "必填，请选择。"),
            _ if param.may_be_empty => {
                Message::new("Required; it can be empty.", "必填，可以为空。")
            }
            _ => Message::new("Required. Enter a value.", "必填，请填写。"),
        };
        self.violations.push(Violation {
            source: self.op.cite(&param.source),
            ..Violation::shape(path, "required", message)
        });
    }

    /// Remarks on the absence of what should be there.
    fn expected(&mut self, param: &Param, path: &str) {
        let Some(source) = param.expected.filter(|_| self.rules) else {
            return;
        };
        let message = match param.may_be_empty {
            true => Message::new(
                "Not given, so nothing is sent for it. Enter a value; an empty one is sent as empty.",
                "未提供，因此不会发送此项。请填写；空字符串也会原样发送。",
            ),
            false => Message::new(
                "Not given, so nothing is sent for it. Enter a value.",
                "未提供，因此不会发送此项。请填写。",
            ),
        };
        self.violations.push(Violation {
            severity: Severity::Warning,
            source: self.op.cite(&source),
            ..Violation::shape(path, "expected", message)
        });
    }

    fn wrong_type(&mut self, param: &Param, path: &str) {
        let (en, zh) = param.kind.noun();
        self.violations.push(Violation {
            source: self.op.cite(&param.source),
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
            source: self.op.cite(&rule.source),
            also: None,
        });
    }
}

#[cfg(test)]
mod tests;
