//! A resource of the vendor's provider for Terraform.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{Action, Control, Provider, Terraform};
use tieline_catalog::path::join;
use tieline_catalog::text::{t, Message};
use tieline_catalog::Param;

use crate::comments::Comments;
use crate::context::Unavailable;
use crate::plan::{Node, Plan};
use crate::quote::{common, escaped, unseen, utf32};
use crate::writer::Writer;

/// The code. Once the resource exists, an `import` block takes it over instead of creating another.
///
/// # Errors
/// The provider has no such resource, or the operation creates none.
pub fn code(plan: &Plan) -> Result<String, Unavailable> {
    if plan.op.action != Action::Create {
        return Err(Unavailable(Message::new(
            "Terraform declares resources, and this operation only reads.",
            "Terraform 声明资源，而此操作只进行查询。",
        )));
    }
    let Some(terraform) = &plan.tools.terraform else {
        return Err(Unavailable(Message::new(
            "The vendor's provider for Terraform has no resource for this operation.",
            "厂商的 Terraform Provider 没有与此操作对应的资源。",
        )));
    };
    let mut out = Writer::new("  ");
    let (provider, source) = match plan.provider() {
        Provider::Alibaba => ("alicloud", "aliyun/alicloud"),
        Provider::Huawei => ("huaweicloud", "huaweicloud/huaweicloud"),
    };
    let mut taken = Vec::new();
    let mut absent = Vec::new();
    for (param, node) in &plan.given {
        split(terraform, param, param.name, node, &mut taken, &mut absent);
    }
    if let Some(key) = taken.iter().find_map(|(_, node)| repeated(node)) {
        return Err(Unavailable(Message::new(
            format!("Terraform's tags are a map, which has each key once, and {key} stands there twice."),
            format!("Terraform 的标签是映射，每个键只能出现一次，而 {key} 出现了两次。"),
        )));
    }
    if taken.iter().any(|(_, node)| lacks_key(node)) {
        return Err(Unavailable(Message::new(
            "Terraform's tags are a map, and a value without a key has no place in it.",
            "Terraform 的标签是映射，没有键的值无法放入其中。",
        )));
    }
    Comments::new(
        plan,
        t(
            "as a resource of the vendor's Terraform provider",
            "作为厂商 Terraform Provider 的资源",
        ),
    )
    .say(match plan.provider() {
        Provider::Alibaba => t(
            "Environment: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "环境变量：ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ),
        Provider::Huawei => t(
            "Environment: HW_ACCESS_KEY, HW_SECRET_KEY and HW_REGION_NAME",
            "环境变量：HW_ACCESS_KEY、HW_SECRET_KEY 和 HW_REGION_NAME",
        ),
    })
    .left_out(
        &absent,
        t("which the resource does not take", "该资源不支持"),
    )
    .write(&mut out, "#");
    out.block("terraform {", "}", |out| {
        out.block("required_providers {", "}", |out| {
            out.block(&format!("{provider} = {{"), "}", |out| {
                out.line(&format!("source = \"{source}\""));
            });
        });
    });
    out.line("");
    out.block(&format!("provider \"{provider}\" {{"), "}", |out| {
        if let Some(region) = plan.with_control(Control::Region) {
            out.line(&format!("region = {}", scalar(region)));
        }
        if let Some(account) = plan.with_control(Control::Account) {
            out.line(&format!("domain_id = {}", scalar(account)));
        }
    });
    out.line("");
    for (_, node) in &taken {
        variable(node, &mut out);
    }
    let resource = terraform.resource;
    out.block(
        &format!("resource \"{resource}\" \"this\" {{"),
        "}",
        |out| {
            for (name, node) in taken {
                argument(name, node, out);
            }
        },
    );
    if let Some(id) = plan.context.id {
        out.line("");
        out.block("import {", "}", |out| {
            out.line(&format!("to = {resource}.this"));
            out.line(&format!("id = {}", literal(id)));
        });
    }
    Ok(out.end())
}

