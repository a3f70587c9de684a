//! Every text of the console in its two languages. What belongs to an operation is in the catalog.

use tieline_catalog::text::{same, t};
use tieline_catalog::{Lang, Message, Text};

// The shell.
pub const BRAND: Text = same("Tieline");
pub const SKIP: Text = t("Skip to the content", "跳到主要内容");
pub const MENU: Text = t("Operations", "操作列表");
pub const NAVIGATION: Text = t("Operations and pages", "操作与页面");
pub const SEARCH: Text = t("Search", "搜索");
pub const SEARCH_HINT: Text = t("Search operations", "搜索操作");
pub const SEARCH_NONE: Text = t(
    "No operations match. Search looks at names, products and parameters in both languages.",
    "没有匹配的操作。搜索范围为两种语言的名称、产品和参数。",
);
pub const HISTORY: Text = t("History", "历史记录");
pub const ERROR_CENTRE: Text = t("Error centre", "错误中心");
pub const PERMISSIONS: Text = t("Permissions", "权限");
pub const SETTINGS: Text = t("Settings", "设置");
pub const ENGLISH: Text = same("English");
pub const CHINESE: Text = same("简体中文");
pub const CHINESE_SHORT: Text = same("中文");
pub const LANGUAGE: Text = t("Language", "语言");
pub const THEME: Text = t("Theme", "主题");
pub const THEME_SYSTEM: Text = t("System", "跟随系统");
pub const THEME_LIGHT: Text = t("Light", "浅色");
pub const THEME_DARK: Text = t("Dark", "深色");
pub const STORAGE_FAILED: Text = t(
    "This browser does not let the page store anything: drafts and settings last until the page is closed.",
    "浏览器不允许本页面存储数据：草稿和设置仅在页面关闭前有效。",
);

// The first page and the page for a wrong address.
pub const HOME_TITLE: Text = t("What do you want to create?", "您要创建什么资源？");
pub const HOME_LEAD: Text = t(
    "Each form checks your input by the vendor's own document while you type, shows the exact request, and sends it once.",
    "每个表单都会在您输入时按云厂商文档校验内容，实时显示将要发送的请求，并且只发送一次。",
);
pub const ABSENT_TITLE: Text = t("There is no such page", "页面不存在");
pub const ABSENT_LEAD: Text = t(
    "The address names nothing in this console:",
    "该地址在本控制台中不存在：",
);
pub const ABSENT_ADVICE: Text = t(
    "Check its spelling, or choose one of these:",
    "请检查拼写，或从以下选项中选择：",
);

// The connection.
pub const CHECKING: Text = t("Checking the connection", "正在检查连接");
pub const CHECKING_SHORT: Text = t("Checking…", "检查中…");
pub const NOT_CHECKED: Text = t("Not checked", "未检查");
pub const READY: Text = t("Proxy ready", "代理就绪");
pub const IN_PAGE: Text = t("Page sandbox", "页面内沙箱");
pub const DOWN: Text = t("No proxy", "代理未响应");
pub const UNUSABLE: Text = t("Proxy unusable", "代理不可用");
pub const CONNECTION: Text = t("Connection", "连接");
pub const LOADING: Text = t("Loading…", "正在加载…");
pub const NOT_LOADED: Text = t(
    "A part of this page could not be loaded. Nothing was sent and nothing is lost. Try again; if a new version was installed meanwhile, reload the page.",
    "本页面的一部分未能加载。没有发送任何请求，输入内容也未丢失。请重试；如果期间安装了新版本，请重新加载页面。",
);
pub const CHECK_AGAIN: Text = t("Check again", "重新检查");
pub const CHECK_CONNECTION: Text = t("Check the connection", "检查连接");
pub const USE_IN_PAGE: Text = t("Use the sandbox in this page", "使用页面内沙箱");
pub const LEAVE_IN_PAGE: Text = t("Use the proxy instead", "改用代理");
pub const IN_PAGE_BANNER: Text = t(
    "The sandbox in this page answers: nothing reaches a cloud, and nothing that is created here exists.",
    "当前由页面内沙箱响应：请求不会到达云端，在此创建的资源并不真实存在。",
);
pub const DOWN_TITLE: Text = t("No proxy answers.", "代理未响应。");
pub const DOWN_ADVICE: Text = t(
    "Requests cannot be sent until one runs. Start it in a terminal, in the project's folder:",
    "在代理运行之前无法发送请求。请在终端的项目目录中启动：",
);
pub const OR: Text = t("or", "或");

