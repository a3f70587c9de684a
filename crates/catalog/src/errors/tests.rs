use super::*;
use crate::operations::operations;
use ErrorClass::{NotExecuted, Rejected, Unknown};

/// What a code means with each status of [`STATUSES`].
type Row = (&'static str, [ErrorClass; 16]);

const STATUSES: [u16; 16] = [
    0, 101, 200, 302, 400, 403, 404, 408, 409, 429, 500, 503, 504, 401, 418, 499,
];

const fn everywhere(class: ErrorClass) -> [ErrorClass; 16] {
    let mut row = [class; 16];
    row[0] = Unknown;
    row[1] = Unknown;
    row[3] = Unknown;
    row[7] = Unknown;
    row[10] = Unknown;
    row[11] = Unknown;
    row[12] = Unknown;
    row
}

/// Rejected with 400, 403 and 404.
const FAMILY: [ErrorClass; 16] = {
    let mut row = [Unknown; 16];
    row[4] = Rejected;
    row[5] = Rejected;
    row[6] = Rejected;
    row
};

const MATRIX: &[Row] = &[
    ("Throttling", everywhere(NotExecuted)),
    ("Throttling.User", everywhere(NotExecuted)),
    ("Rejected.Throttling", everywhere(NotExecuted)),
    ("APIGW.0308", everywhere(NotExecuted)),
    ("Operation.Blocking", everywhere(NotExecuted)),
    ("OperationConflict", everywhere(NotExecuted)),
    ("SignatureNonceUsed", [Unknown; 16]),
    ("InvalidTimeStamp.Expired", everywhere(NotExecuted)),
    ("SignatureDoesNotMatch", everywhere(Rejected)),
    ("IncompleteSignature", everywhere(Rejected)),
    ("InvalidAccessKeyId.NotFound", everywhere(Rejected)),
    ("APIGW.0301", everywhere(Rejected)),
    ("IdempotentParameterMismatch", everywhere(Rejected)),
    ("IdempotentFailed", everywhere(Rejected)),
    ("MissingNobody", FAMILY),
    ("InvalidNobody.Malformed", FAMILY),
    ("InvalidGatewayResponse", FAMILY),
    ("Forbidden.RAM", FAMILY),
    ("QuotaExceeded.Nobody", FAMILY),
    ("InternalError", [Unknown; 16]),
    ("ServiceUnavailable", [Unknown; 16]),
    ("IdempotentProcessing", [Unknown; 16]),
    ("RequestTimeout", [Unknown; 16]),
    ("Conflict.InProcess", [Unknown; 16]),
    ("GatewayTimeout", [Unknown; 16]),
    ("New.Code", [Unknown; 16]),
    ("", [Unknown; 16]),
];

#[test]
fn a_code_means_what_is_documented_and_only_with_a_status_that_hides_no_execution() {
    for op in operations() {
        let own = op.errors().iter().map(|e| (e.code, everywhere(e.class)));
        for (code, row) in own.chain(MATRIX.iter().copied()) {
            for (status, class) in STATUSES.into_iter().zip(row) {
                let found = meaning(op, code, status).class;
                assert_eq!(found, class, "{} {status} {code}", op.name);
            }
        }
    }
}

#[test]
fn no_failure_of_a_server_is_ever_a_refusal() {
    for op in operations() {
        let codes = op.errors().iter().chain(COMMON).chain(FAMILIES);
        for entry in codes {
            for status in (0..200).chain(300..400).chain([408]).chain(500..1000) {
                let found = meaning(op, entry.code, status).class;
                assert_eq!(found, Unknown, "{} {status} {}", op.name, entry.code);
            }
        }
    }
}

#[test]
fn words_that_say_that_nothing_was_created_never_go_with_an_unknown_outcome() {
    for op in operations() {
        for entry in op.errors().iter().chain(COMMON).chain(FAMILIES) {
            for status in 0..1000 {
                let found = meaning(op, entry.code, status);
                let words = found.entry.map_or(found.class, |entry| entry.class);
                assert_eq!(words, found.class, "{status} {}", entry.code);
            }
        }
    }
}
