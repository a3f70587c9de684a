//! Whether the program was asked to stop: from then on nothing is begun that has waited.

use std::sync::Arc;

use tokio::sync::watch;

/// Tells all who have a clone of it that the program is to stop.
#[derive(Clone, Default)]
pub struct Stopping(Arc<watch::Sender<bool>>);

impl Stopping {
    /// Says that it was asked to.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked to.
    pub fn is_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is asked to.
    pub async fn begun(&self) {
        // It fails only when the sender is gone, which is here.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}
