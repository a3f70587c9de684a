//! What a key is worth once the proxy's own keys of the clouds are others.

use serde_json::json;
use tieline_journal::Options;

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
