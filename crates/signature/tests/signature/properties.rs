//! What holds for every request.

use proptest::collection::vec;
use proptest::prelude::*;
use tieline_catalog::wire::{parse_query, percent_encode, Request};
use tieline_signature::{acs3, sdk_hmac, v1, verify, Credentials, NonceStore};

use crate::common::knows;

const NOW: u64 = 1_704_164_645_000;

/// Names of parameters that are none of the signature's own.
fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = any::<String>().prop_map(|name| format!("p{name}"));
    vec((name, any::<String>()), 0..6)
}

fn credentials() -> impl Strategy<Value = Credentials> {
    let token = proptest::option::of("[!-~]{1,40}");
    ("[!-+--~]{1,32}", any::<String>(), token).prop_map(|(id, secret, token)| Credentials {
        access_key_id: id,
        secret: secret.as_str().into(),
        security_token: token.map(|t| t.as_str().into()),
    })
}

/// Headers as HTTP allows them.
fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = "h[a-z0-9-]{0,10}";
    vec((name, "[ -~]{0,20}"), 0..4)
}

fn host() -> impl Strategy<Value = String> {
    "[a-z0-9.-]{1,20}(:[0-9]{1,5})?"
}

fn accepted(request: &Request, credentials: &Credentials) -> bool {
    verify(request, &knows(credentials), NOW, &mut NonceStore::new()).is_ok()
}

/// The query over the wire and back, a blank written as `+` or as `%20`.
fn through_the_wire(request: &Request, plus: bool) -> Request {
    let written = request.query_string();
    let written = if plus {
        written.replace("%20", "+")
    } else {
        written
    };
    Request {
        query: parse_query(&written),
        ..request.clone()
    }
}

proptest! {
    #[test]
    fn v3_verifies_what_it_signs(
        query in parameters(),
        body in any::<String>(),
        headers in headers(),
        host in host(),
        credentials in credentials(),
        nonce in "[!-~]{1,40}",
        plus in any::<bool>(),
    ) {
        let mut request = Request {
            method: "POST".into(), host, path: "/".into(), query, headers, body,
        };
        acs3::sign(&mut request, &credentials, NOW, &nonce);
        prop_assert!(accepted(&request, &credentials));
        let mut arrived = through_the_wire(&request, plus);
        prop_assert!(accepted(&arrived, &credentials));
        arrived.body.push('x');
        prop_assert!(!accepted(&arrived, &credentials));
    }

    #[test]
    fn v1_verifies_what_it_signs(
        parameters in parameters(),
        credentials in credentials(),
        nonce in any::<String>().prop_map(|nonce| format!("n{nonce}")),
        in_body in any::<prop::sample::Index>(),
        plus in any::<bool>(),
    ) {
        let mut query = parameters;
        v1::sign("POST", &mut query, &credentials, NOW, &nonce);
        let form = query.split_off(in_body.index(query.len() + 1));
        let mut request = Request {
            method: "POST".into(),
            path: "/".into(),
            body: Request { query: form, ..Request::default() }.query_string(),
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            query,
            ..Request::default()
        };
        prop_assert!(accepted(&request, &credentials));
        request = through_the_wire(&request, plus);
        prop_assert!(accepted(&request, &credentials));
        request.query.push(("extra".into(), String::new()));
        prop_assert!(!accepted(&request, &credentials));
    }

    #[test]
    fn huawei_verifies_what_it_signs(
        query in parameters(),
        segments in vec(any::<String>(), 1..4),
        body in any::<String>(),
        headers in headers(),
        host in host(),
        credentials in credentials(),
        domain_id in proptest::option::of("[0-9a-f]{32}"),
        plus in any::<bool>(),
    ) {
        let encoded: Vec<String> = segments.iter().map(|s| percent_encode(s)).collect();
        let path = format!("/v3/{}", encoded.join("/"));
        let mut request = Request { method: "POST".into(), host, path, query, headers, body };
        sdk_hmac::sign(&mut request, &credentials, domain_id.as_deref(), NOW);
        prop_assert!(accepted(&request, &credentials));
        let mut arrived = through_the_wire(&request, plus);
        prop_assert!(accepted(&arrived, &credentials));
        arrived.body.push('x');
        prop_assert!(!accepted(&arrived, &credentials));
    }

    #[test]
    fn a_changed_parameter_is_noticed(
        query in parameters(),
        (name, value) in (any::<String>(), any::<String>()),
        credentials in credentials(),
    ) {
        let request = Request { method: "GET".into(), path: "/v3/x".into(), query, ..Request::default() };
        let (mut v3, mut huawei) = (request.clone(), request);
        acs3::sign(&mut v3, &credentials, NOW, "n");
        sdk_hmac::sign(&mut huawei, &credentials, None, NOW);
        for mut changed in [v3, huawei] {
            changed.query.push((name.clone(), value.clone()));
            prop_assert!(!accepted(&changed, &credentials));
        }
    }

    #[test]
    fn nothing_makes_it_panic_or_accept(
        method in any::<String>(),
        host in any::<String>(),
        path in prop_oneof![Just("/".to_string()), any::<String>()],
        query in vec((own_name(), own_value()), 0..10),
        headers in vec((own_name(), own_value()), 0..12),
        body in any::<String>(),
        now in any::<u64>(),
    ) {
        let request = Request { method, host, path, query, headers, body };
        let credentials = Credentials {
            access_key_id: "id".into(),
            secret: "canary".into(),
            security_token: None,
        };
        let result = verify(&request, &knows(&credentials), now, &mut NonceStore::new());
        let refusal = result.expect_err("nobody signed it");
        let shown = [refusal.to_string(), format!("{refusal:?}")].concat();
        prop_assert!(!shown.contains("canary"), "a secret is shown");
    }
}

/// Names that the verification looks at, and others.
fn own_name() -> impl Strategy<Value = String> {
    let own = prop::sample::select(vec![
        "authorization",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-content-sha256",
        "x-acs-security-token",
        "x-acs-action",
        "content-type",
        "x-sdk-date",
        "x-auth-token",
        "x-security-token",
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp",
        "Action",
        "SecurityToken",
    ]);
    prop_oneof![4 => own.prop_map(str::to_string), 1 => any::<String>()]
}

/// Values that get far into the verification, and others.
fn own_value() -> impl Strategy<Value = String> {
    let own = prop::sample::select(vec![
        "",
        "id",
        "HMAC-SHA1",
        "1.0",
        "2024-01-02T03:04:05Z",
        "20240102T030405Z",
        "application/x-www-form-urlencoded",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=00",
        "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=;;,Signature=é",
        "ACS3-HMAC-SHA256 ",
        "SDK-HMAC-SHA256 ",
        "SDK-HMAC-SHA256 ,,,==",
        "SDK-HMAC-SHA256 Access=id, SignedHeaders=host;x-sdk-date, Signature=00",
    ]);
    let start = prop::sample::select(vec!["ACS3-", "ACS3-HMAC-SHA256 ", "SDK-HMAC-SHA256 "]);
    let mixed = (start, any::<String>()).prop_map(|(start, rest)| format!("{start}{rest}"));
    prop_oneof![3 => own.prop_map(str::to_string), 1 => mixed, 1 => any::<String>()]
}
