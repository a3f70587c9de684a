//! Polling of the status of resources that are still changing, by one tab of all, while somebody looks at it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use tieline_catalog::answer::{read_back, Found};
use tieline_catalog::{Message, Operation};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::index::Summary;
use super::messages;
use super::poll_schedule::{PollSchedule, Reply};
use super::service::History;
use crate::client::{read, Target};
use crate::platform::dom;
use crate::platform::host_page::HostEvent;
use crate::platform::mount::Mount;
use crate::platform::notification;
use crate::platform::tab_lock::TabLock;
use tieline_records::Outcome;

/// The interval at which the schedule is looked at, in milliseconds.
const TICK_MS: u32 = 500;
/// Only this many of the newest unsettled resources are asked about: an import can bring more.
const AT_MOST: usize = 50;

/// The properties of [`Poller`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whom to ask. Resources of other targets are left alone.
    pub target: Target,
    /// Whose resources they are.
    pub history: History,
    /// Whose host page is told.
    pub mount: Mount,
}

/// Shows nothing.
#[component]
pub fn Poller(props: &Props) -> Html {
    let mount = props.mount.clone();
    // Another function that gives the token is no reason to ask at once.
    let target = use_mut_ref(|| props.target.clone());
    target.replace(props.target.clone());
    let watched = (props.target.name().to_string(), props.history.clone());
    use_effect_with(watched, move |(name, history)| {
        let history = history.clone();
        let schedule = Rc::new(RefCell::new(PollSchedule::new(dom::random())));
        // Those that share a history share the questions, too.
        let lock = history.is_shared();
        let lock = lock.then(|| TabLock::new(format!("tieline-poller {name}")));
        let timer = Interval::new(TICK_MS, move || {
            let visible = dom::visible();
            if let (Some(lock), false) = (&lock, visible) {
                lock.release();
            }
            // Who wants to be notified is asked for without anybody who looks.
            let asked = match visible {
                true => lock.as_ref().is_none_or(TabLock::hold),
                false => mount.host_page().is_none() && notification::on(),
            };
            if asked {
                let target = target.borrow().clone();
                ask(&history, &target, &mount, &schedule);
            }
        });
        move || drop(timer)
    });
    Html::default()
}

fn ask(history: &History, target: &Target, mount: &Mount, schedule: &Rc<RefCell<PollSchedule>>) {
    let unsettled = history.ids(AT_MOST, |row| {
        row.unsettled
            && row.followed
            && *row.endpoint == *target.name()
            && history.shown(row) == Outcome::Created
    });
    let due = schedule.borrow_mut().due(dom::now() as u64, &unsettled);
    for id in due {
        let (history, target, schedule) = (history.clone(), target.clone(), schedule.clone());
        let mount = mount.clone();
        spawn_local(async move {
            let reply = ask_one(&history, &target, &mount, id).await;
            let now = dom::now() as u64;
            schedule.borrow_mut().answered(id, reply, now);
        });
    }
}

async fn ask_one(history: &History, target: &Target, mount: &Mount, id: u64) -> Reply {
    let Some(record) = history.record(id).await else {
        return Reply::Settled;
    };
    let (Some(op), Some(resource)) = (record.operation(), &record.resource_id) else {
        return Reply::Settled;
    };
    let Some(question) = read_back(op, resource, &record.raw()) else {
        return Reply::Settled;
    };
    let found = read(target, &question, record.simulated).await;
    match &found {
        Found::Items(items) if items.iter().any(|item| item.id == *resource) => {
            let news = history.observe(id, &found).await;
            let row = history.row(id);
            if let (true, Some(row), Some(host_page)) = (news, &row, mount.host_page()) {
                host_page.notify(HostEvent::Status {
                    operation: &record.operation,
                    resource_id: resource,
                    status: &row.status,
                });
            }
            if let (true, Some(row), None) = (news, &row, mount.host_page()) {
                notify(op, row);
            }
            match row {
                // A read without any status can say no more than that the resource exists.
                Some(row) if row.unsettled && !row.status.is_empty() => Reply::Changing,
                _ => Reply::Settled,
            }
        }
        // Right after a creation the reads may lag behind: the verdict knows.
        Found::Items(_) => {
            history.observe(id, &found).await;
            Reply::Nothing
        }
        Found::Refused(_) => Reply::Nothing,
    }
}

/// Tells who looks at something else that a status has become final.
fn notify(op: &Operation, row: &Summary) {
    if !row.unsettled {
        let title = messages::now(&row.resource_id, &row.status);
        let name = match row.name.is_empty() {
            true => String::new(),
            false => format!(" · {}", row.name),
        };
        let body = Message::new(
            op.title.en.to_string() + &name,
            op.title.zh.to_string() + &name,
        );
        notification::show(&title, &body, &row.resource_id);
    }
}
