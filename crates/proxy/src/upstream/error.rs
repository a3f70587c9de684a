//! The errors of sending: why a cloud gave no answer.

/// An error below the HTTP client.
#[cfg(feature = "live")]
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The reason why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendError {
    /// No answer tells what became of it: the connection ended before one, what came was none (too long,
    /// or no HTTP), or it is of a repeat and says nothing of the attempt before.
    Dropped,
    /// The answer did not come in time.
    TimedOut,
    /// Could not connect, so nothing was sent.
    Unreachable,
    /// The profile has no keys for the cloud.
    NoCredentials,
}

impl SendError {
    /// Whether the cloud may have executed the request.
    pub fn outcome_is_unknown(self) -> bool {
        matches!(self, SendError::Dropped | SendError::TimedOut)
    }
}
