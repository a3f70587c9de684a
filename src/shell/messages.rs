//! What the shell says beside the button that creates something.

use tieline_catalog::text::t;
use tieline_catalog::Text;

/// The form was emptied.
pub const CLEARED: Text = t("The form was cleared.", "表单已清空。");
/// The form was filled at one stroke.
pub const FILLED: Text = t("The form was filled in.", "已填充表单。");
/// That was taken back.
pub const UNDONE: Text = t("Undone.", "已撤销。");
/// The button that does so.
pub const UNDO: Text = t("Undo", "撤销");
