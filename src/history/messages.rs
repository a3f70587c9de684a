//! Every text of the history in its two languages. `{}` stands for what [`with`] puts there.

use tieline_catalog::text::t;
use tieline_catalog::{Lang, Message, Text};

use tieline_records::{Outcome, Search, Verdict};

/// A text with its `{}` replaced, in order.
pub fn with(text: Text, lang: Lang, values: &[&str]) -> String {
    let mut parts = text.get(lang).split("{}");
    let mut filled = parts.next().unwrap_or_default().to_string();
    for (i, part) in parts.enumerate() {
        filled += values.get(i).copied().unwrap_or_default();
        filled += part;
    }
    filled
}

/// The name of an outcome.
pub const fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Pending => t("Sending", "发送中"),
        Outcome::Created => t("Created", "已创建"),
        Outcome::Rejected => t("Rejected", "被拒绝"),
        Outcome::NotExecuted => t("Not executed", "未执行"),
        Outcome::Unknown => t("Outcome unknown", "结果未知"),
    }
}

/// The name of a verdict.
pub const fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Creating => t("Creating", "创建中"),
        Verdict::Active => t("Created", "已创建"),
        Verdict::Gone => t("Gone", "已不存在"),
        Verdict::Unknown => t("Outcome unknown", "结果未知"),
        Verdict::NotCreated => t("Not created", "未创建"),
    }
}

/// What is to be said about a resource in one word: the verdict, as exactly as the outcome allows.
pub const fn standing(shown: Outcome, told: Verdict) -> Text {
    match (told, shown) {
        (Verdict::Creating, Outcome::Pending) => outcome(Outcome::Pending),
        (Verdict::NotCreated, Outcome::Rejected | Outcome::NotExecuted) => outcome(shown),
        _ => verdict(told),
    }
}

/// The meaning of a verdict for the user, where a client token was sent and where not.
pub const fn meaning(outcome: Outcome, verdict: Verdict, token: bool) -> Text {
    match (outcome, verdict) {
        (Outcome::Pending, Verdict::Creating) => {
            t("The request is still in progress.", "请求仍在处理中。")
        }
        (_, Verdict::Creating) => t(
            "The cloud has accepted the resource and is still making it.",
            "云端已受理，资源仍在创建中。",
        ),
        (_, Verdict::Active) => t("The resource was created.", "资源已创建。"),
        (_, Verdict::Gone) => t(
            "The resource was created, and the last look no longer found it.",
            "资源曾创建成功，但最近一次查询已找不到。",
        ),
        (Outcome::Rejected, Verdict::NotCreated) => t(
            "The request was refused. Nothing was created.",
            "请求被拒绝，未创建任何资源。",
        ),
        (_, Verdict::NotCreated) => t(
            "Nothing was executed. It can be sent again.",
            "请求未被执行，可以重新发送。",
        ),
        (_, Verdict::Unknown) if token => t(
            "It is not known whether the resource was created. Fill the form again and send it: that repeats this request with its same token and creates no second resource.",
            "尚不清楚资源是否已创建。请用此记录填充表单并发送：这会使用相同的客户端 Token 重试此请求，不会创建第二个资源。",
        ),
        (_, Verdict::Unknown) => t(
            "It is not known whether the resource was created. Look it up before you send again.",
            "尚不清楚资源是否已创建。请先查询，再决定是否重新发送。",
        ),
    }
}

