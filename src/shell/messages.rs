//! What the shell says beside the button that creates something, and where there is no network.

use tieline_catalog::text::t;
use tieline_catalog::Text;

/// The browser says that there is no network.
pub const OFFLINE: Text = t("This device is offline.", "此设备未联网。");

/// What that means.
pub const OFFLINE_ADVICE: Text = t(
    "Only a proxy on this computer can be reached until it is connected again, which the page notices. What you type stays.",
    "恢复联网之前只能访问本机上的代理，页面会自动检测。已输入的内容会保留。",
);

/// The form was emptied.
pub const CLEARED: Text = t("The form was cleared.", "表单已清空。");
/// The form was filled at one stroke.
pub const FILLED: Text = t("The form was filled in.", "已填充表单。");
/// That was taken back.
pub const UNDONE: Text = t("Undone.", "已撤销。");
/// The button that does so.
pub const UNDO: Text = t("Undo", "撤销");