// The status line.
pub const YOU: Text = t("You", "您");
pub const PROXY: Text = t("Proxy", "代理");
pub const PAGE_SANDBOX: Text = t("In this page", "页面内");
pub const SIMULATED: Text = t("simulated", "模拟");
pub const LINE: Text = t("The line", "线路");
pub const LINE_IDLE: Text = t("not sent yet", "尚未发送");
pub const LINE_SENDING: Text = t("sending", "正在发送");
pub const LINE_RECORDING: Text = t("recording it before it is sent", "正在记录，尚未发送");
pub const LINE_WAITING: Text = t("sent, waiting for the answer", "已发送，等待响应");
pub const LINE_CREATED: Text = t("created", "已创建");
pub const LINE_REJECTED: Text = t("rejected by the cloud", "云端已拒绝");
pub const LINE_NOT_EXECUTED: Text = t("not executed", "未执行");
pub const LINE_UNKNOWN: Text = t("outcome unknown", "结果未知");
pub const LINE_DOWN: Text = t("no proxy answers", "代理未响应");

// The form.
pub const REQUIRED: Text = t("required", "必填");
pub const OPTIONAL: Text = t("optional", "可选");
pub const FIXED: Text = t("Fixed by the operation", "由接口固定");
pub const EXAMPLE: Text = t("Fill with the example", "填入示例");
pub const CLEAR: Text = t("Clear", "清空");
pub const SEND: Text = t("Create", "创建");
pub const SENDING: Text = t("Sending…", "正在发送…");
pub const SEND_AGAIN: Text = t("Send again", "重新发送");
pub const SUMMARY: Text = t("The request was not sent.", "请求未发送。");
pub const CHECK_MARK: Text = t("Check:", "警告：");
pub const ERROR_MARK: Text = t("Error:", "错误：");
pub const SHOW: Text = t("Show", "显示");
pub const HIDE: Text = t("Hide", "隐藏");
pub const NEW_TOKEN: Text = t("New token", "生成新 Token");
pub const ADD: Text = t("Add", "添加");
pub const REMOVE: Text = t("Remove", "删除");
pub const NOT_SENT: Text = t("Not sent", "不传");
pub const CHOOSE: Text = t("Choose…", "请选择…");
pub const SHOW_LIST: Text = t("Show the list", "展开列表");
pub const NOT_IN_THE_DOCUMENT: Text = t("not in the document", "文档未列出");
pub const ON: Text = same("true");
pub const OFF: Text = same("false");
pub const PERSONAL: Text = t(
    "Personal data: goes to the cloud only, is masked here and never stored.",
    "个人信息：仅发送到云端，此处以掩码显示，不会保存。",
);
pub const SECRET: Text = t(
    "A credential: stays in memory until the page closes, is masked here and never stored.",
    "凭证：仅在页面关闭前保留于内存中，此处以掩码显示，不会保存。",
);
pub const DOCUMENT: Text = t("Document", "文档");
pub const ACTION: Text = t("Action", "接口（Action）");
pub const VERSION: Text = t("Version", "API 版本（Version）");
pub const METHOD: Text = t("Method", "请求方法（Method）");
pub const PATH: Text = t("Path", "请求路径（Path）");

pub fn newer(count: usize) -> Message {
    Message::new(
        format!("Newer than the document ({count})"),
        format!("文档之后新增的参数（{count} 个）"),
    )
}

