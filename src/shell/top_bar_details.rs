//! What the second part brings to the bar over the page.

use yew::prelude::*;

use super::console::Console;
use crate::palette::Palette;
use crate::submission::standing;

/// Whether what is created is real, for beside the connection's state; and the palette.
pub fn bar(console: Console) -> (Html, Html) {
    let Console {
        mount,
        settings,
        connection,
        recheck,
        ..
    } = console;
    let reality = connection.map(|connection| standing(&settings, &connection));
    let palette = html! { <Palette {mount} {settings} {recheck} /> };
    (reality.unwrap_or_default(), palette)
}
