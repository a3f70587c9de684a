//! The console as a whole: its state, and the page in sight with what stands around it.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use yew::prelude::*;

use super::console::Console;
use super::top_bar::{top_bar, unusable};
use super::{chunks, create_page::CreatePage};
use crate::client::{Connection, Freshness};
use crate::form::control::Table;
use crate::form::draft::Handover;
use crate::platform::dom;
#[cfg(feature = "embed")]
use crate::platform::host_page::HistoryStorage;
use crate::platform::host_page::HostEvent;
use crate::platform::lazy::{self, LoadState};
use crate::platform::mount::Mount;
use crate::platform::route::{self, Route};
use crate::settings::{Handle, Settings, Theme};
use crate::shell::home::home;
use crate::shell::nav::Nav;
use crate::ui::elements::{button, text};
use crate::ui::messages;

/// The pause before a connection that is not ready is checked again, in milliseconds.
const RECHECK_MS: u32 = 5_000;

/// The properties of [`App`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where the console is shown.
    pub mount: Mount,
}

/// The console.
pub struct App {
    mount: Mount,
    settings: Handle,
    route: Route,
    /// Counts the options that the host page has set.
    options_version: u32,
    /// Counts the forms that the host page has filled in: each is one of its own.
    form_number: u32,
    /// Counts the storages that the history was in.
    storages: u32,
    #[cfg(feature = "embed")]
    storage: HistoryStorage,
    /// Another page has been gone to, and is not drawn yet.
    arriving: bool,
    /// The browser does not store what it is given.
    unstored: bool,
    handover: Handover,
    /// The state of the connection; `None` while it is being checked.
    connection: Option<Connection>,
    /// Counts the checks of the connection: what an earlier one found is nothing to go by.
    check: u32,
    recheck: Callback<()>,
    on_unstored: Callback<()>,
    on_fill: Callback<(String, tieline_catalog::Raw)>,
    chunk: LoadState,
    on_load: Callback<()>,
    _listeners: Vec<EventListener>,
}

/// An action on the console.
pub enum Act {
    /// The user has chosen these settings.
    Set(Settings),
    /// The address bar shows this.
    Go(Route),
    /// Something could not be stored.
    Unstored,
    /// The connection is to be checked.
    Recheck,
    /// The check of this number is done.
    Checked(u32, Connection),
    /// Some time has passed since the check of this number.
    Waited(u32),
    /// Loading the second part has ended.
    Loaded(LoadState),
    /// It is to be loaded now, or once more.
    Load,
    /// A form is to be filled.
    Fill(String, tieline_catalog::Raw),
    /// The host page has set other options.
    #[cfg(feature = "embed")]
    Options {
        /// Whether the form is another one with them.
        refill: bool,
    },
}