pub fn optional(count: usize) -> Message {
    Message::new(
        format!("Optional fields ({count})"),
        format!("可选字段（{count} 个）"),
    )
}

/// Of a section that can be closed: how much of it is filled in, and what.
pub fn filled(labels: &[&str], count: usize, lang: Lang) -> String {
    let filled = labels.len();
    match lang {
        Lang::En => format!("{filled} of {count} filled: {}", labels.join(", ")),
        Lang::Zh => format!("已填写 {filled} / {count}：{}", labels.join("、")),
    }
}

pub const NEWER_LEAD: Text = t(
    "The vendor's API takes these today; the document of this form does not have them. Said by:",
    "厂商 API 现已支持以下参数，但本表单依据的文档中没有。来源：",
);

pub fn characters(count: usize, max: usize) -> String {
    format!("{count} / {max}")
}

pub fn characters_said(count: usize, max: usize) -> Message {
    Message::new(
        format!("{count} of {max} characters"),
        format!("{count} 个字符，最多 {max} 个"),
    )
}

pub fn items(count: usize, max: usize) -> Message {
    Message::new(format!("{count} of {max}"), format!("{count} / {max}"))
}

pub fn offers(count: usize) -> Message {
    let values = if count == 1 { "value" } else { "values" };
    Message::new(format!("{count} {values}"), format!("{count} 个取值"))
}

pub fn list_full(max: usize) -> Message {
    Message::new(
        format!("The API takes at most {max}."),
        format!("该 API 最多接受 {max} 项。"),
    )
}

pub fn to_fix(count: usize) -> Message {
    let things = if count == 1 { "thing" } else { "things" };
    Message::new(
        format!("Correct {count} {things} and send again:"),
        format!("请修正以下 {count} 处后重新发送："),
    )
}

/// Nothing is sent, and this applies.
pub fn not_sent(default: Option<&str>) -> Message {
    match default {
        None => NOT_SENT.message(),
        Some(value) => Message::new(
            format!("{} ({value} applies)", NOT_SENT.en),
            format!("{}（默认 {value}）", NOT_SENT.zh),
        ),
    }
}

/// A word and what it is about: `Show: Telephone`.
pub fn about(word: &str, what: &str, lang: Lang) -> String {
    format!("{word}{}{what}", COLON.get(lang))
}

pub const COLON: Text = t(": ", "：");
/// Between two sentences: a full-width mark has its blank within.
pub const GAP: Text = t(" ", "");
/// Between the parts of a name.
pub const COMMA: Text = t(", ", "，");
/// Between the items of a list.
pub const AND: Text = t(", ", "、");

// Notifications.
pub const NOTIFY: Text = t("Notifications", "通知");
pub const NOTIFY_HELP: Text = t(
    "When a status becomes final while you look at another tab, the browser shows it.",
    "当您正在查看其他标签页而资源状态变为终态时，由浏览器通知您。",
);
pub const NOTIFY_UNAVAILABLE: Text = t(
    "This browser has none for this page: it may be old, or the page is without TLS.",
    "浏览器无法在此页面使用通知：浏览器版本可能过旧，或页面未使用 TLS。",
);
pub const NOTIFY_DENIED: Text = t(
    "The browser refuses them to this page. Its own settings for the page can allow them.",
    "浏览器拒绝了此页面的通知，可在浏览器的网站设置中允许。",
);

// The request pane.
pub const REQUEST: Text = t("Request", "请求");
pub const REQUEST_SENT: Text = t("Request that was sent", "已发送的请求");
pub const REQUEST_LEAD_IN_PAGE: Text = t(
    "Exactly what would reach the cloud. The sandbox in this page takes it unsigned.",
    "本应发送到云端的请求。页面内沙箱无需签名。",
);
pub const REQUEST_LEAD: Text = t(
    "Exactly what reaches the cloud. The proxy adds the signature.",
    "实际发送到云端的请求。签名由代理添加。",
);
pub const COPY: Text = t("Copy", "复制");
pub const COPY_REQUEST: Text = t("Copy the request", "复制请求");
pub const COPY_ID: Text = t("Copy the ID", "复制 ID");
pub const COPIED: Text = t("Copied", "已复制");
pub const COPY_FAILED: Text = t(
    "The browser does not let the page copy. Select the text instead.",
    "浏览器不允许复制。请手动选择文本。",
);

