//! The browser: the document, the address, lazy loading, and where a console is mounted.

pub mod alphabet;
pub mod chosen_file;
pub mod dom;
pub mod download;
pub mod host_page;
pub mod latch;
pub mod lazy;
pub mod mount;
pub mod notification;
pub mod route;
pub mod tab_lock;
pub mod turns;
