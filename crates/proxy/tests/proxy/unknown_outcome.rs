//! What is said of a creation while something is in doubt: an earlier attempt, another request with its key,
//! the account, what the journal could not take.

use std::future::{ready, Future};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{to_bytes, Body};
use axum::extract::Request;
use axum::response::Response;
use axum::Router;
use serde_json::{json, Value};
use tieline_journal::{Answer, Begin, Journal, Key, Options, Outcome, Secret};
use tieline_protocol::problem::{self, ProblemType};
use tokio::sync::{Notify, OnceCell};
use tower::ServiceExt;

use crate::stand_in_clouds::{self, configuration, endpoint, serve, vendors, KEYS};
use crate::waiting::task_until;

pub(crate) const CEN: &str = "CreateCen";
const CCN: &str = "CreateCloudConnectNetwork";
const CONNECTION: &str = "CreateCloudConnection";
/// The nearest that a port comes to a server that is not there.
const NOWHERE: &str = "127.0.0.1:1";

/// A server's answer to the n-th request.
pub(crate) type Script = fn(usize) -> Response;

/// A server that stands in for a cloud.
pub(crate) struct Cloud {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Cloud {
    pub(crate) async fn start(script: Script) -> Cloud {
        Cloud::doing(script, |_| ready(())).await
    }

    /// The same, with something done before the n-th request is answered.
    async fn doing<F: Future<Output = ()> + Send + 'static>(
        script: Script,
        before: impl Fn(usize) -> F + Send + Sync + 'static,
    ) -> Cloud {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (kept, before) = (seen.clone(), Arc::new(before));
        let handle = move |request: Request| -> Pin<Box<dyn Future<Output = Response> + Send>> {
            let number = {
                let mut seen = kept.lock().expect("a list");
                let token = request.headers().get("x-auth-token");
                let token = token.map_or("", |token| token.to_str().expect("ASCII"));
                seen.push(format!("{} {token}", request.uri()));
                seen.len() - 1
            };
            let before = before.clone();
            Box::pin(async move {
                before(number).await;
                script(number)
            })
        };
        let address = serve(Router::new().fallback(handle)).await;
        Cloud { address, seen }
    }

    /// The same, which holds each answer until it is let go.
    pub(crate) async fn holding(script: Script) -> (Cloud, Arc<[Notify; 2]>) {
        let held: Arc<[Notify; 2]> = Arc::default();
        let gates = held.clone();
        let hold = move |number: usize| {
            let gates = gates.clone();
            async move { gates[number].notified().await }
        };
        (Cloud::doing(script, hold).await, held)
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("a list").clone()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn until_seen(&self, count: usize) {
        let what = format!("{count} requests at the cloud");
        task_until(&what, || ready(self.seen().len() == count)).await;
    }
}

pub(crate) fn coded(status: u16, code: &str) -> Response {
    let body = json!({ "Code": code, "Message": "m", "RequestId": "R" });
    vendors(status, body.to_string())
}

pub(crate) fn created() -> Response {
    vendors(200, r#"{"CenId":"cen-1","RequestId":"R"}"#)
}

/// A proxy in front of a cloud and an IAM at these addresses.
pub(crate) fn proxy(cloud: &str, iam: &str, journal: Option<Journal>) -> Router {
    let mut configuration = configuration(cloud);
    let iam = ("iam".to_string(), endpoint(iam));
    configuration.endpoints.extend([iam]);
    stand_in_clouds::proxy(configuration, KEYS, journal)
}

pub(crate) fn in_memory(options: Options) -> Journal {
    Journal::memory(Secret::random().expect("a secret"), options)
}

pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) replayed: bool,
    pub(crate) body: Value,
}

impl Told {
    pub(crate) fn is(&self, kind: &ProblemType) {
        assert_eq!(self.body["type"], kind.uri, "{}", self.body);
        assert_eq!(self.status, kind.status);
    }
}

async fn metrics(app: &Router) -> String {
    let request = Request::get("/metrics").body(Body::empty());
    let answer = app.clone().oneshot(request.expect("a request")).await;
    let body = to_bytes(answer.expect("an answer").into_body(), 1 << 20).await;
    String::from_utf8(body.expect("a body").to_vec()).expect("text")
}

