//! TypeScript with the vendor's SDK. npm has it for some products only; the vendors' general clients serve
//! the others.

use alloc::format;
use alloc::string::{String, ToString};

use tieline_catalog::model::{Control, ParamLocation, Protocol, Provider};
use tieline_catalog::text::t;
use tieline_catalog::Param;

use crate::comments::{access_key, Comments, GENERAL, SIGNED};
use crate::names;
use crate::plan::{Node, Plan};
use crate::quote::{common, escaped, unseen, utf16};
use crate::writer::Writer;

/// The code.
pub fn code(plan: &Plan) -> String {
    let mut out = Writer::new("  ");
    match plan.provider() {
        Provider::Alibaba if plan.tools.npm && plan.is_typed() => typed(plan, &mut out),
        Provider::Alibaba => general(plan, &mut out),
        Provider::Huawei => huawei(plan, &mut out),
    }
    out.line("");
    out.block("main().catch((error) => {", "});", |out| {
        out.line("console.error(error);");
        out.line("process.exitCode = 1;");
    });
    out.end()
}

fn head(plan: &Plan, general: bool, packages: &str, out: &mut Writer) {
    let with = t(
        "with the vendor's SDK for Node.js",
        "使用厂商的 Node.js SDK",
    );
    let mut comments = Comments::new(plan, with);
    if general {
        comments = comments.say(GENERAL);
    }
    comments
        .command(format!("npm install {packages}"))
        .environment(true)
        .left_out(&plan.tokens(), SIGNED)
        .write(out, "//");
}

/// What reads an environment variable that has to be there.
fn need(out: &mut Writer) {
    out.line("");
    out.block("function need(name: string): string {", "}", |out| {
        out.line("const value = process.env[name];");
        out.line("if (!value) throw new Error(`${name} is not set`);");
        out.line("return value;");
    });
    out.line("");
}

fn typed(plan: &Plan, out: &mut Writer) {
    let package = format!("@alicloud/{}", plan.package());
    head(
        plan,
        false,
        &format!("{package} @alicloud/openapi-core"),
        out,
    );
    out.line(&format!("import Client, * as models from '{package}';"));
    out.line("import { $OpenApiUtil } from '@alicloud/openapi-core';");
    need(out);
    out.block("async function main(): Promise<void> {", "}", |out| {
        config(plan, out);
        let request = plan.request_type();
        out.block(
            &format!("const request = new models.{request}({{"),
            "});",
            |out| {
                members(plan, Some(&request), &plan.given, out);
            },
        );
        let method = names::member(plan.op.name);
        out.line(&format!("const response = await client.{method}(request);"));
        out.line("console.log(response.body);");
    });
}

fn config(plan: &Plan, out: &mut Writer) {
    let (id, secret) = access_key(Provider::Alibaba);
    out.line("const client = new Client(");
    out.inside(|out| {
        out.block("new $OpenApiUtil.Config({", "}),", |out| {
            out.line(&format!("accessKeyId: need('{id}'),"));
            out.line(&format!("accessKeySecret: need('{secret}'),"));
            out.line(&format!("endpoint: {},", literal(&plan.host)));
            if plan.scheme != "https" {
                out.line(&format!("protocol: {},", literal(plan.scheme)));
            }
        });
    });
    out.line(");");
}

fn general(plan: &Plan, out: &mut Writer) {
    head(
        plan,
        true,
        "@alicloud/openapi-core @darabonba/typescript",
        out,
    );
    out.line("import Client, { $OpenApiUtil } from '@alicloud/openapi-core';");
    out.line("import { RuntimeOptions } from '@darabonba/typescript';");
    need(out);
    out.block("async function main(): Promise<void> {", "}", |out| {
        config(plan, out);
        out.block("const params = new $OpenApiUtil.Params({", "});", |out| {
            for (name, value) in plan.call() {
                out.line(&format!("{}: {},", names::member(name), literal(value)));
            }
        });
        out.block("const query = {", "};", |out| {
            for (name, text) in plan.texts(scalar) {
                out.line(&format!("{}: {text},", literal(&name)));
            }
        });
        out.line("const request = new $OpenApiUtil.OpenApiRequest({ query });");
        out.line("const response = await client.callApi(params, request, new RuntimeOptions({}));");
        out.line("console.log(response.body);");
    });
}

