//! Go with the vendor's SDK.

use alloc::format;
use alloc::string::{String, ToString};

use tieline_catalog::model::{Control, ParamLocation, Provider};
use tieline_catalog::text::{t, Message};
use tieline_catalog::Param;

use crate::comments::{access_key, Comments, GENERAL, SIGNED};
use crate::context::Unavailable;
use crate::names;
use crate::plan::{Node, Plan};
use crate::quote::{common, escaped, unseen, utf32};
use crate::writer::Writer;

/// Alibaba Cloud's general client.
const GENERAL_CLIENT: &str = "github.com/alibabacloud-go/darabonba-openapi/v2/client";
const TEA: &str = "github.com/alibabacloud-go/tea/tea";

/// The code.
///
/// # Errors
/// The vendor has no client for it.
pub fn code(plan: &Plan) -> Result<String, Unavailable> {
    let mut out = Writer::new("\t");
    match (plan.provider(), plan.tools.go) {
        (Provider::Alibaba, Some(package)) if plan.is_typed() => typed(plan, package, &mut out),
        (Provider::Alibaba, _) => general(plan, &mut out),
        (Provider::Huawei, Some(package)) => huawei(plan, package, &mut out),
        (Provider::Huawei, None) => {
            return Err(Unavailable(Message::new(
                "The vendor's SDK for Go has no client of this product.",
                "厂商的 Go SDK 没有该产品的客户端。",
            )))
        }
    }
    Ok(out.end())
}

fn head(plan: &Plan, general: bool, packages: &[&str], out: &mut Writer) {
    let mut comments = Comments::new(plan, t("with the vendor's SDK for Go", "使用厂商的 Go SDK"));
    if general {
        comments = comments.say(GENERAL);
    }
    for package in packages {
        comments = comments.command(format!("go get {package}"));
    }
    comments
        .environment(true)
        .left_out(&plan.tokens(), SIGNED)
        .write(out, "//");
    out.line("package main");
    out.line("");
}

/// What reads an environment variable that has to be there.
fn need(out: &mut Writer) {
    out.line("");
    out.block("func need(name string) string {", "}", |out| {
        out.line("value := os.Getenv(name)");
        out.block("if value == \"\" {", "}", |out| {
            out.line("log.Fatalf(\"%s is not set\", name)");
        });
        out.line("return value");
    });
    out.line("");
}

fn checked(out: &mut Writer) {
    out.block("if err != nil {", "}", |out| out.line("log.Fatal(err)"));
}

fn imports(own: &[(&str, &str)], out: &mut Writer) {
    out.block("import (", ")", |out| {
        for package in ["fmt", "log", "os"] {
            out.line(&format!("\"{package}\""));
        }
        out.line("");
        for (name, package) in own {
            let space = if name.is_empty() { "" } else { " " };
            out.line(&format!("{name}{space}\"{package}\""));
        }
    });
}

fn config(plan: &Plan, package: &str, out: &mut Writer) {
    let (id, secret) = access_key(Provider::Alibaba);
    out.line(&format!(
        "client, err := {package}.NewClient(&openapi.Config{{"
    ));
    out.inside(|out| {
        out.line(&format!("AccessKeyId:     tea.String(need(\"{id}\")),"));
        out.line(&format!("AccessKeySecret: tea.String(need(\"{secret}\")),"));
        out.line(&format!(
            "Endpoint:        tea.String({}),",
            literal(&plan.host)
        ));
        if plan.scheme != "https" {
            out.line(&format!(
                "Protocol:        tea.String({}),",
                literal(plan.scheme)
            ));
        }
    });
    out.line("})");
    checked(out);
}

fn typed(plan: &Plan, package: &str, out: &mut Writer) {
    head(plan, false, &[package], out);
    imports(
        &[("sdk", package), ("openapi", GENERAL_CLIENT), ("", TEA)],
        out,
    );
    need(out);
    out.block("func main() {", "}", |out| {
        config(plan, "sdk", out);
        let request = plan.request_type();
        let op = plan.op.name;
        out.block(
            &format!("response, err := client.{op}(&sdk.{request}{{"),
            "})",
            |out| {
                let style = Style {
                    package: "sdk",
                    pointers: Pointers::Tea,
                };
                members(plan, &style, &request, &plan.given, out);
            },
        );
        checked(out);
        out.line("fmt.Println(response.Body)");
    });
}

fn general(plan: &Plan, out: &mut Writer) {
    head(plan, true, &[GENERAL_CLIENT], out);
    let dara = "github.com/alibabacloud-go/tea/dara";
    imports(&[("openapi", GENERAL_CLIENT), ("", dara), ("", TEA)], out);
    need(out);
    out.block("func main() {", "}", |out| {
        config(plan, "openapi", out);
        out.block("params := &openapi.Params{", "}", |out| {
            for (name, value) in plan.call() {
                let name = format!("{name}:");
                out.line(&format!("{name:<12} tea.String({}),", literal(value)));
            }
        });
        out.block("query := map[string]*string{", "}", |out| {
            for (name, text) in plan.texts(scalar) {
                out.line(&format!("{}: tea.String({text}),", literal(&name)));
            }
        });
        out.line("request := &openapi.OpenApiRequest{Query: query}");
        out.line("response, err := client.CallApi(params, request, &dara.RuntimeOptions{})");
        checked(out);
        out.line("fmt.Println(response[\"body\"])");
    });
}

