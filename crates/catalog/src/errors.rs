//! Error codes that belong to no single operation, and their meaning.
//!
//! An operation's own table comes first; then [`COMMON`], the vendors' codes for throttling,
//! signatures, keys and faults of their own; then [`FAMILIES`] of refusals, known by how they begin.
//! [`meaning`] alone decides what a code says of the request.

use crate::model::*;
use crate::text::{t, Text};

/// The meaning of an answer without a vendor's code.
pub(crate) struct Reason {
    /// What it is called in an address.
    pub name: &'static str,
    /// What it is called, for people.
    pub title: Text,
    /// The explanation, for people.
    pub explanation: Text,
    /// The advice, for people; `None` where it depends on whether the operation has a token.
    pub advice: Option<Text>,
}

const WAIT: Text = t(
    "Nothing was created. Wait a little and send it again.",
    "未创建任何资源。请稍后重新发送。",
);

/// Too many requests, without a code.
pub(crate) const THROTTLED: Reason = Reason {
    name: "http-429",
    title: t("HTTP 429 without a code", "HTTP 429，无错误码"),
    explanation: t(
        "The cloud takes no more requests for the moment (HTTP 429), and no error code says that it has not executed this one.",
        "云端暂时不接受更多请求（HTTP 429），且没有错误码表明此请求未被执行。",
    ),
    advice: None,
};

/// Neither the resource's id nor an error code.
pub(crate) const NO_ID: Reason = Reason {
    name: "no-id",
    title: t("Neither an ID nor a code", "既无 ID 也无错误码"),
    explanation: t(
        "The answer carries neither the resource's ID nor an error code, so it does not say whether the resource was created.",
        "响应中既没有资源 ID 也没有错误码，无法判断资源是否已创建。",
    ),
    advice: None,
};

/// An HTML page.
pub(crate) const HTML: Reason = Reason {
    name: "web-page",
    title: t("A web page", "网页"),
    explanation: t(
        "The answer is a web page, not an API answer: something between you and the cloud (a login page, a gateway) answered in its place.",
        "响应是一个网页而不是 API 响应：您与云端之间的某个环节（登录页、网关）代为应答。",
    ),
    advice: None,
};

/// An empty body.
pub(crate) const EMPTY: Reason = Reason {
    name: "empty",
    title: t("An empty answer", "空响应"),
    explanation: t("The answer is empty.", "响应为空。"),
    advice: None,
};

/// A body over 1 MiB.
pub(crate) const TOO_LONG: Reason = Reason {
    name: "too-long",
    title: t("An answer over 1 MiB", "超过 1 MiB 的响应"),
    explanation: t(
        "The answer is longer than 1 MiB and was not read; no API answer is that long.",
        "响应超过 1 MiB，未读取；API 响应不会这么长。",
    ),
    advice: None,
};

/// Neither JSON nor XML.
pub(crate) const MALFORMED: Reason = Reason {
    name: "malformed",
    title: t("Neither JSON nor XML", "既非 JSON 也非 XML"),
    explanation: t(
        "The answer is neither a JSON object nor an XML document.",
        "响应既不是 JSON 对象也不是 XML 文档。",
    ),
    advice: None,
};

/// A code that nobody documents.
pub(crate) const UNDOCUMENTED: Reason = Reason {
    name: "undocumented",
    title: t("A code that no document lists", "文档未列出的错误码"),
    explanation: t(
        "The cloud answered with a code that its documents do not list; it does not say whether the resource was created.",
        "云端返回了文档未列出的错误码；无法得知资源是否已创建。",
    ),
    advice: None,
};

/// A code whose HTTP status takes away what it says.
pub(crate) const DOUBTFUL: Reason = Reason {
    name: "doubtful",
    title: t("A code with a status that does not go with it", "与 HTTP 状态码不符的错误码"),
    explanation: t(
        "The answer's HTTP status does not go with its code and can hide an execution (a time-out, a failed gateway): the resource may have been created.",
        "响应的 HTTP 状态码与其错误码不符，可能掩盖已执行的请求（超时、网关故障）：资源可能已创建。",
    ),
    advice: None,
};

