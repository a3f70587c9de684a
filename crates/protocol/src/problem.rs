//! The proxy's own errors (RFC 9457), named once for the proxy that sends them and the page that
//! reads them.

use tieline_catalog::text::{t, Text};

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// A kind of problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProblemType {
    /// The member `type`, a URN; clients tell problems apart by it.
    pub uri: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What it is.
    pub title: Text,
}

impl ProblemType {
    /// The last part of the URN: a name for logs and counts.
    pub fn name(&self) -> &'static str {
        self.uri.rsplit(':').next().unwrap_or(self.uri)
    }
}

const fn problem(
    uri: &'static str,
    status: u16,
    en: &'static str,
    zh: &'static str,
) -> ProblemType {
    ProblemType {
        uri,
        status,
        title: t(en, zh),
    }
}

/// The body is not JSON, or too deep, or repeats, mistypes or does not know a parameter. It has
/// `violations` where they have a place.
pub const MALFORMED: ProblemType = problem(
    "urn:tieline:problem:malformed-body",
    400,
    "The body does not have the operation's shape",
    "请求体不符合该操作的结构",
);

/// A creation without a usable `Idempotency-Key`.
pub const IDEMPOTENCY_KEY: ProblemType = problem(
    "urn:tieline:problem:idempotency-key",
    400,
    "The header Idempotency-Key is missing or invalid",
    "缺少请求头 Idempotency-Key 或其值无效",
);

/// The request chooses a profile that the proxy does not have.
pub const UNKNOWN_PROFILE: ProblemType = problem(
    "urn:tieline:problem:unknown-profile",
    400,
    "There is no such profile",
    "没有该账号配置",
);

/// Nobody that the proxy knows sends the request. The header `WWW-Authenticate` names the scheme.
pub const UNAUTHENTICATED: ProblemType = problem(
    "urn:tieline:problem:unauthenticated",
    401,
    "The proxy does not know who sends this",
    "代理无法确认请求者身份",
);

/// The request was not sent within the time limit. The connection ends.
pub const SLOW: ProblemType = problem(
    "urn:tieline:problem:request-timeout",
    408,
    "The request did not arrive in time",
    "请求未在时限内发送完毕",
);

/// The page that sends the request is not allowed to.
pub const ORIGIN: ProblemType = problem(
    "urn:tieline:problem:origin",
    403,
    "Requests from this origin are not allowed",
    "不允许来自该源（origin）的请求",
);

/// There is no such path.
pub const NOT_FOUND: ProblemType = problem(
    "urn:tieline:problem:not-found",
    404,
    "There is nothing at this path",
    "该路径不存在",
);

/// The catalog has no such operation.
pub const UNKNOWN_OPERATION: ProblemType = problem(
    "urn:tieline:problem:unknown-operation",
    404,
    "There is no such operation",
    "没有该操作",
);

/// The path does not take this method. The header `Allow` names those it takes.
pub const METHOD: ProblemType = problem(
    "urn:tieline:problem:method-not-allowed",
    405,
    "This path does not take this method",
    "该路径不支持此方法",
);

/// The request names a host that is not the proxy's: a stranger's name may lead to this machine.
pub const HOST: ProblemType = problem(
    "urn:tieline:problem:host",
    421,
    "The proxy does not answer under this host name",
    "代理不以该主机名提供服务",
);

/// The body is longer than the limit, or would make a longer address than can be sent.
pub const TOO_LARGE: ProblemType = problem(
    "urn:tieline:problem:body-too-large",
    413,
    "The request is too large",
    "请求过大",
);

/// The body is not declared as JSON.
pub const MEDIA_TYPE: ProblemType = problem(
    "urn:tieline:problem:unsupported-media-type",
    415,
    "The body must be declared as application/json",
    "请求体必须声明为 application/json",
);

/// The `Idempotency-Key` was used before with other parameters.
pub const KEY_REUSED: ProblemType = problem(
    "urn:tieline:problem:key-reused",
    409,
    "The Idempotency-Key was used for another request",
    "该 Idempotency-Key 已用于另一个请求",
);

/// The proxy cannot write its journal, so it sends nothing.
pub const JOURNAL_UNAVAILABLE: ProblemType = problem(
    "urn:tieline:problem:journal-unavailable",
    503,
    "The proxy cannot write its journal",
    "代理无法写入请求登记文件（journal）",
);

/// The parameters break rules. It has `violations`.
pub const RULES: ProblemType = problem(
    "urn:tieline:problem:rules-broken",
    422,
    "The parameters break the operation's rules",
    "参数违反该操作的规则",
);

/// Code is asked for that Tieline makes for nobody.
pub const UNKNOWN_TARGET: ProblemType = problem(
    "urn:tieline:problem:unknown-target",
    400,
    "There is no code for this target",
    "不支持生成该语言或工具的代码",
);

