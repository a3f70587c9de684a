//! The terms of every text for people: what each is called in both languages, the vendors' own terms
//! first, and what it must not be called. Tests hold the tables and the sources to it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A term.
pub struct Term {
    /// English, in lower case.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
    /// What it is not called in Chinese.
    pub forbidden: &'static [&'static str],
    /// Whether each text that has the English term has the Chinese one.
    pub always: bool,
}

const fn always(en: &'static str, zh: &'static str, forbidden: &'static [&'static str]) -> Term {
    Term {
        en,
        zh,
        forbidden,
        always: true,
    }
}

const fn term(en: &'static str, zh: &'static str, forbidden: &'static [&'static str]) -> Term {
    Term {
        always: false,
        ..always(en, zh, forbidden)
    }
}

/// The terms. A longer one stands before one that it holds.
pub const GLOSSARY: &[Term] = &[
    // Alibaba Cloud's and Huawei Cloud's.
    always(
        "client token",
        "客户端 Token",
        &["客户端令牌", "客户端token", "客户令牌"],
    ),
    always("access token", "访问令牌", &[]),
    always("customer gateway", "用户网关", &["客户网关"]),
    always(
        "cloud connect network",
        "云连接网",
        &["智能连接网", "云连接网络"],
    ),
    always("express cloud connection", "高速上云服务", &["高速云连接"]),
    always("cloud connection", "云连接实例", &[]),
    always("cen instance", "云企业网实例", &[]),
    always("enterprise project", "企业项目", &[]),
    always("resource group", "资源组", &["资源分组"]),
    always("tag key", "标签键", &["标签名"]),
    always("tag value", "标签值", &[]),
    term("tag", "标签", &["标记"]),
    term("cidr block", "网段", &["CIDR 块", "地址段"]),
    term("network address", "网络地址", &["第一个地址"]),
    always("request id", "请求 ID", &["请求标识"]),
    term("resource id", "资源 ID", &["资源标识"]),
    always("error code", "错误码", &["错误代码", "错误编码"]),
    always("idempotence", "幂等", &["等幂"]),
    term("account id", "账号 ID", &["租户 ID"]),
    term("account", "账号", &["帐号", "账户", "帐户"]),
    term("access key", "访问密钥", &["存取密钥"]),
    always("quota", "配额", &["额度"]),
    term("permission", "权限", &["许可权"]),
    term("receipt", "回执", &["收据"]),
    // The console's.
    term("credential", "凭证", &["凭据"]),
    term("sandbox", "沙箱", &["沙盒"]),
    term("proxy", "代理", &["代理服务器"]),
    always("idempotency key", "幂等键", &[]),
    always("outcome unknown", "结果未知", &[]),
    term("history", "历史记录", &["历史纪录"]),
    term("to correct", "修正", &["更正", "纠正"]),
    term("not sent, of a parameter", "不传", &[]),
    term("default", "默认", &["缺省"]),
    term("sign in", "登录", &["登陆"]),
    term("vendor", "厂商", &["供应商"]),
    term("other", "其他", &["其它"]),
    term(
        "the console answers nothing",
        "代理未响应",
        &["没有代理响应"],
    ),
    term("at present", "当前", &["现有", "现为"]),
    term("later", "稍后", &["稍候重新"]),
    term("to load", "加载", &["载入"]),
    term("to look up", "查询", &["查得", "查找"]),
    term("website", "网站", &["本站点"]),
];

/// What is wrong with a Chinese text: forbidden variants, and half-width punctuation beside Chinese.
pub fn faults(zh: &str) -> Vec<String> {
    let terms = GLOSSARY.iter();
    let forbidden = terms.flat_map(|term| {
        let met = term.forbidden.iter().filter(|word| zh.contains(**word));
        met.map(|word| format!("{word}: {} is {}", term.en, term.zh))
    });
    let mut faults: Vec<String> = forbidden.collect();
    let chars: Vec<char> = zh.chars().collect();
    for pair in chars.windows(2) {
        let han = |c| matches!(c, '\u{4E00}'..='\u{9FFF}');
        let half = |c| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')');
        if han(pair[0]) && half(pair[1]) || half(pair[0]) && han(pair[1]) {
            faults.push(format!("half-width: {}{}", pair[0], pair[1]));
        }
    }
    faults
}

/// The terms of an English text that its Chinese one does not have.
pub fn untranslated(en: &str, zh: &str) -> Vec<String> {
    let mut rest = en.to_ascii_lowercase();
    let mut missing = Vec::new();
    for term in GLOSSARY {
        if !rest.contains(term.en) {
            continue;
        }
        // What a longer term holds is not another one.
        rest = rest.replace(term.en, "");
        if term.always && !zh.contains(term.zh) {
            missing.push(term.zh.to_string());
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_words_and_half_width_punctuation_are_found_and_nothing_else() {
        assert_eq!(faults("此 API 没有客户端令牌。").len(), 1);
        assert_eq!(faults("请更正,然后发送。").len(), 3);
        assert_eq!(faults("A,发送").len(), 1);
        assert_eq!(
            faults("账号 ID（domain_id）：a.b:c, 1.5"),
            Vec::<String>::new()
        );
        for term in GLOSSARY {
            assert_eq!(faults(term.zh), Vec::<String>::new(), "{}", term.en);
        }
    }

    #[test]
    fn a_term_within_a_longer_one_is_not_asked_for() {
        assert!(untranslated("Express Cloud Connection", "高速上云服务").is_empty());
        assert_eq!(untranslated("a cloud connection", "云连接"), ["云连接实例"]);
        assert_eq!(untranslated("Request IDs", "请求标识"), ["请求 ID"]);
    }
}
