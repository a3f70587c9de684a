//! The twenty tasks of a new user, done as one does them, with the clicks and keys that each takes: a table, which
//! every run prints. No task may take more than it takes today.

use std::cell::Cell;

use serde_json::json;
use tieline_catalog::policy::policies;
use tieline_catalog::{creations, Control, Kind, Operation};
use tieline_test_support::inputs::{allowed, leaves};
use tieline_test_support::servers::{self, Tools};
use tieline_test_support::webdriver::{key, Element};

use crate::history::{download, import};
use crate::inputs::{created, name_path, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// A user's hand: what it does is counted.
struct Hand<'a> {
    page: &'a Page,
    clicks: Cell<usize>,
    keys: Cell<usize>,
}

impl<'a> Hand<'a> {
    /// A user who has opened the console.
    fn new(page: &'a Page) -> Self {
        page.open("#/");
        page.find("button", Named::Has("Go to or do"));
        Hand {
            page,
            clicks: Cell::new(0),
            keys: Cell::new(0),
        }
    }

    #[track_caller]
    fn click<'n>(&self, role: &str, name: impl Into<Named<'n>>) {
        self.page.click(role, name);
        self.clicks.set(self.clicks.get() + 1);
    }

    /// Unfolds a section.
    #[track_caller]
    fn unfold(&self, heading: &str) {
        self.page.fold(heading);
        self.clicks.set(self.clicks.get() + 1);
    }

    /// Presses keys wherever the focus is; what is held with another is one.
    fn press(&self, keys: &str) {
        let active = self.page.done(self.page.browser().active());
        self.page.done(self.page.browser().keys(&active, keys));
        self.keys.set(self.keys.get() + 1);
    }

    /// Types a text into a field, after a click into it.
    #[track_caller]
    fn type_into(&self, field: &Element, text: &str) {
        self.page.type_over(field, text);
        self.clicks.set(self.clicks.get() + 1);
        self.keys.set(self.keys.get() + text.chars().count());
    }

    /// Pastes a text into a field, after a click into it.
    #[track_caller]
    fn paste_into(&self, field: &Element, text: &str) {
        self.page.type_over(field, text);
        self.clicks.set(self.clicks.get() + 1);
        self.keys.set(self.keys.get() + 1);
    }

    /// Chooses of a list: one click opens it, one chooses.
    fn choose(&self, name: &str, value: &str) {
        self.page.choose(name, value);
        self.clicks.set(self.clicks.get() + 2);
    }

    /// Fills in a form's field as a person would: a region by a few letters, a choice by a click.
    #[track_caller]
    fn fill(&self, op: &'static Operation, path: &str, text: &str) {
        let param = leaves(op).into_iter().find(|(at, _)| at == path);
        let param = param.expect("a parameter").1;
        if self.page.value(path) == text {
            return;
        }
        match param.control {
            Control::Region => {
                let part: String = text.chars().skip_while(|c| *c != '-').skip(1).collect();
                self.type_into(&self.page.control(path), &part);
                self.press(key::ENTER);
            }
            _ if param.choices().is_some() || matches!(param.kind, Kind::Boolean) => {
                crate::inputs::put(self.page, op, path, text);
                let list = param.choices().is_some_and(|(values, _)| values.len() > 5);
                self.clicks
                    .set(self.clicks.get() + if list { 2 } else { 1 });
            }
            _ => self.type_into(&self.page.control(path), text),
        }
        self.page.until(format!("{path} to hold {text:?}"), || {
            Ok(self.page.value(path) == text)
        });
    }

    /// Says what a task took, and holds it to what it takes today.
    #[track_caller]
    fn took(&self, task: &str, clicks: usize, keys: usize) {
        let now = (self.clicks.replace(0), self.keys.replace(0));
        println!(
            "measured: | {task:<58} | {:>3} clicks | {:>3} keys |",
            now.0, now.1
        );
        assert!(
            now.0 <= clicks && now.1 <= keys,
            "{task} takes {} clicks and {} keys, and took {clicks} and {keys}",
            now.0,
            now.1
        );
    }
}

