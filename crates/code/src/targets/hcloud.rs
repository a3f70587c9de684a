//! Huawei Cloud's command line, KooCLI.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use tieline_catalog::model::{Control, ParamLocation, Privacy, Provider};
use tieline_catalog::text::{t, Message};

use super::aliyun::{command, word};
use crate::comments::{Comments, SIGNED};
use crate::context::Unavailable;
use crate::plan::Plan;
use crate::quote;
use crate::writer::Writer;

/// The code.
///
/// # Errors
/// It is another vendor's request.
pub fn code(plan: &Plan) -> Result<String, Unavailable> {
    if plan.provider() != Provider::Huawei {
        return Err(Unavailable(Message::new(
            "hcloud is Huawei Cloud's command line, and this is another cloud's request.",
            "hcloud 是华为云的命令行工具，而此请求属于其他云厂商。",
        )));
    }
    let mut out = Writer::new("  ");
    out.line("#!/usr/bin/env bash");
    Comments::new(
        plan,
        t(
            "with Huawei Cloud's command line, KooCLI",
            "使用华为云命令行工具 KooCLI",
        ),
    )
    .say(t(
        "It signs with the account and uses the region that “hcloud configure init” has set up",
        "使用 hcloud configure init 所配置的账号签名，并使用其中的区域",
    ))
    .left_out(&plan.tokens(), SIGNED)
    .write(&mut out, "#");
    let mut arguments = Vec::new();
    if let Some(account) = plan.with_control(Control::Account) {
        arguments.push(format!("--cli-domain-id={}", word(account)));
    }
    if plan.context.endpoint.is_some() {
        arguments.push(format!("--cli-endpoint={}", quote::shell(&plan.host)));
    }
    let own = plan.flat(|param| {
        let token = param.location == ParamLocation::Header && param.privacy == Privacy::Secret;
        param.control != Control::Account && !token
    });
    for (name, node) in own {
        arguments.push(format!("--{name}={}", word(node)));
    }
    let service = plan.op.service.id.to_ascii_uppercase();
    command(
        &format!("hcloud {service} {}", plan.op.name),
        &arguments,
        &mut out,
    );
    Ok(out.end())
}
