//! The pages around the form.

mod home;
mod settings;

pub use home::{Absent, Home};
pub use settings::SettingsPage;
