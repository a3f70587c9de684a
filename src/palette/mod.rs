//! The palette: everything that the console has, found by words, by the initials of pinyin, and in spite of
//! a typing error.
//!
//! `matching`, `initials` and `keys` are pure. It is loaded lazily, and only a page of its own has it: the
//! keys of a host page are its own.

mod initials;
mod items;
mod keys;
mod matching;
mod messages;
mod view;

pub use view::Palette;
