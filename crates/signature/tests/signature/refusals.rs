//! Whatever is wrong with a request gives the vendor's code, and no secret.

use tieline_catalog::model::Provider;
use tieline_catalog::wire::Request;
use tieline_signature::{
    acs3, sdk_hmac, v1, verify, Accounts, Credentials, Identity, NonceStore, Refusal, Scheme,
};

use crate::common::{find, from_wire, key, knows};

const NOW: u64 = 1_704_164_645_000;
const MINUTE: u64 = 60_000;
const SECRET: &str = "canary-secret";
const TOKEN: &str = "canary-token";

fn permanent() -> Credentials {
    key("the-id", SECRET)
}

fn temporary() -> Credentials {
    Credentials {
        security_token: Some(TOKEN.into()),
        ..permanent()
    }
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.into(), value.into())
}

fn signed_v3(credentials: &Credentials) -> Request {
    let headers = [
        pair("Host", "cbn.aliyuncs.com"),
        pair("x-acs-action", "CreateCen"),
        pair("x-acs-version", "2017-09-12"),
        pair("content-type", "application/x-www-form-urlencoded"),
    ];
    let mut request = from_wire("POST", "/?Name=a+b&Description=d", &headers, "Tag.1.Key=k");
    acs3::sign(&mut request, credentials, NOW, "nonce-1");
    request
}

fn signed_v1(credentials: &Credentials) -> Request {
    let headers = [
        pair("Host", "cbn.aliyuncs.com"),
        pair("x-acs-action", "CreateCen"),
        pair("content-type", "application/x-www-form-urlencoded"),
    ];
    let mut request = from_wire("POST", "/", &headers, "Name=a+b");
    let mut parameters = vec![
        pair("Name", "a b"),
        pair("Action", "CreateCen"),
        pair("Version", "2017-09-12"),
    ];
    v1::sign("POST", &mut parameters, credentials, NOW, "nonce-1");
    request.query = parameters.split_off(1);
    request
}