/// Creates something with no more than has to be filled in, and a name.
fn create(hand: &Hand, op: &'static Operation, name: &str) -> String {
    let page = hand.page;
    hand.click("link", Named::Has(op.name));
    page.find("heading", "Request");
    for (path, param) in leaves(op) {
        if param.must_be_filled() && !path.contains(".1") && path != name_path(op) {
            let example = tieline_catalog::Raw::example(op);
            let text = example
                .get(&path)
                .map_or_else(|| allowed(param), str::to_string);
            hand.fill(op, &path, &text);
        }
    }
    hand.fill(op, &name_path(op), name);
    hand.click("button", "Create");
    name.to_string()
}

#[test]
fn creating_each_of_the_five() {
    journey("twenty-create", TestConfig::default(), |page| {
        let limits = [(3, 10), (3, 10), (9, 31), (5, 28), (4, 42)];
        for (op, (clicks, keys)) in creations().zip(limits) {
            let hand = Hand::new(page);
            create(&hand, op, "backbone-1");
            created(page, op);
            hand.took(&format!("Create: {}", op.title.en), clicks, keys);
        }
    });
}

#[test]
fn recovering_from_each_fault() {
    journey("twenty-faults", TestConfig::default(), |page| {
        let op = creations().find(|op| op.token.is_some());
        let op = op.expect("an operation with a token");
        let hand = Hand::new(page);
        create(&hand, op, "a-fault-forbidden");
        page.find("heading", Named::Has("Rejected"));
        hand.took("  (until the cloud forbids it)", 3, 17);
        hand.click("link", "Show the policy that it needs");
        page.find("button", "Copy the policy");
        hand.took(
            "Recover from a forbidden request: the policy it needs",
            1,
            0,
        );

        let hand = Hand::new(page);
        create(&hand, op, "a-fault-throttle");
        page.find("heading", Named::Has("Not executed"));
        hand.took("  (until the cloud throttles it)", 3, 16);
        page.find("button", "Send again");
        hand.type_into(&page.control(&name_path(op)), "calm");
        hand.click("button", "Create");
        created(page, op);
        hand.took("Recover from a throttled request: send again", 2, 4);

        let hand = Hand::new(page);
        create(&hand, op, "a-fault-lost");
        page.find("heading", Named::Has("Outcome unknown"));
        hand.took("  (until the answer is lost)", 3, 12);
        hand.click("button", "Repeat with the same token");
        created(page, op);
        hand.took(
            "Recover from a lost answer: repeat with the same token",
            1,
            0,
        );
    });
}

#[test]
fn recovering_from_a_full_quota_and_from_answers_that_come_late() {
    journey("twenty-late", TestConfig::default(), |page| {
        let op = creations().find(|op| op.token.is_some());
        let op = op.expect("an operation with a token");
        let hand = Hand::new(page);
        create(&hand, op, "a-fault-quota");
        page.find("heading", Named::Has("Rejected"));
        hand.took("  (until the quota is used up)", 3, 13);
        hand.type_into(&page.control(&name_path(op)), "calm");
        hand.click("button", "Create");
        created(page, op);
        hand.took("Recover from a full quota: create once it is raised", 2, 4);

        let hand = Hand::new(page);
        create(&hand, op, "a-fault-unavailable");
        page.find("heading", Named::Has("Outcome unknown"));
        hand.took("  (until a gateway gives up)", 3, 19);
        hand.click("button", "Repeat with the same token");
        created(page, op);
        hand.took("Recover from a gateway that gave up: repeat", 1, 0);

        let hand = Hand::new(page);
        create(&hand, op, "a-fault-slow");
        hand.took("  (until the answer is slow)", 3, 12);
        created(page, op);
        hand.took("Recover from a slow answer: wait", 0, 0);
    });
}

/// Nothing was created, and only a look can tell.
#[test]
fn recovering_from_an_error_and_from_a_page_in_the_place_of_an_answer() {
    for fault in ["error", "html"] {
        journey(&format!("twenty-{fault}"), TestConfig::default(), |page| {
            let op = creations().find(|op| op.token.is_some());
            let op = op.expect("an operation with a token");
            let hand = Hand::new(page);
            let name = format!("a-fault-{fault}");
            create(&hand, op, &name);
            page.find("heading", Named::Has("Outcome unknown"));
            hand.took("  (until nobody knows)", 3, name.len());
            hand.type_into(&page.control(&name_path(op)), "calm");
            hand.click("button", "Create");
            hand.click("button", Named::Has("Look it up by"));
            page.shows("No such resource exists at the moment.");
            hand.click("button", "Send it anyway");
            created(page, op);
            let task = format!("Recover from {fault}: look it up, and send it anyway");
            hand.took(&task, 4, 4);
        });
    }
}

