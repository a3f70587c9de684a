//! What the error centre and its neighbours say.

use tieline_catalog::error_centre::place_of;
use tieline_catalog::errors::denies;
use tieline_catalog::refusal::Refusal;
use tieline_catalog::text::t;
use tieline_catalog::{Lang, Message, Operation, Text};
use yew::prelude::*;

/// What it is.
pub const LEAD: Text = t(
    "Every error code of the documents, and those common to all operations: what it means, whether anything was created, and what to do.",
    "文档中的全部错误码以及各操作的公共错误码：含义、是否已创建资源、如何处理。",
);
/// The field.
pub const ASK: Text = t(
    "Error code, whole error answer, or request ID",
    "错误码、完整的错误响应或请求 ID",
);
/// What becomes of what is pasted.
pub const ASK_HELP: Text = t(
    "What you paste stays in this page: it is neither stored nor sent.",
    "粘贴的内容仅留在本页面，不会保存也不会发送。",
);
/// The link from one code to all.
pub const ALL: Text = t("All error codes", "全部错误码");
/// An answer that tells nothing.
pub const UNREADABLE: Text = t(
    "This looks like an answer, but it carries no error code that can be read.",
    "这看起来是一个响应，但其中没有可读取的错误码。",
);
/// Nothing fits.
pub const NONE: Text = t(
    "No error code and no record of the history matches.",
    "没有匹配的错误码或历史记录。",
);
/// The heading of the codes of no single operation.
pub const COMMON: Text = t("Common to all operations", "各操作的公共错误码");
/// The heading of answers without a code.
pub const WITHOUT: Text = t("Answers without an error code", "没有错误码的响应");
/// What a family is.
pub const ANY_ENDING: Text = t("The asterisk stands for any ending.", "星号代表任意后缀。");
/// The meaning.
pub const MEANING: Text = t("Meaning and cause", "含义与原因");
/// Whether anything was created.
pub const CONSEQUENCE: Text = t("Created?", "是否已创建");
/// What to do.
pub const ADVICE: Text = t("What to do", "如何处理");
/// The field.
pub const FIELD: Text = t("Field", "字段");
/// The documented status and message.
pub const DOCUMENTED: Text = t("As documented", "文档原文");
/// Whose word it is.
pub const SOURCE: Text = t("Source", "来源");
/// The vendor's own.
pub const VENDORS: Text = t("The vendor's list of codes", "厂商错误码列表");
/// The operation.
pub const OPERATION: Text = t("Operation", "操作");
/// The tour: what this is.
pub const TOUR_WHAT: Text = t(
    "Tieline creates cloud-network resources. What you type is checked by the vendor's own document, and each request is sent exactly once.",
    "Tieline 用于创建云网络资源：按云厂商文档校验输入，每个请求只发送一次。",
);
/// The tour: the operations.
pub const TOUR_CHOOSE: Text = t(
    "Choose here what to create, or search. Beside each form stands the exact request, before anything is sent.",
    "在此选择或搜索要创建的资源。每个表单旁都会显示将要发送的请求。",
);
/// The tour: the connection.
pub const TOUR_REAL: Text = t(
    "This says where requests go, and whether what they create is real. What is real is reviewed by you first.",
    "此处显示请求发往何处，以及创建的资源是否真实。真实创建前会先请您确认。",
);
/// The tour: the history.
pub const TOUR_RECORD: Text = t(
    "Every request is recorded here before it leaves. If an answer is lost, you are told so and helped to look, instead of creating it twice.",
    "每个请求在发送前都会记录于此。若响应丢失，页面会如实告知并协助查询，避免重复创建。",
);
/// The tour: the palette.
pub const TOUR_KEYS: Text = t(
    "This leads anywhere: to operations, fields, error codes, records, and to this tour again. With a keyboard it is Ctrl K, and ? lists all keys.",
    "此处可跳转到任意操作、字段、错误码或历史记录，也可再次打开本导览。使用键盘时按 Ctrl K；按 ? 键可查看全部快捷键。",
);
/// Leads on.
pub const TOUR_NEXT: Text = t("Next", "下一步");
/// Leads back.
pub const TOUR_BACK: Text = t("Back", "上一步");
/// Leaves it before its end.
pub const TOUR_SKIP: Text = t("Skip the tour", "跳过导览");
/// Leaves it at its end.
pub const TOUR_DONE: Text = t("Done", "完成");
/// The key that leaves it.
pub const TOUR_ESCAPE: Text = t("Esc leaves it.", "按 Esc 退出。");

/// Where one is in the tour.
pub fn tour_step(at: usize, of: usize) -> Message {
    Message::new(
        format!("Tour, {at} of {of}:"),
        format!("导览 {at} / {of}："),
    )
}

/// The link from an answer.
pub const MEANS: Text = t("What it means", "查看含义");
/// The link to the policy that an operation needs.
pub const SHOW_POLICY: Text = t("Show the policy that it needs", "查看所需的权限策略");
/// What was pasted.
pub const READ: Text = t("Read from the answer", "从响应中识别出");
/// The record of a request id.
pub const RECORD: Text = t("In the history", "历史记录中的请求");
/// What holds of all codes.
pub const STATUS_NOTE: Text = t(
    "Whether anything was created holds with the documented HTTP status. With 408 or a 5xx status it is unknown.",
    "“是否已创建”的结论仅在响应的 HTTP 状态码与文档所列一致时成立。状态码为 408 或 5xx 时，结果一律视为未知。",
);

/// How many there are.
pub fn count(count: usize) -> Message {
    match count {
        1 => Message::new("1 entry", "1 条"),
        _ => Message::new(format!("{count} entries"), format!("{count} 条")),
    }
}

/// The link from a refusal for want of a permission to the policy that has it.
pub fn action_link(op: &'static Operation, refusal: &Refusal, lang: Lang) -> Html {
    if !denies(op, &refusal.code) {
        return Html::default();
    }
    html! { <a href={format!("#/permissions/{}", op.name)}>{ SHOW_POLICY.get(lang) }</a> }
}

/// The link from an answer to what it means, where it has a place.
pub fn error_link(op: &'static Operation, refusal: &Refusal, lang: Lang) -> Html {
    let place = place_of(op, refusal);
    if place.is_empty() {
        return Html::default();
    }
    html! { <a href={format!("#/errors/{place}")}>{ MEANS.get(lang) }</a> }
}
