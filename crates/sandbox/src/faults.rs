//! The faults that can be ordered, so that every answer class can be tried by hand.

use serde::{Deserialize, Serialize};
use tieline_catalog::text::{t, Text};

/// Something that goes wrong on order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// Too many requests: not executed.
    Throttle,
    /// An internal error: not executed, although the client cannot know.
    Error,
    /// Executed; the answer comes after [`crate::Settings::slow_ms`].
    Slow,
    /// Executed; then the connection drops before the answer.
    Lost,
    /// Executed; then 503, as a gateway answers that gives up on an execution that goes on.
    Unavailable,
    /// A web page with status 200, as a gateway or a captive portal sends it: not executed.
    Html,
    /// The account may not do it: not executed.
    Forbidden,
    /// The quota is used up: not executed.
    Quota,
}

/// One line of the table of faults.
pub struct FaultInfo {
    /// The fault.
    pub fault: Fault,
    /// Its name in settings and flags.
    pub name: &'static str,
    /// The text that orders it from within the Name or Description of a creation. It uses only
    /// letters and `-`, which every name rule allows.
    pub sentinel: &'static str,
    /// The effect.
    pub help: Text,
}

/// All faults. Where a text holds several sentinels the first of this table counts.
pub const FAULTS: &[FaultInfo] = &[
    FaultInfo {
        fault: Fault::Throttle,
        name: "throttle",
        sentinel: "fault-throttle",
        help: t(
            "Too many requests: the request is not executed and can be sent again later.",
            "请求过多：请求未被执行，可稍后重新发送。",
        ),
    },
    FaultInfo {
        fault: Fault::Error,
        name: "error",
        sentinel: "fault-error",
        help: t(
            "An internal error: nothing is created, but the client cannot know that.",
            "内部错误：没有创建任何资源，但客户端无法得知。",
        ),
    },
    FaultInfo {
        fault: Fault::Slow,
        name: "slow",
        sentinel: "fault-slow",
        help: t(
            "A slow answer: the request is executed and answered some seconds later.",
            "响应缓慢：请求已执行，几秒后才返回响应。",
        ),
    },
    FaultInfo {
        fault: Fault::Lost,
        name: "lost",
        sentinel: "fault-lost",
        help: t(
            "A lost answer: the request is executed, then the connection drops. Sent again with the same client token, it is answered.",
            "响应丢失：请求已执行，随后连接中断。使用相同的客户端 Token 重试即可得到响应。",
        ),
    },
    FaultInfo {
        fault: Fault::Unavailable,
        name: "unavailable",
        sentinel: "fault-unavailable",
        help: t(
            "Executed, then answered with 503 ServiceUnavailable: the client cannot know that it was. Sent again with the same client token, it is answered.",
            "请求已执行，但返回 503 ServiceUnavailable：客户端无法得知。使用相同的客户端 Token 重试即可得到响应。",
        ),
    },
    FaultInfo {
        fault: Fault::Html,
        name: "html",
        sentinel: "fault-html",
        help: t(
            "A web page with status 200 instead of an answer: nothing is created.",
            "返回状态码为 200 的网页而不是 API 响应：没有创建任何资源。",
        ),
    },
    FaultInfo {
        fault: Fault::Forbidden,
        name: "forbidden",
        sentinel: "fault-forbidden",
        help: t(
            "The account is not allowed to do it.",
            "当前账号没有执行该操作的权限。",
        ),
    },
    FaultInfo {
        fault: Fault::Quota,
        name: "quota",
        sentinel: "fault-quota",
        help: t("The account's quota is used up.", "账号配额已用尽。"),
    },
];

impl Fault {
    /// The fault of this name, as in settings and flags.
    pub fn named(name: &str) -> Option<Fault> {
        FAULTS.iter().find(|f| f.name == name).map(|f| f.fault)
    }

    /// The fault that a text orders by its sentinel.
    pub fn ordered_in(text: &str) -> Option<Fault> {
        FAULTS
            .iter()
            .find(|f| text.contains(f.sentinel))
            .map(|f| f.fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentinel_is_the_name_after_fault() {
        for info in FAULTS {
            assert_eq!(info.sentinel, format!("fault-{}", info.name));
            assert_eq!(Fault::named(info.name), Some(info.fault));
            let json = serde_json::to_value(info.fault).expect("an enum of names");
            assert_eq!(json, info.name);
        }
        assert_eq!(Fault::named("fault-slow"), None);
    }

    #[test]
    fn a_sentinel_counts_anywhere_in_the_text() {
        assert_eq!(Fault::ordered_in("网络-fault-slow.1"), Some(Fault::Slow));
        assert_eq!(Fault::ordered_in("a default name"), None);
    }

    #[test]
    fn no_sentinel_holds_another() {
        for a in FAULTS {
            for b in FAULTS {
                assert_eq!(a.sentinel.contains(b.sentinel), a.fault == b.fault);
            }
        }
    }
}