/// Records of one each hour, the newest an hour old.
fn hourly(count: u64) -> String {
    let op = creations().next().expect("an operation");
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = u64::try_from(since.expect("after 1970").as_millis()).expect("this millennium");
    let records: Vec<serde_json::Value> = (1..=count)
        .map(|nth| {
            let mut raw = valid(op);
            raw.set(&name_path(op), &format!("line-{nth}"));
            let made = now - nth * 3_600_000;
            json!({
                "operation": op.name, "params": tieline_catalog::check(op, &raw).parsed.to_json(),
                "created": made, "updated": made, "key": format!("key-{nth}"), "outcome": "created",
                "endpoint": "/api", "resource_id": format!("id-{nth}"), "status": "Active",
            })
        })
        .collect();
    json!({ "format": "tieline-history", "version": 1, "records": records }).to_string()
}

#[test]
fn finding_exporting_and_moving_records() {
    journey("twenty-history", TestConfig::default(), |page| {
        let file = page.downloads().join("hourly.json");
        std::fs::write(&file, hourly(5_000)).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &file);
        page.shows("Imported: 5000 new");
        std::fs::remove_file(&file).expect("removed");

        let hand = Hand::new(page);
        hand.click("link", "History");
        hand.choose("Time", "7");
        let field = page.find("searchbox", "Text");
        hand.type_into(&field, "line-150");
        page.until("one record", || Ok(page.rows().len() == 1));
        page.row(&["line-150", "id-150"]);
        hand.took("Find last week's record among 5,000", 4, 8);

        let hand = Hand::new(page);
        hand.click("link", "History");
        hand.click("button", "Export CSV");
        let file = download(page, ".csv");
        let text = std::fs::read(&file).expect("the export");
        // Excel takes it for UTF-8 by these three bytes.
        assert_eq!(text[..3], [0xEF, 0xBB, 0xBF]);
        assert_eq!(String::from_utf8_lossy(&text).matches("id-").count(), 5_000);
        hand.took("CSV of the history for Excel", 2, 0);

        let hand = Hand::new(page);
        hand.click("link", "History");
        hand.click("button", "Export JSON");
        let file = download(page, ".json");
        page.open_beside();
        page.delete_database();
        page.open("#/");
        hand.click("link", "History");
        page.shows("Nothing has been sent yet");
        // One click opens the browser's own window, and one chooses the file there.
        import(page, &file);
        hand.clicks.set(hand.clicks.get() + 2);
        page.shows("Imported: 5000 new");
        hand.took("Move the history to another browser by file", 5, 0);
    });
}

#[test]
fn two_accounts_and_what_was_done_by_mistake() {
    journey("twenty-accounts", TestConfig::default(), |page| {
        let tools = Tools::from_env().expect("the page has them");
        let config = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/browser/input/access.toml"
        );
        let (_proxy, elsewhere) = servers::proxy(&tools, "127.0.0.1:0", &["--config", config]);
        page.allow(&elsewhere);
        page.open("#/settings");
        page.type_into("endpoint", &elsewhere);
        page.leave();
        page.shows("tieline-proxy");
        page.type_into("token", "browser-token");
        page.leave();
        page.find("combobox", "Account of the proxy");
        let op = creations().next().expect("an operation");
        page.click("link", "Tieline");
        let hand = Hand {
            page,
            clicks: Cell::new(0),
            keys: Cell::new(0),
        };
        create(&hand, op, "of-one");
        created(page, op);
        hand.click("link", "Settings");
        hand.choose("Account of the proxy", "second");
        create(&hand, op, "of-two");
        page.until("the second", || {
            Ok(page.text_of("region", "Answer").contains("second")
                || page.has("heading", "Created"))
        });
        created(page, op);
        hand.took("Create with two accounts of one proxy", 9, 12);
    });
}