/// What an answer without a code can be.
pub(crate) const WITHOUT_CODE: &[(&Reason, ErrorClass)] = &[
    (&THROTTLED, ErrorClass::Unknown),
    (&NO_ID, ErrorClass::Unknown),
    (&HTML, ErrorClass::Unknown),
    (&EMPTY, ErrorClass::Unknown),
    (&TOO_LONG, ErrorClass::Unknown),
    (&MALFORMED, ErrorClass::Unknown),
];

const fn common(
    code: &'static str,
    http: u16,
    class: ErrorClass,
    explanation: Text,
    advice: Text,
) -> ErrorCode {
    ErrorCode {
        code,
        http,
        message: "",
        explanation,
        advice,
        parameter: None,
        class,
        when: When::Never,
        source: Source::Fact(t("the vendors' common error codes", "厂商公共错误码")),
    }
}

const TOKEN_OR_SIGNING: Text = t(
    "An IAM user token that you typed is wrong or out of date; without one it is the proxy's credentials or its clock: check the proxy's configuration.",
    "如果您填写了 IAM 用户 Token，则该 Token 有误或已过期；否则问题在代理的凭证或时钟，请检查代理的配置。",
);

const SIGNING: Text = t(
    "The proxy's credentials or its clock need attention; the form is fine. Check the proxy's configuration.",
    "问题在代理的凭证或时钟，与表单无关。请检查代理的配置。",
);

const NO_PERMISSION: Text = t(
    "The proxy's account has no permission for this.",
    "代理所用的账号没有此权限。",
);

const ASK_PERMISSION: Text = t(
    "Have the permission granted, or use another account.",
    "请申请授权，或更换账号。",
);

const BAD_VALUE: Text = t("The cloud does not accept a value.", "云端不接受某个取值。");

const CORRECT_VALUE: Text = t(
    "The message says which. Correct it and send again.",
    "错误信息会指出是哪一个。请修正后重新发送。",
);

const SLOWED: Text = t(
    "The cloud slows requests down: there were too many in a short time.",
    "云端限流：短时间内请求过多。",
);

