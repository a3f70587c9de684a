//! What a submission says of where it goes, when nothing was sent, and when nothing came back.

use tieline_catalog::text::t;
use tieline_catalog::{Message, Text};

/// The history could not be read.
pub const HISTORY_SILENT: Text = t(
    "The history could not be read in time, so it cannot be told whether the same request is still in progress. Another tab may hold the browser's storage, or be about to send the same: close other tabs of this page.",
    "未能及时读取历史记录，因此无法判断是否有相同的请求仍在处理中。浏览器存储可能被其他标签页占用，或其他标签页正要发送相同的请求：请关闭本页面的其他标签页。",
);

/// The history could not be written.
pub const NOT_RECORDED: Text = t(
    "The history did not record the request, and nothing is sent without a record. Another tab may hold the browser's storage, or it is full: close other tabs of this page, or free some space. Your input stays.",
    "历史记录未能写入此请求；没有记录就不会发送任何请求。浏览器存储可能被其他标签页占用，或空间已满：请关闭本页面的其他标签页，或释放一些空间。您的输入会保留。",
);

/// How a question begins whose earlier request has made nothing by now.
pub const MADE_NOTHING: Text = t(
    "An earlier request has created nothing: ",
    "此前的一个请求未创建任何资源：",
);

/// How it ends.
pub const NOTHING_STANDS: Text = t(
    ". Nothing stands against sending this one.",
    "。可以发送当前请求。",
);

/// What is asked where the browser keeps no record.
pub const UNKEPT: Text = t(
    "This browser keeps no record of what is sent. If this tab closes before the answer is there, nobody knows whether the resource was created, and nothing keeps the same from being sent twice. Let the browser store data for this site and reload the page, or send without a lasting record.",
    "此浏览器无法保存发送记录。如果在收到响应之前关闭此标签页，就无从得知资源是否已创建，也无法避免重复发送。请允许浏览器为本网站存储数据并重新加载页面，或在没有持久记录的情况下发送。",
);

/// The choice to send without a record.
pub const SEND_UNKEPT: Text = t("Send without a record", "不保存记录并发送");

/// What is asked when nothing was filled in after a creation.
pub const AGAIN: Text = t(
    "A resource was just created from this form, and nothing was filled in since. Create another one from the form as it is now?",
    "刚刚已通过此表单创建资源，此后未填写任何内容。要按表单当前的内容再创建一个吗？",
);

/// The choice to create another one.
pub const CREATE_ANOTHER: Text = t("Create another one", "再创建一个");

/// Why the same may not be sent again yet.
pub const MUST_LOOK: Text = t(
    "Without a client token the cloud takes a repetition for a new request. It can be sent again as soon as somebody has looked for the resource: look it up five minutes after it was sent, for a cloud may not show a new resource earlier, or look in the vendor's console yourself and say so here.",
    "没有客户端 Token 时，云端会将重复请求视为新请求。只有先核对资源是否存在，才能重新发送：请在发送五分钟后查询（新资源可能要到那时才会显示），或在厂商控制台中自行核对后在此确认。",
);

/// The same where it cannot be looked up.
pub const MUST_LOOK_THERE: Text = t(
    "Without a client token the cloud takes a repetition for a new request. It can be sent again as soon as somebody has looked for the resource: look in the vendor's console yourself and say so here.",
    "没有客户端 Token 时，云端会将重复请求视为新请求。只有先核对资源是否存在，才能重新发送：请在厂商控制台中自行核对后在此确认。",
);

/// What the user's word is, said by its field. It holds [`I_LOOKED`].
pub const TYPE_LOOKED: Text = t(
    "Looked there yourself? Type “I looked”",
    "已自行核对？请输入“已核对”",
);

/// The user's word.
pub const I_LOOKED: Text = t("I looked", "已核对");

/// The host page did not say whether the request may be sent.
pub const HOST_SILENT: Text = t(
    "The host page did not allow the request in time.",
    "宿主页面未能及时允许此请求。",
);

/// A look-up had no answer.
pub const LOOKUP_SILENT: Text = t(
    "The look-up had no answer in time.",
    "查询未能及时得到响应。",
);

/// No status is known yet, and it is asked for.
pub const NOT_READ: Text = t("not read yet", "尚未查询");

/// Beside a status that will still change.
pub const FOLLOWED: Text = t(
    " (not final yet; a change shows here by itself)",
    "（尚未变为终态，变化将自动显示在此）",
);

/// Likewise, after a question without an answer.
pub const UNANSWERED: Text = t(
    " (not final yet; the last read of it got no answer, and another one follows)",
    "（尚未变为终态；最近一次查询没有得到响应，稍后自动重试）",
);

/// A status that will not change by itself any more.
pub fn final_status(status: &str) -> Message {
    Message::new(
        format!("The status is final: {status}"),
        format!("状态已变为终态：{status}"),
    )
}

