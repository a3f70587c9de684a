//! Texts of the client, for what fails on the way.

use tieline_catalog::text::t;
use tieline_catalog::Text;

/// A problem that keeps a request from being sent, with advice.
pub struct Problem {
    /// What happened.
    pub what: Text,
    /// What to do.
    pub advice: Text,
}

const START: Text = t(
    "Start one with `cargo xtask serve` or `tieline-proxy --sandbox --listen 127.0.0.1:8787`, or use the sandbox in this page.",
    "请用 `cargo xtask serve` 或 `tieline-proxy --sandbox --listen 127.0.0.1:8787` 启动代理，或使用页面内沙箱。",
);

pub const DOWN: Problem = Problem {
    what: t(
        "No Tieline proxy answers at this endpoint.",
        "该地址的 Tieline 代理未响应。",
    ),
    advice: START,
};

pub const NOW_SANDBOX: Problem = Problem {
    what: t(
        "A sandbox answers at this address now, and as far as is known this was not sent to one: it knows nothing of it.",
        "此地址现在由沙箱响应，而据目前所知此请求并非发往沙箱：沙箱中没有此请求的记录。",
    ),
    advice: t(
        "Ask again when real clouds answer there.",
        "待该地址重新由真实云端响应后，请再次查询。",
    ),
};

pub const NOT_REPEATED: Problem = Problem {
    what: t(
        "A sandbox answers at this address now, and real clouds may have executed this request: no sandbox can repeat it.",
        "此地址现在由沙箱响应，而真实云端可能已执行此请求：沙箱无法重复该请求。",
    ),
    advice: t(
        "Repeat it when real clouds answer there.",
        "待该地址重新由真实云端响应后，请再重复发送。",
    ),
};

pub const NOW_REAL: Problem = Problem {
    what: t(
        "This was made in a sandbox, and real clouds answer at this address now: they know nothing of it.",
        "此资源创建于沙箱，而此地址现在由真实云端响应：云端没有此资源的记录。",
    ),
    advice: t(
        "Ask again when a sandbox answers there.",
        "待该地址重新由沙箱响应后，请再次查询。",
    ),
};

pub const REAL: Problem = Problem {
    what: t(
        "Real clouds answer here, and whoever pressed the button was not told so: a sandbox answered then, or nobody.",
        "该地址由真实云端响应，而按下按钮时页面并未提示这一点：当时由沙箱响应，或没有任何响应。",
    ),
    advice: t(
        "Send it again: first it is shown what would be created.",
        "请重新发送：届时会先显示将要创建的内容。",
    ),
};

pub const NO_ENDPOINT: Problem = Problem {
    what: t(
        "The proxy endpoint is neither an http(s) address nor an absolute path, so nothing can be sent.",
        "代理地址既不是 http(s) 地址，也不是绝对路径，因此无法发送请求。",
    ),
    advice: t(
        "Correct the proxy endpoint.",
        "请修正代理地址。",
    ),
};

pub const NOT_TIELINE: Problem = Problem {
    what: t(
        "Something answers at this endpoint, but it is not a Tieline proxy.",
        "该地址有响应，但不是 Tieline 代理。",
    ),
    advice: t(
        "Correct the proxy endpoint in Settings, or start a Tieline proxy there.",
        "请在“设置”中修正代理地址，或在该地址启动 Tieline 代理。",
    ),
};

pub const OTHER_KEYS: Problem = Problem {
    what: t(
        "The proxy signs with other keys now than when this was created, and they do not find it.",
        "代理当前使用的密钥与创建此资源时不同，使用当前密钥未找到该资源。",
    ),
    advice: t(
        "It may exist all the same. Look in the vendor's console, or give the proxy the keys of the account that it was created for.",
        "该资源可能仍然存在。请在厂商控制台中核对，或让代理使用创建该资源的账号的密钥。",
    ),
};

pub const WRONG_VERSION: Problem = Problem {
    what: t(
        "The proxy is of another version than this page.",
        "代理与本页面的版本不一致。",
    ),
    advice: t(
        "Reload the page. If that does not help, install proxy and page of the same version.",
        "请重新加载页面。若仍不一致，请安装相同版本的代理和页面。",
    ),
};

pub const BLOCKED: Problem = Problem {
    what: t(
        "The endpoint answers, but the browser may not read it: the proxy does not allow this page's origin (CORS).",
        "该地址有响应，但浏览器禁止读取：代理未允许本页面的源（CORS）。",
    ),
    advice: t(
        "Let the proxy serve this page itself, or allow this page's origin in the proxy's settings.",
        "请由该代理直接提供本页面，或在代理设置中允许本页面的源。",
    ),
};

