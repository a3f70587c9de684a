//! Polling of the status of resources that are still changing, by one tab of all: by one that somebody looks at, or
//! by any for somebody who wants to be notified.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use tieline_catalog::answer::Found;
use tieline_catalog::{creations, find, Message, Operation};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::index::Summary;
use super::messages;
use super::poll_schedule::{PollSchedule, Reply};
use super::service::History;
use super::status_reads::Question;
use crate::client::Target;
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::platform::notification;
use crate::platform::tab_lock::TabLock;
use tieline_records::{Outcome, Record};

/// The interval at which the schedule is looked at, in milliseconds.
const TICK_MS: u32 = 500;

/// The properties of [`Poller`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whom to ask. Resources of other targets are left alone.
    pub target: Target,
    /// Whose resources they are.
    pub history: History,
    /// Whose host page is told what is new about its own requests.
    pub mount: Mount,
    /// Told of each record that was asked about, and whether that was answered.
    #[prop_or_default]
    pub told: Callback<(u64, bool)>,
}

/// Shows nothing.
#[component]
pub fn Poller(props: &Props) -> Html {
    let mount = props.mount.clone();
    // Another function that gives the token is no reason to ask at once.
    let target = use_mut_ref(|| props.target.clone());
    target.replace(props.target.clone());
    let told = props.told.clone();
    #[cfg(feature = "embed")]
    {
        let watched = (props.history.clone(), mount.clone());
        // Whoever reads a status, here or in another tab, it comes into the history.
        use_effect_with(watched, |(history, mount)| {
            let (own, mount) = (history.weak(), mount.clone());
            let tell = move |_| {
                if let Some(history) = own() {
                    history.tell_statuses(&mount);
                }
            };
            tell(0);
            history.subscribe(Callback::from(tell))
        });
    }
    let watched = (props.target.name().to_string(), props.history.clone());
    use_effect_with(watched, move |(name, history)| {
        let history = history.clone();
        let schedule = Rc::new(RefCell::new(PollSchedule::new(dom::random())));
        // Those that share a history share the questions, too.
        let turn = match history.is_shared() {
            true => Turn::OfTabs(TabTurn::new(name)),
            false => Turn::OfPage(history.clone(), name.clone(), Rc::new(())),
        };
        let timer = Interval::new(TICK_MS, move || {
            let visible = dom::visible();
            // Who wants to be notified is asked for without anybody who looks.
            let wanted = visible || mount.host_page().is_none() && notification::on();
            if turn.is_ours(visible, wanted) {
                let target = target.borrow().clone();
                ask(&history, &target, &mount, &schedule, &told);
            }
        });
        move || drop(timer)
    });
    Html::default()
}

/// Which of all that share a history asks a target.
enum Turn {
    /// One tab.
    OfTabs(TabTurn),
    /// One console of this page, by what is there as long as it is.
    OfPage(History, String, Rc<()>),
}

impl Turn {
    /// Whether it is this console's turn, which is visible or not, if its turn is wanted at all.
    fn is_ours(&self, visible: bool, wanted: bool) -> bool {
        match self {
            Turn::OfTabs(turn) => turn.is_ours(visible, wanted),
            Turn::OfPage(history, target, who) => {
                wanted && history.page_turns().is_ours(target, who)
            }
        }
    }
}

/// Which tab of all asks: one that somebody looks at, and where there is none one of those that nobody does.
struct TabTurn {
    seen: TabLock,
    unseen: TabLock,
}

impl TabTurn {
    /// The turns to ask this target.
    fn new(target: &str) -> TabTurn {
        TabTurn {
            seen: TabLock::new(format!("tieline-poller {target}")),
            unseen: TabLock::new(format!("tieline-poller unseen {target}")),
        }
    }

    /// Whether it is this tab's turn, which is visible or not, if its turn is wanted at all.
    fn is_ours(&self, visible: bool, wanted: bool) -> bool {
        if visible {
            self.unseen.release();
            return self.seen.hold();
        }
        self.seen.release();
        if !wanted {
            self.unseen.release();
        }
        // It has to be free of those who are looked at each time anew.
        wanted && self.unseen.hold() && self.seen.was_free()
    }
}

impl History {
    /// Whether the status of a row's resource is asked for unasked, of whoever is at this target.
    pub fn follows(&self, row: &Summary, target: &Target) -> bool {
        row.unsettled
            && row.followed
            && *row.endpoint == *target.name()
            && self.shown(row) == Outcome::Created
    }
}

fn ask(
    history: &History,
    target: &Target,
    mount: &Mount,
    schedule: &Rc<RefCell<PollSchedule>>,
    told: &Callback<(u64, bool)>,
) {
    let unsettled = history.ids(usize::MAX, |row| {
        row.changes() && history.follows(row, target)
    });
    let group = |id| history.row(id).and_then(|row| group(&row.operation));
    let now = dom::now() as u64;
    let due = schedule.borrow_mut().due(now, &unsettled, group);
    for ids in due {
        let (history, target, schedule) = (history.clone(), target.clone(), schedule.clone());
        let (mount, told) = (mount.clone(), told.clone());
        spawn_local(async move {
            let mut left = ids;
            // Those of another region or account need a read of their own.
            while let Some(first) = left.first().copied() {
                let replies = match history.question(&left, &target).await {
                    Some(question) => ask_about(&history, &target, &mount, &question, &told).await,
                    // What the storage does not give now it may give later.
                    None => match history.record(first).await {
                        Some(_) => vec![(first, Reply::Settled)],
                        None => vec![(first, Reply::Open)],
                    },
                };
                let now = dom::now() as u64;
                for (id, reply) in replies {
                    left.retain(|other| *other != id);
                    schedule.borrow_mut().answered(id, reply, now);
                }
            }
        });
    }
}

/// What an operation's resources can be asked about together by, if they can.
fn group(operation: &str) -> Option<usize> {
    let at = creations().position(|op| op.name == operation)?;
    let op = find(operation)?;
    op.read_back()?.by_ids.as_ref().map(|_| at)
}

/// Asks; what is to become of the questions about each.
async fn ask_about(
    history: &History,
    target: &Target,
    mount: &Mount,
    question: &Question,
    told: &Callback<(u64, bool)>,
) -> Vec<(u64, Reply)> {
    let found = question.ask(target).await;
    let mut replies = Vec::new();
    for record in &question.about {
        let reply = take_note(history, mount, record, &found).await;
        told.emit((record.id, matches!(found, Found::Items(_))));
        replies.push((record.id, reply));
    }
    replies
}

/// Takes note of what was found about a record's resource.
async fn take_note(history: &History, mount: &Mount, record: &Record, found: &Found) -> Reply {
    let (id, resource) = (record.id, record.resource_id.as_deref().unwrap_or_default());
    match found {
        Found::Items(items) if items.iter().any(|item| item.id == resource) => {
            let news = history.observe(record, found).await;
            let row = history.row(id);
            let op = record.operation();
            if let (true, Some(row), None, Some(op)) = (news, &row, mount.host_page(), op) {
                notify(op, row);
            }
            match row {
                // A read without any status can say no more than that the resource exists.
                Some(row) if row.unsettled && !row.status.is_empty() => Reply::Open,
                _ => Reply::Settled,
            }
        }
        // Right after a creation the reads may lag behind: the verdict knows how long, and ends it.
        Found::Items(_) => {
            history.observe(record, found).await;
            Reply::Open
        }
        Found::Refused(_) => Reply::Open,
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
