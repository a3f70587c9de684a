//! The Tieline console.
//!
//! It reads the catalog's tables and knows no operation by name: navigation, forms, requests and
//! answers all follow from them.

mod answer;
mod app;
mod client;
mod copy;
mod dom;
mod form;
mod history;
mod host;
mod later;
mod line;
mod nav;
mod page;
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
    yew::Renderer::<app::App>::new().render();
}