fn huawei(plan: &Plan, out: &mut Writer) {
    let core = "@huaweicloud/huaweicloud-sdk-core";
    // The core package needs uuid and does not say so; later versions of uuid cannot be required.
    head(plan, true, &format!("{core} uuid@9"), out);
    out.line(&format!("import {{ GlobalCredentials }} from '{core}';"));
    out.line(&format!(
        "import {{ ClientBuilder }} from '{core}/ClientBuilder';"
    ));
    out.line(&format!("import {{ HcClient }} from '{core}/HcClient';"));
    need(out);
    out.block("async function main(): Promise<void> {", "}", |out| {
        let (id, secret) = access_key(Provider::Huawei);
        out.block(
            "const credentials = new GlobalCredentials({",
            "});",
            |out| {
                out.line(&format!("ak: need('{id}'),"));
                out.line(&format!("sk: need('{secret}'),"));
                if let Some(account) = plan.with_control(Control::Account) {
                    out.line(&format!("domainId: {},", scalar(account)));
                }
            },
        );
        out.line(
            "const client = new ClientBuilder<HcClient>((client) => client, 'GlobalCredentials')",
        );
        out.inside(|out| {
            out.line(".withCredential(credentials)");
            out.line(&format!(".withEndpoint({})", literal(&plan.endpoint())));
            out.line(".build();");
        });
        out.block(
            "const response = await client.sendRequest({",
            "});",
            |out| {
                let (method, path) = match plan.op.protocol {
                    Protocol::Rest { method, path } => (method, path),
                    Protocol::Rpc => ("POST", "/"),
                };
                out.line(&format!("method: '{method}',"));
                out.line(&format!("url: '{path}',"));
                out.line("contentType: 'application/json',");
                part(plan, "pathParams", ParamLocation::Path, out);
                part(plan, "queryParams", ParamLocation::Query, out);
                part(plan, "headers", ParamLocation::Header, out);
                if plan.has_body() {
                    part(plan, "data", ParamLocation::Body, out);
                }
            },
        );
        out.line("console.log(response);");
    });
}

/// A part of a request by wire name. What stands in a path is encoded, which the client leaves to its user;
/// a token is left out.
fn part(plan: &Plan, name: &str, location: ParamLocation, out: &mut Writer) {
    let tokens = plan.tokens();
    let given = plan.located(location);
    let mut given = given
        .filter(|(param, _)| !tokens.contains(&param.name))
        .peekable();
    if given.peek().is_none() {
        return out.line(&format!("{name}: {{}},"));
    }
    out.block(&format!("{name}: {{"), "},", |out| {
        for (param, node) in given {
            let before = format!("{}: ", literal(param.name));
            match location {
                ParamLocation::Path => {
                    out.line(&format!("{before}encodeURIComponent({}),", scalar(node)));
                }
                _ => item(plan, None, &before, node, out),
            }
        }
    });
}

/// The members of an object: of this type, or without one and by wire name.
fn members(
    plan: &Plan,
    within: Option<&str>,
    members: &[(&'static Param, Node)],
    out: &mut Writer,
) {
    for (param, node) in members {
        let name = match within {
            Some(_) => names::member(param.name),
            None => literal(param.name),
        };
        let kind = within.map(|within| plan.type_of(within, param));
        item(plan, kind.as_deref(), &format!("{name}: "), node, out);
    }
}

fn item(plan: &Plan, kind: Option<&str>, before: &str, node: &Node, out: &mut Writer) {
    match node {
        Node::List(items) => out.block(&format!("{before}["), "],", |out| {
            for node in items {
                item(plan, kind, "", node, out);
            }
        }),
        Node::Object(inner) => {
            let (open, close) = match kind {
                Some(kind) => (format!("{before}new models.{kind}({{"), "}),"),
                None => (format!("{before}{{"), "},"),
            };
            out.block(&open, close, |out| members(plan, kind, inner, out));
        }
        leaf => out.line(&format!("{before}{},", scalar(leaf))),
    }
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Text(text) => literal(text),
        Node::Integer(n) => n.to_string(),
        Node::Boolean(b) => b.to_string(),
        Node::Variable(name) => format!("need('{name}')"),
        // Lists and objects are no scalars.
        Node::List(_) | Node::Object(_) => "undefined".into(),
    }
}

/// A text as a TypeScript literal.
pub fn literal(text: &str) -> String {
    let inner = escaped(text, |c| {
        common(c, '\'').or_else(|| unseen(c).then(|| utf16(c)))
    });
    format!("'{inner}'")
}
