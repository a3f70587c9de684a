//! What the lazy parts of the shell see of the console.

use tieline_catalog::Raw;
use yew::prelude::*;

use crate::client::Connection;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::settings::Handle;

/// The console at one moment. The first part makes it in one place, so that each lazy part costs it no more
/// than a call.
pub struct Console {
    /// Where the user is.
    pub route: Route,
    /// Where it is shown.
    pub mount: Mount,
    /// The settings.
    pub settings: Handle,
    /// The state of the connection; `None` while it is being checked.
    pub connection: Option<Connection>,
    /// Asks for a new check.
    pub recheck: Callback<()>,
    /// Fills a form.
    pub on_fill: Callback<(String, Raw)>,
    /// Whether the browser does not store what it is given.
    pub unstored: bool,
    /// Counts the storages that the history was in.
    pub storages: u32,
}