pub const LOADING: Text = t("Reading the history…", "正在读取历史记录…");
pub const IN_MEMORY: Text = t(
    "This browser does not let the page store the history: it forbids it, or its storage is full. Nothing is sent unless you say so. The history is kept in memory and is gone when this tab closes: export it, or note the IDs, before you leave.",
    "浏览器不允许本页面保存历史记录：可能是存储被禁用或空间已满。未经您确认不会发送任何请求。记录仅保存在内存中，关闭此标签页后即丢失：离开前请先导出，或记下资源 ID。",
);
pub const NEWER: Text = t(
    "A newer version of this page has written this browser's history. It is shown, searched and exported here, and nothing can be added to it: reload the page to get the newer version. Nothing is sent unless you say so, and its record is gone when this tab closes.",
    "此浏览器中的历史记录由较新版本的页面写入。此处可以查看、搜索和导出，但无法写入：请重新加载页面以获取新版本。未经您确认不会发送任何请求；经确认发送的请求，相应记录在关闭此标签页后即丢失。",
);
/// Why something cannot be done, then.
pub const READ_ONLY: Text = t(
    "A newer version of this page has written this history: it cannot be changed here.",
    "历史记录由较新版本的页面写入，此处无法更改。",
);
/// The database does not answer.
pub const WAITING: Text = t(
    "The browser's storage does not take the latest changes of the history. They are kept in this tab and written as soon as it does: keep the tab open, or export the history first. Another tab may hold the storage; close other tabs of this page.",
    "浏览器存储暂时无法写入最近的历史记录更改。更改保存在此标签页中，存储恢复后会立即写入：请保持此标签页打开，或先导出历史记录。存储可能被其他标签页占用，请关闭本页面的其他标签页。",
);
/// The host page keeps the history, and has not.
#[cfg(feature = "embed")]
pub const NOT_TAKEN: Text = t(
    "The host page did not save the history. It is kept in memory and is gone when this tab closes: export it, or note the IDs, before you leave.",
    "宿主页面未能保存历史记录。记录仅保存在内存中，关闭此标签页后即丢失：离开前请先导出，或记下资源 ID。",
);
pub const UNREADABLE: Text = t(
    "Not all of the stored history could be read. Nothing of it is lost: reload the page; what then still cannot be read was written by a newer version or is damaged.",
    "部分已保存的历史记录无法读取，但不会丢失：请重新加载页面；若仍有内容无法读取，则该内容由较新版本写入，或已损坏。",
);
pub const EMPTY: Text = t("Nothing has been sent yet", "尚未发送任何请求");
pub const EMPTY_HINT: Text = t(
    "Every creation is written here before it is sent, without personal data and secrets. Choose an operation to begin, or import an earlier export.",
    "每个创建请求在发送之前都会记录在此，不含个人信息和凭证。请选择一个操作开始，或导入以前导出的文件。",
);
pub const NO_MATCH: Text = t("No records match the filter", "没有符合筛选条件的记录");
pub const CLEAR: Text = t("Clear the filter", "清除筛选");
pub const COUNT: Text = t("Records: {}", "{} 条记录");
pub const COUNT_OF: Text = t("{} of {} records", "{} / {} 条记录");

// The filter.
pub const FILTER: Text = t("Filter the history", "筛选历史记录");
pub const TEXT: Text = t("Text", "文本");
pub const TEXT_HINT: Text = t(
    "Name, ID, region, address, request ID…",
    "名称、ID、地域、地址、请求 ID…",
);
pub const OPERATION: Text = t("Operation", "操作");
pub const OUTCOME: Text = t("Outcome", "结果");
pub const ALL: Text = t("All", "全部");
pub const PERIOD: Text = t("Time", "时间范围");
pub const ANY_TIME: Text = t("Any time", "不限");
pub const TODAY: Text = t("Today", "今天");
pub const LAST_DAYS: Text = t("Last {} days", "最近 {} 天");
pub const RANGE: Text = t("From … to …", "自定义范围");
pub const FROM: Text = t("From", "起始日期");
pub const TO: Text = t("To", "结束日期");

