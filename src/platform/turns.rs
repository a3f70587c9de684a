//! Turns: only one task at a time does what must not be done twice.

use std::cell::{Cell, RefCell};
use std::future::{poll_fn, Future};
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

/// A queue for each thing of a kind.
pub struct TurnsOf<K>(RefCell<Vec<(K, Turns)>>);

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

impl<K> Default for TurnsOf<K> {
    fn default() -> Self {
        TurnsOf(RefCell::default())
    }
}

impl<K: PartialEq> TurnsOf<K> {
    /// The queue for this one.
    pub fn of(&self, key: K) -> Turns {
        let mut all = self.0.borrow_mut();
        if let Some((_, turns)) = all.iter().find(|(known, _)| *known == key) {
            return turns.clone();
        }
        let turns = Turns::default();
        all.push((key, turns.clone()));
        turns
    }
}

/// A place in a queue: its turn is waited for once and kept.
#[derive(Default)]
pub struct Place(RefCell<Option<Turn>>);

impl Place {
    /// Does `work` as soon as it is its turn, which it keeps. `None`, and somebody else is next, when it
    /// is no longer `wanted` by then.
    pub async fn in_turn<T>(
        &self,
        turns: &Turns,
        wanted: impl Fn() -> bool,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        if self.0.borrow().is_none() {
            let turn = turns.take().await;
            if !wanted() {
                return None;
            }
            self.0.replace(Some(turn));
        }
        Some(work.await)
    }

    /// Gives the turn back.
    pub fn leave(&self) {
        self.0.take();
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

    #[test]
    fn each_thing_takes_its_own_turn() {
        let all = TurnsOf::default();
        let mut context = Context::from_waker(Waker::noop());
        let (one, same, other) = (all.of("one"), all.of("one"), all.of("other"));
        let mut first = pin!(one.take());
        let Poll::Ready(_turn) = first.as_mut().poll(&mut context) else {
            panic!("nobody else has it");
        };
        assert!(pin!(same.take()).poll(&mut context).is_pending());
        assert!(pin!(other.take()).poll(&mut context).is_ready());
    }

    #[test]
    fn what_was_given_up_while_it_waited_is_not_done() {
        let (turns, place, wanted) = (Turns::default(), Place::default(), Cell::new(true));
        let (others, asked) = (Place::default(), Cell::new(0));
        let mut context = Context::from_waker(Waker::noop());
        let ask = || async { asked.set(asked.get() + 1) };
        assert!(pin!(others.in_turn(&turns, || true, async {}))
            .poll(&mut context)
            .is_ready());
        let mut waiting = pin!(place.in_turn(&turns, || wanted.get(), ask()));
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        wanted.set(false);
        others.leave();
        assert_eq!(waiting.as_mut().poll(&mut context), Poll::Ready(None));
        assert_eq!(asked.get(), 0, "nobody is asked");
        // Nor does it keep the turn from the next, which keeps it.
        for (wish, times) in [(true, 1), (false, 2)] {
            wanted.set(wish);
            let mut next = pin!(place.in_turn(&turns, || wanted.get(), ask()));
            assert_eq!(next.as_mut().poll(&mut context), Poll::Ready(Some(())));
            assert_eq!(asked.get(), times);
        }
        let mut other = pin!(others.in_turn(&turns, || true, async {}));
        assert!(other.as_mut().poll(&mut context).is_pending());
    }
}
