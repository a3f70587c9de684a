//! The Tieline console.
//!
//! It reads the catalog's tables and knows no operation by name: navigation, forms, requests and
//! answers all follow from them.

mod client;
#[cfg(feature = "embed")]
mod embed;
mod explorer;
mod form;
mod history;
mod palette;
mod platform;
mod search;
mod settings;
mod shell;
mod submission;
mod ui;

/// A seventh of the size of the standard one.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    // An element waits until it is put somewhere.
    #[cfg(not(feature = "embed"))]
    {
        let mount = platform::mount::Mount::page();
        yew::Renderer::<shell::app::App>::with_props(shell::app::Props { mount }).render();
    }
}
