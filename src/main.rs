//! The Tieline console.
//!
//! It reads the catalog's tables and knows no operation by name: navigation, forms, requests and
//! answers all follow from them.

// What only the page around an element calls is here in every build, so that there is one console;
// the build with that feature is the one that shows what nobody calls.
#![cfg_attr(not(feature = "embed"), allow(dead_code))]

mod answer;
mod app;
mod client;
mod copy;
mod dom;
#[cfg(feature = "embed")]
mod embed;
mod form;
mod guest;
mod history;
mod host;
mod later;
mod line;
mod nav;
mod page;
mod place;
mod prose;
mod request;
mod route;
mod settings;
mod words;

/// A seventh of the size of the standard one.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    // An element waits until it is put somewhere.
    #[cfg(not(feature = "embed"))]
    {
        let place = place::Place::page();
        yew::Renderer::<app::App>::with_props(app::Props { place }).render();
    }
}
