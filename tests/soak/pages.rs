//! People at pages: each round submits one form in the midst of trouble, then looks at what the
//! history says.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation, Raw};
use tieline_test_support::chrome::Chrome;
use tieline_test_support::inputs::name_path;
use tieline_test_support::webdriver::Done;

use crate::chance::Chance;
use crate::claims::{Claim, Claims};
use crate::clients::{input, FAULTS};
use crate::tally::{Tally, Wrong};
use crate::world::World;

const SCRIPT: &str = include_str!("script.js");
/// How long a request may be on its way, when nothing holds it: what a stopped proxy, a held database or a full
/// storage really takes of that is added.
const STUCK: Duration = Duration::from_secs(30);

/// The rounds that were begun, and those of them whose claim was judged.
pub const ROUNDS: &str = "rounds at pages";
pub const JUDGED: &str = "claims of pages judged";

/// What happens around a submit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Trouble {
    None,
    DoubleClick,
    TypedMeanwhile,
    TwoTabs,
    TabCrashes,
    TabCloses,
    Reload,
    Offline,
    DatabaseHeld,
    StorageFull,
    Frozen,
    ClockJumps,
}

const TROUBLES: [Trouble; 13] = [
    Trouble::None,
    Trouble::None,
    Trouble::DoubleClick,
    Trouble::TypedMeanwhile,
    Trouble::TwoTabs,
    Trouble::TabCrashes,
    Trouble::TabCloses,
    Trouble::Reload,
    Trouble::Offline,
    Trouble::DatabaseHeld,
    Trouble::StorageFull,
    Trouble::Frozen,
    Trouble::ClockJumps,
];

/// Where forms are opened.
pub struct Place {
    /// The address of an operation's form, `{}` standing for its name.
    pub form: String,
    /// An address of the origin where nothing is submitted.
    pub quiet: String,
    /// How many records the history has from before.
    pub old: u32,
}

impl Place {
    /// The console itself.
    pub fn of_console(origin: &str) -> Place {
        Place {
            form: format!("{origin}/#/create/{{}}"),
            quiet: format!("{origin}/#/history"),
            old: 50_000,
        }
    }

    /// A portal's pages with an element.
    pub fn of_portal(origin: &str) -> Place {
        Place {
            form: format!("{origin}/form/{{}}"),
            quiet: format!("{origin}/quiet"),
            old: 0,
        }
    }
}

/// What the actors share.
pub struct Shared<'a> {
    /// The programs.
    pub world: &'a World,
    /// What is believed.
    pub claims: &'a Claims,
    /// What is counted.
    pub tally: &'a Tally,
    /// The soak's seed.
    pub seed: u64,
    /// Numbers for names.
    pub numbers: &'a AtomicU64,
    /// Whether the time is over.
    pub over: &'a AtomicBool,
}

/// A person at a browser.
pub struct Actor<'a> {
    shared: &'a Shared<'a>,
    place: Place,
    number: u64,
    chrome: Chrome,
    /// A tab that is there always.
    keeper: Value,
}

