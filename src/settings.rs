//! The user's settings, and how they are kept.

use std::rc::Rc;

use serde_json::{json, Value};
use tieline_catalog::{Lang, Text};
use yew::prelude::*;

use crate::client::Target;
use crate::{dom, words};

const KEY: &str = "tieline.settings";
/// The path that Trunk and the proxy serve the proxy's routes at.
pub const DEFAULT_ENDPOINT: &str = "/api";

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
            Theme::System => words::THEME_SYSTEM,
            Theme::Light => words::THEME_LIGHT,
            Theme::Dark => words::THEME_DARK,
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

/// What the user has chosen. No credential is ever among it.
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
    /// The language of the page.
    pub lang: Lang,
    /// The theme of the page.
    pub theme: Theme,
}

impl Settings {
    /// The stored settings. What is missing or unreadable is as at the first visit.
    pub fn load() -> Settings {
        let lang = if dom::prefers_chinese() {
            Lang::Zh
        } else {
            Lang::En
        };
        Settings::from_json(&dom::stored(KEY).unwrap_or_default(), lang)
    }

    /// Stores them; false when storage is unavailable.
    pub fn save(&self) -> bool {
        dom::store(KEY, Some(&self.to_json()))
    }

    fn to_json(&self) -> String {
        json!({
            "endpoint": self.endpoint,
            "in_page": self.in_page,
            "region": self.region,
            "account": self.account,
            "lang": self.lang.tag(),
            "theme": self.theme.id(),
        })
        .to_string()
    }

    fn from_json(json: &str, lang: Lang) -> Settings {
        let stored: Value = serde_json::from_str(json).unwrap_or(Value::Null);
        let text = |name: &str| stored[name].as_str().unwrap_or_default().to_string();
        let endpoint = text("endpoint");
        Settings {
            // What was stored by hand is held to the same rule as what is typed.
            endpoint: if check_endpoint(&endpoint).is_none() {
                endpoint
            } else {
                DEFAULT_ENDPOINT.to_string()
            },
            in_page: stored["in_page"].as_bool().unwrap_or(false),
            region: text("region"),
            account: text("account"),
            lang: [Lang::En, Lang::Zh]
                .into_iter()
                .find(|l| stored["lang"].as_str() == Some(l.tag()))
                .unwrap_or(lang),
            theme: Theme::ALL
                .into_iter()
                .find(|t| stored["theme"].as_str() == Some(t.id()))
                .unwrap_or(Theme::System),
        }
    }

    /// Where requests go.
    pub fn target(&self) -> Target {
        if self.in_page {
            Target::InPage
        } else {
            Target::Proxy {
                endpoint: self.endpoint.clone(),
            }
        }
    }
}

/// What is wrong with a proxy endpoint; `None` for an http(s) URL without credentials, query and
/// fragment, and for an absolute path.
pub fn check_endpoint(endpoint: &str) -> Option<Text> {
    let authority = |rest: &str| rest.split('/').next().unwrap_or_default().to_string();
    let place = ["http://", "https://"]
        .iter()
        .find_map(|scheme| endpoint.strip_prefix(scheme));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\');
    match place {
        _ if endpoint.contains(odd) => Some(words::ENDPOINT_ODD),
        Some(rest) if authority(rest).is_empty() => Some(words::ENDPOINT_FORM),
        Some(rest) if authority(rest).contains('@') => Some(words::ENDPOINT_USER),
        Some(_) => None,
        // `//host` is another host in disguise.
        None if endpoint.starts_with('/') && !endpoint.starts_with("//") => None,
        None => Some(words::ENDPOINT_FORM),
    }
}

/// Replaces the settings.
impl Reducible for Settings {
    type Action = Settings;
    fn reduce(self: Rc<Self>, action: Settings) -> Rc<Self> {
        Rc::new(action)
    }
}

/// The settings, from the context that the shell provides.
pub type Handle = UseReducerHandle<Settings>;

/// The language of the page.
#[hook]
pub fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_url_or_an_absolute_path() {
        for good in [
            "/api",
            "/",
            "http://127.0.0.1:8787",
            "https://tieline.example/api/",
        ] {
            assert_eq!(check_endpoint(good), None, "{good}");
        }
        for bad in [
            "",
            "api",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "ftp://x",
            "http://",
            "https:///x",
            "https://user:secret@x",
            "https://x?y",
            "https://x#y",
            "/a b",
            "/a\tb",
        ] {
            assert!(check_endpoint(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn settings_survive_storage_and_bad_ones_fall_back() {
        let settings = Settings {
            endpoint: "https://x/api".into(),
            in_page: true,
            region: "cn-hangzhou".into(),
            account: "0a1b".into(),
            lang: Lang::Zh,
            theme: Theme::Dark,
        };
        assert_eq!(Settings::from_json(&settings.to_json(), Lang::En), settings);
        let fallback = Settings::from_json("{\"endpoint\":\"javascript:x\",\"theme\":7", Lang::Zh);
        assert_eq!(fallback.endpoint, DEFAULT_ENDPOINT);
        assert_eq!((fallback.lang, fallback.theme), (Lang::Zh, Theme::System));
        assert!(!fallback.in_page);
    }
}
