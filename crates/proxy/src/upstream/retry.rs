//! The retry policy: whether and when a request is sent again.
//!
//! Only when the cloud says by its code that it did not execute the request. An outcome that is
//! unknown is not repeated here, whether the operation has a client token or not: that is for the
//! client to decide. But when the cloud has had this very request before, and has answered somebody
//! between, it is asked once more by its client token, and nothing but an id ends the doubt.

use std::time::{Duration, SystemTime};

use tieline_catalog::answer::{Answer, Found, Refusal};
use tieline_catalog::errors;
use tieline_catalog::model::{Action, ErrorClass, Operation};
use tieline_catalog::Parsed;

use super::decoded::{DecodedResponse, Meaning};
use super::error::SendError;

/// The most attempts of a request.
const ATTEMPTS: u32 = 4;

/// The longest first pause. It doubles from attempt to attempt.
const BASE: Duration = Duration::from_millis(250);

/// The longest pause that is not asked for by the cloud.
const LONGEST: Duration = Duration::from_secs(5);

/// The code of a request that was delivered twice: each attempt has a nonce of its own, so the first
/// delivery of this attempt may have been executed.
const DELIVERED_TWICE: &str = "SignatureNonceUsed";

/// The codes after which a new signature helps, and one is enough.
const SIGN_AGAIN: &[&str] = &[DELIVERED_TWICE, "InvalidTimeStamp.Expired"];

/// The attempts of one request, and whether another one follows.
pub struct RetryPolicy {
    op: &'static Operation,
    /// Whether the request has a client token.
    token: bool,
    sent: u32,
    signed_again: bool,
    doubtful: bool,
}

