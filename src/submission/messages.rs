//! What a submission says when nothing was sent, or nothing came back.

use tieline_catalog::text::t;
use tieline_catalog::Text;

/// The history could not be read.
pub const HISTORY_SILENT: Text = t(
    "The history could not be read in time, so it cannot be told whether the same request is still in progress.",
    "未能及时读取历史记录，因此无法判断是否有相同的请求仍在处理中。",
);

/// The history could not be written.
pub const NOT_RECORDED: Text = t(
    "The history did not record the request in time, and nothing is sent without a record.",
    "历史记录未能及时写入此请求；没有记录就不会发送任何请求。",
);

/// The host page did not say whether the request may be sent.
pub const HOST_SILENT: Text = t(
    "The host page did not allow the request in time.",
    "宿主页面未能及时允许此请求。",
);

/// A look-up had no answer.
pub const LOOKUP_SILENT: Text = t(
    "The look-up had no answer in time.",
    "查找未能及时得到响应。",
);
