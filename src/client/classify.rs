//! Classification of responses by who gave them: the cloud, the proxy, or a stranger between.

use serde_json::Value;
use tieline_catalog::answer::{decode, decode_read, Answer, Found, Refusal};
use tieline_catalog::refusal::advice_after_unknown;
use tieline_catalog::text::Message;
use tieline_catalog::wire::Response;
use tieline_catalog::{Operation, Text};
use tieline_protocol::header::RELAYED;
use tieline_protocol::problem;
use tieline_records::By;

use super::fetch::Reply;
use super::messages::{self, Problem};
use super::sent::{and, read_failure, refusal, FieldError, Sent};

/// The outcome that a response to a creation means.
pub fn classify(op: &'static Operation, reply: Reply) -> Sent {
    if reply.header(RELAYED).is_some() {
        return relayed(op, response(reply));
    }
    if let Some(problem) = ProxyProblem::of(&reply) {
        return problem.classify(op, reply);
    }
    Sent {
        raw: Some(response(reply)),
        ..unknown(op, messages::STRANGER)
    }
}

/// The findings that a response to a read means.
pub fn classify_read(op: &'static Operation, reply: Reply) -> Found {
    if reply.header(RELAYED).is_some() {
        return decode_read(op, &response(reply));
    }
    Found::Refused(match ProxyProblem::of(&reply) {
        Some(problem) => problem.refusal(messages::PROXY_REFUSED, messages::PROXY_REFUSED_ADVICE),
        None if matches!(reply.status, 500 | 502..=504) => refusal(&messages::DOWN),
        None => read_failure(messages::STRANGER),
    })
}

/// The findings as far as this signer could see what other signers have made: each an id and who made it.
pub fn seen_by(signer: Option<&str>, found: Found, made: &[(String, String)]) -> Found {
    let Found::Items(items) = &found else {
        return found;
    };
    let hidden = |(id, by): &(String, String)| {
        let other = signer.is_some_and(|signer| signer != by);
        other && !items.iter().any(|item| item.id == *id)
    };
    match made.iter().any(hidden) {
        true => Found::Refused(refusal(&messages::OTHER_KEYS)),
        false => found,
    }
}

/// Whether a read was refused because other keys do not find what it is about.
pub fn is_by_other_keys(why: &Refusal) -> bool {
    why.explanation == messages::OTHER_KEYS.what.message()
}

/// The outcome that the cloud's own response means.
pub fn relayed(op: &'static Operation, response: Response) -> Sent {
    Sent {
        raw: Some(response.clone()),
        ..Sent::of(decode(op, &response), By::Cloud)
    }
}

/// An outcome that nobody knows.
pub fn unknown(op: &'static Operation, why: Text) -> Sent {
    let refusal = Refusal::without_response(why.message(), advice_after_unknown(op));
    Sent::of(Answer::Unknown(refusal), By::Nobody)
}

/// Nothing was sent.
pub fn not_executed(problem: &Problem) -> Sent {
    let mut refusal = refusal(problem);
    refusal.explanation = and(refusal.explanation, &messages::NOTHING_SENT.message());
    Sent {
        problem: Some(problem.what),
        ..Sent::of(Answer::NotExecuted(refusal), By::Page)
    }
}

/// What a repetition of a request means whose outcome is unknown: that this one made nothing says
/// nothing about the one before.
pub fn repeated(sent: Sent) -> Sent {
    let answer = match sent.answer {
        Answer::NotExecuted(refusal) | Answer::Rejected(refusal) => Answer::Unknown(Refusal {
            explanation: and(messages::STILL_UNKNOWN.message(), &refusal.explanation),
            ..refusal
        }),
        answer => answer,
    };
    Sent { answer, ..sent }
}

fn response(reply: Reply) -> Response {
    Response {
        status: reply.status,
        content_type: reply.content_type,
        headers: reply.headers,
        body: reply.body,
    }
}

/// The proxy's own error.
struct ProxyProblem {
    kind: &'static problem::ProblemType,
    body: Value,
}

impl ProxyProblem {
    fn of(reply: &Reply) -> Option<ProxyProblem> {
        if !reply.content_type.starts_with(problem::CONTENT_TYPE) {
            return None;
        }
        let body: Value = serde_json::from_str(&reply.body).ok()?;
        let kind = problem::find(body["type"].as_str()?)?;
        Some(ProxyProblem { kind, body })
    }

