//! Whether what is created is real, for which account and in which region: in the header, beside the
//! button that creates, and in the review.
//!
//! It is loaded lazily, see `shell/chunks.rs`: what is known of it comes with the connection.

use tieline_catalog::{Control, Lang, Operation, Raw, Text};
use tieline_protocol::health::SANDBOX;
use yew::prelude::*;

use super::event::Consent;
use super::messages;
use crate::client::{Connection, Target};
use crate::settings::Settings;
use crate::ui::elements::{element, row, text};

/// Whether what is created is real.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reality {
    /// It is, and costs money.
    Live,
    /// A sandbox answers.
    Sandbox,
    /// That is not known: nothing that could be asked answers.
    NotConnected,
}

impl Reality {
    /// What a connection tells. A mode that this page does not know is taken for real.
    pub fn of(in_page: bool, connection: Option<&Connection>) -> Reality {
        match connection {
            _ if in_page => Reality::Sandbox,
            Some(Connection::Ready { mode, .. } | Connection::NoCredentials { mode, .. }) => {
                match mode == SANDBOX {
                    true => Reality::Sandbox,
                    false => Reality::Live,
                }
            }
            _ => Reality::NotConnected,
        }
    }

    /// Whether something real may be created, where who answers is `known` or still asked for, by a user who wants
    /// to be `asked` or not. Also who wants no question sends to a sandbox what would go nowhere else: so the record
    /// knows who got it, when no answer comes.
    pub const fn consent(self, known: bool, asked: bool) -> Consent {
        match (self, known, asked) {
            (Reality::Sandbox, ..) => Consent::Sandbox,
            (_, _, false) => Consent::Given,
            (Reality::Live, ..) => Consent::Ask,
            (Reality::NotConnected, false, _) => Consent::Unknown,
            (Reality::NotConnected, true, _) => Consent::Sandbox,
        }
    }

    /// The name that the style sheet draws it by.
    const fn id(self) -> &'static str {
        match self {
            Reality::Live => "live",
            Reality::Sandbox => "sandbox",
            Reality::NotConnected => "none",
        }
    }

    const fn word(self) -> Text {
        match self {
            Reality::Live => messages::LIVE,
            Reality::Sandbox => messages::SANDBOX,
            Reality::NotConnected => messages::NOT_CONNECTED,
        }
    }

    const fn means(self) -> Text {
        match self {
            Reality::Live => messages::LIVE_MEANS,
            Reality::Sandbox => messages::SANDBOX_MEANS,
            Reality::NotConnected => messages::NOT_CONNECTED_MEANS,
        }
    }
}

/// The mark that says it in a word.
pub fn mark(reality: Reality, lang: Lang) -> Html {
    html! { <b class="reality" data-reality={reality.id()}>{ reality.word().get(lang) }</b> }
}

/// What stands beside the connection's state in the header: the mark, the account, and the region that
/// forms start with, which says that it is no more than that.
pub fn standing(settings: &Settings, connection: &Connection) -> Html {
    let lang = settings.lang;
    let reality = Reality::of(settings.in_page, Some(connection));
    // The state says already that nothing answers, or that the page does.
    let mark = match reality {
        Reality::NotConnected => return Html::default(),
        _ if settings.in_page => Html::default(),
        reality => mark(reality, lang),
    };
    row([
        " ".into(),
        mark,
        " ".into(),
        element("span", "standing", place(settings)),
    ])
}

/// The account and the region that forms start with. The sandbox in the page has no account.
fn place(settings: &Settings) -> Html {
    let lang = settings.lang;
    let mut parts: Vec<Html> = Vec::new();
    let mut add = |label: Text, value: Value| {
        if !parts.is_empty() {
            parts.push(messages::BETWEEN.get(lang).into());
        }
        parts.push(label.get(lang).into());
        parts.push(crate::ui::messages::COLON.get(lang).into());
        parts.push(said(value, lang));
    };
    if !settings.in_page {
        add(messages::ACCOUNT, account(&settings.target()));
    }
    if !settings.region.is_empty() {
        // A form may have another one, which the line beside its button tells.
        add(
            crate::ui::messages::REGION,
            Value::Given(settings.region.clone()),
        );
    }
    Html::from_iter(parts)
}

/// The account that a target's requests are signed for.
fn account(target: &Target) -> Value {
    let chosen = target.profile().map(Value::Given);
    chosen.unwrap_or(Value::Said(messages::DEFAULT_ACCOUNT))
}

/// The value of a fact about where something is created.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// As it was chosen or typed.
    Given(String),
    /// In words.
    Said(Text),
}

/// The account and the region of what is to be sent to a target.
pub fn facts(op: &Operation, raw: &Raw, target: &Target) -> Vec<(Text, Value)> {
    let typed = |control| {
        let typed = raw.get(op.param_with(control)?);
        Some(typed.unwrap_or_default().to_string())
    };
    let mut facts = Vec::new();
    if *target != Target::InPage {
        facts.push((messages::ACCOUNT, account(target)));
    }
    if let Some(id) = typed(Control::Account).filter(|id| !id.is_empty()) {
        facts.push((messages::ACCOUNT_ID, Value::Given(id)));
    }
    match typed(Control::Region) {
        Some(region) if region.is_empty() => {
            facts.push((messages::REGION, Value::Said(messages::NO_REGION)));
        }
        Some(region) => facts.push((messages::REGION, Value::Given(region))),
        None => {}
    }
    facts
}

/// A fact's value.
pub fn said(value: Value, lang: Lang) -> Html {
    match value {
        Value::Given(text) => html! { <code translate="no">{ text }</code> },
        Value::Said(text) => text.get(lang).into(),
    }
}