pub const MIXED_CONTENT: Problem = Problem {
    what: t(
        "This page came over https, so the browser blocks an http endpoint.",
        "本页面通过 https 加载，浏览器会阻止 http 地址。",
    ),
    advice: t(
        "Use an https endpoint, or a proxy on this computer (127.0.0.1).",
        "请使用 https 地址，或本机（127.0.0.1）上的代理。",
    ),
};

pub const NO_TOKEN: Problem = Problem {
    what: t(
        "The host page gave no access token for the proxy.",
        "宿主页面没有提供代理的访问令牌。",
    ),
    advice: t(
        "Sign in to this site again, then send once more.",
        "请重新登录本网站，然后再次发送。",
    ),
};

pub const ODD_TOKEN: Problem = Problem {
    what: t(
        "The access token has characters that no request can carry, or is too long.",
        "访问令牌过长，或含有请求无法携带的字符。",
    ),
    advice: t(
        "Enter the token as it was given, or sign in to this site again.",
        "请按原样输入令牌，或重新登录本网站。",
    ),
};

pub const ODD_PROFILE: Problem = Problem {
    what: t(
        "The name of the proxy's account has characters that no request can carry, so nothing can be sent.",
        "账号配置的名称含有请求无法携带的字符，因此无法发送请求。",
    ),
    advice: t(
        "Choose one of the proxy's accounts.",
        "请在“设置”中选择代理已有的账号配置。",
    ),
};

pub const NO_CREDENTIALS: Problem = Problem {
    what: t(
        "The proxy has no credentials for a cloud.",
        "代理没有任何云厂商的访问凭证。",
    ),
    advice: t(
        "Give the proxy the credentials in its environment and restart it, or start it with --sandbox.",
        "请通过环境变量为代理配置凭证并重启代理，或以 --sandbox 启动代理。",
    ),
};

pub const NOTHING_SENT: Text = t("Nothing was sent.", "请求未发送。");

pub const TRY_AGAIN: Text = t(
    "Try again. If it stays so, close other tabs of this console and reload the page.",
    "请重试。若仍如此，请关闭本控制台的其他标签页并重新加载页面。",
);

pub const STILL_UNKNOWN: Text = t(
    "This repetition created nothing, but the request before it may have: whether the resource exists is still unknown.",
    "本次重复请求没有创建任何资源，但之前的请求可能已创建：资源是否存在仍不清楚。",
);

pub const READY: Text = t("The proxy is ready.", "代理已就绪。");

pub const LOST: Text = t(
    "The connection was lost after the request was sent, so it is not known whether it was executed.",
    "请求发出后连接中断，因此无法得知是否已执行。",
);

pub const TIMED_OUT: Text = t(
    "No answer came within 60 seconds, so it is not known whether the request was executed.",
    "60 秒内没有响应，因此无法得知请求是否已执行。",
);

pub const STRANGER: Text = t(
    "Something between this page and the cloud answered instead of the cloud, so it is not known whether the request was executed.",
    "响应并非来自云端，而是来自页面与云端之间的某个环节，因此无法得知请求是否已执行。",
);

pub const PROXY_UNKNOWN: Text = t(
    "The proxy has no answer from the cloud that says whether the request was executed.",
    "代理没有得到能说明请求是否已执行的云端响应。",
);

pub const PROXY_REFUSED: Text = t(
    "The proxy refused the request. Nothing reached the cloud.",
    "代理拒绝了请求，云端没有收到任何请求。",
);

pub const PROXY_REFUSED_ADVICE: Text = t(
    "Correct what is listed, then send again. If nothing is, the page and the proxy may be of different versions: reload the page.",
    "请修正所列内容后重新发送。若未列出任何内容，则页面与代理的版本可能不同：请重新加载页面。",
);

pub const PROXY_FAILED: Text = t(
    "The proxy could not send the request. Nothing reached the cloud.",
    "代理未能发出请求，云端没有收到任何请求。",
);

pub const PROXY_FAILED_ADVICE: Text = t(
    "Read the proxy's message, put right what it names, then send again.",
    "请查看代理的错误信息，处理其指出的问题后重新发送。",
);

pub const ASK_AGAIN: Text = t(
    "Asking again is safe: a read changes nothing.",
    "可以放心重新查询：读取不会更改任何内容。",
);

pub const NO_LOOK_UP: Text = t(
    "This resource cannot be looked up by name: the API offers no such search, or no name was given.",
    "无法按名称查询此资源：API 没有这种查询，或未填写名称。",
);

pub const TOO_MANY: Text = t(
    "There are too many resources of this kind to look at them all.",
    "此类资源过多，无法逐一查询。",
);

pub const NO_LOOK_UP_ADVICE: Text = t(
    "Look for it in the cloud provider's own console.",
    "请在云厂商的控制台中查询。",
);
