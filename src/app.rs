//! The shell: the top bar, the way to everything, the banners, and the page.

use std::rc::Rc;

use tieline_catalog::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::client::{connection, Connection, Target};
use crate::form::shape::Table;
use crate::form::{FormPage, Handover};
use crate::history::HistoryProps;
use crate::later::{use_later, Part};
use crate::line::mark;
use crate::nav::Nav;
use crate::page::{absent, home, SettingsProps};
use crate::prose::prose;
use crate::route::{use_route, Route};
use crate::settings::{Handle, Settings, Theme};
use crate::{dom, words};

/// How often a target that does not answer is looked at again, in milliseconds.
const LOOK_AGAIN_MS: u32 = 5_000;

/// The console.
#[component]
pub fn App() -> Html {
    let settings = use_reducer(Settings::load);
    let route = use_route();
    let unstored = use_state_eq(|| false);
    let handover = use_state(Handover::default);
    let target = settings.target();
    let (connection, recheck) = use_connection(target.clone());
    let lang = settings.lang;

    use_page(&settings, &route, &unstored);
    let tries = use_state_eq(|| 0u32);
    let later = use_later(matches!(route, Route::History | Route::Settings), *tries);
    let retry = Callback::from(move |_: MouseEvent| tries.set(*tries + 1));

    let on_fill = {
        let handover = handover.clone();
        Callback::from(move |(name, raw): (String, tieline_catalog::Raw)| {
            let to = Route::parse(&format!("#/create/{name}"));
            handover.0.replace(Some((name, raw)));
            dom::go(&to.hash());
        })
    };
    let page = match &route {
        Route::Home => home(lang),
        Route::Create(name) => match route.operation() {
            Some(op) => html! {
                <FormPage key={*name} operation={Table(op)} settings={Rc::new((*settings).clone())}
                    down={connection.as_ref().is_some_and(unusable)} handover={(*handover).clone()}
                    recheck={recheck.clone()} unstored={set_true(&unstored)} />
            },
            None => Html::default(),
        },
        Route::History | Route::Settings => match later {
            Part::Absent => html! { <p class="loading">{ words::LOADING.get(lang) }</p> },
            Part::Failed => html! {
                <div class="banner" data-kind="trouble" role="alert">
                    <p>{ words::NOT_LOADED.get(lang) }</p>
                    <button type="button" class="quiet" onclick={retry}>{ words::CHECK_AGAIN.get(lang) }</button>
                </div>
            },
            Part::Here(loaded) if route == Route::History => loaded.history(HistoryProps {
                lang,
                target: target.clone(),
                on_fill,
            }),
            Part::Here(loaded) => loaded.settings(SettingsProps {
                settings: settings.clone(),
                connection: connection.clone(),
                recheck: recheck.clone(),
            }),
        },
        Route::Unknown(asked) => absent(asked, lang),
    };
    html! {
        <ContextProvider<Lang> context={lang}>
                { top(&settings, &route, connection.as_ref()) }
                { banner(&settings, connection.as_ref(), &recheck) }
                if *unstored { <p class="banner" role="status">{ words::STORAGE_FAILED.get(lang) }</p> }
                <div class="shell">
                    <Nav route={route.clone()} {lang} />
                    <main id="main" tabindex="-1">{ page }</main>
                </div>
        </ContextProvider<Lang>>
    }
}

/// Whether nothing can be sent. Missing credentials are the proxy's to report, cloud by cloud.
fn unusable(connection: &Connection) -> bool {
    !connection.is_ready() && !matches!(connection, Connection::NoCredentials { .. })
}

fn set_true(state: &UseStateHandle<bool>) -> Callback<()> {
    let state = state.clone();
    Callback::from(move |()| state.set(true))
}

/// Keeps what lies outside the body in step: title, language, theme, focus, stored settings.
#[hook]
fn use_page(settings: &Handle, route: &Route, unstored: &UseStateHandle<bool>) {
    {
        let unstored = unstored.clone();
        use_effect_with((**settings).clone(), move |settings| {
            dom::set_root("lang", Some(settings.lang.tag()));
            let theme = (settings.theme != Theme::System).then(|| settings.theme.id());
            dom::set_theme(theme);
            if !settings.save() {
                unstored.set(true);
            }
        });
    }
    let lang = settings.lang;
    use_effect_with((route.clone(), lang), move |(route, lang)| {
        let page = match route {
            Route::Home => words::HOME_TITLE.get(*lang),
            Route::Create(_) => route.operation().map_or("", |op| op.title.get(*lang)),
            Route::History => words::HISTORY.get(*lang),
            Route::Settings => words::SETTINGS.get(*lang),
            Route::Unknown(_) => words::ABSENT_TITLE.get(*lang),
        };
        dom::set_title(&format!("{page} · {}", words::BRAND.get(*lang)));
    });
    use_effect_with((), |()| {
        let presses = dom::watch_presses();
        move || drop(presses)
    });
    let first = use_mut_ref(|| true);
    use_effect_with(route.clone(), move |_| {
        // The first page leaves the focus where the browser puts it.
        if !first.replace(false) {
            dom::focus("main");
            dom::scroll_to_top();
        }
    });
}

