//! The user's settings, and how they are kept.

use std::rc::Rc;

use tieline_catalog::{Lang, Text};
use yew::prelude::*;

use crate::client::endpoint::{check_endpoint, DEFAULT_ENDPOINT};
use crate::client::{Access, Proxy, Target};
use crate::platform::dom;
use crate::platform::host_page::HostSettings;
use crate::ui::messages;

/// The prefix of each setting's name in storage.
const KEY: &str = "tieline.settings.";
/// The stored target that is the sandbox inside the page.
const IN_PAGE: &str = "in-page";
/// What is stored when nobody is to be asked for a review.
const NO_REVIEW: &str = "off";

/// Light, dark, or whatever the system says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// As the system says.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All themes, in the order in which they are offered.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The name in storage and in the attribute `data-theme`.
    pub const fn id(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The name for people.
    pub const fn name(self) -> Text {
        match self {
            Theme::System => messages::THEME_SYSTEM,
            Theme::Light => messages::THEME_LIGHT,
            Theme::Dark => messages::THEME_DARK,
        }
    }

    /// The next in the circle.
    pub fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }
}

/// The choices of the user. No credential is ever among it.
#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    /// Where the proxy answers: an http(s) URL or an absolute path.
    pub endpoint: String,
    /// Send to the sandbox inside the page instead.
    pub in_page: bool,
    /// The region that forms start with; empty for none.
    pub region: String,
    /// The Huawei Cloud account id that forms start with; empty for none.
    pub account: String,
    /// Which of the proxy's accounts sends; empty for its default.
    pub profile: String,
    /// The proxy's token. It is never stored.
    pub access: Access,
    /// Ask for a review before something real is created.
    pub review: bool,
    /// The language of the page.
    pub lang: Lang,
    /// The theme of the page.
    pub theme: Theme,
}

impl Settings {
    /// The stored settings. What is missing or unreadable is as at the first visit.
    pub fn load() -> Settings {
        let stored = |name: &str| dom::stored(&format!("{KEY}{name}"));
        Settings::from_stored(stored, Settings::preferred_lang())
    }

    /// The settings that a host page has made. What is missing is as on a page of its own.
    pub fn of_host_page(host: HostSettings) -> Settings {
        Settings {
            endpoint: match host.endpoint.is_empty() {
                true => DEFAULT_ENDPOINT.to_string(),
                false => host.endpoint,
            },
            in_page: host.sandbox,
            region: host.region,
            account: host.account,
            profile: host.profile,
            access: host.get_token.map_or(Access::None, Access::Ask),
            review: !host.skip_review,
            lang: host.lang.unwrap_or_else(Settings::preferred_lang),
            theme: Theme::System,
        }
    }

    /// The language that the browser is set to.
    fn preferred_lang() -> Lang {
        if dom::prefers_chinese() {
            Lang::Zh
        } else {
            Lang::En
        }
    }

    /// Stores what is other than it was `before`, if that is known: another tab may have changed the rest
    /// since. False when storage is unavailable.
    pub fn save(&self, before: Option<&Settings>) -> bool {
        let before = before.map(Settings::to_stored);
        let now = self.to_stored();
        let changed = now
            .iter()
            .filter(|setting| before.is_none_or(|before| !before.contains(setting)));
        let mut stored =
            changed.map(|(name, value)| dom::store(&format!("{KEY}{name}"), Some(value)));
        stored.all(|stored| stored)
    }

    fn to_stored(&self) -> [(&'static str, &str); 8] {
        [
            ("endpoint", &self.endpoint),
            ("target", if self.in_page { IN_PAGE } else { "" }),
            ("region", &self.region),
            ("account", &self.account),
            ("profile", &self.profile),
            ("review", if self.review { "" } else { NO_REVIEW }),
            ("lang", self.lang.tag()),
            ("theme", self.theme.id()),
        ]
    }

    fn from_stored(stored: impl Fn(&str) -> Option<String>, lang: Lang) -> Settings {
        let text = |name: &str| stored(name).unwrap_or_default();
        let (endpoint, tag, theme) = (text("endpoint"), text("lang"), text("theme"));
        Settings {
            // What was stored by hand is held to the same rule as what is typed.
            endpoint: if check_endpoint(&endpoint).is_none() {
                endpoint
            } else {
                DEFAULT_ENDPOINT.to_string()
            },
            in_page: text("target") == IN_PAGE,
            region: text("region"),
            account: text("account"),
            profile: text("profile"),
            access: Access::None,
            review: text("review") != NO_REVIEW,
            lang: [Lang::En, Lang::Zh]
                .into_iter()
                .find(|l| tag == l.tag())
                .unwrap_or(lang),
            theme: Theme::ALL
                .into_iter()
                .find(|t| theme == t.id())
                .unwrap_or(Theme::System),
        }
    }

    /// The target of requests.
    pub fn target(&self) -> Target {
        if self.in_page {
            Target::InPage
        } else {
            Target::Proxy(Proxy::new(
                &self.endpoint,
                &self.profile,
                self.access.clone(),
            ))
        }
    }
}

/// The settings, and the way to change them.
#[derive(Clone, PartialEq)]
pub struct Handle {
    settings: Rc<Settings>,
    set: Callback<Settings>,
}

impl Handle {
    /// These settings; `set` is told of others.
    pub fn new(settings: Settings, set: Callback<Settings>) -> Handle {
        Handle {
            settings: Rc::new(settings),
            set,
        }
    }

    /// Changes them.
    pub fn change(&self, change: impl FnOnce(&mut Settings)) {
        let mut next = (*self.settings).clone();
        change(&mut next);
        self.set.emit(next);
    }
}

impl std::ops::Deref for Handle {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_storage_and_bad_ones_fall_back() {
        let settings = Settings {
            endpoint: "https://x/api".into(),
            in_page: true,
            region: "cn-hangzhou".into(),
            account: "0a1b".into(),
            profile: "test".into(),
            access: Access::None,
            review: false,
            lang: Lang::Zh,
            theme: Theme::Dark,
        };
        let kept = settings.to_stored();
        let stored = |name: &str| {
            let found = kept.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| value.to_string())
        };
        assert_eq!(Settings::from_stored(stored, Lang::En), settings);
        let bad = |name: &str| match name {
            "endpoint" => Some("javascript:x".into()),
            "theme" => Some("7".into()),
            _ => None,
        };
        let fallback = Settings::from_stored(bad, Lang::Zh);
        assert_eq!(fallback.endpoint, DEFAULT_ENDPOINT);
        assert_eq!((fallback.lang, fallback.theme), (Lang::Zh, Theme::System));
        assert!(!fallback.in_page && fallback.review);
    }
}
