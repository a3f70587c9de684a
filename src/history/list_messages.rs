//! The texts of the list as a tool: selected rows and what is done with them.

use tieline_catalog::text::t;
use tieline_catalog::Text;

// The selection.
pub const SELECT: Text = t("Select {}", "选择 {}");
pub const SELECT_ALL: Text = t("Select all records shown: {}", "选择显示的全部 {} 条记录");
pub const SELECTED: Text = t("Selected: {}", "已选择 {} 条");
pub const CLEAR: Text = t("Clear the selection", "取消选择");
pub const CHECK: Text = t("Check", "核对");
pub const CHECK_THESE: Text = t(
    "Check against the cloud: the selected records",
    "核对所选记录与云端是否一致",
);
pub const JSON_THESE: Text = t("Export JSON: the selected records", "导出 JSON：所选记录");
pub const CSV_THESE: Text = t("Export CSV: the selected records", "导出 CSV：所选记录");
pub const DELETE: Text = t("Delete", "删除");
pub const DELETE_THESE: Text = t("Delete the selected records", "删除所选记录");

// Deleting many.
pub const ASK_DELETE: Text = t("Delete the selected records: {}?", "删除所选的 {} 条记录？");
pub const ASK_DELETE_TEXT: Text = t(
    "Only the records in this browser are deleted. The resources themselves stay as they are.",
    "仅删除此浏览器中的记录，资源本身不受影响。",
);
pub const ASK_DELETE_UNKNOWN: Text = t(
    "Records of which it is not known whether a resource was created: {}. Without them nobody reminds you of it, and the same request can be sent a second time without a question.",
    "其中 {} 条记录尚不清楚资源是否已创建。删除后将不再有任何提示，相同的请求可能不经确认就再次发送。",
);
pub const ASK_DELETE_PENDING: Text = t(
    "Records that stay, because their requests are still in progress: {}.",
    "其中 {} 条记录的请求仍在处理中，将予以保留。",
);
pub const DELETING: Text = t("Deleting: {} of {}…", "正在删除：{} / {}…");
pub const DELETED: Text = t("Records deleted: {}.", "已删除 {} 条记录。");
pub const DELETED_PARTLY: Text = t(
    "The browser's storage failed. Records deleted: {} of {}.",
    "浏览器存储失败，已删除 {} / {} 条记录。",
);
pub const RESTORED: Text = t("Records that are there again: {}.", "已恢复 {} 条记录。");

// The details.
pub const COPY_REQUEST_ID: Text = t("Copy the request ID", "复制请求 ID");

// The columns.
pub const COLUMNS: Text = t("Columns", "列设置");
pub const USUAL_COLUMNS: Text = t("Usual columns", "恢复默认列");
pub const REGION: Text = t("Region", "地域");

// The days.
pub const YESTERDAY: Text = t("Yesterday", "昨天");
pub const WEEKDAYS: [Text; 7] = [
    t("Sunday", "星期日"),
    t("Monday", "星期一"),
    t("Tuesday", "星期二"),
    t("Wednesday", "星期三"),
    t("Thursday", "星期四"),
    t("Friday", "星期五"),
    t("Saturday", "星期六"),
];

// The note.
pub const NOTE: Text = t("Note", "备注");
pub const NOTE_HINT: Text = t(
    "Kept with the record and in exports; it is not sent to the cloud. Saved when you leave the field.",
    "随记录保存并导出，不会发送到云端。离开输入框时自动保存。",
);
pub const NOTE_SAVED: Text = t("The note is saved.", "备注已保存。");
/// In the time line.
pub const NOTED: Text = t("A note was written", "已填写备注");
pub const NOTE_REMOVED: Text = t("The note was removed", "已删除备注");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_gaps() {
        for text in [
            SELECT,
            SELECT_ALL,
            SELECTED,
            ASK_DELETE,
            ASK_DELETE_UNKNOWN,
            ASK_DELETE_PENDING,
            DELETING,
            DELETED,
            DELETED_PARTLY,
            RESTORED,
        ] {
            let gaps = |text: &str| text.matches("{}").count();
            assert!(
                gaps(text.en) > 0 && gaps(text.en) == gaps(text.zh),
                "{}",
                text.en
            );
        }
    }
}
