//! What is said of filling a form from elsewhere, and of handing it over.

use tieline_catalog::text::t;
use tieline_catalog::{Message, Text};

/// The heading of what is pasted.
pub const PASTE: Text = t("Paste to fill", "粘贴填充");
/// What can be pasted.
pub const PASTE_HELP: Text = t(
    "A request URL, curl, JSON, XML, Terraform, a line of aliyun or hcloud, a call in a program, or a link to a form. Nothing of it is run or sent.",
    "可粘贴请求 URL、curl 命令、JSON、XML、Terraform 配置、aliyun 或 hcloud 命令、程序中的调用，或表单链接。内容不会被执行或发送。",
);
/// The field for it.
pub const PASTED: Text = t("Text to read", "要识别的文本");
/// Puts what was read into the form.
pub const FILL: Text = t("Fill in", "填入表单");
/// It is in the form.
pub const FILLED_IN: Text = t("Filled in.", "已填入。");
/// That was taken back.
pub const TAKEN_BACK: Text = t("Undone.", "已撤销。");
/// Takes it back.
pub const UNDO: Text = t("Undo", "撤销");
/// What was not understood.
pub const NOT_UNDERSTOOD: Text = t("Not understood", "未识别");
/// The operation has no such parameter.
pub const WHY_UNKNOWN: Text = t("no parameter of this operation", "不是此操作的参数");
/// It stands in a variable.
pub const WHY_VARIABLE: Text = t(
    "its value stands elsewhere, in a variable",
    "取值来自变量，文本中没有实际的值",
);
/// It came by a link or a file, which hand over nothing private and no token.
pub const WHY_WITHHELD: Text = t(
    "personal, a secret or a token, which is not taken from a link or a file",
    "属于个人信息、凭证或客户端 Token，不从链接或文件中填入",
);
/// It is not what the parameter takes.
pub const WHY_SHAPE: Text = t("not what the parameter takes", "不符合参数的类型");
/// Nothing is known of it.
pub const UNREADABLE: Text = t(
    "This cannot be read: it is too long.",
    "无法识别：文本过长。",
);
/// Nothing was found.
pub const NOTHING_FOUND: Text = t(
    "Nothing in it belongs to this form. The form is as it was.",
    "其中没有属于此表单的内容。表单未改变。",
);
/// Leads to another form.
pub const OPEN_ITS_FORM: Text = t(
    "Open its form with these values",
    "打开相应表单并填入这些值",
);

/// What was read, in numbers.
pub fn understood(format: Text, count: usize, left: usize) -> Message {
    let values = if count == 1 { "value" } else { "values" };
    let (en, zh) = match left {
        0 => (String::new(), String::new()),
        left => (format!(", {left} not"), format!("，{left} 个未识别")),
    };
    Message::new(
        format!("Read as {}: {count} {values} understood{en}.", format.en),
        format!("格式：{}。已识别 {count} 个值{zh}。", format.zh),
    )
}

/// It is an operation that is not here.
pub fn stranger(name: &str) -> Message {
    Message::new(
        format!("This is {name}, for which there is no form here. The form is as it was."),
        format!("这是 {name}，此处没有相应的表单。表单未改变。"),
    )
}

/// It is of another form.
pub fn of_another(title: Text) -> Message {
    Message::new(
        format!(
            "This is of another form: {}. This form is as it was.",
            title.en
        ),
        format!("这属于另一个表单：{}。当前表单未改变。", title.zh),
    )
}

/// The heading of what leads away from here.
pub const KEEP: Text = t("Hand over and keep", "分享与保存");
/// What is handed over.
pub const KEEP_HELP: Text = t(
    "The form as it is, without personal data, credentials and the token. Whoever opens it sends nothing by that.",
    "表单当前的内容，不含个人信息、凭证和客户端 Token。打开链接或文件不会发送任何请求。",
);
/// Copies the link.
pub const COPY_LINK: Text = t("Copy a link", "复制链接");
/// Writes a file.
pub const SAVE_FILE: Text = t("Download a file", "下载文件");
/// Opens a file.
pub const OPEN_FILE: Text = t("Open a file", "打开文件");
/// A file that is none of a form.
pub const NO_FORM: Text = t(
    "This file could not be read. The form is as it was.",
    "无法读取此文件。表单未改变。",
);
/// No file could be written.
pub const NOT_WRITTEN: Text = t(
    "The browser does not let the page write a file. Copy the link instead.",
    "浏览器不允许本页面写入文件。请改为复制链接。",
);
/// The presets.
pub const PRESETS: Text = t("Presets", "预设");
/// None is there.
pub const NO_PRESETS: Text = t("None is kept yet.", "尚未保存预设。");
/// A preset's name.
pub const PRESET_NAME: Text = t("Name of the preset", "预设名称");
/// Keeps one.
pub const KEEP_PRESET: Text = t("Keep as a preset", "保存为预设");
/// Removes one.
pub const DELETE_PRESET: Text = t("Delete", "删除");
/// The browser keeps nothing.
pub const NOT_KEPT: Text = t(
    "The browser could not keep it: storage is off, or full.",
    "浏览器无法保存：存储被禁用或已满。",
);
/// No name was given.
pub const NEEDS_A_NAME: Text = t("Give it a name first.", "请先输入名称。");

/// One was kept.
pub fn kept(name: &str) -> Message {
    Message::new(format!("Kept: {name}"), format!("已保存：{name}"))
}

/// One was deleted.
pub fn deleted(name: &str) -> Message {
    Message::new(format!("Deleted: {name}"), format!("已删除：{name}"))
}

/// The heading of what a link has brought.
pub const ARRIVED: Text = t("From a link", "来自链接");
/// The form has something in it already.
pub const ARRIVED_OVER: Text = t(
    "A link leads here with values. The form holds input already: fill them in over it?",
    "链接中包含参数值，而表单中已有内容。是否填入链接中的值，并覆盖相应字段？",
);
/// Folds what came.
pub const ARRIVED_VALUES: Text = t("What the link brings", "链接中的内容");
/// The link is done with.
pub const LEAVE: Text = t("Close", "关闭");

/// The heading of the reference.
pub const REFERENCE: Text = t("Reference", "参考");
/// Leads from a field to its paragraph there.
pub const ABOUT_PARAMETER: Text = t("About this parameter", "参数说明");
/// Leads from there to the field.
pub const BACK_TO_FIELD: Text = t("Back to the field", "返回该字段");
/// The document that is quoted.
pub const QUOTED_FROM: Text = t("Quoted from", "引自");
/// The vendor's public page.
pub const VENDOR_PAGE: Text = t("The vendor's page of this API", "厂商的 API 页面");
/// The parameters.
pub const PARAMETERS: Text = t("Parameters", "参数");
/// What the present document says otherwise.
pub const TODAY: Text = t("Different today:", "现行文档的不同之处：");
/// A parameter that the document does not have.
pub const NOT_IN_THE_DOCUMENT: Text = t("Not in the document; said by", "文档中没有，来源");
/// The fields of an answer.
pub const ANSWERS: Text = t("Answer", "返回参数");
/// The error codes.
pub const ERROR_CODES: Text = t("Error codes", "错误码");
/// The document's example of a request.
pub const EXAMPLE_REQUEST: Text = t("Example: request", "示例：请求");
/// The document's example of an answer.
pub const EXAMPLE_JSON: Text = t("Example: answer in JSON", "示例：JSON 响应");
/// Likewise.
pub const EXAMPLE_XML: Text = t("Example: answer in XML", "示例：XML 响应");
