//! What the soak counts, and what it finds.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// What must never happen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Wrong {
    /// One intent made more than one resource.
    Duplicate,
    /// A resource is there and nobody knows of its request.
    Lost,
    /// An id was reported that the cloud does not have.
    FalseCreated,
    /// It was said that nothing was created, and something was.
    FalseNotExecuted,
    /// A resource has other values than those submitted.
    NotAsSubmitted,
    /// What was typed is gone.
    TypedTextLost,
    /// A request was on its way for more than 30 seconds, what a fault has held it for left out.
    Stuck,
    /// A page logged an error.
    PageError,
}

impl Wrong {
    const ALL: [Wrong; 8] = [
        Wrong::Duplicate,
        Wrong::Lost,
        Wrong::FalseCreated,
        Wrong::FalseNotExecuted,
        Wrong::NotAsSubmitted,
        Wrong::TypedTextLost,
        Wrong::Stuck,
        Wrong::PageError,
    ];
}

/// The counters of a soak.
#[derive(Default)]
pub struct Tally {
    counts: Mutex<BTreeMap<String, u64>>,
    found: Mutex<Vec<(Wrong, String)>>,
}

impl Tally {
    /// Counts one of these.
    pub fn count(&self, what: impl Into<String>) {
        self.add(what, 1);
    }

    /// Counts several of these.
    pub fn add(&self, what: impl Into<String>, number: u64) {
        *self
            .counts
            .lock()
            .expect("no panic")
            .entry(what.into())
            .or_default() += number;
    }

    /// How many of these there were.
    pub fn of(&self, what: &str) -> u64 {
        let counts = self.counts.lock().expect("no panic");
        counts.get(what).copied().unwrap_or_default()
    }

    /// Notes what must never happen, at once, and how to repeat it.
    pub fn found(&self, wrong: Wrong, text: String) {
        println!("{wrong:?}: {text}");
        self.found.lock().expect("no panic").push((wrong, text));
    }

    /// The table of the counters and of what must be 0.
    pub fn table(&self) -> String {
        let found = self.found.lock().expect("no panic");
        let counts = self.counts.lock().expect("no panic");
        let mut lines: Vec<String> = counts
            .iter()
            .map(|(what, number)| format!("{number:>8}  {what}"))
            .collect();
        lines.push(String::new());
        for wrong in Wrong::ALL {
            let number = found.iter().filter(|(kind, _)| *kind == wrong).count();
            lines.push(format!("{number:>8}  {wrong:?}"));
        }
        lines.join("\n")
    }

    /// Whether anything was found.
    pub fn is_clean(&self) -> bool {
        self.found.lock().expect("no panic").is_empty()
    }
}
