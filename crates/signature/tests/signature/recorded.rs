//! What the vendors' SDKs sent for odd characters (`vectors/record.py`): it is accepted, and our own
//! signature of the same request at the same time is the same.

use std::collections::BTreeMap;

use crate::common::{find, from_wire, key, ms, text, verify};
use serde_json::Value as Json;
use tieline_catalog::wire::{parse_query, Request};
use tieline_signature::{acs3, sdk_hmac, v1, Credentials};

struct Recorded {
    name: String,
    scheme: &'static str,
    credentials: Credentials,
    request: Request,
}

fn recorded() -> Vec<Recorded> {
    let all: Json = serde_json::from_str(include_str!("../vectors/recorded.json")).expect("JSON");
    let entries = all["requests"].as_array().expect("a list");
    let one = |entry: &Json| {
        let headers: Vec<(String, String)> =
            serde_json::from_value(entry["headers"].clone()).expect("headers");
        let token = entry["security_token"].as_str();
        Recorded {
            name: format!("{}, {}", text(entry, "by"), text(entry, "name")),
            scheme: match text(entry, "by") {
                "alibabacloud-tea-openapi" => "AlibabaV3",
                "huaweicloudsdkcc" => "HuaweiSdk",
                _ => "AlibabaV1",
            },
            credentials: Credentials {
                security_token: token.map(Into::into),
                ..key(
                    text(entry, "access_key_id"),
                    text(entry, "access_key_secret"),
                )
            },
            request: from_wire(
                text(entry, "method"),
                text(entry, "target"),
                &headers,
                text(entry, "body"),
            ),
        }
    };
    entries.iter().map(one).collect()
}

/// The time that the request was signed at.
fn signed_at(request: &Request) -> u64 {
    let header = request
        .header("x-acs-date")
        .or(request.header("x-sdk-date"));
    ms(header
        .or(find(&request.query, "Timestamp"))
        .expect("a time"))
}

#[test]
fn the_sdks_requests_are_accepted() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for Recorded {
        name,
        scheme,
        credentials,
        request,
    } in recorded()
    {
        let expected = (scheme.to_string(), credentials.access_key_id.clone());
        assert_eq!(
            verify(&request, &credentials, signed_at(&request)),
            Ok(expected),
            "{name}"
        );
        *counts.entry(scheme).or_default() += 1;
    }
    assert_eq!(counts.len(), 3);
    assert!(counts.values().all(|count| *count > 10), "{counts:?}");
}

#[test]
fn with_another_secret_they_are_refused() {
    for Recorded {
        name,
        scheme,
        credentials,
        request,
    } in recorded()
    {
        let other = Credentials {
            secret: "other".into(),
            ..credentials
        };
        let (code, message) = verify(&request, &other, signed_at(&request)).expect_err(&name);
        let expected = if scheme == "HuaweiSdk" {
            "APIGW.0301"
        } else {
            "SignatureDoesNotMatch"
        };
        assert_eq!(code, expected, "{name}");
        if let Some(token) = &other.security_token {
            // Also as the encodings of a canonical request would show it.
            for shown in [token.expose(), "test%2Btoken", "test%252Btoken"] {
                assert!(!message.contains(shown), "{name}: {message}");
            }
        }
    }
}

#[test]
fn our_own_signature_is_the_same() {
    for Recorded {
        name,
        scheme,
        credentials,
        request,
    } in recorded()
    {
        let now = signed_at(&request);
        if scheme == "AlibabaV1" {
            let mut parameters = [request.query.clone(), parse_query(&request.body)].concat();
            let theirs = find(&parameters, "Signature").map(str::to_string);
            let nonce = find(&parameters, "SignatureNonce")
                .expect("a nonce")
                .to_string();
            v1::sign(&request.method, &mut parameters, &credentials, now, &nonce);
            assert_eq!(find(&parameters, "Signature"), theirs.as_deref(), "{name}");
            continue;
        }
        let theirs = request.header("authorization").expect("signed").to_string();
        let list = theirs
            .split("SignedHeaders=")
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        let signed: Vec<&str> = list.expect("a list").split(';').collect();
        let mut own = request.clone();
        own.headers
            .retain(|(header, _)| signed.contains(&header.as_str()));
        if scheme == "AlibabaV3" {
            let nonce = request.header("x-acs-signature-nonce").expect("a nonce");
            acs3::sign(&mut own, &credentials, now, nonce);
        } else {
            sdk_hmac::sign(&mut own, &credentials, request.header("x-domain-id"), now);
        }
        assert_eq!(own.header("authorization"), Some(theirs.as_str()), "{name}");
    }
}
