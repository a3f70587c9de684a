//! The palette: everything that the console has, found by words, by the initials of pinyin, and in spite of
//! a typing error.
//!
//! What finds is in `crate::search`; `keys` is pure. It is loaded lazily, and only a page of its own has it: the
//! keys of a host page are its own.

mod items;
mod keys;
mod messages;
mod view;

pub use view::Palette;