fn signed_huawei(credentials: &Credentials) -> Request {
    let headers = [
        pair("Host", "cc.myhuaweicloud.com"),
        pair("content-type", "application/json"),
    ];
    let path = "/v3/0123/ccaas/cloud-connections?name=a+b";
    let mut request = from_wire("POST", path, &headers, r#"{"cloud_connection":{}}"#);
    sdk_hmac::sign(&mut request, credentials, Some("0123"), NOW);
    request
}

fn attempt(request: &Request, accounts: &impl Accounts, now: u64) -> Result<Identity, Refusal> {
    verify(request, accounts, now, &mut NonceStore::new())
}

/// The code of the refusal, which shows no secret.
fn code(result: Result<Identity, Refusal>) -> String {
    let refusal = result.expect_err("refused");
    let shown = format!("{refusal} {refusal:?}");
    assert!(!shown.contains("canary"), "{shown}");
    let huawei = refusal.code.starts_with("APIGW.");
    assert_eq!(refusal.provider == Provider::Huawei, huawei);
    let status = match refusal.code.as_ref() {
        "InvalidAccessKeyId.NotFound" => 404,
        _ if huawei => 401,
        _ => 400,
    };
    assert_eq!(refusal.status, status, "{shown}");
    refusal.code.into_owned()
}

/// The code after a change of the request.
fn changed(request: &Request, change: impl FnOnce(&mut Request)) -> String {
    let mut other = request.clone();
    change(&mut other);
    assert_ne!(&other, request, "nothing changed");
    code(attempt(&other, &knows(&permanent()), NOW))
}

fn set(request: &mut Request, name: &str, value: &str) {
    let header = request.headers.iter_mut().find(|(n, _)| n == name);
    header.expect("the header").1 = value.into();
}

fn without(request: &mut Request, name: &str) {
    request.headers.retain(|(n, _)| n != name);
    request.query.retain(|(n, _)| n != name);
}

#[test]
fn what_is_right_is_accepted() {
    for credentials in [permanent(), temporary()] {
        for (request, scheme) in [
            (signed_v1(&credentials), Scheme::AlibabaV1),
            (signed_v3(&credentials), Scheme::AlibabaV3),
            (signed_huawei(&credentials), Scheme::HuaweiSdk),
        ] {
            let name = "the-id".to_string();
            let identity = attempt(&request, &knows(&credentials), NOW);
            assert_eq!(identity, Ok(Identity { scheme, name }));
        }
    }
}

#[test]
fn a_wrong_key_or_an_unknown_one() {
    let right = permanent();
    let wrong = knows(&right);
    let other = key("the-id", "canary-other");
    assert_eq!(
        code(attempt(&signed_v1(&other), &wrong, NOW)),
        "SignatureDoesNotMatch"
    );
    assert_eq!(
        code(attempt(&signed_v3(&other), &wrong, NOW)),
        "SignatureDoesNotMatch"
    );
    assert_eq!(
        code(attempt(&signed_huawei(&other), &wrong, NOW)),
        "APIGW.0301"
    );
    let stranger = key("stranger", SECRET);
    assert_eq!(
        code(attempt(&signed_v1(&stranger), &wrong, NOW)),
        "InvalidAccessKeyId.NotFound"
    );
    assert_eq!(
        code(attempt(&signed_v3(&stranger), &wrong, NOW)),
        "InvalidAccessKeyId.NotFound"
    );
    assert_eq!(
        code(attempt(&signed_huawei(&stranger), &wrong, NOW)),
        "APIGW.0301"
    );
}

#[test]
fn a_time_is_accepted_up_to_its_tolerance_and_not_a_second_longer() {
    let credentials = permanent();
    for (request, minutes, expected) in [
        (signed_v1(&credentials), 31, "InvalidTimeStamp.Expired"),
        (signed_v3(&credentials), 15, "InvalidTimeStamp.Expired"),
        (signed_huawei(&credentials), 15, "APIGW.0301"),
    ] {
        let late = minutes * MINUTE;
        for now in [NOW - late, NOW + late] {
            assert!(
                attempt(&request, &knows(&credentials), now).is_ok(),
                "{now}"
            );
        }
        for now in [NOW - late - 1000, NOW + late + 1000, 0, u64::MAX] {
            let result = attempt(&request, &knows(&credentials), now);
            assert_eq!(code(result), expected, "{now}");
        }
    }
    let result = attempt(
        &signed_huawei(&credentials),
        &knows(&credentials),
        NOW + 901_000,
    );
    let message = result.expect_err("expired").message;
    let times = "signature expired, signature time:20240102T030405Z,server time:20240102T031906Z";
    assert!(message.ends_with(times), "{message}");
}

#[test]
fn a_nonce_serves_once() {
    let credentials = permanent();
    let mut nonces = NonceStore::new();
    let (v1, v3) = (signed_v1(&credentials), signed_v3(&credentials));
    let mut forged = v3.clone();
    forged.body.push('x');
    let refused = verify(&forged, &knows(&credentials), NOW, &mut nonces);
    assert_eq!(code(refused), "SignatureDoesNotMatch");
    assert!(nonces.is_empty(), "a forged request uses no nonce up");
    assert!(verify(&v3, &knows(&credentials), NOW, &mut nonces).is_ok());
    for request in [&v3, &v1] {
        // V1 and V3 share the nonces of a key.
        let again = verify(
            request,
            &knows(&credentials),
            NOW + 14 * MINUTE,
            &mut nonces,
        );
        assert_eq!(code(again), "SignatureNonceUsed");
    }
    // From the first to the last moment at which a time stamp is accepted.
    let mut nonces = NonceStore::new();
    let (first, last) = (NOW - 31 * MINUTE, NOW + 31 * MINUTE);
    assert!(verify(&v1, &knows(&credentials), first, &mut nonces).is_ok());
    let again = verify(&v1, &knows(&credentials), last, &mut nonces);
    assert_eq!(code(again), "SignatureNonceUsed");
    let mut anew = v3.clone();
    acs3::sign(&mut anew, &credentials, NOW, "nonce-2");
    assert!(verify(&anew, &knows(&credentials), NOW, &mut nonces).is_ok());
}

#[test]
fn v3_notices_every_change() {
    let request = signed_v3(&permanent());
    let mismatch = "SignatureDoesNotMatch";
    assert_eq!(changed(&request, |r| r.method = "GET".into()), mismatch);
    assert_eq!(
        changed(&request, |r| r.host = "vpc.aliyuncs.com".into()),
        mismatch
    );
    assert_eq!(changed(&request, |r| r.path = "/other".into()), mismatch);
    assert_eq!(changed(&request, |r| r.query[0].1 = "a+b".into()), mismatch);
    assert_eq!(
        changed(&request, |r| r.query.push(pair("Name", "x"))),
        mismatch
    );
    assert_eq!(changed(&request, |r| drop(r.query.pop())), mismatch);
    assert_eq!(changed(&request, |r| r.body.push_str("&x=y")), mismatch);
    for name in [
        "x-acs-action",
        "x-acs-signature-nonce",
        "x-acs-content-sha256",
        "content-type",
    ] {
        assert_eq!(
            changed(&request, |r| set(r, name, "other")),
            mismatch,
            "{name}"
        );
        let second = |r: &mut Request| r.headers.push(pair(name, "other"));
        assert_eq!(changed(&request, second), mismatch, "{name}");
    }
    let later = |r: &mut Request| set(r, "x-acs-date", "2024-01-02T03:04:06Z");
    assert_eq!(changed(&request, later), mismatch);
    let malformed = |r: &mut Request| set(r, "x-acs-date", "20240102T030405Z");
    assert_eq!(changed(&request, malformed), "InvalidTimeStamp.Format");
    for name in [
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-content-sha256",
    ] {
        assert_eq!(
            changed(&request, |r| without(r, name)),
            "IncompleteSignature",
            "{name}"
        );
    }
    // Reordering changes nothing that is signed, repeated headers included.
    let mut reordered = request.clone();
    reordered.headers.push(pair("x-acs-extra", "b"));
    reordered.headers.push(pair("x-acs-extra", "a"));
    acs3::sign(&mut reordered, &permanent(), NOW, "nonce-1");
    reordered.query.reverse();
    reordered.headers.reverse();
    assert!(attempt(&reordered, &knows(&permanent()), NOW).is_ok());
}

#[test]
fn v3_refuses_what_is_not_signed_or_not_readable() {
    let request = signed_v3(&permanent());
    let extra = |r: &mut Request| r.headers.push(pair("x-acs-security-token", TOKEN));
    assert_eq!(changed(&request, extra), "IncompleteSignature");
    let text = request.header("authorization").expect("signed").to_string();
    for (from, to, expected) in [
        (";host;", ";", "IncompleteSignature"),
        (";x-acs-version", "", "IncompleteSignature"),
        (
            "SignedHeaders=content-type;",
            "SignedHeaders=",
            "IncompleteSignature",
        ),
        ("Credential=the-id", "Credential=", "IncompleteSignature"),
        ("Signature=", "Signatur=", "IncompleteSignature"),
        ("Signature=", "Signature=zz", "IncompleteSignature"),
        ("Signature=", "Signature=00", "IncompleteSignature"),
        ("ACS3-HMAC-SHA256", "ACS3-HMAC-SM3", "InvalidParameter"),
        ("ACS3-HMAC-SHA256", "Basic", "InvalidParameter"),
    ] {
        let other = text.replace(from, to);
        let result = changed(&request, |r| set(r, "authorization", &other));
        assert_eq!(result, expected, "{to}");
    }
    let unsigned = changed(&request, |r| without(r, "authorization"));
    assert_eq!(unsigned, "MissingAccessKeyId");
}

#[test]
fn v1_notices_every_change() {
    let request = signed_v1(&permanent());
    let mismatch = "SignatureDoesNotMatch";
    assert_eq!(changed(&request, |r| r.method = "GET".into()), mismatch);
    assert_eq!(changed(&request, |r| r.body = "Name=b".into()), mismatch);
    assert_eq!(
        changed(&request, |r| r.query.push(pair("Name", "x"))),
        mismatch
    );
    assert_eq!(changed(&request, |r| without(r, "Version")), mismatch);
    assert_eq!(changed(&request, |r| without(r, "content-type")), mismatch);
    let action = |r: &mut Request| set(r, "x-acs-action", "DeleteCen");
    assert_eq!(changed(&request, action), "IncompleteSignature");
    assert_eq!(changed(&request, |r| without(r, "Action")), "MissingAction");
    for name in [
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp",
    ] {
        let expected = format!("Missing{name}");
        assert_eq!(changed(&request, |r| without(r, name)), expected);
    }
    for (name, value, expected) in [
        ("Signature", "AAAA", "IncompleteSignature"),
        ("Signature", "***", "IncompleteSignature"),
        ("SignatureMethod", "HMAC-SHA256", "InvalidParameter"),
        ("SignatureVersion", "2.0", "InvalidParameter"),
        ("Timestamp", "2024-01-02", "InvalidTimeStamp.Format"),
        ("SignatureNonce", "nonce-2", mismatch),
    ] {
        let change = |r: &mut Request| {
            r.query.retain(|(n, _)| n != name);
            r.query.push(pair(name, value));
        };
        assert_eq!(changed(&request, change), expected, "{name}={value}");
    }
    // The parameters may stand in query or body alike.
    let mut moved = request.clone();
    moved.query.push(pair("Name", "a b"));
    moved.body.clear();
    assert!(attempt(&moved, &knows(&permanent()), NOW).is_ok());
}

#[test]
fn huawei_notices_every_change() {
    let request = signed_huawei(&permanent());
    let mismatch = "APIGW.0301";
    assert_eq!(changed(&request, |r| r.method = "PUT".into()), mismatch);
    assert_eq!(
        changed(&request, |r| r.host = "iam.myhuaweicloud.com".into()),
        mismatch
    );
    assert_eq!(changed(&request, |r| r.path.push_str("/x")), mismatch);
    assert_eq!(changed(&request, |r| r.query[0].1 = "a+b".into()), mismatch);
    assert_eq!(changed(&request, |r| r.body.push(' ')), mismatch);
    for name in ["x-domain-id", "x-sdk-date", "content-type"] {
        assert_eq!(
            changed(&request, |r| set(r, name, "20240102T030406Z")),
            mismatch
        );
        assert_eq!(changed(&request, |r| without(r, name)), mismatch);
    }
    // Added on the way: no signature says that they are the sender's.
    let mut plain = request.clone();
    sdk_hmac::sign(&mut plain, &permanent(), None, NOW);
    assert!(attempt(&plain, &knows(&permanent()), NOW).is_ok());
    for name in ["x-domain-id", "x-project-id", "x-security-token"] {
        let added = |r: &mut Request| r.headers.push(pair(name, TOKEN));
        assert_eq!(changed(&plain, added), mismatch, "{name}");
    }
    let unsigned_body = |r: &mut Request| {
        r.headers
            .push(pair("x-sdk-content-sha256", "UNSIGNED-PAYLOAD"));
        r.body.push(' ');
    };
    assert_eq!(changed(&request, unsigned_body), mismatch);
    let text = request.header("authorization").expect("signed").to_string();
    for (from, to, expected) in [
        (";x-domain-id", "", "APIGW.0301"),
        (";host", "", "APIGW.0301"),
        ("Signature=", "Signature=zz", "APIGW.0301"),
        ("Access=the-id", "Access=", "APIGW.0303"),
        ("SignedHeaders=", "Headers=", "APIGW.0303"),
        ("Signature=", "Signatur=", "APIGW.0303"),
        ("SDK-HMAC-SHA256", "SDK-HMAC-SM3", "APIGW.0303"),
        ("SDK-HMAC-SHA256", "Bearer", "APIGW.0303"),
    ] {
        let other = text.replace(from, to);
        let result = changed(&request, |r| set(r, "authorization", &other));
        assert_eq!(result, expected, "{to}");
    }
}

#[test]
fn a_temporary_key_and_its_token_belong_together() {
    let mismatch = "InvalidSecurityToken.MismatchWithAccessKey";
    let other = Credentials {
        security_token: Some("canary-other".into()),
        ..permanent()
    };
    for (signed, known, alibaba) in [
        (permanent(), temporary(), "MissingSecurityToken"),
        (other, temporary(), mismatch),
        (temporary(), permanent(), mismatch),
    ] {
        assert_eq!(
            code(attempt(&signed_v1(&signed), &knows(&known), NOW)),
            alibaba
        );
        assert_eq!(
            code(attempt(&signed_v3(&signed), &knows(&known), NOW)),
            alibaba
        );
        assert_eq!(
            code(attempt(&signed_huawei(&signed), &knows(&known), NOW)),
            "APIGW.0301"
        );
    }
    // A wrong secret with a token: the quoted strings hide the token.
    let wrong = Credentials {
        secret: "canary-wrong".into(),
        ..temporary()
    };
    for request in [signed_v1(&wrong), signed_v3(&wrong), signed_huawei(&wrong)] {
        code(attempt(&request, &knows(&temporary()), NOW));
    }
}

#[test]
fn signing_again_leaves_nothing_of_before() {
    let mut v3 = signed_v3(&temporary());
    acs3::sign(&mut v3, &permanent(), NOW + MINUTE, "nonce-2");
    assert!(attempt(&v3, &knows(&permanent()), NOW + MINUTE).is_ok());
    let mut huawei = signed_huawei(&temporary());
    sdk_hmac::sign(&mut huawei, &permanent(), None, NOW + MINUTE);
    assert!(attempt(&huawei, &knows(&permanent()), NOW + MINUTE).is_ok());
    let mut parameters = signed_v1(&temporary()).query;
    v1::sign(
        "POST",
        &mut parameters,
        &permanent(),
        NOW + MINUTE,
        "nonce-2",
    );
    assert_eq!(find(&parameters, "SecurityToken"), None);
    for request in [v3, huawei] {
        assert!(!format!("{request:?}").contains("canary"));
    }
}

struct TokenHolders;

impl Accounts for TokenHolders {
    fn credentials(&self, _: &str) -> Option<Credentials> {
        None
    }

    fn token_holder(&self, token: &str) -> Option<String> {
        (token == TOKEN).then(|| "user".to_string())
    }
}

#[test]
fn a_token_alone() {
    let with = |value: Option<&str>| {
        let headers: Vec<(String, String)> =
            value.map(|v| pair("X-Auth-Token", v)).into_iter().collect();
        from_wire("GET", "/v3/0123/ccaas/cloud-connections", &headers, "")
    };
    let expected = Identity {
        scheme: Scheme::HuaweiToken,
        name: "user".into(),
    };
    assert_eq!(
        attempt(&with(Some(TOKEN)), &TokenHolders, NOW),
        Ok(expected)
    );
    for value in [None, Some(""), Some("canary-wrong")] {
        assert_eq!(
            code(attempt(&with(value), &TokenHolders, NOW)),
            "APIGW.0301"
        );
    }
    let unasked = attempt(&with(Some(TOKEN)), &knows(&permanent()), NOW);
    assert_eq!(code(unasked), "APIGW.0301");
}