pub(crate) async fn post(app: &Router, path: &str, key: &str, body: &Value) -> Told {
    let request = Request::post(format!("/v1/{path}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("a request");
    let answer = app.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    Told {
        status: parts.status.as_u16(),
        replayed: parts.headers.contains_key("idempotency-replayed"),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

pub(crate) fn named(op: &str) -> Value {
    match op {
        CEN => json!({ "Name": "test" }),
        CCN => json!({ "Name": "test", "IsDefault": false }),
        _ => json!({ "cloud_connection": { "name": "test" } }),
    }
}

fn token(uri: &str) -> &str {
    let mut parts = uri.split(['?', '&', ' ']);
    let found = parts.find_map(|part| part.strip_prefix("ClientToken="));
    found.unwrap_or_default()
}

/// A gateway delivers a request twice: the first is executed, and the second is answered.
#[tokio::test]
async fn what_was_delivered_twice_is_asked_about_by_its_token_and_never_sent_again_without() {
    let twice: Script = |n| match n {
        0 => coded(400, "SignatureNonceUsed"),
        _ => created(),
    };
    let journal = || Some(in_memory(Options::default()));
    let cloud = Cloud::start(twice).await;
    let app = proxy(&cloud.address, NOWHERE, journal());
    let told = post(&app, CEN, "k", &named(CEN)).await;
    assert_eq!((told.status, &told.body["CenId"]), (200, &json!("cen-1")));
    let tokens: Vec<_> = cloud.seen().iter().map(|uri| token(uri).len()).collect();
    assert_eq!(tokens, [32, 32]);
    assert_eq!(token(&cloud.seen()[0]), token(&cloud.seen()[1]));

    for (op, journal) in [(CCN, journal()), (CCN, None), (CEN, None)] {
        let cloud = Cloud::start(twice).await;
        let remembers = journal.is_some();
        let app = proxy(&cloud.address, NOWHERE, journal);
        let told = post(&app, op, "k", &named(op)).await;
        assert_eq!(told.body["Code"], "SignatureNonceUsed", "{}", told.body);
        assert_eq!(cloud.seen().len(), 1, "{op}");
        if remembers {
            post(&app, op, "k", &named(op))
                .await
                .is(&problem::OUTCOME_UNKNOWN);
            assert_eq!(cloud.seen().len(), 1, "{op}");
        }
    }
    // What becomes of the repeat says nothing about the first.
    let refused: Script = |n| match n {
        0 => coded(400, "SignatureNonceUsed"),
        _ => coded(400, "InvalidName"),
    };
    for journal in [journal(), None] {
        let cloud = Cloud::start(refused).await;
        let app = proxy(&cloud.address, NOWHERE, journal);
        let body = json!({ "Name": "test", "ClientToken": "token-1" });
        post(&app, CEN, "k", &body)
            .await
            .is(&problem::OUTCOME_UNKNOWN);
        assert_eq!(cloud.seen().len(), 2);
    }
}

/// A journal in a file that is moved away, so that nothing can be written or read, and back.
struct Away(PathBuf);

impl Away {
    async fn journal(folder: &Path) -> (Journal, Away) {
        let path = folder.join("journal.db");
        let secret = Secret::random().expect("a secret");
        let journal = Journal::sqlite(&path, secret, Options::default()).await;
        (journal.expect("a journal"), Away(path))
    }

    fn go(&self) {
        std::fs::rename(&self.0, self.0.with_extension("away")).expect("moved");
    }

    fn back(&self) {
        std::fs::rename(self.0.with_extension("away"), &self.0).expect("moved");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_repeat_that_the_journal_cannot_take_is_never_said_to_have_made_nothing() {
    let rejected: Script = |n| match n {
        0 => coded(500, "InternalError"),
        _ => coded(400, "InvalidName"),
    };
    let throttled: Script = |n| match n {
        0 => coded(500, "InternalError"),
        _ => coded(400, "Throttling.User"),
    };
    for script in [rejected, throttled] {
        let folder = tempfile::tempdir().expect("a folder");
        let (journal, away) = Away::journal(folder.path()).await;
        let moving = move |n: usize| {
            if n == 1 {
                away.go();
            }
            ready(())
        };
        let cloud = Cloud::doing(script, moving).await;
        let app = proxy(&cloud.address, NOWHERE, Some(journal));
        assert_eq!(post(&app, CEN, "k", &named(CEN)).await.status, 500);
        post(&app, CEN, "k", &named(CEN))
            .await
            .is(&problem::OUTCOME_UNKNOWN);
    }
    // Of a first attempt it is certain what became of it.
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, away) = Away::journal(folder.path()).await;
    let moving = move |_| {
        away.go();
        ready(())
    };
    let cloud = Cloud::doing(|_| coded(400, "InvalidName"), moving).await;
    let app = proxy(&cloud.address, NOWHERE, Some(journal));
    let told = post(&app, CEN, "k", &named(CEN)).await;
    assert_eq!(told.body["Code"], "InvalidName");
}

#[cfg(unix)]
#[tokio::test]
async fn while_a_keys_request_is_on_its_way_nobody_is_told_that_nothing_was_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, away) = Away::journal(folder.path()).await;
    let (cloud, held) = Cloud::holding(|_| created()).await;
    let app = proxy(&cloud.address, NOWHERE, Some(journal));
    let body = named(CEN);
    let second = async {
        cloud.until_seen(1).await;
        post(&app, CEN, "k", &body).await
    };
    let moving = async {
        // The second has found the first under way, and waits for it.
        let waits = "tieline_journal_answers_total{answer=\"in-flight\"} 1\n";
        task_until("the second request", || async {
            metrics(&app).await.contains(waits)
        })
        .await;
        away.go();
        held[0].notify_one();
    };
    let (first, second, ()) = tokio::join!(post(&app, CEN, "k", &body), second, moving);
    assert_eq!(first.body["CenId"], "cen-1", "{}", first.body);
    second.is(&problem::OUTCOME_UNKNOWN);
    // Who knows of no other request is told what is so.
    post(&app, CEN, "new", &body)
        .await
        .is(&problem::JOURNAL_UNAVAILABLE);
    assert_eq!(cloud.seen().len(), 1);
    away.back();
}

/// A lease that ends too early, so that the second attempt begins while the first is on its way.
#[tokio::test]
async fn an_id_that_another_attempt_got_is_told_to_whoever_was_refused() {
    // What each is answered, and in which order.
    let scripts: [(Script, [usize; 2]); 2] = [
        (
            |n| match n {
                0 => created(),
                _ => coded(400, "IdempotentFailed"),
            },
            [0, 1],
        ),
        (
            |n| match n {
                0 => coded(400, "InvalidName"),
                _ => created(),
            },
            [1, 0],
        ),
    ];
    for (script, order) in scripts {
        let (cloud, held) = Cloud::holding(script).await;
        let journal = in_memory(Options {
            lease: Duration::from_millis(100),
            ..Options::default()
        });
        let app = proxy(&cloud.address, NOWHERE, Some(journal));
        let told = [const { OnceCell::const_new() }; 2];
        let attempt = async |n: usize| {
            cloud.until_seen(n).await;
            let answer = post(&app, CEN, "k", &named(CEN)).await;
            assert!(told[n].set(answer).is_ok());
        };
        let answering = async {
            cloud.until_seen(2).await;
            for n in order {
                held[n].notify_one();
                task_until("an answer", || ready(told[n].initialized())).await;
            }
        };
        tokio::join!(attempt(0), attempt(1), answering);
        let [first, second] = told.map(|told| told.into_inner().expect("an answer"));
        for told in [&first, &second] {
            assert_eq!(told.body["CenId"], "cen-1", "{}", told.body);
        }
        assert_ne!(first.replayed, second.replayed);
        assert_eq!(cloud.seen().len(), 2);
    }
}

const MADE: &str = r#"{"cloud_connection":{"id":"cc-1"},"request_id":"R"}"#;

#[tokio::test]
async fn without_the_account_a_stored_id_is_told_and_nothing_is_called_invalid() {
    let cloud = Cloud::start(|_| vendors(201, MADE)).await;
    let iam = Cloud::start(|_| vendors(200, r#"{"domains":[{"id":"d1"}]}"#)).await;
    let journal = in_memory(Options::default());
    let first = proxy(&cloud.address, &iam.address, Some(journal.clone()));
    let body = named(CONNECTION);
    let made = post(&first, CONNECTION, "k", &body).await;
    assert_eq!((made.status, made.replayed), (201, false), "{}", made.body);
    // After a restart, while IAM does not answer.
    let app = proxy(&cloud.address, NOWHERE, Some(journal.clone()));
    let again = post(&app, CONNECTION, "k", &body).await;
    assert_eq!(
        (again.status, again.replayed),
        (201, true),
        "{}",
        again.body
    );
    assert_eq!(again.body, made.body);
    let other = json!({ "cloud_connection": { "name": "other" } });
    let told = post(&app, CONNECTION, "k", &other).await;
    told.is(&problem::OUTCOME_UNKNOWN);
    let told = post(&app, CONNECTION, "new", &body).await;
    told.is(&problem::ACCOUNT_UNKNOWN);
    let path = format!("{CONNECTION}/preview");
    post(&app, &path, "", &body)
        .await
        .is(&problem::ACCOUNT_UNKNOWN);
    let path = format!("{CONNECTION}/check");
    let checked = post(&app, &path, "", &body).await;
    assert_eq!(checked.body, json!({ "violations": [] }));
    // What can be corrected is told.
    let wrong = json!({ "cloud_connection": { "name": "" } });
    let told = post(&app, CONNECTION, "new", &wrong).await;
    told.is(&problem::RULES);
    assert!(
        !told.body.to_string().contains("domain_id"),
        "{}",
        told.body
    );
    assert_eq!(cloud.seen().len(), 1);
    // With IAM back the key is free for what was not sent.
    let told = post(&first, CONNECTION, "new", &body).await;
    assert_eq!((told.status, told.replayed), (201, false), "{}", told.body);
}

#[tokio::test]
async fn a_users_own_token_is_no_part_of_what_a_key_is_for_and_has_its_own_account() {
    let cloud = Cloud::start(|_| vendors(201, MADE)).await;
    let iam = Cloud::start(|_| vendors(200, r#"{"domains":[{"id":"d1"}]}"#)).await;
    let app = proxy(
        &cloud.address,
        &iam.address,
        Some(in_memory(Options::default())),
    );
    let with = |token: &str, account: Option<&str>| {
        let mut body = named(CONNECTION);
        body["X-Auth-Token"] = json!(token);
        body["domain_id"] = json!(account.unwrap_or_default());
        body
    };
    // The proxy's account is not put beside somebody else's token.
    let told = post(&app, CONNECTION, "k", &with("one", None)).await;
    told.is(&problem::RULES);
    assert_eq!(told.body["violations"][0]["parameter"], "domain_id");
    assert!(iam.seen().is_empty() && cloud.seen().is_empty());
    let told = post(&app, CONNECTION, "k", &with("one", Some("mine"))).await;
    assert_eq!((told.status, told.replayed), (201, false), "{}", told.body);
    // A renewed token is the same user's.
    let told = post(&app, CONNECTION, "k", &with("two", Some("mine"))).await;
    assert_eq!((told.status, told.replayed), (201, true), "{}", told.body);
    let told = post(&app, CONNECTION, "k", &with("two", Some("other"))).await;
    told.is(&problem::KEY_REUSED);
    assert_eq!(cloud.seen(), ["/v3/mine/ccaas/cloud-connections one"]);
}

/// Its fingerprints were of the filled-in account and of the user's own token, too.
#[tokio::test]
async fn what_an_earlier_version_has_stored_is_replayed() {
    let cloud = Cloud::start(|_| vendors(201, MADE)).await;
    let iam = Cloud::start(|_| vendors(200, r#"{"domains":[{"id":"d1"}]}"#)).await;
    let journal = in_memory(Options::default());
    let app = proxy(&cloud.address, &iam.address, Some(journal.clone()));
    let plain = named(CONNECTION);
    let mut own = plain.clone();
    (own["domain_id"], own["X-Auth-Token"]) = (json!("mine"), json!("one"));
    let mut filled_in = plain.clone();
    filled_in["domain_id"] = json!("d1");
    for (key, sent, stored) in [("a", &plain, &filled_in), ("b", &own, &own)] {
        let known = Key {
            principal: "",
            operation: CONNECTION,
            idempotency_key: key,
        };
        let intent = journal.intent(&known, &json!(["default", stored]), None);
        let Ok(Begin::Fresh(lease)) = journal.begin(&intent).await else {
            panic!("the key is free");
        };
        let answer = Answer {
            status: 201,
            content_type: "application/json".into(),
            headers: Vec::new(),
            body: MADE.into(),
        };
        let settled = journal.finish(&lease, Outcome::Created(answer)).await;
        settled.expect("stored");
        let told = post(&app, CONNECTION, key, sent).await;
        assert_eq!((told.status, told.replayed), (201, true), "{}", told.body);
    }
    assert!(cloud.seen().is_empty());
}