// The files.
pub const EXPORT_JSON: Text = t("Export JSON", "导出 JSON");
pub const EXPORT_CSV: Text = t("Export CSV", "导出 CSV");
pub const IMPORT: Text = t("Import JSON", "导入 JSON");
pub const EXPORTED: Text = t("Records exported: {}.", "已导出 {} 条记录。");
pub const EXPORTED_PARTLY: Text = t(
    "Records exported: {}. The stored history cannot be read: {} of them have only what the list shows, and of their parameters only the name.",
    "已导出 {} 条记录。无法读取已保存的历史记录：其中 {} 条仅包含列表中显示的内容，参数中仅保留资源名称。",
);
pub const EXPORTED_PART: Text = t(
    "The file has a part of the history, not all of it.",
    "该文件仅包含部分历史记录。",
);
pub const EXPORTED_DAMAGED: Text = t(
    "Damaged values that were set aside and are not in the file: {}. Save their raw content as a file of its own.",
    "有 {} 个已损坏并单独保留的值不在该文件中。请将其原始内容另存为文件。",
);
pub const EXPORTED_UNPROVEN: Text = t(
    "The receipts could not be read and are not in the file: export it again.",
    "未能读取回执，文件中不含回执：请重新导出。",
);
pub const EXPORT_FAILED: Text = t(
    "The browser did not let the page write a file.",
    "浏览器不允许本页面写入文件。",
);
pub const RECEIPTS: Text = t("Receipts: {}, the last one ", "回执：{} 条，最后一条：");
pub const COPY_HEAD: Text = t("Copy the chain's head", "复制回执链末端的哈希值");
pub const UNEXPORTED: Text = t(
    "Resource IDs that are in this browser only: {}. Export the history as JSON, so that they outlast it.",
    "仅保存在此浏览器中的资源 ID：{} 个。请导出 JSON 进行备份。",
);
pub const IMPORTING: Text = t("Importing: {} of {}…", "正在导入：{} / {}…");
pub const IMPORTED: Text = t(
    "Imported: {} new, {} updated, {} already there, {} refused.",
    "导入完成：新增 {} 条，更新 {} 条，已存在 {} 条，拒绝 {} 条。",
);
pub const IMPORT_PRIVATE: Text = t(
    "Personal or secret values left out: {}.",
    "已略去 {} 个个人信息或凭证值。",
);
pub const IMPORT_DOUBLE: Text = t(
    "Records that name a resource which another record already names: {}. All are kept; look which request made it before you rely on them.",
    "有 {} 条记录的资源已属于其他记录。这些记录均已保留；使用前请核对资源由哪个请求创建。",
);
pub const IMPORT_BROKEN: Text = t(
    "The file's receipts do not hold: something in it was changed. Its records were imported without them; `tieline-proxy verify` says what differs.",
    "文件的回执链校验未通过：文件内容被更改过。记录已导入，但未采用其中的回执；运行 `tieline-proxy verify` 可指出差异所在。",
);
pub const IMPORT_FIRST_BAD: Text = t(
    "First refused record, number {}: {}",
    "首条被拒绝的记录为第 {} 条：{}",
);
pub const IMPORT_STOPPED: Text = t(
    "The browser's storage failed, perhaps because it is full. What was imported until then is kept.",
    "浏览器存储失败，可能空间已满。此前导入的记录已保留。",
);
pub const FILE_TOO_LARGE: Text = t(
    "The file is larger than 256 MiB. Split the export by a filter.",
    "文件超过 256 MiB。请在导出时使用筛选分批导出，再逐个导入。",
);
pub const FILE_UNREADABLE: Text = t(
    "The browser could not read the file as text. Choose a file that “Export JSON” has written.",
    "浏览器无法以文本读取该文件。请选择由“导出 JSON”生成的文件。",
);
pub const FILE_NOT_JSON: Text = t(
    "The file is not JSON, or it is incomplete. Choose a file that “Export JSON” has written.",
    "该文件不是 JSON，或内容不完整。请选择由“导出 JSON”生成的文件。",
);
pub const FILE_FOREIGN: Text = t(
    "The file is JSON, but no exported history. Choose a file that “Export JSON” has written.",
    "该文件是 JSON，但不是导出的历史记录。请选择由“导出 JSON”生成的文件。",
);
pub const FILE_NEWER: Text = t(
    "The file comes from a newer version of this page. Reload the page, then import it again.",
    "该文件由较新版本的页面导出。请重新加载页面后再导入。",
);
/// Why something cannot be done with a record of one that is only shown.
pub const FILE_READ_ONLY: Text = t(
    "This record is in a file that is only shown: it is not changed, nobody is asked about it, and no form is filled with it.",
    "此记录来自仅供查看的文件：无法更改、向云端查询或用于填充表单。",
);
pub const RECORD_SHAPE: Text = t(
    "a field is missing or of the wrong type.",
    "缺少字段或字段类型错误。",
);
pub const RECORD_OPERATION: Text = t(
    "it names no creation that this page knows.",
    "其操作不是本页面已知的创建操作。",
);
pub const RECORD_VALUES: Text = t(
    "a field holds characters or a length that it cannot have.",
    "某个字段的字符或长度不符合要求。",
);
pub const RECORD_TIMES: Text = t(
    "its times contradict each other or lie in the future.",
    "各时间前后矛盾，或晚于当前时间。",
);
pub const RECORD_OUTCOME: Text = t(
    "its outcome and its resource ID contradict each other.",
    "其结果与资源 ID 相矛盾。",
);
pub const RECORD_PARAMS: Text = t(
    "its parameters are not those of its operation.",
    "其参数与操作不符。",
);

