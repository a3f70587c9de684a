//! The settings page. Every change applies at once.

use tieline_catalog::{creations, Control, Kind, Lang, Param, Text};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::model::{Handle, Settings, Theme};
use super::notify::Notify;
use crate::client::endpoint::check_endpoint;
use crate::client::{Access, Connection};
use crate::ui::combobox::{Combobox, Offer};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// The properties of [`SettingsPage`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The settings.
    pub settings: Handle,
    /// The state of the connection; `None` while it is being checked.
    pub connection: Option<Connection>,
    /// Asks for a new check.
    pub recheck: Callback<()>,
}

/// The settings.
#[component]
pub fn SettingsPage(props: &Props) -> Html {
    let settings = &props.settings;
    let lang = settings.lang;
    // What is being typed, which becomes the setting only when it is right.
    let typed = use_state_eq(|| settings.endpoint.clone());
    let token = match &settings.access {
        Access::Token(token) => token.to_string(),
        Access::None | Access::Ask(_) => String::new(),
    };
    html! {
        <section class="sheet" aria-labelledby="page-title">
            <header class="page-head">
                <h1 id="page-title">{ messages::SETTINGS.get(lang) }</h1>
                <p class="lead">{ messages::SETTINGS_LEAD.get(lang) }</p>
            </header>
            <div class="fields">
                { target(settings) }
                { endpoint(settings, &typed) }
                { connection(props) }
                { profile(props) }
                { labelled("token", messages::TOKEN, lang, html! {
                    <>
                        <input type="password" class="wire" id="token" name="token" autocomplete="off" spellcheck="false"
                            value={token} aria-describedby="token-help"
                            onchange={apply(settings, |s, text| s.access = Access::entered(&text))} />
                        <p class="field-help" id="token-help">{ messages::TOKEN_HELP.get(lang) }</p>
                    </>
                }) }
                { labelled("region", messages::REGION, lang, html! {
                    <>
                        <div class="entry">
                            <input type="text" class="wire" id="region" name="region" autocomplete="off" spellcheck="false"
                                autocapitalize="none" value={settings.region.clone()} aria-describedby="region-help"
                                onchange={apply(settings, |s, text| s.region = text.trim().to_string())} />
                            <Combobox id="region" label={messages::REGION} offers={regions()} value={settings.region.clone()}
                                choose={settings_region(settings)} locked=false {lang} />
                        </div>
                        <p class="field-help" id="region-help">{ messages::REGION_HELP.get(lang) }</p>
                    </>
                }) }
                { labelled("account", messages::ACCOUNT, lang, html! {
                    <>
                        <input type="text" class="wire" id="account" name="account" autocomplete="off" spellcheck="false"
                            value={settings.account.clone()} aria-describedby="account-help"
                            onchange={apply(settings, |s, text| s.account = text.trim().to_string())} />
                        <p class="field-help" id="account-help">{ messages::ACCOUNT_HELP.get(lang) }</p>
                    </>
                }) }
                { review(settings) }
                { labelled("notify", messages::NOTIFY, lang, html! { <Notify {lang} /> }) }
                { language(settings) }
                { theme(settings) }
            </div>
        </section>
    }
}

/// Changes the settings by the text that was typed into a field.
fn apply(settings: &Handle, change: fn(&mut Settings, String)) -> Callback<Event> {
    let settings = settings.clone();
    Callback::from(move |event: Event| {
        if let Some(text) = text_of(event.target()) {
            settings.change(|settings| change(settings, text));
        }
    })
}

/// One choice of a radio group.
struct Choice {
    /// The group's name.
    name: &'static str,
    id: String,
    checked: bool,
    label: Text,
    help: Option<Text>,
}

impl Choice {
    fn view(self, settings: &Handle, change: impl Fn(&mut Settings) + 'static) -> Html {
        let lang = settings.lang;
        let settings = settings.clone();
        let onchange = Callback::from(move |_: Event| settings.change(|settings| change(settings)));
        let Choice {
            name,
            id,
            checked,
            label,
            help,
        } = self;
        // A language's own name is in that language, and is read out so.
        let tongues = [(messages::ENGLISH, Lang::En), (messages::CHINESE, Lang::Zh)];
        let tongue = tongues.into_iter().find(|(own, _)| *own == label);
        html! {
            <label class="choice" for={id.clone()}>
                <input type="radio" {name} {id} {checked} {onchange} />
                <span class="choice-text">
                    <span lang={tongue.map(|(_, lang)| lang.tag())}>{ label.get(lang) }</span>
                    if let Some(help) = help { <span class="choice-label">{ help.get(lang) }</span> }
                </span>
            </label>
        }
    }
}

