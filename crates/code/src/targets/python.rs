//! Python with the vendor's SDK.

use alloc::format;
use alloc::string::{String, ToString};

use tieline_catalog::model::{Control, ParamLocation, Provider};
use tieline_catalog::text::t;
use tieline_catalog::Param;

use crate::comments::{access_key, Comments, GENERAL, SIGNED};
use crate::names;
use crate::plan::{Node, Plan};
use crate::quote::{common, escaped, unseen, utf32};
use crate::writer::Writer;

/// The code.
pub fn code(plan: &Plan) -> String {
    let mut out = Writer::new("    ");
    match plan.provider() {
        Provider::Alibaba if plan.is_typed() => typed(plan, &mut out),
        Provider::Alibaba => general(plan, &mut out),
        Provider::Huawei => huawei(plan, &mut out),
    }
    out.end()
}

fn head(plan: &Plan, general: bool, package: &str, out: &mut Writer) {
    let mut comments = Comments::new(
        plan,
        t("with the vendor's SDK for Python", "使用厂商的 Python SDK"),
    );
    if general {
        comments = comments.say(GENERAL);
    }
    comments
        .command(format!("pip install {package}"))
        .environment(true)
        .left_out(&plan.tokens(), SIGNED)
        .write(out, "#");
    out.line("import os");
    if plan.provider() == Provider::Huawei {
        out.line("import sys");
    }
    out.line("");
}

fn typed(plan: &Plan, out: &mut Writer) {
    let package = format!("alibabacloud_{}", plan.package());
    head(plan, false, &package, out);
    out.pieces(&["from ", &package, " import models"]);
    out.pieces(&["from ", &package, ".client import Client"]);
    out.line("from alibabacloud_tea_openapi.models import Config");
    config(plan, out);
    let request = plan.request_type();
    out.block(&format!("request = models.{request}("), ")", |out| {
        arguments(plan, "models.", &request, &plan.given, out);
    });
    let method = names::words(plan.op.name).join("_");
    out.pieces(&["response = client.", &method, "(request)"]);
    out.line("print(response.body.to_map())");
}

fn config(plan: &Plan, out: &mut Writer) {
    let (id, secret) = access_key(Provider::Alibaba);
    out.line("");
    out.line("client = Client(");
    out.inside(|out| {
        out.block("Config(", ")", |out| {
            out.line(&format!("access_key_id=os.environ[\"{id}\"],"));
            out.line(&format!("access_key_secret=os.environ[\"{secret}\"],"));
            out.line(&format!("endpoint={},", literal(&plan.host)));
            if plan.scheme != "https" {
                out.line(&format!("protocol={},", literal(plan.scheme)));
            }
        });
    });
    out.line(")");
}

fn general(plan: &Plan, out: &mut Writer) {
    head(plan, true, "alibabacloud_tea_openapi", out);
    out.line("from alibabacloud_tea_openapi.client import Client");
    out.line("from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params");
    out.line("from darabonba.runtime import RuntimeOptions");
    config(plan, out);
    out.block("params = Params(", ")", |out| {
        for (name, value) in plan.call() {
            out.line(&format!("{}={},", names::snake(name), literal(value)));
        }
    });
    out.block("query = {", "}", |out| {
        for (name, text) in plan.texts(scalar) {
            out.line(&format!("{}: {text},", literal(&name)));
        }
    });
    out.line("response = client.call_api(params, OpenApiRequest(query=query), RuntimeOptions())");
    out.line("print(response[\"body\"])");
}

fn huawei(plan: &Plan, out: &mut Writer) {
    let service = plan.op.service;
    let package = format!("huaweicloudsdk{}", service.id);
    head(plan, false, &package, out);
    let client = format!("{}Client", names::class(service.id));
    let module = format!("{package}.{}", service.version);
    out.line(&format!("from {module} import *"));
    out.line("from huaweicloudsdkcore.auth.credentials import GlobalCredentials");
    out.line("from huaweicloudsdkcore.exceptions import exceptions");
    out.line("");
    let (id, secret) = access_key(Provider::Huawei);
    out.line(&format!(
        "credentials = GlobalCredentials(os.environ[\"{id}\"], os.environ[\"{secret}\"])"
    ));
    if let Some(account) = plan.with_control(Control::Account) {
        out.line(&format!("credentials.with_domain_id({})", scalar(account)));
    }
    out.line("client = (");
    out.inside(|out| {
        out.pieces(&[&client, ".new_builder()"]);
        out.line(".with_credentials(credentials)");
        out.line(&format!(".with_endpoints([{}])", literal(&plan.endpoint())));
        out.line(".build()");
    });
    out.line(")");
    let request = plan.request_type();
    out.block(&format!("request = {request}("), ")", |out| {
        for (param, node) in plan.fields() {
            let name = names::words(param.name).join("_");
            argument(plan, "", &request, (&name, param), node, out);
        }
        if plan.has_body() {
            let body = plan.body_type();
            out.block(&format!("body={body}("), "),", |out| {
                for (param, node) in plan.located(ParamLocation::Body) {
                    argument(
                        plan,
                        "",
                        &body,
                        (&names::snake(param.name), param),
                        node,
                        out,
                    );
                }
            });
        }
    });
    let method = names::words(plan.op.name).join("_");
    out.line("try:");
    out.inside(|out| out.pieces(&["response = client.", &method, "(request)"]));
    // As the document's sample tells a failure, of a server's faults, too.
    out.line("except exceptions.ServiceResponseException as e:");
    out.inside(|out| {
        for told in ["status_code", "request_id", "error_code", "error_msg"] {
            out.line(&format!("print(e.{told}, file=sys.stderr)"));
        }
        out.line("sys.exit(1)");
    });
    out.line("print(response)");
}

fn arguments(
    plan: &Plan,
    module: &str,
    within: &str,
    members: &[(&'static Param, Node)],
    out: &mut Writer,
) {
    for (param, node) in members {
        let name = names::snake(param.name);
        argument(plan, module, within, (&name, param), node, out);
    }
}

fn argument(
    plan: &Plan,
    module: &str,
    within: &str,
    (name, param): (&str, &Param),
    node: &Node,
    out: &mut Writer,
) {
    item(
        plan,
        module,
        &plan.type_of(within, param),
        &format!("{name}="),
        node,
        out,
    );
}

/// A value after what stands before it, and its comma.
fn item(plan: &Plan, module: &str, kind: &str, before: &str, node: &Node, out: &mut Writer) {
    match node {
        Node::List(items) => out.block(&format!("{before}["), "],", |out| {
            for node in items {
                item(plan, module, kind, "", node, out);
            }
        }),
        Node::Object(members) => out.block(&format!("{before}{module}{kind}("), "),", |out| {
            arguments(plan, module, kind, members, out);
        }),
        leaf => out.line(&format!("{before}{},", scalar(leaf))),
    }
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Text(text) => literal(text),
        Node::Integer(n) => n.to_string(),
        Node::Boolean(true) => "True".into(),
        Node::Boolean(false) => "False".into(),
        Node::Variable(name) => format!("os.environ[\"{name}\"]"),
        // Lists and objects are no scalars.
        Node::List(_) | Node::Object(_) => "None".into(),
    }
}

/// A text as a Python literal.
pub fn literal(text: &str) -> String {
    let inner = escaped(text, |c| {
        common(c, '"').or_else(|| unseen(c).then(|| utf32(c)))
    });
    format!("\"{inner}\"")
}
