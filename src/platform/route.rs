//! Routes inside the page: the fragment after `#`.

use gloo_events::EventListener;
use tieline_catalog::{creations, Operation};
use yew::prelude::*;

use crate::platform::dom;

/// A place in the console.
#[derive(Clone, PartialEq, Debug)]
pub enum Route {
    /// The list of everything that can be created: `#/`.
    Home,
    /// The form of a creation: `#/create/<Operation>`. Holds the operation's name.
    Create(&'static str),
    /// `#/history`, or `#/history/<record>` with this record's details open.
    History(Option<u64>),
    /// `#/settings`.
    Settings,
    /// Anything else, as it was asked for: a page that the second part knows, or none.
    Other(String),
}

impl Route {
    /// Reads a fragment, with or without its `#`. What follows a `?` is no part of the route: a link to a filled
    /// form has its values there, and the console takes no setting from the address bar.
    pub fn parse(hash: &str) -> Route {
        let path = hash.trim_start_matches('#');
        let path = path.split('?').next().unwrap_or_default();
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (None, _, _) => Route::Home,
            (Some("history"), None, _) => Route::History(None),
            (Some("history"), Some(record), None) if record.parse::<u64>().is_ok() => {
                Route::History(record.parse().ok())
            }
            (Some("settings"), None, _) => Route::Settings,
            (Some("create"), Some(name), None) => match creation(name) {
                Some(op) => Route::Create(op.name),
                None => Route::Other(path.to_string()),
            },
            _ => Route::Other(path.to_string()),
        }
    }

    /// The fragment that leads here.
    pub fn hash(&self) -> String {
        match self {
            Route::Home => "#/".to_string(),
            Route::Create(name) => format!("#/create/{name}"),
            Route::History(None) => "#/history".to_string(),
            Route::History(Some(record)) => format!("#/history/{record}"),
            Route::Settings => "#/settings".to_string(),
            Route::Other(path) => format!("#{path}"),
        }
    }

    /// The operation whose form this is.
    pub fn operation(&self) -> Option<&'static Operation> {
        match self {
            Route::Create(name) => creation(name),
            _ => None,
        }
    }
}

/// The creation of this name.
fn creation(name: &str) -> Option<&'static Operation> {
    creations().find(|op| op.name == name)
}

/// Tells `on` where the address bar leads to, as long as what it returns is kept.
pub fn listen(on: Callback<Route>) -> Option<EventListener> {
    let window = web_sys::window()?;
    let listener = EventListener::new(&window, "hashchange", move |_| {
        on.emit(Route::parse(&dom::hash()));
    });
    Some(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_leads_back_to_itself() {
        let mut routes = vec![
            Route::Home,
            Route::History(None),
            Route::History(Some(1815920)),
            Route::Settings,
        ];
        routes.extend(tieline_catalog::creations().map(|op| Route::Create(op.name)));
        for route in routes {
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }

    #[test]
    fn other_addresses_keep_what_was_asked_for() {
        for asked in ["#/create", "#/create/Nothing", "#/nothing", "#/history/x"] {
            let path = asked.trim_start_matches('#').to_string();
            assert_eq!(Route::parse(asked), Route::Other(path));
        }
        for read in tieline_catalog::operations::operations()
            .filter(|o| o.action == tieline_catalog::Action::Read)
        {
            assert!(matches!(
                Route::parse(&format!("#/create/{}", read.name)),
                Route::Other(_)
            ));
        }
    }

    #[test]
    fn the_address_bar_sets_nothing() {
        assert_eq!(
            Route::parse("#/settings?endpoint=https://example.com"),
            Route::Settings
        );
    }
}