fn target(settings: &Handle) -> Html {
    let choice = |id: &str, checked, label, help| Choice {
        name: "target",
        id: id.to_string(),
        checked,
        label,
        help: Some(help),
    };
    let proxy = choice(
        "target-proxy",
        !settings.in_page,
        messages::TARGET_PROXY,
        messages::TARGET_PROXY_HELP,
    );
    let in_page = choice(
        "target-page",
        settings.in_page,
        messages::TARGET_IN_PAGE,
        messages::TARGET_IN_PAGE_HELP,
    );
    choices(
        "target",
        messages::TARGET,
        settings.lang,
        html! {
            <>
                { proxy.view(settings, |s| s.in_page = false) }
                { in_page.view(settings, |s| s.in_page = true) }
            </>
        },
    )
}

fn review(settings: &Handle) -> Html {
    let choice = |on: bool, id: &str, label, help| {
        let choice = Choice {
            name: "review",
            id: id.to_string(),
            checked: settings.review == on,
            label,
            help: Some(help),
        };
        choice.view(settings, move |s| s.review = on)
    };
    choices(
        "review",
        messages::REVIEW,
        settings.lang,
        html! {
            <>
                { choice(true, "review-on", messages::REVIEW_ON, messages::REVIEW_ON_HELP) }
                { choice(false, "review-off", messages::REVIEW_OFF, messages::REVIEW_OFF_HELP) }
            </>
        },
    )
}

fn language(settings: &Handle) -> Html {
    let choice = |lang: Lang, id: &str, label| {
        let choice = Choice {
            name: "language",
            id: id.to_string(),
            checked: settings.lang == lang,
            label,
            help: None,
        };
        choice.view(settings, move |s| s.lang = lang)
    };
    choices(
        "language",
        messages::LANGUAGE,
        settings.lang,
        html! {
            <>
                { choice(Lang::En, "language-en", messages::ENGLISH) }
                { choice(Lang::Zh, "language-zh", messages::CHINESE) }
            </>
        },
    )
}

fn theme(settings: &Handle) -> Html {
    let choice = |theme: Theme| {
        let choice = Choice {
            name: "theme",
            id: format!("theme-{}", theme.id()),
            checked: settings.theme == theme,
            label: theme.name(),
            help: None,
        };
        choice.view(settings, move |s| s.theme = theme)
    };
    choices(
        "theme",
        messages::THEME,
        settings.lang,
        html! { { for Theme::ALL.into_iter().map(choice) } },
    )
}

fn endpoint(settings: &Handle, typed: &UseStateHandle<String>) -> Html {
    let lang = settings.lang;
    let problem = check_endpoint(typed);
    let value = (**typed).clone();
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(text) = text_of(event.target()) {
                typed.set(text.trim().to_string());
            }
        })
    };
    let onchange = apply(settings, |settings, text| {
        let text = text.trim();
        if check_endpoint(text).is_none() {
            settings.endpoint = text.to_string();
        }
    });
    labelled(
        "endpoint",
        messages::ENDPOINT,
        lang,
        html! {
            <>
                <input type="text" class="wire" id="endpoint" name="endpoint" inputmode="url" autocomplete="off"
                    spellcheck="false" {value} {oninput} {onchange}
                    aria-invalid={problem.map(|_| "true")} aria-describedby="endpoint-said endpoint-help" />
                <div class="said" id="endpoint-said" aria-live="polite">
                    if let Some(problem) = problem {
                        <p data-kind="error"><b>{ messages::ERROR_MARK.get(lang) }</b>{ messages::GAP.get(lang) }{ problem.get(lang) }</p>
                    }
                </div>
                <p class="field-help" id="endpoint-help">{ messages::ENDPOINT_HELP.get(lang) }</p>
            </>
        },
    )
}

