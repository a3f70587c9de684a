//! The pages around the form.

mod home;
mod settings;

pub use home::{absent, home};
pub use settings::{Props as SettingsProps, SettingsPage};