/// Divides what is given into arguments and what the resource does not take. Region and account belong to
/// the provider, and a resource needs no token to be created once.
fn split<'n>(
    terraform: &Terraform,
    param: &'static Param,
    path: &str,
    node: &'n Node,
    taken: &mut Vec<(&'static str, &'n Node)>,
    absent: &mut Vec<&'static str>,
) {
    let found = terraform.arguments.iter().find(|(own, _)| *own == path);
    match (found, node) {
        (Some((_, argument)), node) => taken.push((argument, node)),
        (None, Node::Object(members)) => {
            for (param, member) in members {
                split(
                    terraform,
                    param,
                    &join(path, param.name),
                    member,
                    taken,
                    absent,
                );
            }
        }
        (None, _) if matches!(param.control, Control::Region | Control::Account) => {}
        (None, _) => absent.push(param.name),
    }
}

fn variable(node: &Node, out: &mut Writer) {
    if let Node::Variable(name) = node {
        out.line(&format!("# TF_VAR_{}", name.to_ascii_lowercase()));
        out.block(
            &format!("variable \"{}\" {{", name.to_ascii_lowercase()),
            "}",
            |out| {
                out.line("type = string");
                out.line("sensitive = true");
            },
        );
        out.line("");
    }
}

fn argument(name: &str, node: &Node, out: &mut Writer) {
    match node {
        Node::List(items) => match items.iter().map(pair).collect::<Option<Vec<_>>>() {
            // Tags are a map, in which each key has a value: one that was left out is empty there.
            Some(pairs) => out.block(&format!("{name} = {{"), "}", |out| {
                for (key, value) in pairs {
                    out.line(&format!(
                        "{} = {}",
                        scalar(key),
                        value.map_or("\"\"".into(), scalar)
                    ));
                }
            }),
            None => {
                let items = items.iter().map(scalar).collect::<Vec<_>>().join(", ");
                out.line(&format!("{name} = [{items}]"));
            }
        },
        Node::Object(members) => out.block(&format!("{name} = {{"), "}", |out| {
            for (param, node) in members {
                argument(param.name, node, out);
            }
        }),
        leaf => out.line(&format!("{name} = {}", scalar(leaf))),
    }
}

/// An item that is a key with a value.
fn pair(node: &Node) -> Option<(&Node, Option<&Node>)> {
    let Node::Object(members) = node else {
        return None;
    };
    let find = |wanted: &str| {
        let found = members.iter().find(|(param, _)| param.name == wanted);
        found.map(|(_, node)| node)
    };
    Some((find("Key")?, find("Value")))
}

/// Whether a list has an item that is a value without its key.
fn lacks_key(node: &Node) -> bool {
    let Node::List(items) = node else {
        return false;
    };
    let keyless = |item: &Node| match item {
        Node::Object(members) => {
            let has = |wanted: &str| members.iter().any(|(param, _)| param.name == wanted);
            has("Value") && !has("Key")
        }
        _ => false,
    };
    items.iter().any(keyless)
}

/// A key that a list of pairs has more than once: a map would lose all but its last value.
fn repeated(node: &Node) -> Option<String> {
    let Node::List(items) = node else {
        return None;
    };
    let keys: Vec<String> = items
        .iter()
        .map(|item| Some(scalar(pair(item)?.0)))
        .collect::<Option<_>>()?;
    let again = |(at, key): &(usize, &String)| keys[..*at].contains(key);
    keys.iter()
        .enumerate()
        .find(again)
        .map(|(_, key)| key.clone())
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Text(text) => literal(text),
        Node::Integer(n) => n.to_string(),
        Node::Boolean(b) => b.to_string(),
        Node::Variable(name) => format!("var.{}", name.to_ascii_lowercase()),
        // Lists and objects are no scalars.
        Node::List(_) | Node::Object(_) => "null".into(),
    }
}

/// A text as an HCL literal. `${` and `%{` begin a template; escaped by number they do not, whatever stands
/// before them.
pub fn literal(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut out = String::from("\"");
    while let Some(c) = rest.next() {
        let template = matches!(c, '$' | '%') && rest.peek() == Some(&'{');
        let written =
            |c: char| common(c, '"').or_else(|| (template || unseen(c)).then(|| utf32(c)));
        out.push_str(&escaped(c.encode_utf8(&mut [0; 4]), written));
    }
    out.push('"');
    out
}
