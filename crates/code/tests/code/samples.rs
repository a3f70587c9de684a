//! The samples of a document are the reference for the code of its request: every name of the vendor's SDK
//! that a sample uses is in the code, too, those of a failure among them.

use std::collections::BTreeSet;

use tieline_catalog::{check, creations, Raw};
use tieline_code::{generate, Context, Target};

use super::inputs::ACCOUNT;

/// The lines of the samples in the document of CreateCloudConnection.
const SAMPLES: [(Target, usize, usize); 3] = [
    (Target::Java, 346, 397),
    (Target::Python, 439, 476),
    (Target::Go, 525, 569),
];

/// What the samples call their own variables and classes; and `ICredential`, for which the code has the class.
const OWN: &[&str] = &[
    "CreateCloudConnectionSolution",
    "cloudConnectionbody",
    "descriptionCloudConnection",
    "enterpriseProjectIdCloudConnection",
    "ICredential",
];

/// The samples name a region, which leads to a host; the code names the host (see `Plan::endpoint`).
const REGION: &[&str] = &[
    "region",
    "CcRegion",
    "cc_region",
    "withRegion",
    "with_region",
    "WithRegion",
];

/// The sample in Python catches what has a 4xx; the code catches what it is derived from, which has a 5xx, too. The
/// sample in Java has a stack trace printed of a connection that fails; Java does that by itself.
const OTHER_FAILURES: &[&str] = &[
    "ClientRequestException",
    "ConnectionException",
    "RequestTimeoutException",
];

/// The words of a program that are names of the SDK or of its environment.
fn names(program: &str) -> BTreeSet<&str> {
    let words = program.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let marks = [
        "CloudConnection",
        "cloud_connection",
        "CcClient",
        "Credential",
        "CLOUD_SDK",
        "egion",
        "xception",
        "status_code",
        "request_id",
        "error_code",
        "error_msg",
        "getHttpStatusCode",
        "getRequestId",
        "getErrorCode",
        "getErrorMsg",
    ];
    words
        .filter(|word| marks.iter().any(|mark| word.contains(mark)))
        .collect()
}

#[test]
fn the_code_has_every_name_of_the_sdk_that_the_document_s_samples_have() {
    let op = creations().find(|op| op.name == "CreateCloudConnection");
    let op = op.expect("in the catalog");
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seeds");
    let Ok(text) = std::fs::read_to_string(format!("{seeds}/{}", op.document.file)) else {
        eprintln!("skipped: the documents are not beside this checkout");
        return;
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut raw = Raw::example(op);
    raw.set("domain_id", ACCOUNT);
    let valid = check(op, &raw).valid().expect("the document's example");
    for (target, from, to) in SAMPLES {
        let sample = lines[from - 1..to].join("\n");
        let code = generate(valid.parsed(), target, &Context::default());
        let code = code.unwrap_or_else(|reason| panic!("{target:?}: {}", reason.0.en));
        let (wanted, own) = (names(&sample), names(&code));
        let missing: Vec<&&str> = wanted
            .iter()
            .filter(|name| !own.contains(*name))
            .filter(|name| ![OWN, REGION, OTHER_FAILURES].concat().contains(name))
            .collect();
        assert!(missing.is_empty(), "{target:?} lacks {missing:?}:\n{code}");
        assert!(wanted.len() > 6, "{target:?}: {wanted:?}");
    }
}