/// Fills the form for another resource.
pub const ANOTHER: Text = t("Create another like this", "再创建一个类似的");

/// What comes after the creation.
pub const NEXT: Text = t("Next: ", "下一步：");

/// What takes the resource over into the code.
pub const IMPORT: Text = t(
    "For the code: an import block for Terraform",
    "用于代码：Terraform import 块",
);

/// Copies it.
pub const COPY_IMPORT: Text = t("Copy the import block", "复制 import 块");

/// What unfolds how a resource is deleted.
pub const DELETE: Text = t("How to delete it", "如何删除");

/// Its deletion by the command below.
pub const DELETE_BY_COMMAND: Text = t(
    "Tieline deletes nothing. The vendor's command line does it so, as soon as nothing uses the resource any more, and so does the vendor's console:",
    "Tieline 不会删除任何资源。资源不再被使用后，可用厂商的命令行工具执行以下命令，或在厂商控制台中删除：",
);

/// Its deletion where no API is known.
pub const DELETE_IN_CONSOLE: Text = t(
    "Tieline deletes nothing, and the vendor's SDK has no API for it. Delete it in the vendor's console:",
    "Tieline 不会删除任何资源，厂商 SDK 也没有提供删除接口。请在厂商控制台中删除：",
);

/// A sandbox made it.
pub const DELETE_SIMULATED: Text = t(
    "A sandbox made this one, so that there is nothing to delete. A real one is deleted so:",
    "此资源由沙箱模拟，无需删除。真实资源的删除方式如下：",
);

/// Copies the command.
pub const COPY_COMMAND: Text = t("Copy the command", "复制命令");

/// Real clouds answer.
pub const LIVE: Text = t("LIVE", "真实环境");
/// What that means.
pub const LIVE_MEANS: Text = t("real resources are created", "将创建真实资源");
/// A sandbox answers.
pub const SANDBOX: Text = t("SANDBOX", "沙箱");
/// What that means.
pub const SANDBOX_MEANS: Text = t("nothing real is created", "不会创建真实资源");
/// It is not known who answers.
pub const NOT_CONNECTED: Text = t("NOT CONNECTED", "未连接");
/// What that means.
pub const NOT_CONNECTED_MEANS: Text = t(
    "it is not known yet where a request would go",
    "尚不确定请求将发送到哪里",
);
/// Whose resource it will be.
pub const ACCOUNT: Text = t("Account", "账号");
/// The account when none is chosen.
pub const DEFAULT_ACCOUNT: Text = t("the proxy's default", "代理的默认账号配置");
/// The account's id in the request.
pub const ACCOUNT_ID: Text = t("Account ID", "账号 ID");
/// Where it will be.
pub const REGION: Text = t("Region", "地域");
/// No region was chosen.
pub const NO_REGION: Text = t("not chosen yet", "尚未选择");
/// Between two facts.
pub const BETWEEN: Text = t(" · ", " · ");

/// The heading of the review.
pub const REVIEW: Text = t("Review before it is created", "创建前核对");

/// What it is about.
pub const REVIEW_LEAD: Text = t(
    "This creates a real resource, exactly as it stands here.",
    "将完全按照此处的内容创建真实资源。",
);

/// Its keys.
pub const REVIEW_KEYS: Text = t(
    "Enter creates it, Escape does not.",
    "按 Enter 创建，按 Esc 不发送。",
);

/// Whose cloud it is.
pub const CLOUD: Text = t("Cloud", "云厂商");

/// What is doubtful about the values.
pub const REVIEW_WARNINGS: Text = t("Warnings", "警告");

/// The values.
pub const REVIEW_VALUES: Text = t("Everything that will be sent", "将发送的全部内容");

/// What undoing costs.
pub const UNDO_COSTS: Text = t("What undoing costs", "撤销说明");

/// Its deletion by the command below.
pub const UNDO_BY_COMMAND: Text = t(
    "Nothing here takes a creation back. As soon as nothing uses the resource, the vendor's console deletes it, or this command of the vendor's, with the ID from the answer; what was charged until then stays charged.",
    "创建后无法在此撤销。资源不再被使用后，可在厂商控制台中删除，或使用响应中的 ID 执行厂商的以下命令；在此之前产生的费用不会因删除而取消。",
);

/// Its deletion where no API is known.
pub const UNDO_IN_CONSOLE: Text = t(
    "Nothing here takes a creation back, and the vendor's SDK has no API for it. As soon as nothing uses the resource, the vendor's console deletes it; what was charged until then stays charged.",
    "创建后无法在此撤销，厂商 SDK 也没有提供删除接口。资源不再被使用后，可在厂商控制台中删除；在此之前产生的费用不会因删除而取消。",
);

/// The choice to go on.
pub const CREATE_REAL: Text = t("Create it for real", "确认创建");

/// The way to do without.
pub const REVIEW_SETTING: Text = t("A setting turns this review off.", "可在设置中关闭此核对。");
