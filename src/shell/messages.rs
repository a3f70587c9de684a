//! What the shell says of where something is created, and beside the button that creates it.

use tieline_catalog::text::t;
use tieline_catalog::Text;

/// Real clouds answer.
pub const LIVE: Text = t("LIVE", "正式环境");
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
pub const DEFAULT_ACCOUNT: Text = t("the proxy's default", "代理的默认账号");
/// The account's id in the request.
pub const ACCOUNT_ID: Text = t("Account id", "账号 ID");
/// Where it will be.
pub const REGION: Text = t("Region", "地域");
/// No region was chosen.
pub const NO_REGION: Text = t("not chosen yet", "尚未选择");
/// Between two facts.
pub const BETWEEN: Text = t(" · ", " · ");

/// The form was emptied.
pub const CLEARED: Text = t("The form was cleared.", "表单已清空。");
/// The form was filled at one stroke.
pub const FILLED: Text = t("The form was filled in.", "已填充表单。");
/// That was taken back.
pub const UNDONE: Text = t("Undone.", "已撤销。");
/// The button that does so.
pub const UNDO: Text = t("Undo", "撤销");
