//! Which of the consoles of one page asks, where they share a history that other tabs do not have. Pure.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// Whose turn it is to ask each target.
#[derive(Default)]
pub struct PageTurns(RefCell<HashMap<String, Weak<()>>>);

impl PageTurns {
    /// Whether it is this one's turn to ask a target: it is the first one's, for as long as that is there.
    pub fn is_ours(&self, target: &str, who: &Rc<()>) -> bool {
        let mut turns = self.0.borrow_mut();
        match turns.get(target).and_then(Weak::upgrade) {
            Some(first) => Rc::ptr_eq(&first, who),
            None => {
                turns.insert(target.to_string(), Rc::downgrade(who));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_all_asks_and_another_one_when_that_is_gone() {
        let turns = PageTurns::default();
        let [first, second, third] = [(); 3].map(Rc::new);
        for _ in 0..2 {
            assert!(turns.is_ours("a", &first));
            assert!(!turns.is_ours("a", &second));
            assert!(!turns.is_ours("a", &third));
        }
        // Whoever asks somebody else takes nothing from them.
        assert!(turns.is_ours("b", &second));
        drop(first);
        assert!(turns.is_ours("a", &third));
        assert!(!turns.is_ours("a", &second));
    }
}
