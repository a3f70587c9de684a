//! Divides the page's WebAssembly into what a first visit needs and what is loaded later, and
//! compresses the page's files.

pub mod compress;
pub mod glue;
pub mod page;
pub mod reach;
pub mod split;
