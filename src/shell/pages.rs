//! The pages that are loaded lazily: all but the first one and the forms.

use tieline_catalog::Text;
use yew::prelude::*;

use super::console::Console;
use super::home::absent;
use crate::explorer::{ErrorCentre, Permissions};
use crate::history::HistoryPage;
use crate::platform::dom;
use crate::platform::route::Route;
use crate::settings::SettingsPage;
use crate::ui::messages;

/// The page of an address.
pub fn page(console: Console) -> Html {
    let lang = console.settings.lang;
    let Console {
        route,
        mount,
        settings,
        connection,
        recheck,
        on_fill,
        storages,
        ..
    } = console;
    let title = match &route {
        Route::History(_) => messages::HISTORY,
        Route::Settings => messages::SETTINGS,
        Route::Other(path) => of_path(path).map_or(messages::ABSENT_TITLE, |(title, _)| title),
        Route::Home | Route::Create(_) => messages::ABSENT_TITLE,
    };
    if mount.host_page().is_none() {
        dom::set_title(&format!(
            "{} · {}",
            title.get(lang),
            messages::BRAND.get(lang)
        ));
    }
    match &route {
        Route::History(open) => html! {
            <HistoryPage open={*open} {mount} {lang} target={settings.target()} {on_fill} {storages}
                region={settings.region.clone()} account={settings.account.clone()} />
        },
        Route::Settings => html! { <SettingsPage {settings} {connection} {recheck} /> },
        Route::Other(path) => match of_path(path) {
            Some((title, place)) if title == messages::ERROR_CENTRE => {
                html! { <ErrorCentre {place} {mount} {lang} /> }
            }
            Some((_, operation)) => html! { <Permissions {operation} {mount} {lang} /> },
            None => absent(&route, &mount, lang),
        },
        Route::Home | Route::Create(_) => absent(&route, &mount, lang),
    }
}

/// The title of the page that a path names, and what follows its name.
fn of_path(path: &str) -> Option<(Text, String)> {
    let path = path.trim_matches('/');
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let title = match name {
        "errors" => messages::ERROR_CENTRE,
        "permissions" => messages::PERMISSIONS,
        _ => return None,
    };
    Some((title, rest.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::error_centre::all;

    #[test]
    fn the_place_of_every_code_comes_through_the_address() {
        for explained in all() {
            let place = explained.place();
            let Route::Other(path) = Route::parse(&format!("#/errors/{place}")) else {
                panic!("{place} is another page");
            };
            assert_eq!(of_path(&path), Some((messages::ERROR_CENTRE, place)));
        }
        assert_eq!(
            of_path("/errors"),
            Some((messages::ERROR_CENTRE, String::new()))
        );
        assert_eq!(of_path("/nowhere/at/all"), None);
    }
}