#[test]
fn taking_back_what_was_done_by_mistake() {
    journey("twenty-undo", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let hand = Hand::new(page);
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        page.type_into(&name_path(op), "by-mistake");
        hand.click("button", "Clear");
        page.shows("The form was cleared.");
        hand.press(key::UNDO);
        page.until("what was typed", || {
            Ok(page.value(&name_path(op)) == "by-mistake")
        });
        hand.took("Undo a Clear", 1, 1);

        page.type_into(&name_path(op), "deleted-by-mistake");
        page.click("button", "Create");
        let id = created(page, op);
        page.click("link", "History");
        crate::history::open_details(page, op, &id);
        hand.click("button", "Delete the record");
        // A question before it is one click more.
        page.until("a question, or the end", || {
            Ok(page.has("button", "Delete") || page.rows().is_empty())
        });
        if page.has("button", "Delete") {
            hand.click("button", "Delete");
        }
        page.until("no record", || Ok(page.rows().is_empty()));
        hand.took("  (until a record is deleted)", 2, 0);
        hand.click("button", "Undo");
        page.row(&[&id]);
        hand.took("Undo a deletion", 1, 0);
    });
}

#[test]
fn looking_up_a_code_a_policy_and_a_program() {
    journey("twenty-look", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let hand = Hand::new(page);
        hand.press(key::PALETTE);
        let field = page.find("combobox", "Go to or do…");
        page.type_over(&field, "throttling.user");
        hand.keys.set(hand.keys.get() + 15);
        page.find("link", "Look it up in the error centre");
        hand.press(key::ENTER);
        page.shows("Meaning and cause");
        hand.took("Find what an error code means", 0, 17);

        let hand = Hand::new(page);
        hand.click("link", "Permissions");
        page.find("button", "Copy the policy");
        let all: Vec<&'static Operation> = creations().collect();
        let shown = page.text().split_whitespace().collect::<String>();
        for policy in policies(&all) {
            let policy: String = policy.text().split_whitespace().collect();
            assert!(shown.contains(&policy));
        }
        hand.took("Get the policy that an account needs", 1, 0);

        let hand = Hand::new(page);
        hand.click("link", Named::Has(op.name));
        page.find("heading", "Request");
        hand.unfold("Code for this request");
        hand.choose("Code for", tieline_code::Target::Python.label().en);
        page.shows("import ");
        hand.took("Get the request as a program", 4, 0);
    });
}

#[test]
fn handing_over_and_pasting() {
    journey("twenty-hand", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let catch = "window.__copied = ''; Object.defineProperty(navigator, 'clipboard', { configurable: true,
            value: { writeText: async text => { window.__copied = text } } })";
        let hand = Hand::new(page);
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        page.type_into(&name_path(op), "half-filled");
        page.done(page.browser().run(catch, json!([])));
        hand.unfold("Hand over and keep");
        hand.click("button", "Copy a link");
        page.until("a link", || {
            let copied = page.browser().run("return window.__copied", json!([]))?;
            Ok(copied
                .as_str()
                .is_some_and(|link| link.contains("half-filled")))
        });
        hand.took("Hand over a half-filled form by a link", 2, 0);
        page.click("button", "Clear");

        let hand = Hand::new(page);
        hand.click("link", Named::Has(op.name));
        page.find("heading", "Request");
        hand.unfold("Paste to fill");
        let area = page.find("textbox", "Text to read");
        hand.paste_into(&area, &json!({ name_path(op): "pasted" }).to_string());
        hand.click("button", "Fill in");
        page.until("the value", || Ok(page.value(&name_path(op)) == "pasted"));
        hand.took("Fill a form by pasting", 4, 1);
    });
}

#[test]
fn finding_help_and_switching_language_and_theme() {
    journey("twenty-help", TestConfig::default(), |page| {
        let hand = Hand::new(page);
        page.leave();
        hand.press("?");
        page.find("dialog", "Keyboard shortcuts");
        hand.took("Find the keys", 0, 1);
        hand.press(key::ESCAPE);
        hand.took("  (and close them)", 0, 1);
        hand.click("button", "中文");
        page.find("heading", "您要创建什么资源？");
        hand.click("button", Named::Has("主题"));
        hand.click("button", Named::Has("主题"));
        page.until("the dark theme", || {
            let theme = "return document.documentElement.dataset.theme";
            Ok(page.browser().run(theme, json!([]))? == json!("dark"))
        });
        hand.took("Switch the language and the theme", 3, 0);
    });
}
