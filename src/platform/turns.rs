//! Turns: only one task at a time does what must not be done twice.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A queue for one thing. Clones are handles to the same one.
#[derive(Clone, Default)]
pub struct Turns(Rc<Inner>);

#[derive(Default)]
struct Inner {
    taken: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// Somebody's turn, until it is dropped.
pub struct Turn(Rc<Inner>);

impl Turns {
    /// Waits until nobody else has the turn, and takes it.
    pub async fn take(&self) -> Turn {
        poll_fn(|context| {
            if self.0.taken.replace(true) {
                self.0.waiting.borrow_mut().push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        Turn(self.0.clone())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.taken.set(false);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    #[test]
    fn one_after_the_other() {
        let turns = Turns::default();
        let mut context = Context::from_waker(Waker::noop());
        let (mut first, mut second) = (pin!(turns.take()), pin!(turns.take()));
        let Poll::Ready(turn) = first.as_mut().poll(&mut context) else {
            panic!("nobody else has it");
        };
        assert!(second.as_mut().poll(&mut context).is_pending());
        drop(turn);
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
