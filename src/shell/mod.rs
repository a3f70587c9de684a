//! The console around its pages.

pub mod app;
mod banner;
mod chunks;
mod console;
mod create_page;
mod form_actions;
mod home;
mod messages;
mod nav;
mod network;
mod pages;
mod request_side;
mod tab_sign;
mod tag_offers;
mod top_bar;
mod top_bar_details;
