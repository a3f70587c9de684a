//! The settings, how they are kept, and their page.

mod model;
mod notify;
mod page;

pub use model::{Handle, Settings, Theme};
pub use page::SettingsPage;
