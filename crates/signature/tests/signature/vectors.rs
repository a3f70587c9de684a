//! The vectors that the vendors' packages computed: each passes for signing and for verification.

use crate::common::{find, from_wire, key, ms, pairs, text, verify};
use serde_json::Value as Json;
use tieline_catalog::wire::Request;
use tieline_signature::{acs3, sdk_hmac, v1};

fn vectors(scheme: &str) -> Vec<Json> {
    let all: Json =
        serde_json::from_str(include_str!("../vectors/signatures.json")).expect("the vectors");
    let of_scheme = all[scheme].as_array().expect("a list").clone();
    assert!(of_scheme.len() >= 2, "{scheme}");
    of_scheme
}

#[test]
fn alibaba_v1() {
    for vector in vectors("alibaba_v1") {
        let name = text(&vector, "name");
        let credentials = key(
            text(&vector, "access_key_id"),
            text(&vector, "access_key_secret"),
        );
        let signed = pairs(&vector["signed_params"]);
        let given = |name: &str| find(&signed, name).expect("signed");
        let (method, now) = (text(&vector, "method"), ms(given("Timestamp")));
        let mut parameters = signed.clone();
        for own in [
            "Timestamp",
            "SignatureMethod",
            "SignatureVersion",
            "SignatureNonce",
            "AccessKeyId",
        ] {
            parameters.retain(|(n, _)| n != own);
        }
        v1::sign(
            method,
            &mut parameters,
            &credentials,
            now,
            given("SignatureNonce"),
        );
        assert_eq!(
            find(&parameters, "Signature"),
            vector["signature"].as_str(),
            "{name}"
        );
        parameters.retain(|(n, _)| n != "Signature");
        parameters.sort();
        let mut expected = signed.clone();
        expected.sort();
        assert_eq!(parameters, expected, "{name}");

        let request = match vector["url"].as_str() {
            Some(url) => from_wire(method, url, &[], ""),
            None => Request {
                query: [
                    signed.clone(),
                    vec![("Signature".into(), text(&vector, "signature").into())],
                ]
                .concat(),
                ..from_wire(method, "/", &[], "")
            },
        };
        let id = text(&vector, "access_key_id").to_string();
        assert_eq!(
            verify(&request, &credentials, now),
            Ok(("AlibabaV1".into(), id)),
            "{name}"
        );
        let wrong = key(text(&vector, "access_key_id"), "wrong");
        let (code, message) = verify(&request, &wrong, now).expect_err(name);
        assert_eq!(code, "SignatureDoesNotMatch", "{name}");
        // The older client splits at the first colon.
        assert_eq!(
            message.split(':').nth(1),
            vector["string_to_sign"].as_str(),
            "{name}"
        );
    }
}

#[test]
fn alibaba_v3() {
    for vector in vectors("alibaba_v3") {
        let name = text(&vector, "name");
        let credentials = key(
            text(&vector, "access_key_id"),
            text(&vector, "access_key_secret"),
        );
        let headers = pairs(&vector["headers_signed"]);
        let given = |name: &str| find(&headers, name).expect("signed");
        let mut request = Request {
            query: pairs(&vector["query"]),
            ..from_wire(
                text(&vector, "method"),
                text(&vector, "path"),
                &headers,
                text(&vector, "body"),
            )
        };
        for own in [
            "x-acs-date",
            "x-acs-signature-nonce",
            "x-acs-content-sha256",
        ] {
            request.headers.retain(|(n, _)| n != own);
        }
        let now = ms(given("x-acs-date"));
        acs3::sign(
            &mut request,
            &credentials,
            now,
            given("x-acs-signature-nonce"),
        );
        assert_eq!(
            request.header("authorization"),
            vector["authorization"].as_str(),
            "{name}"
        );
        for (header, value) in headers.iter().filter(|(n, _)| n != "host") {
            assert_eq!(request.header(header), Some(value.as_str()), "{name}");
        }
        if let Some(url) = vector["url_sent"].as_str() {
            assert_eq!(request.url(), url, "{name}");
        }

        let id = text(&vector, "access_key_id").to_string();
        assert_eq!(
            verify(&request, &credentials, now),
            Ok(("AlibabaV3".into(), id)),
            "{name}"
        );
        let wrong = key(text(&vector, "access_key_id"), "wrong");
        let (code, message) = verify(&request, &wrong, now).expect_err(name);
        assert_eq!(code, "SignatureDoesNotMatch", "{name}");
        let string_to_sign = text(&vector, "string_to_sign");
        let canonical = text(&vector, "canonical_request");
        assert!(
            message.contains(&format!("StringToSign is [{string_to_sign}]")),
            "{message}"
        );
        assert!(
            message.contains(&format!("CanonicalRequest is [{canonical}]")),
            "{message}"
        );
    }
}

#[test]
fn huawei() {
    for vector in vectors("huawei") {
        let name = text(&vector, "name");
        let credentials = key(text(&vector, "access_key"), text(&vector, "secret_key"));
        let mut request = from_wire(
            text(&vector, "method"),
            text(&vector, "resource_path"),
            &pairs(&vector["headers_signed"]),
            text(&vector, "body"),
        );
        let list = vector["query_pairs"].as_array().expect("a list");
        let part = |pair: &Json, at: usize| pair[at].as_str().expect("a text").to_string();
        request.query = list.iter().map(|p| (part(p, 0), part(p, 1))).collect();
        let domain_id = request.header("x-domain-id").map(str::to_string);
        request
            .headers
            .retain(|(n, _)| n != "x-sdk-date" && n != "x-domain-id");
        let date = text(&vector, "x_sdk_date");
        sdk_hmac::sign(&mut request, &credentials, domain_id.as_deref(), ms(date));
        assert_eq!(
            request.header("authorization"),
            vector["authorization"].as_str(),
            "{name}"
        );
        assert_eq!(request.header("x-sdk-date"), Some(date), "{name}");

        let id = text(&vector, "access_key").to_string();
        assert_eq!(
            verify(&request, &credentials, ms(date)),
            Ok(("HuaweiSdk".into(), id)),
            "{name}"
        );
        // As the vendor's client writes the query: sorted.
        let url = text(&vector, "url").strip_prefix("https://cc.myhuaweicloud.com");
        let mut sent = from_wire(&request.method, url.expect("the host"), &[], "");
        sent.host = request.host.clone();
        sent.headers = request.headers.clone();
        sent.body = request.body.clone();
        assert!(verify(&sent, &credentials, ms(date)).is_ok(), "{name}");

        let wrong = key(text(&vector, "access_key"), "wrong");
        let (code, message) = verify(&request, &wrong, ms(date)).expect_err(name);
        assert_eq!(code, "APIGW.0301", "{name}");
        let canonical = text(&vector, "canonical_request").replace('\n', "|");
        assert!(
            message.ends_with(&format!("canonicalRequest:{canonical}")),
            "{message}"
        );
    }
}