// The table.
pub const TIME: Text = t("Time", "时间");
pub const NAME: Text = t("Name", "名称");
pub const RESOURCE_ID: Text = t("Resource ID", "资源 ID");
pub const NONE: Text = t("none", "无");
pub const ABSENT: Text = t("Not found", "未找到");
pub const NOT_VISIBLE: Text = t("Not visible yet", "暂不可见");
pub const KEYS: Text = t(
    "Arrow keys or j and k move between the records, x selects one, Shift+X all from the last one selected, Enter shows the details, / leads to the search.",
    "用方向键或 j、k 键在记录之间移动，按 x 键选择，按 Shift+X 选择一段，按 Enter 键查看详情，按 / 键转到搜索。",
);

// The details.
pub const CLOSE: Text = t("Close the details", "关闭详情");
pub const CREATED_AT: Text = t("Written", "记录时间");
pub const UPDATED_AT: Text = t("Last changed", "最后更改");
pub const KEY: Text = t("Idempotency key", "幂等键");
pub const ENDPOINT: Text = t("Sent to", "发送至");
pub const FOUND_AT: Text = t("Found at", "发现于");
pub const IN_PAGE: Text = t("Sandbox in this page", "页面内沙箱");
pub const ERROR_CODE: Text = t("Error code", "错误码");
pub const ERROR_MESSAGE: Text = t("Error message", "错误信息");
pub const PARAMETERS: Text = t("Parameters", "参数");
pub const PARAMETERS_NOTE: Text = t(
    "Personal data and secrets are never stored, so they are missing here.",
    "个人信息和凭证从不保存，因此此处不显示。",
);
pub const NO_PARAMETERS: Text = t("No parameters were stored.", "没有保存任何参数。");

// What a look-up found.
pub const LOOK_UP_BY_ADDRESS: Text = t("Look it up by its address", "按地址查询");
pub const EVIDENCE: Text = t("asked for {}, found {}: {}", "请求值 {}，实际值 {}：{}");
pub const AGREES: Text = t("the same", "一致");
pub const DIFFERS: Text = t("different", "不一致");
pub const MADE_AT: Text = t("Created", "创建时间");

// The time line.
pub const TIMELINE: Text = t("What happened", "事件记录");
pub const SENT_TO: Text = t("Sent to {}", "已发送至 {}");
pub const SENT_WITH_TOKEN: Text = t(
    "Sent to {}, with a client token",
    "已携带客户端 Token 发送至 {}",
);
pub const BY_CLOUD: Text = t("The cloud answered: {}", "云端响应：{}");
pub const BY_PROXY: Text = t("The proxy answered: {}", "代理响应：{}");
pub const BY_PAGE: Text = t("This page did not send it", "本页面未发送此请求");
pub const BY_NOBODY: Text = t("No answer came", "未收到响应");
pub const LOOKED_BY_NAME: Text = t("Looked up by its name: {} found", "按名称查询：找到 {} 个");
pub const LOOKED_BY_ADDRESS: Text = t(
    "Looked up by its region and address: {} found",
    "按地域和地址查询：找到 {} 个",
);
pub const LOOKED_BY_USER: Text = t("You said that you looked yourself", "您已确认自行核对过");
pub const LOOKED_IN_VAIN: Text = t(
    "The look-up failed, or did not come to its end",
    "查询失败或未全部完成",
);
pub const CHOSEN: Text = t(
    "{} was chosen as its resource",
    "已选定 {} 为此请求创建的资源",
);
pub const TAKEN_OVER: Text = t(
    "{} was found at {} and taken over. It was not sent from here. Created by the cloud's word: {}",
    "已查询到 {}（通过 {}）并纳入历史记录。创建请求并非从此处发送。云端记录的创建时间：{}",
);
pub const NOT_TOLD: Text = t("not told", "未提供");
pub const REPORTED: Text = t("Status {}", "状态：{}");
pub const REPORTED_ABSENT: Text = t("{} was not found", "未找到 {}");
pub const FROM_FILE: Text = t("Imported from a file", "从文件导入");
pub const BEFORE: Text = t("Before there was a time line: {}", "启用事件记录之前：{}");
pub const OF_LATER: Text = t("Something of a later version: {}", "较新版本写入的内容：{}");
pub const OTHERS: Text = t(
    "This request is said to have made other resources, too: {}. Look which of them you need.",
    "有记录表明此请求还创建了其他资源：{}。请核对哪些是需要的。",
);

