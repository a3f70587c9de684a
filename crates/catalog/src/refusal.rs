//! Refusals: answers that are no success, with their explanation and advice.

use alloc::format;
use alloc::string::{String, ToString};

use crate::errors::{self, Reason};
use crate::model::{ErrorClass, Operation};
use crate::policy;
use crate::text::{t, Message};

/// An answer that is no success.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The vendor's code; empty when there is none.
    pub code: String,
    /// The vendor's message; empty when there is none.
    pub message: String,
    /// The HTTP status; 0 when there was no response.
    pub http: u16,
    /// The request's id.
    pub request_id: Option<String>,
    /// The parameter the code belongs to, by path without item numbers.
    pub parameter: Option<&'static str>,
    /// The explanation, for people.
    pub explanation: Message,
    /// The advice, for people.
    pub advice: Message,
}

impl Refusal {
    /// A failure on the way to the cloud: no response at all.
    pub fn without_response(explanation: Message, advice: Message) -> Refusal {
        Refusal {
            code: String::new(),
            message: String::new(),
            http: 0,
            request_id: None,
            parameter: None,
            explanation,
            advice,
        }
    }

    /// A response with a vendor's code: what it says of the request, and the tables' words for it.
    pub(crate) fn of_code(op: &'static Operation, code: &str, http: u16) -> (ErrorClass, Refusal) {
        let meaning = errors::meaning(op, code, http);
        let refusal = match (meaning.entry, meaning.class) {
            (Some(entry), class) => Refusal {
                http,
                parameter: entry.parameter,
                ..Refusal::without_response(
                    entry.explanation.message(),
                    match class {
                        ErrorClass::Unknown => advice_after_unknown(op),
                        _ => entry.advice.message(),
                    },
                )
            },
            (None, _) if errors::is_known(op, code) => {
                Refusal::of_reason(op, http, &errors::DOUBTFUL)
            }
            (None, _) => Refusal::of_reason(op, http, &errors::UNDOCUMENTED),
        };
        // A field is to be corrected only where the request is known to be refused for it.
        let named = || named_in(op, code).filter(|_| meaning.class == ErrorClass::Rejected);
        let mut refusal = Refusal {
            code: code.to_string(),
            parameter: refusal.parameter.or_else(named),
            ..refusal
        };
        if meaning.class == ErrorClass::Rejected && errors::denies(op, code) {
            refusal.name_action(&policy::grant(op).action);
        }
        (meaning.class, refusal)
    }

    /// Says in the advice which action the account lacks, unless it stands there.
    fn name_action(&mut self, action: &str) {
        if !self.advice.en.contains(action) {
            self.advice.en += &format!(" The missing action is `{action}`.");
            self.advice.zh += &format!("缺少的授权项为 `{action}`。");
        }
    }

    /// A response without a code that one of the catalog's reasons explains.
    pub(crate) fn of_reason(op: &Operation, http: u16, reason: &Reason) -> Refusal {
        let advice = match reason.advice {
            Some(advice) => advice.message(),
            None => advice_after_unknown(op),
        };
        Refusal {
            http,
            ..Refusal::without_response(reason.explanation.message(), advice)
        }
    }
}

/// The parameter whose name stands in a code: `MissingRegionId`, `InvalidBandwidth.Malformed`.
fn named_in(op: &Operation, code: &str) -> Option<&'static str> {
    let rest = code
        .strip_prefix("Missing")
        .or_else(|| code.strip_prefix("Invalid"))?;
    let name = rest.split('.').next()?;
    op.params.iter().map(|p| p.name).find(|n| *n == name)
}

/// The advice after an unknown outcome, by whether the operation can be repeated safely.
pub fn advice_after_unknown(op: &Operation) -> Message {
    match op.token {
        Some(token) => Message::new(
            format!("Send it again with the same {token}: the cloud then answers with the first result instead of creating a second."),
            format!("请使用相同的 {token} 重试：云端会返回第一次的结果，而不会创建第二个。"),
        ),
        None => t(
            "Look the resource up before you send again: this API has no client token, and a second request can create a second resource.",
            "重新发送之前请先查询该资源：此 API 没有客户端 Token，重复请求可能创建第二个资源。",
        )
        .message(),
    }
}