/// Documented codes common to the operations of both providers. A trailing `*` stands for any
/// ending; the first entry that fits counts.
pub const COMMON: &[ErrorCode] = &[
    common(
        "Throttling*",
        400,
        ErrorClass::NotExecuted,
        SLOWED,
        WAIT,
    ),
    common(
        "Rejected.Throttling",
        400,
        ErrorClass::NotExecuted,
        SLOWED,
        WAIT,
    ),
    common(
        "APIGW.0308",
        429,
        ErrorClass::NotExecuted,
        t(
            "The API gateway slows requests down: there were too many in a short time.",
            "API 网关限流：短时间内请求过多。",
        ),
        WAIT,
    ),
    common(
        "ServiceUnavailable*",
        503,
        ErrorClass::Unknown,
        t(
            "The service is not available for the moment; a request that reached it may go on, so this does not say whether the resource was created.",
            "服务暂时不可用；已到达的请求可能仍在执行，无法得知资源是否已创建。",
        ),
        t("", ""),
    ),
    common(
        "Operation.Blocking",
        400,
        ErrorClass::NotExecuted,
        t(
            "Another operation on the same account is still running.",
            "同一账号的另一个操作仍在进行。",
        ),
        WAIT,
    ),
    common(
        "OperationConflict",
        409,
        ErrorClass::NotExecuted,
        t(
            "Another operation conflicts with this one for the moment.",
            "另一个操作暂时与本次操作冲突。",
        ),
        WAIT,
    ),
    common(
        "IdempotentProcessing",
        400,
        ErrorClass::Unknown,
        t(
            "The first request with this ClientToken is still in progress. Wait a little.",
            "使用同一 ClientToken 的第一次请求仍在处理中，请稍候。",
        ),
        t("", ""),
    ),
    ErrorCode {
        parameter: Some("ClientToken"),
        ..common(
            "IdempotentParameterMismatch",
            400,
            ErrorClass::Rejected,
            t(
                "This ClientToken was used before with other parameters.",
                "此 ClientToken 曾与其他参数一起使用过。",
            ),
            t(
                "If you want a second resource, make a new ClientToken; if you repeat a request, restore its parameters.",
                "如需创建第二个资源，请生成新的 ClientToken；如为重试，请恢复原来的参数。",
            ),
        )
    },
    ErrorCode {
        parameter: Some("ClientToken"),
        ..common(
            "IdempotentFailed",
            400,
            ErrorClass::Rejected,
            t(
                "The first request with this ClientToken failed.",
                "使用此 ClientToken 的第一次请求已失败。",
            ),
            t(
                "Make a new ClientToken and send it again.",
                "请生成新的 ClientToken 后重新发送。",
            ),
        )
    },
    common(
        "SignatureNonceUsed",
        400,
        // Each attempt has a number of its own, so it is this very attempt that has arrived before.
        ErrorClass::Unknown,
        t(
            "A request with this one-time number has arrived before, and may have been executed: something on the way delivered it twice.",
            "带有此一次性随机数的请求此前已到达，可能已执行：传输途中的某个环节将其投递了两次。",
        ),
        t("", ""),
    ),
    common(
        "InvalidTimeStamp.Expired",
        400,
        ErrorClass::NotExecuted,
        t(
            "The request's time differs too much from the cloud's clock.",
            "请求时间与云端时钟相差过大。",
        ),
        t(
            "Nothing was created. Set the proxy's clock and send it again.",
            "未创建任何资源。请校准代理的时钟后重新发送。",
        ),
    ),
    common(
        "SignatureDoesNotMatch",
        400,
        ErrorClass::Rejected,
        t(
            "The cloud computes another signature than the proxy.",
            "云端计算的签名与代理的不一致。",
        ),
        SIGNING,
    ),
    common(
        "IncompleteSignature",
        400,
        ErrorClass::Rejected,
        t("The request's signature is incomplete.", "请求的签名不完整。"),
        SIGNING,
    ),
    common(
        "InvalidAccessKeyId*",
        404,
        ErrorClass::Rejected,
        t("The cloud does not know the access key.", "云端没有该访问密钥（AccessKey）。"),
        SIGNING,
    ),
    common(
        "APIGW.0301",
        401,
        ErrorClass::Rejected,
        t(
            "The API gateway does not accept the credentials or the signature.",
            "API 网关不接受凭证或签名。",
        ),
        TOKEN_OR_SIGNING,
    ),
    common(
        "APIGW.0303",
        401,
        ErrorClass::Rejected,
        t(
            "The API gateway does not know the application or its key.",
            "API 网关无法识别该应用或其密钥。",
        ),
        TOKEN_OR_SIGNING,
    ),
    common(
        "InternalError*",
        500,
        ErrorClass::Unknown,
        t(
            "The cloud failed inside; it does not say whether the resource was created.",
            "云端内部错误；无法得知资源是否已创建。",
        ),
        t("", ""),
    ),
];

/// Families of refusals that no document lists one by one. They are read from how a code begins, so
/// they count only with a status with which a cloud refuses before it executes (see [`meaning`]).
pub const FAMILIES: &[ErrorCode] = &[
    common(
        "Missing*",
        400,
        ErrorClass::Rejected,
        t("A parameter is missing.", "缺少参数。"),
        t(
            "The message names it. Enter it and send again.",
            "错误信息会指出参数名。请填写后重新发送。",
        ),
    ),
    common(
        "Invalid*",
        400,
        ErrorClass::Rejected,
        BAD_VALUE,
        CORRECT_VALUE,
    ),
    common(
        "Forbidden*",
        403,
        ErrorClass::Rejected,
        NO_PERMISSION,
        ASK_PERMISSION,
    ),
    common(
        "Quota*",
        400,
        ErrorClass::Rejected,
        t("The account's quota is used up.", "账号配额已用尽。"),
        t(
            "Delete what is no longer used or ask the vendor for a higher quota.",
            "请删除不再使用的资源，或向厂商申请提升配额。",
        ),
    ),
];