impl<'a> Actor<'a> {
    /// Opens a browser.
    pub fn new(shared: &'a Shared<'a>, number: u64, place: Place) -> Actor<'a> {
        let chrome = Chrome::start(&format!("soak-{number}"), (1200, 900));
        let keeper = chrome.session.get("window").expect("a window");
        let timeouts = json!({ "script": 90_000, "pageLoad": 60_000 });
        chrome
            .session
            .post("timeouts", &timeouts)
            .expect("time limits");
        let actor = Actor {
            shared,
            place,
            number,
            chrome,
            keeper,
        };
        actor.open(&actor.place.quiet).expect("a page");
        if actor.place.old > 0 {
            // The page has made the database by then.
            let script = "await sleep(3000); await grow(args[0]); return true";
            let grown = actor.js(script, json!([actor.place.old]));
            assert_eq!(grown.expect("an answer"), json!(true));
        }
        actor
    }

    /// Plays rounds until the time is over, or only `round`.
    pub fn run(&self, only: Option<u64>) {
        let mut round = only.unwrap_or_default();
        while !self.shared.over.load(Ordering::Relaxed) {
            if let Err(failure) = self.round(round) {
                self.shared
                    .tally
                    .count("rounds that the driver could not play");
                println!("actor {}, round {round}: {failure}", self.number);
                let _ = self.close_others();
            }
            if only.is_some() {
                break;
            }
            round += 1;
        }
        let _ = self.chrome.session.end();
    }

    fn go(&self, url: &str) -> Done<Value> {
        self.chrome.session.post("url", &json!({ "url": url }))
    }

    /// Goes there as soon as the proxy answers: it may be killed at any moment, the first one, too.
    fn open(&self, url: &str) -> Done<()> {
        let end = Instant::now() + Duration::from_secs(20);
        while let Err(failure) = self.go(url) {
            if Instant::now() > end {
                return Err(failure);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn js(&self, script: &str, arguments: Value) -> Done<Value> {
        let script = format!("{SCRIPT}\n{script}");
        self.chrome.session.run_async(&script, arguments)
    }

    fn show(&self, tab: &Value) -> Done<Value> {
        self.chrome
            .session
            .post("window", &json!({ "handle": tab }))
    }

    /// A new tab, shown, at this address.
    fn tab(&self, url: &str) -> Done<Value> {
        let tab = self
            .chrome
            .session
            .post("window/new", &json!({ "type": "tab" }))?;
        let tab = tab["handle"].clone();
        self.show(&tab)?;
        self.open(url)?;
        Ok(tab)
    }

    /// Closes all tabs but the keeper, which is shown.
    fn close_others(&self) -> Done<()> {
        self.show(&self.keeper)?;
        let all = self.chrome.session.get("window/handles")?;
        for tab in all.as_array().into_iter().flatten() {
            if *tab != self.keeper {
                let target = json!({ "targetId": tab });
                let _ = self.chrome.session.devtools("Target.closeTarget", target);
            }
        }
        Ok(())
    }

    fn round(&self, round: u64) -> Done<()> {
        let mut chance = Chance::of(self.shared.seed, self.number, round);
        let all: Vec<_> = creations().collect();
        let op = all[chance.below(all.len() as u64) as usize];
        let trouble = chance.one_of(&TROUBLES);
        let fault = match trouble {
            // The moments that matter are those before the answer.
            Trouble::TypedMeanwhile
            | Trouble::TabCrashes
            | Trouble::TabCloses
            | Trouble::Reload => chance.one_of(&["fault-slow", "fault-slow", "plain"]),
            _ => chance.one_of(&FAULTS),
        };
        let number = self.shared.numbers.fetch_add(1, Ordering::Relaxed);
        let name = format!("p{number}-{fault}");
        let raw = input(op, &name, number);
        let place = format!(
            "seed {} round {}:{round} {} {trouble:?} {name}",
            self.shared.seed, self.number, op.name
        );
        self.shared.tally.count(format!("rounds with {trouble:?}"));
        let tab = self.tab(&self.place.form.replace("{}", op.name))?;
        if let Some(path) = self.fill(&raw)? {
            self.shared
                .tally
                .count(format!("forms that did not show {path} in time"));
            self.close_others()?;
            return Ok(());
        }
        self.shared.tally.count(ROUNDS);
        let (typed, held) = self.submit(op, trouble, &mut chance, &raw, &tab)?;
        self.shared.tally.count("creations asked for at pages");
        let handles = self.chrome.session.get("window/handles")?;
        let tabs = handles.as_array().into_iter().flatten();
        for tab in tabs.filter(|tab| **tab != self.keeper) {
            self.settle(tab, &place, held);
        }
        if let Some((path, text)) = typed {
            self.show(&tab)?;
            let value = self.js("return named(args[0])[0]?.value", json!([path]))?;
            if value != json!(text) {
                let said = format!("{place}: typed {text:?}, the form has {value}");
                self.shared.tally.found(Wrong::TypedTextLost, said);
            }
        }
        self.errors(&place);
        self.close_others()?;
        self.learn(op, raw, &name, trouble, place)
    }

    /// Submits in the midst of trouble. Gives what was typed meanwhile, and where; and for how long the page's own
    /// storage is held from here on.
    fn submit(
        &self,
        op: &'static Operation,
        trouble: Trouble,
        chance: &mut Chance,
        raw: &Raw,
        tab: &Value,
    ) -> Done<(Option<(String, String)>, Duration)> {
        let click = || self.js("await send()", json!([]));
        let wait = Duration::from_millis(chance.below(1_500));
        let devtools =
            |command: &str, parameters| self.chrome.session.devtools(command, parameters);
        match trouble {
            Trouble::None => click().map(drop)?,
            Trouble::DoubleClick => {
                let script =
                    "submit().click(); await sleep(args[0]); submit()?.click(); await confirm(2)";
                self.js(script, json!([chance.below(300)]))?;
            }
            Trouble::TypedMeanwhile => {
                let leaves = raw.leaves();
                let other = leaves.iter().find(|(path, _)| path.ends_with("escription"));
                let path = other.map_or_else(|| name_path(op), |(path, _)| path.clone());
                let script = "await send();
                     return await until(busy, 3000) && await put(args[0], args[1]) && true;";
                let text = "typed-meanwhile".to_string();
                if self.js(script, json!([path, text]))? == json!(true) {
                    return Ok((Some((path, text)), Duration::ZERO));
                }
            }
            Trouble::TwoTabs => {
                self.tab(&self.place.form.replace("{}", op.name))?;
                self.fill(raw)?;
                let script = "setTimeout(send, args[0] - Date.now())";
                let now = self.js("return Date.now()", json!([]))?;
                let at = json!(now.as_u64().unwrap_or_default() + 150 + chance.below(100));
                self.js(script, json!([at]))?;
                self.show(tab)?;
                self.js(script, json!([at]))?;
            }
            Trouble::TabCrashes => {
                click()?;
                std::thread::sleep(wait);
                let _ = self.go("chrome://crash");
            }
            Trouble::TabCloses => {
                click()?;
                std::thread::sleep(wait);
                self.show(&self.keeper)?;
                devtools("Target.closeTarget", json!({ "targetId": tab }))?;
            }
            Trouble::Reload => {
                click()?;
                std::thread::sleep(wait);
                let _ = self.chrome.session.post("refresh", &json!({}));
            }
            Trouble::Offline => {
                let network = |offline: bool| {
                    let conditions = json!({ "offline": offline, "latency": 0,
                        "downloadThroughput": -1, "uploadThroughput": -1 });
                    devtools("Network.emulateNetworkConditions", conditions)
                };
                let before = chance.below(2) == 0;
                if before {
                    network(true)?;
                }
                click()?;
                std::thread::sleep(wait);
                network(!before)?;
                std::thread::sleep(wait);
                network(false)?;
            }
            Trouble::DatabaseHeld => {
                let held = 500 + chance.below(8_000);
                self.show(&self.keeper)?;
                self.js("await hold(args[0])", json!([held]))?;
                self.show(tab)?;
                click()?;
                return Ok((None, Duration::from_millis(held)));
            }
            Trouble::StorageFull => {
                let script = "full(args[0]); await send()";
                let held = 200 + chance.below(5_000);
                self.js(script, json!([held]))?;
                return Ok((None, Duration::from_millis(held)));
            }
            Trouble::Frozen => {
                click()?;
                std::thread::sleep(wait);
                devtools("Page.setWebLifecycleState", json!({ "state": "frozen" }))?;
                std::thread::sleep(Duration::from_millis(chance.below(5_000)));
                devtools("Page.setWebLifecycleState", json!({ "state": "active" }))?;
            }
            Trouble::ClockJumps => {
                const MONTH: i64 = 31 * 24 * 3_600_000;
                let jump = if chance.below(2) == 0 { MONTH } else { -MONTH };
                self.js("jump(args[0]); await send()", json!([jump]))?;
            }
        }
        Ok((None, Duration::ZERO))
    }

    /// Waits until nothing is on its way in a tab, and answers questions about other requests. `held`: for so long
    /// the tab's storage is.
    fn settle(&self, tab: &Value, place: &str, held: Duration) {
        const LOOK: &str = "
            await sleep(120);
            if (question() === 'other') { button('Send it anyway').click(); return 'busy'; }
            return busy() ? 'busy' : 'still'";
        let (began, world) = (Instant::now(), self.shared.world);
        let before = world.held();
        let mut still = 0;
        while still < 3 {
            let look = self.show(tab).and_then(|_| self.js(LOOK, json!([])));
            match look {
                Ok(said) if said == json!("busy") => still = 0,
                Ok(_) => still += 1,
                // A tab that crashed.
                Err(_) => return,
            }
            if began.elapsed() > STUCK + held + (world.held() - before) {
                let shown = self.js("return root().textContent?.slice(-1500)", json!([]));
                let said = format!("{place}: {}", shown.unwrap_or_default());
                return self.shared.tally.found(Wrong::Stuck, said);
            }
        }
    }

    /// What the pages logged that no page may log.
    fn errors(&self, place: &str) {
        for entry in self.chrome.session.log("browser").unwrap_or_default() {
            let text = entry["message"].as_str().unwrap_or_default();
            let ours = entry["source"] == "network" || text.contains("QuotaExceededError");
            if entry["level"] == "SEVERE" && !ours {
                let said = format!("{place}: {text}");
                self.shared.tally.found(Wrong::PageError, said);
            }
        }
    }

    /// Reads what the history says and claims it.
    fn learn(
        &self,
        op: &'static Operation,
        raw: Raw,
        name: &str,
        trouble: Trouble,
        place: String,
    ) -> Done<()> {
        let records = self.js("return records(args[0])", json!([name]))?;
        let Some(records) = records.as_array() else {
            self.shared.tally.count("histories that could not be read");
            return Ok(());
        };
        let is = |outcomes: &[&str]| {
            let outcomes: Vec<Value> = outcomes.iter().map(|text| json!(text)).collect();
            records
                .iter()
                .filter(move |record| outcomes.contains(&record["outcome"]))
                .count()
        };
        for record in records {
            let outcome = record["outcome"].as_str().unwrap_or("?");
            self.shared
                .tally
                .count(format!("records that say {outcome}"));
        }
        if records.is_empty() {
            self.shared
                .tally
                .count(format!("submits without a record with {trouble:?}"));
        }
        let ids = records
            .iter()
            .filter_map(|record| record["resource"].as_str());
        let claim = Claim {
            op,
            raw,
            created: ids.map(str::to_string).collect(),
            denied: !records.is_empty() && is(&["rejected", "not-executed"]) == records.len(),
            known: is(&["created", "unknown", "pending"]) > 0,
            place,
        };
        self.shared
            .claims
            .make(claim, self.shared.world, self.shared.tally);
        self.shared.tally.count(JUDGED);
        Ok(())
    }

    fn fill(&self, raw: &Raw) -> Done<Option<String>> {
        let values: Vec<_> = raw.leaves();
        let missing = self.js("return fill(args[0])", json!([values]))?;
        Ok(missing.as_str().map(str::to_string))
    }
}
