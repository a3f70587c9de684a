//! The errors of sending: why a cloud gave no answer.

/// An error below the HTTP client.
#[cfg(feature = "live")]
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The reason why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendError {
    /// The connection ended before the answer, or what came was none: too long, or no HTTP.
    Dropped,
    /// The answer did not come in time.
    TimedOut,
    /// An attempt may have been executed, and what came of its repeat does not tell.
    Doubtful,
    /// Could not connect, so nothing was sent.
    Unreachable,
    /// The profile has no keys for the cloud.
    NoCredentials,
}

impl SendError {
    /// Whether the cloud may have executed the request.
    pub fn outcome_is_unknown(self) -> bool {
        matches!(
            self,
            SendError::Dropped | SendError::TimedOut | SendError::Doubtful
        )
    }
}
