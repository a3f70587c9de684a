//! The console around its pages.

pub mod app;
mod banner;
mod chunks;
mod create_page;
mod home;
mod nav;
mod request_side;
mod top_bar;