// The actions.
pub const REFRESH: Text = t("Refresh the status", "刷新状态");
pub const REFRESHING: Text = t("Asking for the status…", "正在查询状态…");
pub const COPIED: Text = t("Copied: {}", "已复制：{}");
pub const COPY_FAILED: Text = t(
    "The browser does not let the page copy. Select the ID and copy it yourself.",
    "浏览器不允许页面复制。请手动选择 ID 并复制。",
);
pub const FILL: Text = t("Fill the form again", "用此记录填充表单");
/// Said while a lost resource is looked for.
pub const fn looking(by: Search) -> Text {
    match by {
        Search::Address => t("Looking for the address…", "正在按地址查询…"),
        Search::Name | Search::User => t("Looking for the name…", "正在按名称查询…"),
    }
}
pub const DELETE: Text = t("Delete the record", "删除记录");
pub const ELSEWHERE: Text = t(
    "This was sent to {}. Choose that target and account in Settings to ask about it.",
    "此请求发送至 {}。如需查询，请在“设置”的“发送到”和“代理使用的账号配置”中选择相应的值。",
);
pub const ELSEWHERE_DEFAULT: Text = t(
    "This was sent to {} with the proxy's default account. Choose that target and account in Settings to ask about it.",
    "此请求使用代理的默认账号配置发送至 {}。如需查询，请在“设置”的“发送到”和“代理使用的账号配置”中选择相应的值。",
);
pub const NO_READ: Text = t(
    "Its status cannot be read: the API needs parameters that are not stored.",
    "无法查询状态：API 所需的参数未保存在记录中。",
);
pub const STATUS_NOW: Text = t("{}: status {}.", "{}：状态 {}。");
pub const STATUS_SAME: Text = t("The status is still {}.", "状态仍为 {}。");
pub const STATUS_ABSENT: Text = t(
    "{} was not found. It may have been deleted since, or not be visible yet.",
    "未找到 {}。可能已被删除，或暂时还查询不到。",
);
/// What was found then.
pub const fn found(by: Search) -> Text {
    match by {
        Search::Address => t(
            "Found {} with this address. Choose the one that this request made:",
            "找到 {} 个地址相同的资源。请选择此请求创建的那一个：",
        ),
        Search::Name | Search::User => t(
            "Found {} of this name. Choose the one that this request made:",
            "找到 {} 个名称相同的资源。请选择此请求创建的那一个：",
        ),
    }
}
pub const ADOPTED: Text = t("{} is now in the record.", "{} 已关联到此记录。");