// The answer pane.
pub const ANSWER: Text = t("Answer", "响应");
pub const CREATED: Text = t("Created", "已创建");
pub const REJECTED: Text = t("Rejected", "被拒绝");
pub const NOT_EXECUTED: Text = t(
    "Not executed: nothing was created",
    "未执行：没有创建任何资源",
);
pub const UNKNOWN: Text = t("Outcome unknown", "结果未知");
pub const STATUS: Text = t("Status", "状态");
pub const REQUEST_ID: Text = t("Request ID", "请求 ID");
pub const CODE: Text = t("Code", "错误码");
pub const ALL_CODES: Text = t("The vendor's list of codes", "厂商错误码列表");
pub const MESSAGE: Text = t("Message", "错误信息");
pub const RAW: Text = t("Raw answer", "原始响应");
pub const CUT: Text = t(
    "… cut here: the answer is longer.",
    "……响应过长，此处已截断。",
);
pub const SEE_HISTORY: Text = t("See it in the history", "在历史记录中查看");
/// Advice for the user of a host page when nothing can be sent.
pub const ASK_HOST: Text = t(
    "Try again in a while; if it stays so, tell those who run this page.",
    "请稍后重试；若问题持续，请联系本页面的管理者。",
);
pub const GO_TO_FIELD: Text = t("Go to the field", "前往该字段");
pub const REPEAT: Text = t("Repeat with the same token", "使用相同的客户端 Token 重试");
pub const LOOK_UP: Text = t("Look it up by name", "按名称查询");
/// The link to the vendor's console.
pub const VENDOR_CONSOLE: Text = t("The vendor's console", "厂商控制台");
pub const LOOKING: Text = t("Looking…", "正在查询…");
pub const FOUND_NONE: Text = t(
    "No such resource exists at the moment. The lost request may still be in progress; wait a little and look again before you send.",
    "目前没有符合条件的资源。丢失的请求可能仍在处理中；请稍后重新查询，再决定是否发送。",
);
pub const FOUND: Text = t("Found:", "已找到：");
pub const FOUND_PART: Text = t(
    "There are too many to look at them all, so this is not counted as having looked. If it is none of these, look in the cloud provider's own console. Found so far:",
    "资源过多，未能全部查询，因此不视为已核对。如果不在以下资源中，请在云厂商的控制台中核对。目前已找到：",
);
pub const ADOPT: Text = t("Use this resource", "确认并关联此资源");
pub const TAKEN: Text = t("belongs to another record", "已属于另一条记录");
pub const ADOPTED: Text = t("Created: found by a look-up", "已创建：查询后关联");
pub const LOOK_UP_FAILED: Text = t("The look-up failed:", "查询失败：");
pub const CONFIRM: Text = t(
    "An earlier request was sent, and its outcome is unknown: ",
    "此前已发送一个请求，结果未知：",
);
pub const CONFIRM_IN_PROGRESS: Text = t(
    "An earlier request is still in progress: ",
    "此前的一个请求仍在处理中：",
);
pub const CONFIRM_CREATED: Text = t(
    "An earlier request has created a resource from the same input: ",
    "此前的一个请求已使用相同内容创建资源：",
);
pub const CONFIRM_AGAIN: Text = t(
    ". It had the same parameters; sending it again creates a second one.",
    "。该请求的参数与当前相同，重新发送会再创建一个资源。",
);
pub const CONFIRM_SAME: Text = t(
    ". It had the same parameters and may have created the resource; sending it again may create a second one.",
    "。该请求的参数与当前相同，可能已创建资源；重新发送可能会再创建一个。",
);
pub const CONFIRM_OTHER: Text = t(
    ". It may have created a resource. Look it up first if it was for the same purpose.",
    "。该请求可能已创建资源。如果两个请求目的相同，请先查询。",
);
pub const CONFIRM_SEND: Text = t("Send it anyway", "仍然发送");
pub const CANCEL: Text = t("Do not send", "不发送");