/// What is at the target, and a way to look again. While it is not ready it is looked at again
/// from time to time, so that a proxy started meanwhile is noticed.
#[hook]
fn use_connection(target: Target) -> (Option<Connection>, Callback<()>) {
    let found = use_state_eq(|| None::<(Target, Connection)>);
    let turn = use_state_eq(|| 0u32);
    {
        let (found, turn) = (found.clone(), turn.clone());
        use_effect_with((target.clone(), *turn), move |(target, now)| {
            let (target, now) = (target.clone(), *now);
            let alive = Rc::new(std::cell::Cell::new(true));
            let current = alive.clone();
            spawn_local(async move {
                let connection = connection(&target).await;
                if !current.get() {
                    return;
                }
                let ready = connection.is_ready();
                found.set(Some((target, connection)));
                while !ready && current.get() {
                    gloo_timers::future::TimeoutFuture::new(LOOK_AGAIN_MS).await;
                    if current.get() && dom::visible() {
                        turn.set(now + 1);
                        return;
                    }
                }
            });
            move || alive.set(false)
        });
    }
    let recheck = {
        let turn = turn.clone();
        Callback::from(move |()| turn.set(*turn + 1))
    };
    let known = (*found).clone().filter(|(of, _)| *of == target);
    (known.map(|(_, connection)| connection), recheck)
}

fn change(settings: &Handle, change: impl Fn(&mut Settings) + 'static) -> Callback<MouseEvent> {
    let settings = settings.clone();
    Callback::from(move |_| {
        let mut next = (*settings).clone();
        change(&mut next);
        settings.dispatch(next);
    })
}

fn top(settings: &Handle, route: &Route, connection: Option<&Connection>) -> Html {
    let lang = settings.lang;
    let (other, word) = match lang {
        Lang::En => (Lang::Zh, words::CHINESE_SHORT),
        Lang::Zh => (Lang::En, words::ENGLISH),
    };
    let theme = settings.theme;
    let (state, text) = match connection {
        None => ("checking", words::CHECKING),
        Some(_) if settings.in_page => ("in-page", words::IN_PAGE),
        Some(Connection::Ready { .. }) => ("ready", words::READY),
        Some(Connection::Down) => ("down", words::DOWN),
        Some(_) => ("trouble", words::TROUBLE),
    };
    let mode = match connection {
        Some(Connection::Ready { mode, .. }) if !settings.in_page => Some(mode.clone()),
        _ => None,
    };
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        dom::focus("main");
    });
    html! {
        <header class="top">
            <a class="skip" href={route.hash()} onclick={skip}>{ words::SKIP.get(lang) }</a>
            <a class="brand" href={Route::Home.hash()}>{ mark() }{ words::BRAND.get(lang) }</a>
            <a class="state" href={Route::Settings.hash()} data-state={state}>
                <span class="state-mark" aria-hidden="true"></span>
                <span class="unseen">{ words::CONNECTION.get(lang) }{ ": " }</span>
                <span>{ text.get(lang) }</span>
                if let Some(mode) = mode { <code>{ mode }</code> }
            </a>
            <button type="button" class="quiet" lang={other.tag()} onclick={change(settings, move |s| s.lang = other)}>
                { word.get(lang) }
            </button>
            <button type="button" class="quiet" onclick={change(settings, move |s| s.theme = theme.next())}>
                <span class="theme-word">{ words::THEME.get(lang) }{ ": " }</span>{ theme.name().get(lang) }
            </button>
        </header>
    }
}

fn banner(settings: &Handle, connection: Option<&Connection>, recheck: &Callback<()>) -> Html {
    let lang = settings.lang;
    if settings.in_page {
        return html! {
            <div class="banner" data-kind="in-page" role="status">
                <p>{ words::IN_PAGE_BANNER.get(lang) }</p>
                <button type="button" class="quiet" onclick={change(settings, |s| s.in_page = false)}>
                    { words::LEAVE_IN_PAGE.get(lang) }
                </button>
            </div>
        };
    }
    let again = recheck.reform(|_: MouseEvent| ());
    let inner = match connection {
        None | Some(Connection::Ready { .. }) => return Html::default(),
        Some(Connection::Down) => html! {
            <p>
                <b>{ words::DOWN_TITLE.get(lang) }</b>{ " " }{ words::DOWN_ADVICE.get(lang) }{ " " }
                <br /><code>{ "cargo xtask serve" }</code>{ " " }{ words::OR.get(lang) }{ " " }
                { prose("`tieline-proxy --sandbox --listen 127.0.0.1:8787`") }
            </p>
        },
        Some(connection) => html! {
            <p>
                <b>{ prose(connection.explanation().get(lang)) }</b>
                if let Some(advice) = connection.advice() { { " " }{ prose(advice.get(lang)) } }
            </p>
        },
    };
    html! {
        <div class="banner" data-kind="trouble" role="status">
            { inner }
            <button type="button" class="primary" onclick={change(settings, |s| s.in_page = true)}>
                { words::USE_IN_PAGE.get(lang) }
            </button>
            <button type="button" class="quiet" onclick={again}>{ words::CHECK_AGAIN.get(lang) }</button>
        </div>
    }
}
