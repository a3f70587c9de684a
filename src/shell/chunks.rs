//! The parts of the console that are loaded lazily; see [`crate::platform::lazy`].

use std::future::Future;
use std::pin::Pin;

use tieline_catalog::Message;
use yew::prelude::*;

use super::console::Console;
use super::form_actions::{FormActions, FormActionsProps};
use super::pages;
use super::request_side::{self, RequestSide};
use super::{banner, top_bar_details};
use crate::client::{self, Connection, Freshness, Target};
use crate::form::sections::{self, Sections};
use crate::form::state::Check;
use crate::form::summary::{self, Summary};
use crate::platform::lazy::{enter, ChunkReady};

/// The state of a connection, once it has been checked.
pub type Checked = Pin<Box<dyn Future<Output = Connection>>>;

/// The functions that lead to the second file. Nothing else does, so they are small and call no other entry point.
mod entry_points {
    use super::*;

    pub fn page(console: Console) -> Html {
        pages::page(console)
    }

    pub fn checks(_: ()) -> Check {
        tieline_catalog::check
    }

    pub fn connection((target, freshness): (Target, Freshness)) -> Checked {
        Box::pin(async move { client::connection(&target, freshness).await })
    }

    pub fn explanation(connection: Connection) -> Message {
        connection.explanation().message()
    }

    pub fn banner(console: Console) -> Html {
        banner::banner(&console)
    }

    pub fn summary(props: Summary) -> Html {
        summary::summary(props)
    }

    pub fn sections(props: Sections) -> Html {
        sections::sections(props)
    }

    pub fn bar(console: Console) -> (Html, Html) {
        top_bar_details::bar(console)
    }

    pub fn form_actions(props: FormActionsProps) -> Html {
        html! { <FormActions ..props /> }
    }

    pub fn request_side(props: RequestSide) -> Html {
        request_side::request_side(props)
    }
}

/// The page of an address.
pub fn page(ready: ChunkReady, console: Console) -> Html {
    enter(ready, entry_points::page, console)
}

/// What checks a form.
pub fn checks(ready: ChunkReady) -> Check {
    enter(ready, entry_points::checks, ())
}

/// The state of the connection to a target.
pub fn connection(ready: ChunkReady, target: Target, freshness: Freshness) -> Checked {
    enter(ready, entry_points::connection, (target, freshness))
}

/// What is wrong with a connection, for people.
pub fn explanation(ready: ChunkReady, connection: Connection) -> Message {
    enter(ready, entry_points::explanation, connection)
}

/// The banner over the page.
pub fn banner(ready: ChunkReady, console: Console) -> Html {
    enter(ready, entry_points::banner, console)
}

/// The summary of the errors that keep a submit from being sent.
pub fn summary(ready: ChunkReady, props: Summary) -> Html {
    enter(ready, entry_points::summary, props)
}

/// The sections of a form that are closed at first.
pub fn sections(ready: ChunkReady, props: Sections) -> Html {
    enter(ready, entry_points::sections, props)
}

/// The request's side of a creation's page.
pub fn request_side(ready: ChunkReady, props: RequestSide) -> Html {
    enter(ready, entry_points::request_side, props)
}

/// What the second part brings to the bar: whether what is created is real, and the palette.
pub fn bar(ready: ChunkReady, console: Console) -> (Html, Html) {
    enter(ready, entry_points::bar, console)
}

/// What stands beside the button that submits a form.
pub fn form_actions(ready: ChunkReady, props: FormActionsProps) -> Html {
    enter(ready, entry_points::form_actions, props)
}
