//! The export into a file that the user chose once: after each change, once the changes pause.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::changes::Changes;
use super::files::everything;
use super::service::History;
use crate::platform::chosen_file::{choose, ChosenFile};
use crate::platform::dom;
use crate::platform::tab_lock::TabLock;

/// The pause after the last change before the file is written, in milliseconds. What takes long to be written is
/// written less often.
const PAUSE_MS: f64 = 2_000.0;
/// So much longer than writing took the pause is.
const TIMES: f64 = 10.0;
/// The longest pause.
const LONGEST_MS: f64 = 60_000.0;
/// The pause before it is looked again whether the history is whole.
const AGAIN_MS: f64 = 5_000.0;
/// How often and at which interval it is looked whether this tab may write.
const TURNS: usize = 20;
const TURN_MS: u32 = 50;

/// How far the export into a file is.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Autosave {
    /// The file's name.
    pub name: String,
    /// When it was written last, in milliseconds since 1970; 0 when it never was.
    pub written: u64,
    /// What it waits for.
    pub state: State,
}

/// What the export into a file waits for.
#[derive(Clone, PartialEq, Default, Debug)]
pub enum State {
    /// For the next change.
    #[default]
    Kept,
    /// For the file to be written.
    Writing,
    /// For the user to allow it again.
    Forgotten,
    /// For the next change; the last time the browser said this.
    Failed(String),
    /// For the history to be whole: what is missing here may be in the file.
    Damaged,
}

/// What is known of the last time that the file was written.
#[derive(Clone, Copy, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct Written {
    /// When, in milliseconds since 1970.
    time: u64,
    /// What was in it.
    has: Changes,
}

/// The export of this page.
#[derive(Default)]
struct Service {
    started: Cell<bool>,
    file: RefCell<Option<ChosenFile>>,
    written: Cell<Written>,
    /// What the browser was given last to be written, whether it was or not.
    tried: Cell<Changes>,
    state: RefCell<State>,
    /// How far it was when everybody was told last.
    told: RefCell<Option<Autosave>>,
    due: RefCell<Option<Timeout>>,
    /// How long it took last time: to write the file, or to find out that not all can be read.
    took: Cell<f64>,
    busy: Cell<bool>,
}

thread_local! {
    static SERVICE: Service = Service::default();
}

/// The properties of [`Autosaver`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is exported.
    pub history: History,
}

/// Shows nothing; from the first time that it is there the page exports.
#[component]
pub fn Autosaver(props: &Props) -> Html {
    use_effect_with(props.history.clone(), start);
    Html::default()
}

/// How far the export is; `None` when the user has chosen no file.
pub fn autosave() -> Option<Autosave> {
    SERVICE.with(|service| {
        let name = service.file.borrow().as_ref()?.name();
        Some(Autosave {
            name,
            written: service.written.get().time,
            state: service.state.borrow().clone(),
        })
    })
}

fn start(history: &History) {
    let history = history.clone();
    spawn_local(async move {
        history.loaded().await;
        if !history.is_kept_by_browser() || SERVICE.with(|service| service.started.replace(true)) {
            return;
        }
        reread(&history).await;
        let changed = history.clone();
        history.follow_changes(Callback::from(move |_| schedule(&changed)));
        tell(&history);
    });
}

/// Tells everybody how far the export is, unless they know: each telling has the list drawn. Looks in either case
/// whether the file is due.
fn tell(history: &History) {
    let now = autosave();
    let told = SERVICE.with(|service| service.told.replace(now.clone()));
    match told == now {
        true => schedule(history),
        false => history.tell(),
    }
}

/// Takes up what the database has: another tab may have chosen, or written.
async fn reread(history: &History) {
    let Some((file, written)) = history.chosen_file().await else {
        return;
    };
    let written = written.and_then(|json| serde_json::from_str(&json).ok());
    SERVICE.with(|service| {
        service.file.replace(file.and_then(ChosenFile::kept));
        service.written.set(written.unwrap_or_default());
    });
}

