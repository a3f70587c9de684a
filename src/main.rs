//! The Tieline console.
use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <h1>{ "Tieline" }</h1> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