/// How codes begin that speak of the request's key, API or region, whatever the service.
const OF_THE_ACCOUNT: &[&str] = &[
    "APIGW.",
    "InvalidAction",
    "InvalidApi",
    "InvalidVersion",
    "InvalidRegionId",
    "InvalidSecurityToken",
    "InvalidProduct",
];

/// Whether a code says something about the account's key, the API or the region rather than about the resource
/// that was asked for.
pub fn is_of_the_account(code: &str) -> bool {
    let starts = OF_THE_ACCOUNT.iter().chain(DENIALS);
    starts.into_iter().any(|start| code.starts_with(start)) || COMMON.iter().any(|e| fits(e, code))
}

/// What a code says of the request.
#[derive(Clone, Copy)]
pub struct Meaning {
    /// What became of the request.
    pub class: ErrorClass,
    /// The table's entry for the code, where its words are true with this status.
    pub entry: Option<&'static ErrorCode>,
}

/// The meaning of a code that came with an HTTP status. Only a documented code says that nothing was
/// executed, and only with a status that hides no execution:
///
/// | status | documented code | family | any other code |
/// | --- | --- | --- | --- |
/// | 400, 403, 404 | its class | rejected | unknown |
/// | other 4xx but 408 | its class | unknown | unknown |
/// | 2xx | its class | unknown | unknown |
/// | 408 and everything else | unknown | unknown | unknown |
///
/// No document lists a family's codes: they are believed only where a cloud answers what it has checked before it
/// executes anything. With 429 or 499 somebody on the way may have answered for a request that went on.
pub fn meaning(op: &'static Operation, code: &str, status: u16) -> Meaning {
    let own = op.errors().iter().find(|e| e.code == code);
    meaning_beside(own, code, status)
}

/// The same for a code whose operation is not known, or whose own table says this of it.
pub(crate) fn meaning_beside(own: Option<&'static ErrorCode>, code: &str, status: u16) -> Meaning {
    let documented = own.or_else(|| COMMON.iter().find(|e| fits(e, code)));
    let family = FAMILIES.iter().find(|e| fits(e, code));
    let (class, entry) = match (status, documented, family) {
        (408 | ..=199 | 300..=399 | 500.., documented, _) => (
            ErrorClass::Unknown,
            documented.filter(|e| e.class == ErrorClass::Unknown),
        ),
        (_, Some(documented), _) => (documented.class, Some(documented)),
        (400 | 403 | 404, None, Some(family)) => (family.class, Some(family)),
        _ => (ErrorClass::Unknown, None),
    };
    Meaning { class, entry }
}

/// How codes begin that say that the account may not do it; one is spelled as the cloud spells it.
const DENIALS: &[&str] = &["Forbidden", "Forbbiden", "NoPermission", "Unauthorized"];

/// Whether a code says that the account has no permission for the operation.
pub fn denies(op: &'static Operation, code: &str) -> bool {
    let mut own = op.errors().iter();
    own.any(|e| e.code == code && e.when == When::Forbidden)
        || DENIALS.iter().any(|start| code.starts_with(start))
}

/// Whether any table knows a code.
pub fn is_known(op: &'static Operation, code: &str) -> bool {
    let own = op.errors().iter().chain(COMMON).chain(FAMILIES);
    own.into_iter().any(|e| fits(e, code))
}

/// Whether an entry is that of a code.
pub(crate) fn fits(entry: &ErrorCode, code: &str) -> bool {
    match entry.code.strip_suffix('*') {
        Some(start) => code.starts_with(start),
        None => entry.code == code,
    }
}

#[cfg(test)]
mod tests;