// The settings page.
pub const ENDPOINT: Text = t("Proxy endpoint", "代理地址");
pub const ENDPOINT_HELP: Text = t(
    "An http or https address, or a path on this page's own server. Ordinarily /api.",
    "http 或 https 地址，或本页面所在服务器上的路径。通常为 /api。",
);
pub const ENDPOINT_FORM: Text = t(
    "Enter an address that begins with http:// or https:// and names a host, or a path that begins with one /.",
    "请输入以 http:// 或 https:// 开头且包含主机名的地址，或以单个 / 开头的路径。",
);
pub const ENDPOINT_ODD: Text = t(
    "An endpoint has no spaces, no backslash, no ? and no #. Remove them.",
    "地址不能包含空格、反斜杠、? 或 #。请将其删除。",
);
pub const ENDPOINT_USER: Text = t(
    "An endpoint carries no user name or password. Remove what stands before @.",
    "地址不能包含用户名或密码。请删除 @ 之前的内容。",
);
pub const TARGET: Text = t("Send to", "发送到");
pub const TARGET_PROXY: Text = t("The proxy", "代理");
pub const TARGET_PROXY_HELP: Text = t(
    "It holds the credentials, signs, and relays to the cloud.",
    "由代理保存凭证、签名并转发到云端。",
);
pub const TARGET_IN_PAGE: Text = t("The sandbox in this page", "页面内沙箱");
pub const TARGET_IN_PAGE_HELP: Text = t(
    "A simulation of the clouds that runs here. Nothing leaves the page.",
    "在此运行的云端模拟。数据不会离开页面。",
);
pub const REGION: Text = t("Default region", "默认地域");
pub const REGION_HELP: Text = t(
    "Forms that ask for a region start with it.",
    "需要地域的表单将以此为初始值。",
);
pub const PROFILE: Text = t("Account of the proxy", "代理使用的账号配置");
pub const PROFILE_HELP: Text = t(
    "Which of the proxy's profiles signs the requests.",
    "代理用哪一个账号配置为请求签名。",
);
pub const PROFILE_DEFAULT: Text = t("The proxy's default", "代理的默认账号配置");
pub const TOKEN: Text = t("Access token", "访问令牌");
pub const TOKEN_HELP: Text = t(
    "Only for a proxy that asks for one. It is kept in memory and gone after a reload.",
    "仅当代理要求时填写。令牌仅保存在内存中，重新加载后即消失。",
);
pub const LOCKED: Text = t("set by this site", "由本网站设定");
pub const ACCOUNT: Text = t(
    "Huawei Cloud account ID (domain_id)",
    "华为云账号 ID（domain_id）",
);
pub const ACCOUNT_HELP: Text = t(
    "Forms that ask for it start with it. It is an identifier, not a secret.",
    "需要账号 ID 的表单将以此为初始值。账号 ID 是标识符，不是密钥。",
);
pub const REVIEW: Text = t("Before something real is created", "创建真实资源之前");
pub const REVIEW_ON: Text = t("Review it", "先核对");
pub const REVIEW_ON_HELP: Text = t(
    "Everything that will be sent is shown once more, and one key confirms it.",
    "再次显示将发送的全部内容，按一个键即可确认。",
);
pub const REVIEW_OFF: Text = t("Send at once", "立即发送");
pub const REVIEW_OFF_HELP: Text = t(
    "The button sends without a question. Enter in a field still asks for the review.",
    "按下按钮后直接发送。在字段中按 Enter 仍会先核对。",
);
pub const SETTINGS_LEAD: Text = t(
    "Kept in this browser. No credential is ever among them: those belong to the proxy.",
    "保存在此浏览器中，不包含任何凭证：凭证由代理保管。",
);
