//! A cloud's response with what it means, which is decoded once: for sending again, for the journal,
//! for the audit.

use tieline_catalog::answer::{decode, decode_read, Answer, Found};
use tieline_catalog::model::{Action, Operation};
use tieline_catalog::wire::Response;
use tieline_protocol::header;

/// The response headers that are relayed to the client, beside the content type. The last is the proxy's own.
pub const RELAYED_HEADERS: &[&str] = &[
    header::REQUEST_ID,
    header::ACS_REQUEST_ID,
    header::RETRY_AFTER,
    header::SIGNER,
];

/// A response and its meaning.
#[derive(Clone, PartialEq, Debug)]
pub struct DecodedResponse {
    /// The response as it came.
    pub response: Response,
    /// Its meaning.
    pub meaning: Meaning,
}

/// The meaning of a response, by what was asked.
#[derive(Clone, PartialEq, Debug)]
pub enum Meaning {
    /// The outcome of a creation.
    Creation(Answer),
    /// The finds of a read.
    Read(Found),
}

impl DecodedResponse {
    /// Decodes the response to an operation's request.
    pub fn new(op: &'static Operation, response: Response) -> DecodedResponse {
        let meaning = match op.action {
            Action::Create => Meaning::Creation(decode(op, &response)),
            Action::Read => Meaning::Read(decode_read(op, &response)),
        };
        DecodedResponse { response, meaning }
    }
}