    fn classify(&self, op: &'static Operation, reply: Reply) -> Sent {
        let violations = self.field_errors();
        let answer = if [problem::OUTCOME_UNKNOWN, problem::OUTCOME_UNKNOWN_TIMEOUT]
            .contains(self.kind)
        {
            let mut refusal = self.refusal(messages::PROXY_UNKNOWN, messages::PROXY_FAILED_ADVICE);
            refusal.advice = advice_after_unknown(op);
            Answer::Unknown(refusal)
        } else if self.kind.status < 500
            && ![408, 421, 429].contains(&self.kind.status)
            && *self.kind != problem::OTHER_MODE
        {
            Answer::Rejected(self.refusal(messages::PROXY_REFUSED, messages::PROXY_REFUSED_ADVICE))
        } else {
            Answer::NotExecuted(self.refusal(messages::PROXY_FAILED, messages::PROXY_FAILED_ADVICE))
        };
        Sent {
            raw: Some(response(reply)),
            violations,
            // Then the page is to look again who is there.
            problem: (*self.kind == problem::OTHER_MODE).then_some(self.kind.title),
            ..Sent::of(answer, By::Proxy)
        }
    }

    fn refusal(&self, what: Text, advice: Text) -> Refusal {
        let text = |lang: &str| self.body["message"][lang].as_str().unwrap_or_default();
        let detail = Message::new(text("en"), text("zh"));
        // The last part of the URN is a name that a person can search for.
        let code = self.kind.uri.rsplit(':').next().unwrap_or_default();
        let title = self.kind.title.message();
        let what = Message::new(
            format!("{} ({}.)", what.en, title.en),
            format!("{}（{}。）", what.zh, title.zh),
        );
        Refusal {
            code: code.to_string(),
            http: self.kind.status,
            ..Refusal::without_response(and(what, &detail), advice.message())
        }
    }

