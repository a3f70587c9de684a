//! What a key is worth once the proxy's own keys of the clouds are others.

use axum::Router;
use serde_json::json;
use tieline_journal::{Journal, Options, Secret};
use tieline_protocol::problem;

use crate::stand_in_clouds;
use crate::unknown_outcome::{coded, created, in_memory, named, post, proxy, Cloud, CEN};

const NOWHERE: &str = "127.0.0.1:1";

#[tokio::test]
async fn a_key_is_free_once_the_proxys_own_keys_are_repaired() {
    let refusals: [fn(usize) -> _; 4] = [
        |n| refused_once(n, 400, "SignatureDoesNotMatch"),
        |n| refused_once(n, 400, "IncompleteSignature"),
        |n| refused_once(n, 404, "InvalidAccessKeyId.Inactive"),
        |n| refused_once(n, 401, "APIGW.0301"),
    ];
    for script in refusals {
        let cloud = Cloud::start(script).await;
        let journal = in_memory(Options::default());
        let app = proxy(&cloud.address, NOWHERE, Some(journal));
        // As it came: the console says what is wrong.
        let told = post(&app, CEN, "k", &named(CEN)).await;
        assert!(told.status >= 400 && !told.replayed);
        assert_eq!(told.body["Message"], "m");
        let told = post(&app, CEN, "k", &named(CEN)).await;
        assert_eq!((told.status, told.replayed), (200, false), "{}", told.body);
        assert_eq!(told.body["CenId"], json!("cen-1"));
        assert!(post(&app, CEN, "k", &named(CEN)).await.replayed);
        assert_eq!(cloud.seen().len(), 2);
    }
}

fn refused_once(n: usize, status: u16, code: &str) -> axum::response::Response {
    match n {
        0 => coded(status, code),
        _ => created(),
    }
}

/// A proxy that signs with these keys.
fn signing_as(id: &str, more: &[(&str, &str)], cloud: &Cloud, journal: Journal) -> Router {
    let mut keys = vec![
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", id),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
    ];
    keys.extend(more);
    let configuration = stand_in_clouds::configuration(&cloud.address);
    stand_in_clouds::proxy(configuration, &keys, Some(journal))
}

/// The first request is executed and its answer is lost.
fn lost_once(n: usize) -> axum::response::Response {
    match n {
        0 => coded(503, "ServiceUnavailable"),
        _ => created(),
    }
}

#[tokio::test]
async fn what_may_have_been_executed_is_not_repeated_with_other_keys() {
    let temporary = ("ALIBABA_CLOUD_SECURITY_TOKEN", "token");
    for (first, second, repeated) in [
        (("a", vec![]), ("a", vec![]), true),
        (("a", vec![]), ("b", vec![]), false),
        // Temporary keys are others each hour, so nothing is known by them.
        (("a", vec![temporary]), ("b", vec![temporary]), true),
        (("a", vec![temporary]), ("b", vec![]), true),
    ] {
        let cloud = Cloud::start(lost_once).await;
        let folder = tempfile::tempdir().expect("a folder");
        let open = || async {
            let secret = Secret::from_hex(&"0f".repeat(32)).expect("a secret");
            let path = folder.path().join("journal.sqlite");
            let journal = Journal::sqlite(&path, secret, Options::default()).await;
            journal.expect("a journal")
        };
        let app = signing_as(first.0, &first.1, &cloud, open().await);
        assert_eq!(post(&app, CEN, "k", &named(CEN)).await.status, 503);
        // The journal is the next proxy's once nobody has it.
        drop(app);
        let app = signing_as(second.0, &second.1, &cloud, open().await);
        let told = post(&app, CEN, "k", &named(CEN)).await;
        if repeated {
            assert_eq!(told.status, 200, "{}", told.body);
            assert_eq!(cloud.seen().len(), 2);
            // A stored answer is given whoever signs now.
            drop(app);
            let app = signing_as("c", &[], &cloud, open().await);
            assert!(post(&app, CEN, "k", &named(CEN)).await.replayed);
        } else {
            told.is(&problem::OUTCOME_UNKNOWN);
            // Whoever follows the words sends it to no other account.
            let says = told.body["detail"].as_str().unwrap_or_default();
            assert!(says.contains("do not send it again"), "{says}");
            assert_eq!(cloud.seen().len(), 1);
            // With the first keys it goes on.
            drop(app);
            let app = signing_as(first.0, &first.1, &cloud, open().await);
            assert_eq!(post(&app, CEN, "k", &named(CEN)).await.status, 200);
        }
    }
}
