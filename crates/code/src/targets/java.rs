//! Java with the vendor's SDK.

use alloc::format;
use alloc::string::{String, ToString};

use tieline_catalog::model::{Control, ParamLocation, Provider};
use tieline_catalog::text::t;
use tieline_catalog::Param;

use crate::comments::{access_key, Comments, GENERAL, SIGNED};
use crate::names;
use crate::plan::{Node, Plan};
use crate::quote::{common, escaped, unseen, utf16};
use crate::writer::Writer;

/// The code. Its class bears the operation's name.
pub fn code(plan: &Plan) -> String {
    let mut out = Writer::new("    ");
    match plan.provider() {
        // Alibaba Cloud has a package for each product; the SDK's own types are used where it has them.
        Provider::Alibaba if plan.is_typed() => typed(plan, &mut out),
        Provider::Alibaba => general(plan, &mut out),
        Provider::Huawei => huawei(plan, &mut out),
    }
    out.end()
}

fn head(plan: &Plan, general: bool, artifact: &str, out: &mut Writer) {
    let with = t("with the vendor's SDK for Java", "使用厂商的 Java SDK");
    let mut comments = Comments::new(plan, with);
    if general {
        comments = comments.say(GENERAL);
    }
    comments
        .command(format!("Maven: {artifact}"))
        .say(t(
            "Compile it as UTF-8: javac -encoding UTF-8",
            "请按 UTF-8 编译：javac -encoding UTF-8",
        ))
        .environment(true)
        .left_out(&plan.tokens(), SIGNED)
        .write(out, "//");
}

/// The class around what `inner` writes, with what reads an environment variable that has to be there.
fn class(plan: &Plan, inner: impl FnOnce(&mut Writer), out: &mut Writer) {
    out.line("");
    out.block(&format!("public class {} {{", plan.op.name), "}", |out| {
        out.block("private static String need(String name) {", "}", |out| {
            out.line("String value = System.getenv(name);");
            out.block("if (value == null || value.isEmpty()) {", "}", |out| {
                out.line("throw new IllegalStateException(name + \" is not set\");");
            });
            out.line("return value;");
        });
        out.line("");
        out.block(
            "public static void main(String[] args) throws Exception {",
            "}",
            inner,
        );
    });
}

fn config(plan: &Plan, client: &str, out: &mut Writer) {
    let (id, secret) = access_key(Provider::Alibaba);
    out.line("Config config = new Config()");
    out.inside(|out| {
        out.line(&format!(".setAccessKeyId(need(\"{id}\"))"));
        out.line(&format!(".setAccessKeySecret(need(\"{secret}\"))"));
        let end = if plan.scheme == "https" { ";" } else { "" };
        out.line(&format!(".setEndpoint({}){end}", literal(&plan.host)));
        if end.is_empty() {
            out.line(&format!(".setProtocol({});", literal(plan.scheme)));
        }
    });
    out.line(&format!("{client} client = new {client}(config);"));
}

fn typed(plan: &Plan, out: &mut Writer) {
    let package = plan.package();
    head(plan, false, &format!("com.aliyun:{package}"), out);
    let package = format!("com.aliyun.{package}");
    out.line("import java.util.Arrays;");
    out.line("");
    out.line(&format!("import {package}.Client;"));
    out.line(&format!("import {package}.models.*;"));
    out.line("import com.aliyun.teaopenapi.models.Config;");
    let inner = |out: &mut Writer| {
        config(plan, "Client", out);
        let (op, request) = (plan.op.name, plan.request_type());
        object(
            plan,
            "set",
            &request,
            &format!("{request} request = "),
            &plan.given,
            ";",
            out,
        );
        let method = names::member(op);
        out.line(&format!(
            "{op}Response response = client.{method}(request);"
        ));
        out.line("System.out.println(response.getBody().toMap());");
    };
    class(plan, inner, out);
}

fn general(plan: &Plan, out: &mut Writer) {
    head(plan, true, "com.aliyun:tea-openapi", out);
    out.line("import java.util.LinkedHashMap;");
    out.line("import java.util.Map;");
    out.line("");
    out.line("import com.aliyun.teaopenapi.Client;");
    out.line("import com.aliyun.teaopenapi.models.*;");
    out.line("import com.aliyun.teautil.models.RuntimeOptions;");
    let inner = |out: &mut Writer| {
        config(plan, "Client", out);
        out.line("Params params = new Params()");
        out.inside(|out| {
            let call = plan.call();
            for (i, (name, value)) in call.iter().enumerate() {
                let end = if i + 1 == call.len() { ";" } else { "" };
                out.line(&format!(".set{name}({}){end}", literal(value)));
            }
        });
        out.line("Map<String, String> query = new LinkedHashMap<>();");
        for (name, text) in plan.texts(scalar) {
            out.line(&format!("query.put({}, {text});", literal(&name)));
        }
        out.line("OpenApiRequest request = new OpenApiRequest().setQuery(query);");
        out.line(
            "Map<String, ?> response = client.callApi(params, request, new RuntimeOptions());",
        );
        out.line("System.out.println(response.get(\"body\"));");
    };
    class(plan, inner, out);
}

