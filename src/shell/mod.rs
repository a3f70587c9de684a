//! The console around its pages: what is shown, and what is loaded when.

pub mod app;
mod chunks;
mod create_page;
mod home;
mod nav;
mod top_bar;
