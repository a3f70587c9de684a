//! The checks of a connection, shared by all consoles of a page that send to the same place: a portal with
//! twenty elements asks a proxy that is down once, and ever more seldom.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::connection::{look, Connection};
use super::target::Target;
use crate::platform::dom;
use crate::platform::latch::Latch;

/// What counts as now, in milliseconds: consoles that begin together need one check.
const TOGETHER_MS: f64 = 2_000.0;
/// The first pause after a connection was not ready, in milliseconds. It doubles with each check.
const PAUSE_MS: f64 = 5_000.0;
/// How often the pause doubles: up to 40 s.
const DOUBLINGS: u32 = 3;

/// How new an answer has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Freshness {
    /// Asked for from now on, or on its way.
    New,
    /// Of this moment.
    Recent,
    /// Nobody is waiting for it: a connection that is not ready is checked after a pause that grows.
    Patient,
}

/// A check under way, or what it found.
#[derive(Default)]
struct Check {
    done: Latch,
    /// When it ended, in milliseconds since 1970, and how.
    found: RefCell<Option<(f64, Connection)>>,
    /// How many checks in a row found that nothing can be sent, this one included.
    failures: Cell<u32>,
}

impl Check {
    /// Whether it is good enough.
    fn serves(&self, freshness: Freshness, now: f64) -> bool {
        let age = self.found.borrow().as_ref().map(|(at, _)| now - at);
        // What was found later than now was found before the clock was set back: nobody knows when.
        age.is_none_or(|age| (0.0..lifetime(freshness, self.failures.get())).contains(&age))
    }
}

/// How long a check serves, in milliseconds.
fn lifetime(freshness: Freshness, failures: u32) -> f64 {
    match freshness {
        Freshness::New => 0.0,
        Freshness::Recent => TOGETHER_MS,
        // Timers are not exact, and who asks a little early is to be served now.
        Freshness::Patient => {
            let doublings = failures.saturating_sub(1).min(DOUBLINGS);
            PAUSE_MS * f64::from(1u32 << doublings) - TOGETHER_MS / 2.0
        }
    }
}

thread_local! {
    /// The last check of each place.
    static CHECKS: RefCell<HashMap<String, Rc<Check>>> = RefCell::default();
}

/// The state of the connection to a target, as new as is asked for.
pub async fn connection(target: &Target, freshness: Freshness) -> Connection {
    let now = dom::now();
    let (check, begun) = CHECKS.with_borrow_mut(|checks| {
        let last = checks.get(target.name());
        if let Some(last) = last.filter(|last| last.serves(freshness, now)) {
            return (last.clone(), false);
        }
        let check = Rc::new(Check::default());
        let failures = last.map_or(0, |last| last.failures.get());
        check.failures.set(failures);
        checks.insert(target.name().to_string(), check.clone());
        (check, true)
    });
    if begun {
        // It goes on when the one who asked first is taken away: others wait for it, too.
        let (check, target) = (check.clone(), target.clone());
        spawn_local(async move {
            let found = look(&target).await;
            let failures = match found.is_ready() {
                true => 0,
                false => check.failures.get().saturating_add(1),
            };
            check.failures.set(failures);
            check.found.replace(Some((dom::now(), found)));
            check.done.open();
        });
    }
    check.done.opened().await;
    let found = check.found.borrow();
    found
        .as_ref()
        .map_or(Connection::Down, |(_, found)| found.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_and_has_an_end() {
        let pauses: Vec<f64> = (0..7).map(|n| lifetime(Freshness::Patient, n)).collect();
        assert_eq!(pauses, [4e3, 4e3, 9e3, 19e3, 39e3, 39e3, 39e3]);
        assert_eq!(lifetime(Freshness::New, 9), 0.0);
    }

    #[test]
    fn what_was_found_before_the_clock_was_set_back_serves_nobody() {
        let check = Check::default();
        check.found.replace(Some((3_600_000.0, Connection::Down)));
        for freshness in [Freshness::New, Freshness::Recent, Freshness::Patient] {
            assert!(!check.serves(freshness, 0.0));
        }
        assert!(check.serves(Freshness::Recent, 3_600_001.0));
    }

    #[test]
    fn what_is_on_its_way_serves_everybody() {
        let check = Check::default();
        for freshness in [Freshness::New, Freshness::Recent, Freshness::Patient] {
            assert!(check.serves(freshness, 0.0));
        }
        check.found.replace(Some((1_000.0, Connection::Down)));
        assert!(!check.serves(Freshness::New, 1_000.0));
        assert!(check.serves(Freshness::Recent, 2_999.0));
        assert!(!check.serves(Freshness::Recent, 3_000.0));
        assert!(check.serves(Freshness::Patient, 4_999.0));
    }
}
