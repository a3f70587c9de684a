//! A latch: something that happens once, and that any number of tasks wait for.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Shut at first; once open it stays open.
#[derive(Default)]
pub struct Latch {
    open: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Latch {
    /// Opens it and wakes who waits.
    pub fn open(&self) {
        self.open.set(true);
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Waits until it is open.
    pub async fn opened(&self) {
        poll_fn(|context| {
            if self.is_open() {
                return Poll::Ready(());
            }
            self.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}