fn connection(props: &Props) -> Html {
    let settings = &props.settings;
    let lang = settings.lang;
    let again = props.recheck.reform(|_: MouseEvent| ());
    row(
        "connection",
        messages::CONNECTION,
        lang,
        html! {
            <>
                <div class="connection" role="status">{ report(props.connection.as_ref(), settings.in_page, lang) }</div>
                <button type="button" class="quiet" onclick={again}>{ messages::CHECK_CONNECTION.get(lang) }</button>
            </>
        },
    )
}

/// The choice among the proxy's accounts, when there is one.
fn profile(props: &Props) -> Html {
    let settings = &props.settings;
    let lang = settings.lang;
    let mut profiles = match &props.connection {
        Some(Connection::Ready { profiles, .. }) => profiles.clone(),
        _ => Vec::new(),
    };
    if !settings.profile.is_empty() && !profiles.contains(&settings.profile) {
        profiles.push(settings.profile.clone());
    }
    if profiles.len() < 2 && settings.profile.is_empty() {
        return Html::default();
    }
    let onchange = {
        let settings = settings.clone();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(select) = select {
                settings.change(|settings| settings.profile = select.value());
            }
        })
    };
    labelled(
        "profile",
        messages::PROFILE,
        lang,
        html! {
            <>
                <select id="profile" name="profile" aria-describedby="profile-help" {onchange}>
                    <option value="" selected={settings.profile.is_empty()}>{ messages::PROFILE_DEFAULT.get(lang) }</option>
                    { for profiles.iter().map(|name| html! {
                        <option value={name.clone()} selected={*name == settings.profile}>{ name }</option>
                    }) }
                </select>
                <p class="field-help" id="profile-help">{ messages::PROFILE_HELP.get(lang) }</p>
            </>
        },
    )
}

/// A radio group with its name.
fn choices(id: &'static str, label: Text, lang: Lang, choices: Html) -> Html {
    row(
        id,
        label,
        lang,
        html! {
            <div class="choices" role="radiogroup" aria-labelledby={format!("{id}-label")}>{ choices }</div>
        },
    )
}

fn row(id: &'static str, label: Text, lang: Lang, body: Html) -> Html {
    html! {
        <div class="field">
            <div class="field-name"><span class="label" id={format!("{id}-label")}>{ label.get(lang) }</span></div>
            <div class="field-body">{ body }</div>
        </div>
    }
}

fn labelled(id: &'static str, label: Text, lang: Lang, body: Html) -> Html {
    html! {
        <div class="field">
            <div class="field-name"><label class="label" for={id}>{ label.get(lang) }</label></div>
            <div class="field-body">{ body }</div>
        </div>
    }
}

/// The result of a connection check, with advice.
fn report(connection: Option<&Connection>, in_page: bool, lang: Lang) -> Html {
    match connection {
        None => html! { <p>{ messages::CHECKING.get(lang) }{ "…" }</p> },
        Some(_) if in_page => html! { <p>{ messages::IN_PAGE_BANNER.get(lang) }</p> },
        Some(connection) => html! {
            <>
                <p>{ rich_text(connection.explanation().get(lang)) }</p>
                if let Some(advice) = connection.advice() { <p>{ rich_text(advice.get(lang)) }</p> }
                if !connection.particulars(lang).is_empty() {
                    <p class="wire">{ connection.particulars(lang) }</p>
                }
            </>
        },
    }
}

fn text_of(target: Option<web_sys::EventTarget>) -> Option<String> {
    Some(target?.dyn_into::<HtmlInputElement>().ok()?.value())
}

/// Takes a region that was chosen.
fn settings_region(settings: &Handle) -> Callback<String> {
    let settings = settings.clone();
    Callback::from(move |region: String| settings.change(|s| s.region = region))
}

/// Every region that the catalog's forms suggest, once.
fn regions() -> Vec<Offer> {
    fn walk(params: &'static [Param], out: &mut Vec<Offer>) {
        for param in params {
            if let Kind::Object(members) = param.kind {
                walk(members, out);
            }
            let choices = match param.control {
                Control::Region => param.choices(),
                _ => None,
            };
            for choice in choices.map_or(&[][..], |(choices, _)| choices) {
                if !out.iter().any(|offer| offer.value == choice.value) {
                    out.push(Offer {
                        value: choice.value,
                        label: choice.label,
                        doubtful: false,
                    });
                }
            }
        }
    }
    let mut out = Vec::new();
    for op in creations() {
        walk(op.params, &mut out);
    }
    out
}