fn huawei(plan: &Plan, out: &mut Writer) {
    let service = plan.op.service;
    head(
        plan,
        false,
        &format!("com.huaweicloud.sdk:huaweicloud-sdk-{}", service.id),
        out,
    );
    let package = format!("com.huaweicloud.sdk.{}.{}", service.id, service.version);
    let client = format!("{}Client", names::class(service.id));
    out.line("import java.util.Arrays;");
    out.line("");
    out.line(&format!("import {package}.{client};"));
    out.line(&format!("import {package}.model.*;"));
    out.line("import com.huaweicloud.sdk.core.auth.GlobalCredentials;");
    out.line("import com.huaweicloud.sdk.core.exception.ServiceResponseException;");
    let inner = |out: &mut Writer| {
        let (id, secret) = access_key(Provider::Huawei);
        out.line("GlobalCredentials credentials = new GlobalCredentials()");
        out.inside(|out| {
            out.line(&format!(".withAk(need(\"{id}\"))"));
            let account = plan.with_control(Control::Account);
            let end = if account.is_some() { "" } else { ";" };
            out.line(&format!(".withSk(need(\"{secret}\")){end}"));
            if let Some(account) = account {
                out.line(&format!(".withDomainId({});", scalar(account)));
            }
        });
        out.line(&format!("{client} client = {client}.newBuilder()"));
        out.inside(|out| {
            out.line(".withCredential(credentials)");
            out.line(&format!(".withEndpoint({})", literal(&plan.endpoint())));
            out.line(".build();");
        });
        let (op, request) = (plan.op.name, plan.request_type());
        out.line(&format!("{request} request = new {request}()"));
        out.inside(|out| {
            for (param, node) in plan.fields() {
                setter(plan, "with", &request, param, node, out);
            }
            if plan.has_body() {
                let body = plan.body_type();
                out.line(&format!(".withBody(new {body}()"));
                out.inside(|out| {
                    for (param, node) in plan.located(ParamLocation::Body) {
                        setter(plan, "with", &body, param, node, out);
                    }
                });
                out.line(")");
            }
        });
        out.line(";");
        let method = names::member(op);
        out.line("try {");
        out.inside(|out| {
            out.line(&format!(
                "{op}Response response = client.{method}(request);"
            ));
            out.line("System.out.println(response);");
        });
        // As the document's sample tells a failure.
        out.block("} catch (ServiceResponseException e) {", "}", |out| {
            for told in ["HttpStatusCode", "RequestId", "ErrorCode", "ErrorMsg"] {
                out.line(&format!("System.err.println(e.get{told}());"));
            }
            out.line("System.exit(1);");
        });
    };
    class(plan, inner, out);
}

/// An object with what stands before and after it.
fn object(
    plan: &Plan,
    verb: &str,
    kind: &str,
    before: &str,
    members: &[(&'static Param, Node)],
    after: &str,
    out: &mut Writer,
) {
    out.line(&format!("{before}new {kind}()"));
    out.inside(|out| {
        for (param, node) in members {
            setter(plan, verb, kind, param, node, out);
        }
    });
    if !after.is_empty() {
        out.line(after);
    }
}

fn setter(plan: &Plan, verb: &str, within: &str, param: &Param, node: &Node, out: &mut Writer) {
    let name = format!(".{verb}{}(", names::class(param.name));
    let kind = plan.type_of(within, param);
    // A type within the request's own is called through it, as Alibaba Cloud's SDK nests them.
    let kind = match plan.provider() {
        Provider::Alibaba => format!("{within}.{}", kind.rsplit('.').next().unwrap_or_default()),
        Provider::Huawei => kind,
    };
    match node {
        Node::List(items) => {
            out.line(&format!("{name}Arrays.asList("));
            out.inside(|out| {
                for (i, node) in items.iter().enumerate() {
                    let comma = if i + 1 < items.len() { "," } else { "" };
                    match node {
                        Node::Object(members) => object(plan, verb, &kind, "", members, comma, out),
                        leaf => out.line(&format!("{}{comma}", scalar(leaf))),
                    }
                }
            });
            out.line("))");
        }
        Node::Object(members) => object(plan, verb, &kind, &name, members, ")", out),
        leaf => out.line(&format!("{name}{})", scalar(leaf))),
    }
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Text(text) => literal(text),
        Node::Integer(n) if i32::try_from(*n).is_err() => format!("{n}L"),
        Node::Integer(n) => n.to_string(),
        Node::Boolean(b) => b.to_string(),
        Node::Variable(name) => format!("need(\"{name}\")"),
        // Lists and objects are no scalars.
        Node::List(_) | Node::Object(_) => "null".into(),
    }
}

/// A text as a Java literal. `\uXXXX` is read before anything else in Java, so a control character, which
/// would then stand in the literal itself, is written in octal.
pub fn literal(text: &str) -> String {
    let inner = escaped(text, |c| {
        let control = |c: char| (c < ' ').then(|| format!("\\{:03o}", u32::from(c)));
        common(c, '"')
            .or_else(|| control(c))
            .or_else(|| unseen(c).then(|| utf16(c)))
    });
    format!("\"{inner}\"")
}
