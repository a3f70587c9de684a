//! The parts of a form that are loaded lazily; see [`crate::platform::lazy`].

use tieline_catalog::{Lang, Param};
use yew::prelude::*;

use super::control::Table;
use super::field_props::Props;
use super::{rules, suggestions};
use crate::platform::lazy::{enter, ChunkReady};

/// The functions that lead to the second file. Nothing else does, so they are small and call no other entry point.
mod entry_points {
    use super::*;

    pub fn suggestions(props: Props) -> Html {
        suggestions::suggestions(props)
    }

    pub fn rules((param, seen, lang): (Table<Param>, bool, Lang)) -> Html {
        rules::rules(&param, seen, lang)
    }
}

/// What helps to write a value that others are suggested for.
pub fn suggestions(ready: ChunkReady, props: Props) -> Html {
    enter(ready, entry_points::suggestions, props)
}

/// What is said of a parameter's rules; whether that is seen or only heard.
pub fn rules(ready: ChunkReady, of: (Table<Param>, bool, Lang)) -> Html {
    enter(ready, entry_points::rules, of)
}