    fn field_errors(&self) -> Vec<FieldError> {
        let list = self.body["violations"].as_array();
        list.into_iter()
            .flatten()
            .filter(|violation| violation["severity"].as_str() != Some("warning"))
            .map(|violation| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
                let message = &violation["message"];
                FieldError {
                    parameter: text(&violation["parameter"]),
                    message: Message::new(text(&message["en"]), text(&message["zh"])),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn op() -> &'static Operation {
        tieline_catalog::find("CreateCen").unwrap()
    }

    fn reply(status: u16, content_type: &str, relayed: bool, body: &str) -> Reply {
        let relayed = relayed.then(|| (RELAYED.to_string(), "true".to_string()));
        Reply {
            status,
            content_type: content_type.to_string(),
            headers: relayed.into_iter().collect(),
            body: body.to_string(),
        }
    }

    fn problem_reply(kind: &problem::ProblemType, violations: Value) -> Reply {
        let body = json!({
            "type": kind.uri, "title": kind.title.en, "status": kind.status,
            "detail": "in particular", "violations": violations,
            "message": { "en": "in particular", "zh": "具体原因" },
        });
        reply(kind.status, problem::CONTENT_TYPE, false, &body.to_string())
    }

    const CREATED: &str = r#"{"CenId":"cen-1","RequestId":"R"}"#;

    #[test]
    fn only_what_the_proxy_passes_on_is_the_clouds_word() {
        let json = "application/json";
        let sent = classify(op(), reply(200, json, true, CREATED));
        assert!(matches!(&sent.answer, Answer::Created(c) if c.id == "cen-1"));
        assert_eq!(sent.raw.unwrap().body, CREATED);
        for (status, kind, body) in [
            (200, json, CREATED),
            (200, "text/html", "<html>Sign in</html>"),
            (502, "text/plain", "Bad Gateway"),
            (403, json, r#"{"Code":"Forbidden","Message":"m"}"#),
            (429, "", ""),
        ] {
            let sent = classify(op(), reply(status, kind, false, body));
            assert!(
                matches!(sent.answer, Answer::Unknown(_)),
                "{status} {kind} {body}"
            );
        }
        let html = classify(op(), reply(200, "text/html", true, "<html>Sign in</html>"));
        assert!(matches!(html.answer, Answer::Unknown(_)));
    }

    #[test]
    fn what_other_keys_do_not_find_is_not_gone() {
        let made = [("cen-1".to_string(), "first".to_string())];
        let none = || Found::Items(Vec::new());
        let item = tieline_catalog::answer::Item {
            id: "cen-1".into(),
            status: None,
            fields: Vec::new(),
        };
        let there = || Found::Items(vec![item.clone()]);
        let refused = |found| matches!(found, Found::Refused(_));
        assert!(refused(seen_by(Some("second"), none(), &made)));
        // What they find is there, and who is not told apart is believed.
        assert_eq!(seen_by(Some("second"), there(), &made), there());
        assert_eq!(seen_by(Some("first"), none(), &made), none());
        assert_eq!(seen_by(None, none(), &made), none());
        assert_eq!(seen_by(Some("second"), none(), &[]), none());
    }

    #[test]
    fn the_proxys_own_errors_say_whether_anything_left() {
        for kind in problem::ALL {
            let answer = classify(op(), problem_reply(kind, json!([]))).answer;
            let lost = [problem::OUTCOME_UNKNOWN, problem::OUTCOME_UNKNOWN_TIMEOUT].contains(kind);
            let (Answer::Unknown(refusal)
            | Answer::Rejected(refusal)
            | Answer::NotExecuted(refusal)) = &answer
            else {
                panic!("{} created something", kind.uri);
            };
            assert_eq!(lost, matches!(answer, Answer::Unknown(_)), "{}", kind.uri);
            assert!(kind.uri.ends_with(&refusal.code));
            assert!(refusal.explanation.zh.contains(kind.title.zh));
            assert!(refusal.explanation.en.contains("in particular"));
            assert!(refusal.explanation.zh.contains("具体原因"));
            assert!(!refusal.explanation.zh.contains("in particular"));
        }
        let foreign = reply(
            400,
            problem::CONTENT_TYPE,
            false,
            r#"{"type":"about:blank"}"#,
        );
        assert!(matches!(classify(op(), foreign).answer, Answer::Unknown(_)));
    }

    #[test]
    fn what_passes_with_time_or_another_setting_was_not_executed() {
        for kind in problem::ALL {
            let answer = classify(op(), problem_reply(kind, json!([]))).answer;
            let passes =
                [408, 421, 429, 503].contains(&kind.status) || *kind == problem::OTHER_MODE;
            let not_executed = matches!(answer, Answer::NotExecuted(_));
            assert!(!passes || not_executed, "{}", kind.uri);
        }
    }

    #[test]
    fn the_proxys_violations_reach_the_fields() {
        let violation = |severity: &str| {
            json!({ "parameter": "Name", "rule": "length", "severity": severity,
                    "message": { "en": "2–128", "zh": "2–128 个" }, "source": "x" })
        };
        let sent = classify(
            op(),
            problem_reply(
                &problem::RULES,
                json!([violation("error"), violation("warning")]),
            ),
        );
        assert_eq!(
            sent.violations,
            [FieldError {
                parameter: "Name".into(),
                message: Message::new("2–128", "2–128 个"),
            }]
        );
    }

    #[test]
    fn nothing_sent_is_not_executed() {
        let sent = not_executed(&messages::DOWN);
        assert!(
            matches!(&sent.answer, Answer::NotExecuted(r) if r.explanation.en.ends_with("Nothing was sent."))
        );
        assert_eq!(sent.problem, Some(messages::DOWN.what));
        let Answer::Unknown(lost) = unknown(op(), messages::TIMED_OUT).answer else {
            panic!("a time-out is unknown");
        };
        assert!(lost.advice.en.contains(op().token.unwrap()));
    }

    proptest! {
        #[test]
        fn no_stranger_creates_anything(status in 100u16..600, kind in ".{0,40}", body in ".{0,200}") {
            let sent = classify(op(), reply(status, &kind, false, &body));
            prop_assert!(!matches!(sent.answer, Answer::Created(_)));
            classify_read(tieline_catalog::find("DescribeCens").unwrap(), reply(status, &kind, true, &body));
        }
    }
}