fn huawei(plan: &Plan, package: &str, out: &mut Writer) {
    let module = package.split("/services/").next().unwrap_or(package);
    head(plan, false, &[module], out);
    let (auth, model) = (
        format!("{module}/core/auth/global"),
        format!("{package}/model"),
    );
    imports(&[("", &auth), ("sdk", package), ("", &model)], out);
    need(out);
    out.block("func pointer[T any](value T) *T {", "}", |out| {
        out.line("return &value")
    });
    out.line("");
    out.block("func main() {", "}", |out| {
        let (id, secret) = access_key(Provider::Huawei);
        out.line("auth, err := global.NewCredentialsBuilder().");
        out.inside(|out| {
            out.line(&format!("WithAk(need(\"{id}\"))."));
            out.line(&format!("WithSk(need(\"{secret}\"))."));
            if let Some(account) = plan.with_control(Control::Account) {
                out.line(&format!("WithDomainId({}).", scalar(account)));
            }
            out.line("SafeBuild()");
        });
        checked(out);
        let client = format!("{}Client", names::class(plan.op.service.id));
        out.line(&format!("hc, err := sdk.{client}Builder()."));
        out.inside(|out| {
            out.line(&format!(
                "WithEndpoints([]string{{{}}}).",
                literal(&plan.endpoint())
            ));
            out.line("WithCredential(auth).");
            out.line("SafeBuild()");
        });
        checked(out);
        let (op, request) = (plan.op.name, plan.request_type());
        let open = format!("response, err := sdk.New{client}(hc).{op}(&model.{request}{{");
        out.block(&open, "})", |out| {
            let style = Style {
                package: "model",
                pointers: Pointers::OfOptional,
            };
            for (param, node) in plan.fields() {
                member(plan, &style, &request, param, node, out);
            }
            if plan.has_body() {
                let body = plan.body_type();
                out.block(&format!("Body: &model.{body}{{"), "},", |out| {
                    for (param, node) in plan.located(ParamLocation::Body) {
                        member(plan, &style, &body, param, node, out);
                    }
                });
            }
        });
        checked(out);
        out.line("fmt.Println(response)");
    });
}

/// How a vendor's SDK for Go writes values.
struct Style {
    package: &'static str,
    pointers: Pointers,
}

#[derive(Clone, Copy, PartialEq)]
enum Pointers {
    /// Every scalar is a pointer that package `tea` makes.
    Tea,
    /// What is optional is a pointer.
    OfOptional,
}

fn members(
    plan: &Plan,
    style: &Style,
    within: &str,
    members: &[(&'static Param, Node)],
    out: &mut Writer,
) {
    for (param, node) in members {
        member(plan, style, within, param, node, out);
    }
}

fn member(plan: &Plan, style: &Style, within: &str, param: &Param, node: &Node, out: &mut Writer) {
    let name = names::class(param.name);
    let kind = plan.type_of(within, param);
    let package = style.package;
    match node {
        Node::List(items) => {
            let mark = match style.pointers {
                Pointers::OfOptional if !param.required => "&",
                _ => "",
            };
            let of = match (items.first(), style.pointers) {
                (Some(Node::Object(_)), Pointers::Tea) => format!("*{package}.{kind}"),
                (Some(Node::Object(_)), Pointers::OfOptional) => format!("{package}.{kind}"),
                (Some(Node::Integer(_)), Pointers::Tea) => "*int32".into(),
                (Some(Node::Integer(_)), Pointers::OfOptional) => "int32".into(),
                (_, Pointers::Tea) => "*string".into(),
                (_, Pointers::OfOptional) => "string".into(),
            };
            out.block(&format!("{name}: {mark}[]{of}{{"), "},", |out| {
                for node in items {
                    match node {
                        Node::Object(inner) => out.block("{", "},", |out| {
                            members(plan, style, &kind, inner, out);
                        }),
                        leaf if style.pointers == Pointers::Tea => {
                            out.line(&format!("{},", tea(leaf)));
                        }
                        leaf => out.line(&format!("{},", scalar(leaf))),
                    }
                }
            });
        }
        Node::Object(inner) => out.block(&format!("{name}: &{package}.{kind}{{"), "},", |out| {
            members(plan, style, &kind, inner, out);
        }),
        leaf => {
            let value = match style.pointers {
                Pointers::Tea => tea(leaf),
                Pointers::OfOptional if param.required => scalar(leaf),
                Pointers::OfOptional => match leaf {
                    Node::Integer(n) => format!("pointer(int32({n}))"),
                    leaf => format!("pointer({})", scalar(leaf)),
                },
            };
            out.line(&format!("{name}: {value},"));
        }
    }
}

fn tea(node: &Node) -> String {
    let kind = match node {
        Node::Integer(_) => "Int32",
        Node::Boolean(_) => "Bool",
        _ => "String",
    };
    format!("tea.{kind}({})", scalar(node))
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Text(text) => literal(text),
        Node::Integer(n) => n.to_string(),
        Node::Boolean(b) => b.to_string(),
        Node::Variable(name) => format!("need(\"{name}\")"),
        // Lists and objects are no scalars.
        Node::List(_) | Node::Object(_) => "nil".into(),
    }
}

/// A text as a Go literal.
pub fn literal(text: &str) -> String {
    let inner = escaped(text, |c| {
        common(c, '"').or_else(|| unseen(c).then(|| utf32(c)))
    });
    format!("\"{inner}\"")
}
