//! The outcome of a request, with its texts.

use tieline_catalog::answer::Answer;
use tieline_catalog::refusal::Refusal;
use tieline_catalog::text::Message;
use tieline_catalog::wire::Response;
use tieline_catalog::Text;
use tieline_protocol::header::SIGNER;
use tieline_records::By;

use super::messages::{self, Problem};

/// The outcome of a creation.
#[derive(Clone, PartialEq, Debug)]
pub struct Sent {
    /// What it means.
    pub answer: Answer,
    /// Who gave it.
    pub by: By,
    /// The cloud's (or a stranger's) response, when there was one.
    pub raw: Option<Response>,
    /// What the proxy found wrong with the request.
    pub violations: Vec<FieldError>,
    /// What is wrong with the connection, when that was the reason.
    pub problem: Option<Text>,
    /// Whether a sandbox stood for the cloud.
    pub simulated: bool,
}

impl Sent {
    /// Whose keys signed the request, if the proxy has said so.
    pub fn signer(&self) -> Option<&str> {
        let headers = &self.raw.as_ref()?.headers;
        let signer = headers.iter().find(|(name, _)| name == SIGNER);
        signer.map(|(_, signer)| signer.as_str())
    }

    /// An answer that somebody gave, of which no more is known.
    pub fn of(answer: Answer, by: By) -> Sent {
        Sent {
            answer,
            by,
            raw: None,
            violations: Vec::new(),
            problem: None,
            simulated: false,
        }
    }
}

/// Something that the proxy found wrong with a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldError {
    /// The wire path of the parameter; empty for the request as a whole.
    pub parameter: String,
    /// What is wrong and what to do.
    pub message: Message,
}

/// A refusal for this reason, with its advice.
pub fn refusal(problem: &Problem) -> Refusal {
    Refusal::without_response(problem.what.message(), problem.advice.message())
}

/// The refusal of a read of which nothing was heard.
pub fn read_failure(what: Text) -> Refusal {
    Refusal::without_response(what.message(), messages::ASK_AGAIN.message())
}

/// Two texts after each other, in both languages.
pub fn and(first: Message, second: &Message) -> Message {
    if second.en.is_empty() {
        return first;
    }
    Message::new(
        format!("{} {}", first.en, second.en),
        format!("{}{}", first.zh, second.zh),
    )
}