/// Writes the file after a pause, if there is anything new.
fn schedule(history: &History) {
    SERVICE.with(|service| {
        let waits = *service.state.borrow() == State::Forgotten;
        if service.file.borrow().is_none() || waits || service.busy.get() {
            return;
        }
        // This looks at every record, so it comes last.
        let now = history.changes();
        if service.written.get().has == now || service.tried.get() == now {
            return;
        }
        let least = match *service.state.borrow() {
            State::Damaged => AGAIN_MS,
            _ => PAUSE_MS,
        };
        let pause = LONGEST_MS.min(least.max(service.took.get() * TIMES));
        let history = history.clone();
        let timer = Timeout::new(pause as u32, move || {
            spawn_local(async move { write(&history).await });
        });
        service.due.replace(Some(timer));
    });
}

/// Asks the user for a file, which a press must have led to, and writes it.
pub async fn choose_file(history: &History) {
    let Some(file) = choose("tieline-history.json").await else {
        return;
    };
    history.keep_file(Some(file.value())).await;
    SERVICE.with(|service| {
        service.file.replace(Some(file));
        service.written.set(Written::default());
        // What failed to be written was another file.
        service.tried.set(Changes::default());
        service.state.replace(State::Kept);
    });
    write(history).await;
}

/// Exports no more.
pub async fn forget_file(history: &History) {
    history.keep_file(None).await;
    SERVICE.with(|service| {
        service.file.replace(None);
        service.due.replace(None);
    });
    tell(history);
}

/// Asks the user to allow it again, which a press must have led to, and writes.
pub async fn allow(history: &History) {
    let Some(file) = SERVICE.with(|service| service.file.borrow().clone()) else {
        return;
    };
    if file.ask().await {
        SERVICE.with(|service| service.state.replace(State::Kept));
        write(history).await;
    }
}

/// Writes the file, if no other tab does.
async fn write(history: &History) {
    if SERVICE.with(|service| service.busy.replace(true)) {
        return;
    }
    let lock = TabLock::new("tieline-autosave".to_string());
    let mut turn = lock.hold();
    for _ in 0..TURNS {
        if turn {
            break;
        }
        TimeoutFuture::new(TURN_MS).await;
        turn = lock.hold();
    }
    let state = match turn {
        true => write_alone(history).await,
        // It is another tab's; what it does not know yet is written after it.
        false => State::Kept,
    };
    lock.release();
    SERVICE.with(|service| {
        service.state.replace(state);
        service.busy.set(false);
    });
    tell(history);
}

async fn write_alone(history: &History) -> State {
    reread(history).await;
    let has = history.changes();
    let (file, written) =
        SERVICE.with(|service| (service.file.borrow().clone(), service.written.get()));
    let Some(file) = file.filter(|_| written.has != has) else {
        return State::Kept;
    };
    if !file.is_allowed().await {
        return State::Forgotten;
    }
    // What is not whole may be soon, without any change: this does not count as tried.
    if !history.is_whole().await {
        return State::Damaged;
    }
    SERVICE.with(|service| service.state.replace(State::Writing));
    tell(history);
    let begun = dom::now();
    let all = everything(history).await;
    SERVICE.with(|service| service.took.set(dom::now() - begun));
    let Some((parts, whole)) = all else {
        return State::Damaged;
    };
    SERVICE.with(|service| service.tried.set(has));
    if let Err(why) = file.replace(&parts).await {
        return State::Failed(why);
    }
    let time = dom::now();
    let written = Written {
        time: time as u64,
        has,
    };
    SERVICE.with(|service| {
        service.written.set(written);
        service.took.set(time - begun);
    });
    let json = serde_json::to_string(&written).unwrap_or_default();
    history.file_written(&json, whole.then_some(begun)).await;
    State::Kept
}
