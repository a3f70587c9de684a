//! Requests that are legal and longer than can be sent.

use serde_json::{json, Value};
use tieline_journal::Options;
use tieline_protocol::problem;

use crate::stand_in_clouds::vendors;
use crate::unknown_outcome::{in_memory, post, proxy, Cloud};

const ECC: &str = "CreateExpressCloudConnection";
const NOWHERE: &str = "127.0.0.1:1";

fn with_city(characters: usize) -> Value {
    json!({
        "RegionId": "cn-hangzhou", "Bandwidth": 2, "IdcSP": "CU", "PeerLocation": "5F",
        "IDCardNo": "11010519491231002X", "ContactTel": "13800138000",
        "ContactMail": "a@example.com", "PeerCity": "杭".repeat(characters),
    })
}

#[tokio::test]
async fn what_is_too_long_to_be_sent_is_said_to_be_so() {
    let cloud = Cloud::start(|_| vendors(200, r#"{"EccId":"ecc-1","RequestId":"R"}"#)).await;
    let journal = in_memory(Options::default());
    let app = proxy(&cloud.address, NOWHERE, Some(journal));
    for _ in 0..2 {
        let told = post(&app, ECC, "k", &with_city(8_000)).await;
        told.is(&problem::TOO_LARGE);
        let english = told.body["message"]["en"].as_str().unwrap_or_default();
        let chinese = told.body["message"]["zh"].as_str().unwrap_or_default();
        assert!(english.contains("Shorten"), "{english}");
        assert!(chinese.contains("请缩短"), "{chinese}");
    }
    assert!(cloud.seen().is_empty());
    // Its key is not used up, and nearly as much is sent.
    let told = post(&app, ECC, "k", &with_city(7_000)).await;
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(cloud.seen().len(), 1);
    // To the last byte: nothing in between is refused as if the cloud could not be reached.
    for characters in 7_200..7_290 {
        let told = post(&app, ECC, &characters.to_string(), &with_city(characters)).await;
        assert!(
            matches!(told.status, 200 | 413),
            "{characters}: {}",
            told.body
        );
    }
}