/// The target has nothing for this request: another vendor's command line, no such resource.
pub const NO_CODE: ProblemType = problem(
    "urn:tieline:problem:no-code",
    422,
    "This request cannot be had as code for this target",
    "该语言或工具无法表示此请求",
);

/// The client has sent too many requests within a minute: nothing was sent. The header
/// `Retry-After` says when the next one is taken.
pub const TOO_MANY_REQUESTS: ProblemType = problem(
    "urn:tieline:problem:too-many-requests",
    429,
    "Too many requests from this client",
    "该客户端的请求过多",
);

/// The request has more headers than the limit.
pub const TOO_MANY_HEADERS: ProblemType = problem(
    "urn:tieline:problem:too-many-headers",
    431,
    "The request has too many headers",
    "请求头数量过多",
);

/// Too many requests are in work at once: nothing was sent. The header `Retry-After` says when to
/// try again.
pub const BUSY: ProblemType = problem(
    "urn:tieline:problem:busy",
    503,
    "The proxy is busy with other requests",
    "代理正忙于处理其他请求",
);

/// The proxy cannot write its audit file, so it creates nothing.
pub const AUDIT_UNAVAILABLE: ProblemType = problem(
    "urn:tieline:problem:audit-unavailable",
    503,
    "The proxy cannot write its audit file",
    "代理无法写入审计文件",
);

/// The cloud may have executed the request: its answer was lost, or does not say, now or when the
/// request was sent first.
pub const OUTCOME_UNKNOWN: ProblemType = problem(
    "urn:tieline:problem:outcome-unknown",
    502,
    "The outcome is unknown; the cloud may have executed the request",
    "结果未知，云端可能已执行该请求",
);

/// The profile has no keys for the cloud: nothing was sent.
pub const NO_CREDENTIALS: ProblemType = problem(
    "urn:tieline:problem:no-credentials",
    503,
    "The proxy has no keys for this cloud; nothing was sent",
    "代理没有该云厂商的访问密钥，请求未发送",
);

/// The account's id is needed and IAM does not tell it: nothing was sent.
pub const ACCOUNT_UNKNOWN: ProblemType = problem(
    "urn:tieline:problem:account-unknown",
    503,
    "The account's id is not known at the moment; nothing was sent",
    "暂时无法得知账号 ID，请求未发送",
);

/// No connection to the cloud came about: nothing was sent.
pub const UPSTREAM_UNREACHABLE: ProblemType = problem(
    "urn:tieline:problem:upstream-unreachable",
    503,
    "Could not connect to the cloud; nothing was sent",
    "无法连接云端，请求未发送",
);

/// The cloud did not answer in time: it may have executed the request.
pub const OUTCOME_UNKNOWN_TIMEOUT: ProblemType = problem(
    "urn:tieline:problem:outcome-unknown-timeout",
    504,
    "The cloud did not answer in time; the outcome is unknown",
    "云端未及时响应，结果未知",
);

/// The request is for a proxy of the other mode: nothing was sent.
pub const OTHER_MODE: ProblemType = problem(
    "urn:tieline:problem:other-mode",
    409,
    "The proxy is not in the mode that the request is for; nothing was sent",
    "代理不处于请求所要求的模式，请求未发送",
);

/// All kinds.
pub const ALL: &[ProblemType] = &[
    MALFORMED,
    IDEMPOTENCY_KEY,
    UNKNOWN_PROFILE,
    UNAUTHENTICATED,
    SLOW,
    ORIGIN,
    NOT_FOUND,
    UNKNOWN_OPERATION,
    METHOD,
    HOST,
    TOO_LARGE,
    MEDIA_TYPE,
    KEY_REUSED,
    JOURNAL_UNAVAILABLE,
    RULES,
    UNKNOWN_TARGET,
    NO_CODE,
    TOO_MANY_REQUESTS,
    TOO_MANY_HEADERS,
    BUSY,
    AUDIT_UNAVAILABLE,
    OUTCOME_UNKNOWN,
    NO_CREDENTIALS,
    ACCOUNT_UNKNOWN,
    UPSTREAM_UNREACHABLE,
    OUTCOME_UNKNOWN_TIMEOUT,
    OTHER_MODE,
];

/// The kind of this URI.
pub fn find(uri: &str) -> Option<&'static ProblemType> {
    ALL.iter().find(|kind| kind.uri == uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_uri_and_an_error_status() {
        for (i, kind) in ALL.iter().enumerate() {
            assert_eq!(find(kind.uri), Some(kind), "number {i} repeats a URI");
            assert!((400..600).contains(&kind.status));
        }
    }
}
