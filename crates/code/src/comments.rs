//! The comments that code begins with: what it is, what it needs, what is not in it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{Privacy, Provider};
use tieline_catalog::text::{listed, t, Text};

use crate::plan::{Plan, Variable};
use crate::writer::Writer;

/// The environment variables with an account's access key, as the vendor names them: its id, its secret.
pub fn access_key(provider: Provider) -> (&'static str, &'static str) {
    match provider {
        Provider::Alibaba => (
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ),
        // As in the vendor's own examples.
        Provider::Huawei => ("CLOUD_SDK_AK", "CLOUD_SDK_SK"),
    }
}

/// Lines of comments. No value of a request ever stands in one.
pub struct Comments<'p> {
    plan: &'p Plan<'p>,
    lines: Vec<String>,
}

impl<'p> Comments<'p> {
    /// They begin with what the code is.
    pub fn new(plan: &'p Plan<'p>, with: Text) -> Comments<'p> {
        let (op, title) = (plan.op.name, plan.say(plan.op.title));
        let first = match plan.chinese() {
            true => format!("{op}（{title}），{}", with.zh),
            false => format!("{op} ({title}), {}", with.en),
        };
        Comments {
            plan,
            lines: Vec::from([first]),
        }
    }

    /// A line in the language of the comments.
    pub fn say(mut self, text: Text) -> Self {
        self.lines.push(self.plan.say(text).to_string());
        self
    }

    /// A line that is the same in every language: a command.
    pub fn command(mut self, text: String) -> Self {
        self.lines.push(text);
        self
    }

    /// The environment variables that the code reads: the access key's, if it signs, and the private ones.
    pub fn environment(mut self, signs: bool) -> Self {
        if signs {
            let (id, secret) = access_key(self.plan.provider());
            self.lines.push(match self.plan.chinese() {
                true => format!("环境变量 {id} 和 {secret}：账号的访问密钥"),
                false => format!("Environment: {id} and {secret}, the account's access key"),
            });
        }
        let read = |variable: &&Variable| !(signs && variable.header);
        for variable in self.plan.variables.iter().filter(read) {
            let name = &variable.name;
            let (label, kind) = (variable.label, kind(variable.privacy));
            self.lines.push(match self.plan.chinese() {
                true => format!("环境变量 {name}：{}（{}）", label.zh, kind.zh),
                false => format!("Environment: {name}, {} ({})", label.en, kind.en),
            });
        }
        self
    }

    /// What of the request is not in the code, by name, and why.
    pub fn left_out(mut self, names: &[&str], why: Text) -> Self {
        if !names.is_empty() {
            let names = listed(names);
            self.lines.push(match self.plan.chinese() {
                true => format!("未包含 {}：{}", names.zh, why.zh),
                false => format!("Not in it: {}, {}", names.en, why.en),
            });
        }
        self
    }

    /// Writes them with this mark before each line.
    pub fn write(self, out: &mut Writer, mark: &str) {
        for line in self.lines {
            out.pieces(&[mark, " ", &line]);
        }
    }
}

fn kind(privacy: Privacy) -> Text {
    match privacy {
        Privacy::Personal => t("personal data", "个人信息"),
        Privacy::Secret | Privacy::Public => t("a credential", "凭证"),
    }
}

/// Why the code uses the vendor's general client.
pub const GENERAL: Text = t(
    "Through the vendor's general client: this language's SDK has no type for all of this request.",
    "使用厂商的通用客户端：该语言的 SDK 没有能容纳此请求全部参数的类型。",
);

/// Why a user token is in no code that signs.
pub const SIGNED: Text = t(
    "since the request is signed with the access key",
    "请求由访问密钥签名",
);
