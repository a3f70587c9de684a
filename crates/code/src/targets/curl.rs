//! A shell command that asks the Tieline proxy, which checks and signs.

use alloc::format;
use alloc::string::{String, ToString};

use tieline_catalog::model::Action;
use tieline_catalog::text::t;

use crate::comments::Comments;
use crate::plan::{Node, Plan};
use crate::quote;
use crate::writer::Writer;

/// Where `tieline-proxy` listens unless told otherwise.
const PROXY: &str = "http://127.0.0.1:8787";

/// A UUID of the kernel's or of the program's that Macs and most other systems have.
const UUID: &str = "$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)";

/// The code. It is for any POSIX shell.
pub fn code(plan: &Plan) -> String {
    let mut out = Writer::new("  ");
    out.line("#!/bin/sh");
    let mut comments = Comments::new(plan, t("through the Tieline proxy", "经由 Tieline 代理"))
        .say(t(
            "TIELINE_TOKEN: your access token, if the proxy asks for one",
            "TIELINE_TOKEN：访问令牌（仅当代理要求时）",
        ));
    if plan.op.action == Action::Create {
        comments = comments.say(t(
            "IDEMPOTENCY_KEY: set it, and keep it, to be able to repeat this without creating twice",
            "IDEMPOTENCY_KEY：设置并保留它，即可重复执行而不会重复创建",
        ));
    }
    comments.environment(false).write(&mut out, "#");
    for variable in &plan.variables {
        // What a value holds is written as JSON; a line of one that has none is left empty.
        let name = &variable.name;
        out.line(&format!(
            "{}=$(printf '%s' \"${{{name}-}}\" | sed 's/[\\\\\"]/\\\\&/g')",
            name.to_ascii_lowercase()
        ));
    }
    let proxy = match plan.context.proxy {
        "" => PROXY,
        proxy => proxy,
    };
    let url = quote::shell(&format!("{proxy}/v1/{}", plan.op.name));
    out.pieces(&["curl --silent --show-error --fail-with-body ", &url, " \\"]);
    out.inside(|out| {
        out.line("${TIELINE_TOKEN:+--header \"Authorization: Bearer $TIELINE_TOKEN\"} \\");
        out.line("--header 'Content-Type: application/json' \\");
        if !plan.context.profile.is_empty() {
            let profile = quote::shell(&format!("Tieline-Profile: {}", plan.context.profile));
            out.pieces(&["--header ", &profile, " \\"]);
        }
        if plan.op.action == Action::Create {
            out.pieces(&[
                "--header \"Idempotency-Key: ${IDEMPOTENCY_KEY:-",
                UUID,
                "}\" \\",
            ]);
        }
    });
    let mut json = String::new();
    object(&plan.given, 0, &mut json);
    out.pieces(&["  --data-binary '", &json, "'"]);
    out.end()
}

/// An object as JSON within a shell's single quotation marks.
fn object(members: &[(&tieline_catalog::Param, Node)], depth: usize, out: &mut String) {
    let items = members.iter();
    let items = items.map(|(param, node)| (Some(param.name), node));
    rows('{', items, '}', depth, out);
}

fn rows<'n>(
    open: char,
    items: impl ExactSizeIterator<Item = (Option<&'n str>, &'n Node)>,
    close: char,
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    let count = items.len();
    for (i, (name, node)) in items.enumerate() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            out.push_str(&format!("\"{name}\": "));
        }
        value(node, depth + 1, out);
        if i + 1 < count {
            out.push(',');
        }
    }
    if count > 0 {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

fn value(node: &Node, depth: usize, out: &mut String) {
    match node {
        Node::Text(text) => {
            let json = quote::json(text).replace('\'', "'\\''");
            out.push_str(&format!("\"{json}\""));
        }
        Node::Integer(n) => out.push_str(&n.to_string()),
        Node::Boolean(b) => out.push_str(&b.to_string()),
        // An unset one ends the command before anything is sent.
        Node::Variable(name) => out.push_str(&format!(
            "\"'\"${{{}:?set {name}}}\"'\"",
            name.to_ascii_lowercase()
        )),
        Node::List(items) => {
            let items = items.iter().map(|item| (None, item));
            rows('[', items, ']', depth, out);
        }
        Node::Object(members) => object(members, depth, out),
    }
}