// The question before deleting.
pub const ASK_DELETE: Text = t("Delete this record?", "删除这条记录？");
pub const ASK_DELETE_TEXT: Text = t(
    "Only the record in this browser is deleted. The resource itself stays as it is.",
    "仅删除此浏览器中的记录，资源本身不受影响。",
);
pub const ASK_DELETE_UNKNOWN: Text = t(
    "It is not known whether its resource was created. Without the record nobody reminds you of it, and the same request can be sent a second time without a question.",
    "尚不清楚其资源是否已创建。删除后将不再有任何提示，相同的请求可能不经确认就再次发送。",
);
pub const NO_DELETE: Text = t(
    "Its request is still in progress; the record can be deleted when it has ended.",
    "请求仍在处理中；结束后才能删除记录。",
);
pub const YES_DELETE: Text = t("Delete", "删除");
pub const CANCEL: Text = t("Cancel", "取消");
pub const DELETED: Text = t("The record was deleted.", "记录已删除。");
pub const DELETE_FAILED: Text = t(
    "The browser's storage failed; the record is still there. Try again.",
    "浏览器存储失败，记录仍然存在。请重试。",
);

// The check against the cloud.
pub const CHECK: Text = t("Check against the cloud", "与云端核对");
pub const CHECKING: Text = t("Checking against the cloud…", "正在与云端核对…");
pub const NOTHING_TO_CHECK: Text = t(
    "None of these records has a resource that can be asked about at the present target.",
    "这些记录中没有可在当前目标上核对的资源。",
);
pub const STOP_CHECK: Text = t("Stop checking", "停止核对");
pub const CHECKED: Text = t(
    "Checked: {} of {}. As recorded: {}. Different: {}. Gone: {}. Could not be asked about: {}.",
    "已核对 {} / {}。一致 {} 个，不一致 {} 个，已不存在 {} 个，无法核对 {} 个。",
);
pub const CHECKED_GONE: Text = t("not found", "未找到");
pub const CHECKED_STATUS: Text = t("status {}, now {}", "状态由 {} 变为 {}");
pub const CHECKED_VALUE: Text = t("{}: asked for {}, now {}", "{}：请求值为 {}，当前为 {}");
pub const PLACE: Text = t("{} ({})", "{}（{}）");
pub const UNASKED: Text = t("{}: {} could not be asked about", "{}：{} 个无法核对");
pub const CHECK_REASONS: Text = t(
    "Why some could not be asked about",
    "部分资源无法核对的原因",
);
pub const CHECK_FINDINGS: Text = t("What differs from the history", "与历史记录不一致之处");

pub const UNDO: Text = t("Undo", "撤销");
pub const RESTORED: Text = t("The record is there again.", "记录已恢复。");
pub const RESTORE_FAILED: Text = t(
    "The browser's storage failed; the record was not restored. Try again.",
    "浏览器存储失败，记录未恢复。请重试。",
);

/// A resource has this status now.
pub fn now(id: &str, status: &str) -> Message {
    Message::new(format!("{id}: {status}"), format!("{id}：{status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_their_values_in_both_languages() {
        assert_eq!(with(COUNT_OF, Lang::En, &["2", "9"]), "2 of 9 records");
        assert_eq!(with(COUNT_OF, Lang::Zh, &["2", "9"]), "2 / 9 条记录");
        assert_eq!(with(EXPORT_FAILED, Lang::En, &["2"]), EXPORT_FAILED.en);
    }

    #[test]
    fn both_languages_have_the_same_gaps() {
        for text in [
            COUNT,
            COUNT_OF,
            LAST_DAYS,
            CHECKED,
            CHECKED_STATUS,
            CHECKED_VALUE,
            PLACE,
            UNASKED,
            EXPORTED,
            EXPORTED_PARTLY,
            EXPORTED_DAMAGED,
            IMPORTING,
            RECEIPTS,
            UNEXPORTED,
            IMPORTED,
            IMPORT_PRIVATE,
            IMPORT_DOUBLE,
            IMPORT_FIRST_BAD,
            COPIED,
            ELSEWHERE,
            STATUS_NOW,
            STATUS_SAME,
            STATUS_ABSENT,
            EVIDENCE,
            SENT_TO,
            SENT_WITH_TOKEN,
            BY_CLOUD,
            BY_PROXY,
            LOOKED_BY_NAME,
            LOOKED_BY_ADDRESS,
            CHOSEN,
            TAKEN_OVER,
            REPORTED,
            REPORTED_ABSENT,
            BEFORE,
            OF_LATER,
            OTHERS,
            found(Search::Name),
            found(Search::Address),
            ADOPTED,
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
