//! The retry policy: whether and when a request is sent again.
//!
//! Only when the cloud says by its code that it did not execute the request. An outcome that is
//! unknown is never repeated here, whether the operation has a client token or not: that is for the
//! client to decide.

use std::time::{Duration, SystemTime};

use tieline_catalog::answer::{Answer, Found, Refusal};
use tieline_catalog::errors;
use tieline_catalog::model::{ErrorClass, Operation};

use super::decoded::{DecodedResponse, Meaning};

/// The most attempts of a request.
const ATTEMPTS: u32 = 4;

/// The longest first pause. It doubles from attempt to attempt.
const BASE: Duration = Duration::from_millis(250);

/// The longest pause that is not asked for by the cloud.
const LONGEST: Duration = Duration::from_secs(5);

/// The codes after which a new signature helps, and one is enough.
const SIGN_AGAIN: &[&str] = &["SignatureNonceUsed", "InvalidTimeStamp.Expired"];

/// The attempts of one request, and whether another one follows.
pub struct RetryPolicy {
    op: &'static Operation,
    sent: u32,
    signed_again: bool,
}

impl RetryPolicy {
    /// Nothing sent yet.
    pub fn new(op: &'static Operation) -> RetryPolicy {
        RetryPolicy {
            op,
            sent: 0,
            signed_again: false,
        }
    }

    /// The pause before the request is sent again after this answer; `None` when the answer
    /// is final. The pause is drawn from `random` over the whole span ("full jitter"), but is never
    /// shorter than the cloud asks.
    pub fn pause(
        &mut self,
        decoded: &DecodedResponse,
        random: &dyn Fn() -> u128,
    ) -> Option<Duration> {
        self.sent += 1;
        let refusal = not_executed(self.op, decoded)?;
        if SIGN_AGAIN.contains(&refusal.code.as_str()) {
            let first = !self.signed_again;
            self.signed_again = true;
            return first.then_some(Duration::ZERO);
        }
        if self.sent >= ATTEMPTS {
            return None;
        }
        let span = BASE.saturating_mul(1 << (self.sent - 1)).min(LONGEST);
        let share = (random() % 1_000_001) as f64 / 1_000_000.0;
        let asked = decoded.response.header("retry-after").and_then(retry_after);
        Some(span.mul_f64(share).max(asked.unwrap_or_default()))
    }
}

/// The refusal of a request that was not executed.
fn not_executed<'a>(op: &'static Operation, decoded: &'a DecodedResponse) -> Option<&'a Refusal> {
    match &decoded.meaning {
        Meaning::Creation(Answer::NotExecuted(refusal)) => Some(refusal),
        Meaning::Creation(_) | Meaning::Read(Found::Items(_)) => None,
        Meaning::Read(Found::Refused(refusal)) => {
            let meaning = errors::meaning(op, &refusal.code, decoded.response.status);
            // A read changes nothing, so it may be sent again wherever waiting can help.
            let busy = refusal.code.starts_with("ServiceUnavailable");
            let not_executed = meaning.class == ErrorClass::NotExecuted || busy;
            not_executed.then_some(refusal)
        }
    }
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::model::Action;
    use tieline_catalog::operations::{creations, operations};
    use tieline_catalog::wire::Response;

    fn pause(policy: &mut RetryPolicy, answer: &Response, random: u128) -> Option<Duration> {
        let decoded = DecodedResponse::new(policy.op, answer.clone());
        policy.pause(&decoded, &|| random)
    }

    fn coded(status: u16, code: &str) -> Response {
        Response {
            status,
            body: format!(r#"{{"Code":"{code}","Message":"m","RequestId":"R"}}"#),
            ..Response::default()
        }
    }

    #[test]
    fn what_was_not_executed_is_sent_again_with_growing_pauses() {
        for op in operations() {
            let mut policy = RetryPolicy::new(op);
            let answer = coded(400, "Throttling.User");
            let mut longest = || pause(&mut policy, &answer, 1_000_000);
            assert_eq!(longest(), Some(BASE), "{}", op.name);
            assert_eq!(longest(), Some(BASE * 2));
            assert_eq!(longest(), Some(BASE * 4));
            assert_eq!(longest(), None);
            assert_eq!(
                pause(&mut RetryPolicy::new(op), &answer, 0),
                Some(Duration::ZERO)
            );
            assert_eq!(
                pause(&mut RetryPolicy::new(op), &answer, 500_000),
                Some(BASE / 2)
            );
        }
    }

    #[test]
    fn an_unknown_outcome_a_refusal_and_a_success_are_final() {
        for op in creations() {
            for (status, body) in [
                (500, r#"{"Code":"InternalError","Message":"m"}"#),
                (500, r#"{"Code":"Throttling.User","Message":"m"}"#),
                (503, "<html>busy</html>"),
                (503, r#"{"Code":"ServiceUnavailable","Message":"m"}"#),
                (400, r#"{"Code":"ServiceUnavailable","Message":"m"}"#),
                (400, r#"{"Code":"IdempotentProcessing","Message":"m"}"#),
                (408, r#"{"Code":"RequestTimeout","Message":"m"}"#),
                (409, r#"{"Code":"Conflict.InProcess","Message":"m"}"#),
                (400, r#"{"Code":"New.Code","Message":"m"}"#),
                (502, ""),
                (200, "{}"),
                (200, r#"{"RequestId":"R"}"#),
                (400, r#"{"Code":"SignatureDoesNotMatch","Message":"m"}"#),
                (
                    404,
                    r#"{"Code":"InvalidAccessKeyId.NotFound","Message":"m"}"#,
                ),
                (302, ""),
            ] {
                let answer = Response {
                    status,
                    body: body.to_string(),
                    ..Response::default()
                };
                let pause = pause(&mut RetryPolicy::new(op), &answer, 1);
                assert_eq!(pause, None, "{} {status} {body}", op.name);
            }
        }
    }

    #[test]
    fn a_read_waits_for_a_service_that_is_not_available() {
        for op in operations().filter(|op| op.action == Action::Read) {
            let pause = pause(
                &mut RetryPolicy::new(op),
                &coded(503, "ServiceUnavailable"),
                1,
            );
            assert!(pause.is_some(), "{}", op.name);
        }
    }

    #[test]
    fn a_new_signature_is_tried_once_and_at_once() {
        for op in creations() {
            for code in SIGN_AGAIN {
                let mut policy = RetryPolicy::new(op);
                assert_eq!(
                    pause(&mut policy, &coded(400, code), 9),
                    Some(Duration::ZERO)
                );
                assert_eq!(pause(&mut policy, &coded(400, code), 9), None);
            }
        }
    }

    #[test]
    fn the_cloud_says_how_long_at_least() {
        let Some(op) = creations().next() else {
            panic!("the catalog is empty");
        };
        let mut answer = coded(429, "Throttling");
        let mut pause = |value: &str| {
            answer.headers = vec![("retry-after".to_string(), value.to_string())];
            pause(&mut RetryPolicy::new(op), &answer, 1_000_000)
        };
        assert_eq!(pause("7"), Some(Duration::from_secs(7)));
        assert_eq!(pause("0"), Some(BASE));
        assert_eq!(pause("soon"), Some(BASE));
        assert_eq!(pause("-1"), Some(BASE));
        assert_eq!(pause("Mon, 01 Jan 2001 00:00:00 GMT"), Some(BASE));
        let later = SystemTime::now() + Duration::from_secs(60);
        let later = pause(&httpdate::fmt_http_date(later)).unwrap_or_default();
        assert!((55..=60).contains(&later.as_secs()), "{later:?}");
    }
}
