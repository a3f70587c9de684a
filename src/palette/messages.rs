//! What the palette and the list of keys say.

use tieline_catalog::text::t;
use tieline_catalog::{Message, Text};

/// The dialog, and the button that opens it.
pub const PALETTE: Text = t("Go to or do…", "跳转或执行…");
/// What can be typed.
pub const HINT: Text = t(
    "Operations, fields, regions, error codes, records, settings",
    "操作、字段、地域、错误码、历史记录、设置",
);
/// The list.
pub const RESULTS: Text = t("Results", "结果");
/// Nothing fits.
pub const NONE: Text = t("Nothing matches.", "没有匹配项。");
/// The dialog with the keys, and the action that shows it.
pub const KEYS: Text = t("Keyboard shortcuts", "键盘快捷键");
/// The action that shows the tour.
pub const TOUR: Text = t("Tour of one minute", "一分钟导览");
/// The button that closes it.
pub const CLOSE: Text = t("Close", "关闭");
/// What Ctrl or Command with K does.
pub const OPENS: Text = t("Go to anything, or do it", "跳转到任意位置或执行操作");
/// What a slash does.
pub const SEARCHES: Text = t("Search the operations", "搜索操作");
/// What a question mark does.
pub const SHOWS_KEYS: Text = t("Show these keys", "显示快捷键");
/// What Ctrl or Command with Enter does in a form.
pub const CREATES: Text = t(
    "In a form: create, from any field",
    "在表单中：在任意字段内直接创建",
);
/// What Ctrl or Command with Z does in a form.
pub const UNDOES: Text = t(
    "In a form: take back a clearing or filling",
    "在表单中：撤销清空或填充",
);
/// What F1 does in a form.
pub const EXPLAINS: Text = t(
    "In a field: what the document says of it",
    "在字段中：查看文档对该参数的说明",
);
/// What the arrows and Enter do.
pub const CHOOSES: Text = t("In the list: move and choose", "在列表中：移动并选择");
/// What Escape does.
pub const CLOSES: Text = t("Close what lies over the page", "关闭弹出的内容");
/// Whether keys without Ctrl or Command do anything.
pub const SINGLE: Text = t("Use / and ? outside of fields", "在输入框之外使用 / 和 ?");
/// The way to the error centre with what was typed.
pub const EXPLAIN: Text = t("Look it up in the error centre", "在错误中心查询");

/// How many there are.
pub fn count(count: usize) -> Message {
    match count {
        1 => Message::new("1 result", "1 个结果"),
        _ => Message::new(format!("{count} results"), format!("{count} 个结果")),
    }
}