impl RetryPolicy {
    /// Nothing sent yet of this request.
    pub fn new(request: &Parsed) -> RetryPolicy {
        let op = request.operation();
        let token = op.token.and_then(|name| request.get(name));
        RetryPolicy {
            op,
            token: token.is_some_and(|token| !token.is_empty()),
            sent: 0,
            signed_again: false,
            doubtful: false,
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
        let refusal = self.repeatable(decoded)?;
        if SIGN_AGAIN.contains(&refusal.code.as_str()) {
            let first = !self.signed_again;
            self.signed_again = true;
            let twice = refusal.code == DELIVERED_TWICE;
            self.doubtful |= twice && self.op.action == Action::Create;
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

    /// What there is to be told at the end: an attempt that may have been executed stays in doubt,
    /// whatever became of those after it, unless there is an id.
    ///
    /// # Errors
    /// [`SendError::Dropped`] of what stays in doubt, and the error itself.
    pub fn end(
        &self,
        sent: Result<DecodedResponse, SendError>,
    ) -> Result<DecodedResponse, SendError> {
        let certain = match &sent {
            Ok(decoded) => matches!(
                decoded.meaning,
                Meaning::Creation(Answer::Rejected(_) | Answer::NotExecuted(_))
            ),
            Err(error) => !error.outcome_is_unknown(),
        };
        match self.doubtful && certain {
            true => Err(SendError::Dropped),
            false => sent,
        }
    }

    /// The refusal of a request that may be sent again: that was not executed, or makes nothing twice.
    fn repeatable<'a>(&self, decoded: &'a DecodedResponse) -> Option<&'a Refusal> {
        let refused = (400..500).contains(&decoded.response.status);
        let twice = |refusal: &Refusal| refused && refusal.code == DELIVERED_TWICE;
        match &decoded.meaning {
            Meaning::Creation(Answer::NotExecuted(refusal)) => Some(refusal),
            Meaning::Creation(Answer::Unknown(refusal)) => {
                Some(refusal).filter(|refusal| self.token && twice(refusal))
            }
            Meaning::Creation(_) | Meaning::Read(Found::Items(_)) => None,
            Meaning::Read(Found::Refused(refusal)) => {
                let meaning = errors::meaning(self.op, &refusal.code, decoded.response.status);
                // A read changes nothing, so it may be sent again wherever that can help.
                let unavailable = refusal.code.starts_with("ServiceUnavailable");
                let busy = unavailable || decoded.response.status == 429;
                let not_executed = meaning.class == ErrorClass::NotExecuted;
                (not_executed || busy || twice(refusal)).then_some(refusal)
            }
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
    use tieline_catalog::answer::Created;
    use tieline_catalog::operations::{creations, operations};
    use tieline_catalog::wire::Response;
    use tieline_catalog::{check, Raw};

    /// A request of this operation, with a client token if it can have one.
    fn policy(op: &'static Operation) -> RetryPolicy {
        let mut raw = Raw::new();
        if let Some(name) = op.token {
            raw.set(name, "token-1");
        }
        RetryPolicy::new(&check(op, &raw).parsed)
    }

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
            let mut tried = policy(op);
            let answer = coded(400, "Throttling.User");
            let mut longest = || pause(&mut tried, &answer, 1_000_000);
            assert_eq!(longest(), Some(BASE), "{}", op.name);
            assert_eq!(longest(), Some(BASE * 2));
            assert_eq!(longest(), Some(BASE * 4));
            assert_eq!(longest(), None);
            assert_eq!(pause(&mut policy(op), &answer, 0), Some(Duration::ZERO));
            assert_eq!(pause(&mut policy(op), &answer, 500_000), Some(BASE / 2));
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
                (429, r#"{"Code":"New.Code","Message":"m"}"#),
                (429, "{}"),
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
                let pause = pause(&mut policy(op), &answer, 1);
                assert_eq!(pause, None, "{} {status} {body}", op.name);
            }
        }
    }

    #[test]
    fn a_read_waits_for_a_service_that_is_not_available() {
        for op in operations().filter(|op| op.action == Action::Read) {
            for (status, code) in [
                (503, "ServiceUnavailable"),
                (400, DELIVERED_TWICE),
                (429, "New.Code"),
            ] {
                let pause = pause(&mut policy(op), &coded(status, code), 1);
                assert!(pause.is_some(), "{} {code}", op.name);
            }
        }
    }

    #[test]
    fn a_new_signature_is_tried_once_and_at_once() {
        for op in operations() {
            for code in SIGN_AGAIN {
                let mut policy = policy(op);
                // What may have been executed is asked about by its token only.
                if *code == DELIVERED_TWICE && op.action == Action::Create && op.token.is_none() {
                    assert_eq!(pause(&mut policy, &coded(400, code), 9), None);
                    continue;
                }
                assert_eq!(
                    pause(&mut policy, &coded(400, code), 9),
                    Some(Duration::ZERO)
                );
                assert_eq!(pause(&mut policy, &coded(400, code), 9), None);
            }
        }
    }

    #[test]
    fn a_creation_that_was_delivered_twice_is_never_said_to_have_made_nothing() {
        for op in creations() {
            let twice = coded(400, DELIVERED_TWICE);
            let decoded = DecodedResponse::new(op, twice.clone());
            assert!(
                matches!(decoded.meaning, Meaning::Creation(Answer::Unknown(_))),
                "{}",
                op.name
            );
            // A token that could be given and was not is none.
            let mut bare = RetryPolicy::new(&check(op, &Raw::new()).parsed);
            assert_eq!(pause(&mut bare, &twice, 1), None, "{}", op.name);
            if op.token.is_none() {
                continue;
            }
            let mut policy = policy(op);
            assert!(pause(&mut policy, &twice, 1).is_some());
            for code in ["Throttling.User", "IdempotentFailed", "InvalidName"] {
                let later = DecodedResponse::new(op, coded(400, code));
                assert_eq!(policy.end(Ok(later)), Err(SendError::Dropped), "{code}");
            }
            for (error, told) in [
                (SendError::Unreachable, SendError::Dropped),
                (SendError::TimedOut, SendError::TimedOut),
            ] {
                assert_eq!(policy.end(Err(error)), Err(told));
            }
            let mut found = decoded;
            found.meaning = Meaning::Creation(Answer::Created(Created {
                id: "id-1".into(),
                status: None,
                request_id: None,
                fields: Vec::new(),
            }));
            assert_eq!(policy.end(Ok(found.clone())), Ok(found));
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
            pause(&mut policy(op), &answer, 1_000_000)
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
