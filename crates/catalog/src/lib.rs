//! The five operations as data.