impl Component for App {
    type Message = Act;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let mount = ctx.props().mount.clone();
        let mut listeners = dom::watch_presses();
        let (settings, route) = match mount.host_page() {
            Some(host_page) => (
                Settings::of_host_page(host_page.settings()),
                host_page.start(),
            ),
            None => {
                listeners.extend(route::listen(link.callback(Act::Go)));
                (Settings::load(), Route::parse(&dom::hash()))
            }
        };
        #[cfg(feature = "embed")]
        let storage = mount.history_storage();
        let mut app = App {
            mount,
            settings: Handle::new(settings, link.callback(Act::Set)),
            route,
            options_version: 0,
            form_number: 0,
            storages: 0,
            #[cfg(feature = "embed")]
            storage,
            arriving: false,
            unstored: false,
            handover: Handover::default(),
            connection: None,
            check: 0,
            recheck: link.callback(|()| Act::Recheck),
            on_unstored: link.callback(|()| Act::Unstored),
            on_fill: link.callback(|(name, raw)| Act::Fill(name, raw)),
            chunk: lazy::ready().map_or(LoadState::Absent, LoadState::Ready),
            on_load: link.callback(|()| Act::Load),
            _listeners: listeners,
        };
        app.apply_settings(None);
        app.check_connection(ctx, Freshness::Recent);
        app.load_chunk(ctx);
        link.send_future(async { Act::Loaded(lazy::load_when_idle().await) });
        app
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Set(settings) => {
                let new = Handle::new(settings, ctx.link().callback(Act::Set));
                let before = std::mem::replace(&mut self.settings, new);
                self.apply_settings(Some(&before));
                if self.settings.target() != before.target() {
                    self.connection = None;
                    self.check_connection(ctx, Freshness::Recent);
                }
            }
            Act::Go(route) => {
                self.arriving = route != self.route;
                self.route = route;
                self.set_title();
                self.load_chunk(ctx);
            }
            Act::Unstored => self.unstored = true,
            Act::Recheck => self.check_connection(ctx, Freshness::New),
            Act::Checked(check, connection) if check == self.check => {
                if !connection.is_ready() {
                    self.recheck_later(ctx);
                }
                // It is told when it is another, not each time.
                if self.connection.as_ref() != Some(&connection) {
                    self.report(&connection);
                }
                self.connection = Some(connection);
            }
            Act::Waited(check) if check == self.check => {
                if dom::visible() {
                    self.check_connection(ctx, Freshness::Patient);
                } else {
                    self.recheck_later(ctx);
                }
            }
            Act::Checked(..) | Act::Waited(_) => return false,
            // Who asked for it first, and who asked again, both hear of it.
            Act::Loaded(state) if !matches!(self.chunk, LoadState::Ready(_)) => {
                self.chunk = state;
                if let Some(host_page) = self.mount.host_page() {
                    host_page.check_values();
                }
                self.check_connection(ctx, Freshness::Recent);
            }
            Act::Loaded(_) => return false,
            #[cfg(feature = "embed")]
            Act::Options { refill } => self.take_options(ctx, refill),
            Act::Load if matches!(self.chunk, LoadState::Ready(_)) => return false,
            Act::Load => self.load(ctx),
            Act::Fill(name, raw) => {
                let to = Route::parse(&format!("#/create/{name}"));
                self.handover.0.replace(Some((name, raw)));
                match self.mount.host_page() {
                    Some(_) => ctx.link().send_message(Act::Go(to)),
                    None => dom::go(&to.hash()),
                }
            }
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if let (true, Some(host_page)) = (first, self.mount.host_page()) {
            host_page.check_values();
            host_page.notify(HostEvent::Ready);
        }
        if let Some(host_page) = self.mount.host_page() {
            // Yew comes to this after everything below is drawn and has had its effects.
            host_page.drawn(self.options_version);
        }
        // The first page leaves the focus where the browser puts it.
        if std::mem::take(&mut self.arriving) {
            self.mount.arrive();
            if self.mount.host_page().is_none() {
                dom::scroll_to_top();
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = self.settings.lang;
        let connection = self.connection.as_ref();
        let host_page = self.mount.host_page();
        // The host page has a main part of its own.
        let (root, page) = (self.mount.root(), self.page());
        let main = match host_page {
            Some(_) => html! { <div id="main" tabindex="-1" ref={root}>{ page }</div> },
            None => html! { <main id="main" tabindex="-1" ref={root}>{ page }</main> },
        };
        let body = html! {
            <>
                // A region that is there before what it announces.
                <div role="status">
                    { self.banner() }
                </div>
                if self.mount.has_pages() {
                    <div class="shell">
                        <Nav route={self.route.clone()} {lang} mount={self.mount.clone()} options_version={self.options_version} />
                        { main }
                    </div>
                } else {
                    { main }
                }
            </>
        };
        if host_page.is_some() {
            // The address bar belongs to the host page.
            let onclick = ctx.link().batch_callback(|event: MouseEvent| {
                let to = (!event.default_prevented()).then(|| dom::fragment(&event))??;
                event.prevent_default();
                Some(Act::Go(Route::parse(&to)))
            });
            return html! {
                <div class="tieline" lang={lang.tag()} {onclick}>{ body }</div>
            };
        }
        let (standing, palette) = match self.chunk {
            LoadState::Ready(ready) => chunks::bar(ready, self.console()),
            _ => Default::default(),
        };
        html! {
            <>
                { top_bar(&self.settings, &self.route, connection, [standing, palette], self.chunk == LoadState::Failed, &self.mount) }
                { body }
            </>
        }
    }
}

impl App {
    /// The banner over the page, when there is one.
    fn banner(&self) -> Html {
        match self.chunk {
            LoadState::Ready(ready) => chunks::banner(ready, self.console()),
            _ => Html::default(),
        }
    }

    /// What the lazy parts see.
    #[inline(never)]
    fn console(&self) -> Console {
        Console {
            route: self.route.clone(),
            mount: self.mount.clone(),
            settings: self.settings.clone(),
            connection: self.connection.clone(),
            recheck: self.recheck.clone(),
            on_fill: self.on_fill.clone(),
            unstored: self.unstored,
            storages: self.storages,
        }
    }

