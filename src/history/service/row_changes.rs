//! Changing the rows, and telling those who show them.

use std::rc::Rc;

use tieline_records::Record;
use yew::Callback;

use super::History;
use crate::history::index::{upsert, Row};
use crate::platform::dom;

/// How often the parts of something long are told of at most, in milliseconds.
pub const TELLING_MS: f64 = 500.0;

impl History {
    pub(super) fn show(&self, record: &Record) {
        self.edit(|rows| upsert(rows, Row::of(record)));
        self.notify();
    }

    /// Changes the rows. Who shows them, or has seen them, keeps those that there were.
    pub(super) fn edit<T>(&self, change: impl FnOnce(&mut Vec<Row>) -> T) -> T {
        change(Rc::make_mut(&mut self.0.rows.borrow_mut()))
    }

    pub(super) fn notify(&self) {
        let version = self.0.version.get().wrapping_add(1);
        self.0.version.set(version);
        let subscribers = self.0.subscribers.borrow().clone();
        for (_, subscriber) in subscribers {
            subscriber.emit(version);
        }
    }

    /// Tells of a part of something long. Each telling has the list drawn, so parts that follow each other
    /// quickly are told together; whoever does it tells of the whole at the end.
    pub(super) fn notify_at_times(&self) {
        let now = dom::now();
        if (now - self.0.told.get()).abs() >= TELLING_MS {
            self.0.told.set(now);
            self.notify();
        }
    }

    pub(in crate::history) fn subscribe(&self, subscriber: Callback<u32>) -> impl FnOnce() {
        let mut subscribers = self.0.subscribers.borrow_mut();
        let number = subscribers.last().map_or(0, |(number, _)| number + 1);
        subscribers.push((number, subscriber));
        let inner = Rc::downgrade(&self.0);
        move || {
            if let Some(inner) = inner.upgrade() {
                inner.subscribers.borrow_mut().retain(|(n, _)| *n != number);
            }
        }
    }
}