/// The line beside the button that creates: where that happens, and whether it is real.
pub fn destination(
    id: &'static str,
    op: &Operation,
    raw: &Raw,
    settings: &Settings,
    connection: Option<&Connection>,
) -> Html {
    let lang = settings.lang;
    let reality = Reality::of(settings.in_page, connection);
    let between = || Html::from(messages::BETWEEN.get(lang));
    html! {
        <p class="destination" {id} data-reality={reality.id()}>
            { mark(reality, lang) }{ " " }{ text("span", "", reality.means().get(lang)) }
            { for facts(op, raw, &settings.target()).into_iter().map(|(name, value)| html! {
                <>
                    { between() }
                    <span class="fact">
                        { name.get(lang) }{ crate::ui::messages::COLON.get(lang) }
                        { said(value, lang) }
                    </span>
                </>
            }) }
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Access;
    use crate::settings::Theme;
    use tieline_protocol::health::LIVE;

    fn ready(mode: &str) -> Connection {
        Connection::Ready {
            version: "1.0.0".into(),
            mode: mode.into(),
            credentials: Vec::new(),
            profiles: Vec::new(),
        }
    }

    /// Whoever creates something real must never be told that it is not.
    #[test]
    fn only_a_sandbox_is_said_to_be_one() {
        let of = |connection: &Connection| Reality::of(false, Some(connection));
        assert_eq!(of(&ready(SANDBOX)), Reality::Sandbox);
        assert_eq!(of(&ready(LIVE)), Reality::Live);
        assert_eq!(of(&ready("staging")), Reality::Live);
        let keyless = Connection::NoCredentials {
            version: "1.0.0".into(),
            mode: LIVE.into(),
        };
        assert_eq!(of(&keyless), Reality::Live);
        for nobody in [
            Connection::Down,
            Connection::NotTieline,
            Connection::Blocked,
        ] {
            assert_eq!(of(&nobody), Reality::NotConnected);
        }
        assert_eq!(Reality::of(false, None), Reality::NotConnected);
        // The page itself answers, whatever the proxy is.
        assert_eq!(Reality::of(true, Some(&ready(LIVE))), Reality::Sandbox);
    }

    fn settings(profile: &str, in_page: bool) -> Settings {
        Settings {
            endpoint: "/api".into(),
            in_page,
            region: String::new(),
            account: String::new(),
            profile: profile.into(),
            access: Access::None,
            review: true,
            lang: Lang::En,
            theme: Theme::System,
        }
    }

    /// A form's region is another one than that of the settings.
    #[test]
    fn the_headers_region_is_called_the_default_and_the_forms_is_not() {
        for (lang, word) in [(Lang::En, "Default region"), (Lang::Zh, "默认地域")] {
            let settings = Settings {
                region: "cn-hangzhou".into(),
                lang,
                ..settings("", false)
            };
            let header = format!("{:?}", standing(&settings, &ready(LIVE)));
            let (_, region) = header.split_once(word).expect("the label");
            assert!(region.contains("cn-hangzhou"), "{header}");
            let op =
                tieline_catalog::creations().find(|op| op.param_with(Control::Region).is_some());
            let op = op.expect("an operation with a region");
            let mut raw = Raw::new();
            raw.set(
                op.param_with(Control::Region).expect("it has one"),
                "ap-southeast-1",
            );
            let line = destination("line", op, &raw, &settings, Some(&ready(LIVE)));
            let line = format!("{line:?}");
            assert!(
                line.contains("ap-southeast-1") && !line.contains(word),
                "{line}"
            );
        }
    }

    #[test]
    fn what_a_sandbox_is_to_get_goes_nowhere_else_whether_somebody_is_asked_or_not() {
        for (known, asked) in [(true, true), (true, false), (false, true), (false, false)] {
            assert_eq!(Reality::Sandbox.consent(known, asked), Consent::Sandbox);
        }
        assert_eq!(Reality::Live.consent(true, true), Consent::Ask);
        assert_eq!(Reality::Live.consent(true, false), Consent::Given);
        let nobody = |known, asked| Reality::NotConnected.consent(known, asked);
        assert_eq!(nobody(false, true), Consent::Unknown);
        assert_eq!(nobody(true, true), Consent::Sandbox);
        assert_eq!(nobody(false, false), Consent::Given);
    }

    #[test]
    fn account_and_region_are_those_of_the_form_and_the_settings() {
        let settings = |profile: &str, in_page| settings(profile, in_page).target();
        for op in tieline_catalog::creations() {
            let mut raw = Raw::new();
            let region = op.param_with(Control::Region);
            let account = op.param_with(Control::Account);
            let all = facts(op, &raw, &settings("", false));
            assert_eq!(
                all[0],
                (messages::ACCOUNT, Value::Said(messages::DEFAULT_ACCOUNT))
            );
            let unchosen = (messages::REGION, Value::Said(messages::NO_REGION));
            assert_eq!(all.contains(&unchosen), region.is_some(), "{}", op.name);
            for path in [region, account].into_iter().flatten() {
                raw.set(path, "typed");
            }
            let all = facts(op, &raw, &settings("prod", false));
            assert_eq!(all[0].1, Value::Given("prod".into()));
            let typed = all
                .iter()
                .filter(|(_, v)| *v == Value::Given("typed".into()));
            let expected = usize::from(region.is_some()) + usize::from(account.is_some());
            assert_eq!(typed.count(), expected, "{}", op.name);
            let inside = facts(op, &raw, &settings("prod", true));
            assert_eq!(
                inside.len(),
                expected,
                "the page has no account: {}",
                op.name
            );
        }
    }
}