    fn page(&self) -> Html {
        let lang = self.settings.lang;
        match &self.route {
            Route::Home => home(&self.mount, lang),
            Route::Create(name) => match self.route.operation() {
                Some(op) if self.mount.offers(op) => html! {
                    <CreatePage key={format!("{name} {}", self.form_number)} mount={self.mount.clone()} operation={Table(op)} settings={Rc::new((*self.settings).clone())}
                        connection={self.connection.clone()} handover={self.handover.clone()}
                        recheck={&self.recheck} unstored={&self.on_unstored} storages={self.storages} chunk={self.chunk} load={&self.on_load} />
                },
                _ => self.lazy_page(),
            },
            _ => self.lazy_page(),
        }
    }

    /// A page of the second part.
    fn lazy_page(&self) -> Html {
        let lang = self.settings.lang;
        match self.chunk {
            LoadState::Absent => text("p", "loading", messages::LOADING.get(lang)),
            LoadState::Failed => html! {
                <div class="banner" data-kind="problem" role="alert">
                    { text("p", "", messages::NOT_LOADED.get(lang)) }
                    { button("quiet", messages::CHECK_AGAIN.get(lang), self.on_load.reform(|_: MouseEvent| ())) }
                </div>
            },
            LoadState::Ready(ready) => chunks::page(ready, self.console()),
        }
    }

    /// Takes over what the host page has set; with `refill` its form is another one.
    #[cfg(feature = "embed")]
    fn take_options(&mut self, ctx: &Context<Self>, refill: bool) {
        let mount = self.mount.clone();
        let Some(host_page) = mount.host_page() else {
            return;
        };
        let before = self.settings.target();
        let settings = Settings::of_host_page(host_page.settings());
        self.settings = Handle::new(settings, ctx.link().callback(Act::Set));
        // Another function that gives the token is no other proxy.
        if self.settings.target().name() != before.name() {
            self.connection = None;
            self.check_connection(ctx, Freshness::Recent);
        }
        let storage = mount.history_storage();
        self.storages += u32::from(storage != self.storage);
        self.storage = storage;
        self.options_version += 1;
        if refill {
            self.form_number += 1;
            self.route = host_page.start();
            host_page.check_values();
            self.load_chunk(ctx);
        }
    }

    /// Stores the settings, of which some may be as `before`, and keeps what lies outside the body in step
    /// with them.
    fn apply_settings(&mut self, before: Option<&Settings>) {
        if self.mount.host_page().is_some() {
            return;
        }
        dom::set_root("lang", Some(self.settings.lang.tag()));
        let theme = self.settings.theme;
        dom::set_theme((theme != Theme::System).then(|| theme.id()));
        self.unstored |= !self.settings.save(before);
        self.set_title();
    }

    /// Gives the browser's window the page's name.
    fn set_title(&self) {
        if self.mount.host_page().is_some() {
            return;
        }
        let lang = self.settings.lang;
        let page = match &self.route {
            Route::Home => messages::HOME_TITLE.get(lang),
            Route::Create(_) => self.route.operation().map_or("", |op| op.title.get(lang)),
            // The second part names its own pages.
            _ => return,
        };
        dom::set_title(&format!("{page} · {}", messages::BRAND.get(lang)));
    }

    /// Loads the second part at once when the page needs it.
    fn load_chunk(&mut self, ctx: &Context<Self>) {
        let is_first = matches!(self.route, Route::Home | Route::Create(_));
        if !is_first && self.chunk == LoadState::Absent {
            self.load(ctx);
        }
    }

    /// Loads the second part.
    fn load(&mut self, ctx: &Context<Self>) {
        self.chunk = LoadState::Absent;
        ctx.link()
            .send_future(async { Act::Loaded(lazy::load().await) });
    }

    /// Tells the host page what keeps the console from sending.
    fn report(&self, connection: &Connection) {
        let (Some(host_page), LoadState::Ready(ready)) = (self.mount.host_page(), self.chunk)
        else {
            return;
        };
        if unusable(connection) {
            host_page.notify(HostEvent::Error {
                kind: "connection",
                message: chunks::explanation(ready, connection.clone()),
            });
        }
    }

    /// Checks the connection, once there is what checks it.
    fn check_connection(&mut self, ctx: &Context<Self>, freshness: Freshness) {
        let LoadState::Ready(ready) = self.chunk else {
            return;
        };
        self.check += 1;
        let (check, target) = (self.check, self.settings.target());
        ctx.link().send_future(async move {
            Act::Checked(check, chunks::connection(ready, target, freshness).await)
        });
    }

    /// Checks it again after a while, so that a proxy started meanwhile is noticed.
    fn recheck_later(&self, ctx: &Context<Self>) {
        let check = self.check;
        ctx.link().send_future(async move {
            TimeoutFuture::new(RECHECK_MS).await;
            Act::Waited(check)
        });
    }
}
