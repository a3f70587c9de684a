//! Alibaba Cloud's command line.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{Control, Provider};
use tieline_catalog::text::{t, Message};

use crate::comments::Comments;
use crate::context::Unavailable;
use crate::plan::{Node, Plan};
use crate::quote;
use crate::writer::Writer;

/// The code.
///
/// # Errors
/// It is another vendor's request.
pub fn code(plan: &Plan) -> Result<String, Unavailable> {
    if plan.provider() != Provider::Alibaba {
        return Err(Unavailable(Message::new(
            "aliyun is Alibaba Cloud's command line, and this is another cloud's request.",
            "aliyun 是阿里云的命令行工具，而此请求属于其他云厂商。",
        )));
    }
    let mut out = Writer::new("  ");
    out.line("#!/usr/bin/env bash");
    Comments::new(
        plan,
        t("with Alibaba Cloud's command line", "使用阿里云命令行工具"),
    )
    .say(t(
        "It signs with the account that “aliyun configure” has set up",
        "使用 aliyun configure 所配置的账号签名",
    ))
    .environment(false)
    .write(&mut out, "#");
    let (product, service) = (plan.op.service.id, plan.op.service);
    let mut arguments = Vec::new();
    if let Some(Node::Text(region)) = plan.with_control(Control::Region) {
        arguments.push(format!("--region={}", quote::shell(region)));
    }
    if plan.context.endpoint.is_some() {
        arguments.push(format!("--endpoint={}", quote::shell(&plan.host)));
    }
    if !plan.is_typed() {
        // It refuses parameters that today's description of the API does not have.
        arguments.push(format!("--version={} --force", service.version));
    }
    for (name, node) in plan.flat(|_| true) {
        arguments.push(match node {
            // After `=` a value can begin with `-`; an empty one has to be a word of its own.
            Node::Text(text) if text.is_empty() => format!("--{name} ''"),
            leaf => format!("--{name}={}", word(leaf)),
        });
    }
    command(
        &format!("aliyun {product} {}", plan.op.name),
        &arguments,
        &mut out,
    );
    Ok(out.end())
}

/// A command over several lines.
pub fn command(first: &str, arguments: &[String], out: &mut Writer) {
    let mut lines = core::iter::once(first)
        .chain(arguments.iter().map(String::as_str))
        .peekable();
    let mut step = "";
    while let Some(line) = lines.next() {
        let end = if lines.peek().is_some() { " \\" } else { "" };
        out.pieces(&[step, line, end]);
        step = "  ";
    }
}

/// A value as a word of a command.
pub fn word(node: &Node) -> String {
    match node {
        Node::Text(text) => quote::shell(text),
        Node::Integer(n) => n.to_string(),
        Node::Boolean(b) => b.to_string(),
        // An unset one ends the command before anything is sent.
        Node::Variable(name) => format!("\"${{{name}:?set {name}}}\""),
        // Lists and objects are no words.
        Node::List(_) | Node::Object(_) => "''".into(),
    }
}
