//! A test's browser, and how it finds, waits, and judges what the page did.

use std::cell::RefCell;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{json, Value};

use tieline_test_support::chrome::{self, Chrome};
use tieline_test_support::servers::{self, Program, Tools};
use tieline_test_support::webdriver::{key, Done, Element, Session};

/// How long anything that is waited for may take. The machine may be busy building.
const PATIENCE: Duration = Duration::from_secs(60);
/// After how long it is looked at again, first and last: looking takes time from what is waited for.
const GLANCES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(160)];

/// An accessible name to look for.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// Exactly this.
    Is(&'a str),
    /// With this in it.
    Has(&'a str),
    /// Any.
    Any,
}

impl<'a> From<&'a str> for Named<'a> {
    fn from(name: &'a str) -> Self {
        Named::Is(name)
    }
}

/// How a test's browser and proxy differ from the ordinary.
#[derive(Clone, Copy)]
pub struct TestConfig {
    /// Further flags of the proxy.
    pub proxy: &'static [&'static str],
    /// The window's width and height in CSS pixels.
    pub window: (u32, u32),
    /// Serve the page by a server behind which no proxy runs.
    pub without_proxy: bool,
}

impl Default for TestConfig {
    fn default() -> Self {
        TestConfig {
            proxy: &[],
            window: (1400, 900),
            without_proxy: false,
        }
    }
}

/// The browser's page, its proxy, and what the test allows it.
pub struct Page {
    chrome: Chrome,
    /// Where the page is served.
    pub origin: String,
    proxy: RefCell<Option<Program>>,
    tools: Tools,
    allowed: RefCell<Vec<String>>,
    seen: RefCell<Vec<Value>>,
}

/// Runs a test with a browser and a proxy of its own.
pub fn journey(name: &str, config: TestConfig, test: impl FnOnce(&Page)) {
    let tools = match Tools::from_env() {
        Ok(tools) => tools,
        Err(missing) => {
            println!("skipped: {missing} is not set; `cargo xtask test browser` sets it");
            return;
        }
    };
    let (proxy, origin) = match config.without_proxy {
        true => (None, servers::page_without_proxy(&tools.dist)),
        false => {
            let (proxy, origin) = servers::proxy(&tools, "127.0.0.1:0", config.proxy);
            (Some(proxy), origin)
        }
    };
    let page = Page {
        chrome: Chrome::start(&format!("browser-{name}"), config.window),
        origin,
        proxy: RefCell::new(proxy),
        tools,
        allowed: RefCell::default(),
        seen: RefCell::default(),
    };
    let judged = || {
        test(&page);
        page.judge();
    };
    page.chrome.during(judged, || page.keep_evidence(name));
}

/// The elements that can have a role, as a selector. The browser has the last word.
fn candidates(role: &str) -> String {
    let native = match role {
        "alert" | "status" | "switch" | "group" | "radiogroup" | "alertdialog" => "",
        "button" => "button, summary",
        "cell" => "td",
        "checkbox" => "input[type=checkbox]",
        "combobox" => "select, input[list]",
        "dialog" => "dialog",
        "heading" => "h1, h2, h3, h4",
        "image" => "[role=img]",
        "link" => "a[href]",
        "option" => "option",
        "main" | "nav" | "form" => role,
        "navigation" => "nav",
        "radio" => "input[type=radio]",
        "region" => "section",
        "complementary" => "aside",
        "row" => "tr",
        "searchbox" => "input[type=search]",
        "textbox" => "input, textarea",
        other => panic!("the tests know no elements of the role {other}"),
    };
    match native {
        "" => format!("[role={role}]"),
        native => format!("{native}, [role={role}]"),
    }
}

/// Elements of a selector that are shown and whose name can contain a text: a cheap sieve before
/// the browser is asked for each name.
const SIEVE: &str = "
    const [selector, name] = arguments;
    const bare = text => (text || '').replace(/\\s+/g, '');
    const sources = e => [e.textContent, e.getAttribute('aria-label'), e.value, e.title, e.alt,
        e.placeholder, ...Array.from(e.labels || [], l => l.textContent),
        ...(e.getAttribute('aria-labelledby') || '').split(' ')
            .map(id => document.getElementById(id)?.textContent)];
    return Array.from(document.querySelectorAll(selector)).filter(e =>
        e.checkVisibility() && (!name || sources(e).some(s => bare(s).includes(bare(name)))));";

impl Page {
    /// Opens a place of the console: `#/history`.
    pub fn open(&self, hash: &str) {
        let url = format!("{}/{hash}", self.origin);
        self.done(self.browser().post("url", &json!({ "url": url })));
        self.find("main", Named::Any);
    }

    /// Reloads the page.
    pub fn reload(&self) {
        self.done(self.browser().post("refresh", &json!({})));
        self.find("main", Named::Any);
    }

    /// The browser itself, for what the page's user cannot do.
    pub fn browser(&self) -> &Session {
        &self.chrome.session
    }

    /// The folder of the files that the page gives the user.
    pub fn downloads(&self) -> &Path {
        &self.chrome.downloads
    }

    /// What a command gave; a test does not go on without it.
    #[track_caller]
    pub fn done<T>(&self, done: Done<T>) -> T {
        done.unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Waits until `look` gives something. `what` says for what.
    #[track_caller]
    pub fn wait<T>(&self, what: impl AsRef<str>, look: impl Fn() -> Done<Option<T>>) -> T {
        let end = Instant::now() + PATIENCE;
        let [mut glance, longest] = GLANCES;
        loop {
            let failure = match look() {
                Ok(Some(found)) => return found,
                Ok(None) => None,
                // The page was drawn again between two commands.
                Err(failure) => Some(failure),
            };
            if Instant::now() > end {
                let last = failure.map_or(String::new(), |f| format!(" ({f})"));
                panic!(
                    "waited in vain for {}{last}\nthe page shows:\n{}",
                    what.as_ref(),
                    self.text()
                );
            }
            std::thread::sleep(glance);
            glance = longest.min(glance * 3 / 2);
        }
    }

    /// Waits until something is true.
    #[track_caller]
    pub fn until(&self, what: impl AsRef<str>, look: impl Fn() -> Done<bool>) {
        self.wait(what, || Ok(look()?.then_some(())));
    }

    /// All that is there at the moment of this role and name.
    pub fn all(&self, role: &str, name: Named) -> Done<Vec<Element>> {
        let text = match name {
            Named::Is(text) | Named::Has(text) => text,
            Named::Any => "",
        };
        let sieved = self.browser().run(SIEVE, json!([candidates(role), text]))?;
        let mut found = Vec::new();
        for element in sieved
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Element::of)
        {
            let fits = match name {
                Named::Any => true,
                Named::Is(text) => self.browser().name(&element)? == text,
                // Wire names break between their words, which a name can show as spaces.
                Named::Has(text) => bare(&self.browser().name(&element)?).contains(&bare(text)),
            };
            if fits && self.browser().role(&element)? == role {
                found.push(element);
            }
        }
        Ok(found)
    }

    /// The first of this role and name, as soon as it is there.
    #[track_caller]
    pub fn find<'a>(&self, role: &str, name: impl Into<Named<'a>>) -> Element {
        let name = name.into();
        self.wait(format!("{role} {name:?}"), || {
            Ok(self.all(role, name)?.into_iter().next())
        })
    }

    /// Whether something of this role and name is there now.
    pub fn has<'a>(&self, role: &str, name: impl Into<Named<'a>>) -> bool {
        self.all(role, name.into())
            .is_ok_and(|found| !found.is_empty())
    }

    /// Clicks the first of this role and name.
    #[track_caller]
    pub fn click<'a>(&self, role: &str, name: impl Into<Named<'a>>) {
        let name = name.into();
        self.wait(format!("a click on {role} {name:?}"), || {
            match self.all(role, name)?.first() {
                Some(element) => self.reach(element).map(Some),
                None => Ok(None),
            }
        });
    }

    /// Opens or closes the section that this heading folds.
    #[track_caller]
    pub fn fold(&self, heading: &str) {
        let script = "const all = Array.from(document.querySelectorAll('summary'));
            const found = all.find(e => e.textContent.trim() == arguments[0]);
            found?.click();
            return Boolean(found)";
        self.until(format!("the section {heading:?}"), || {
            Ok(self.browser().run(script, json!([heading]))? == json!(true))
        });
    }

    /// Clicks an element that is known already.
    #[track_caller]
    pub fn click_on(&self, element: &Element) {
        self.wait("a click", || self.reach(element).map(Some));
    }

    /// Scrolls as a person does, out from under what sticks to the window's edges, and clicks.
    fn reach(&self, element: &Element) -> Done<()> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.browser().run(script, json!([element.json()]))?;
        self.browser().click(element)
    }

    /// The form control of a wire path; of a group of radio buttons the chosen or the first.
    #[track_caller]
    pub fn control(&self, path: &str) -> Element {
        self.wait(format!("the control {path}"), || {
            let found = self.browser().run(
                "const all = Array.from(document.getElementsByName(arguments[0]));
                 return all.find(e => e.checked) || all[0];",
                json!([path]),
            )?;
            Ok(Element::of(&found))
        })
    }

    /// Replaces what is in a text control by typing.
    #[track_caller]
    pub fn type_into(&self, path: &str, text: &str) {
        let control = self.control(path);
        self.type_over(&control, text);
    }

    /// Replaces what is in an element: the first character is typed, the rest comes at once, as from the
    /// clipboard. Each key draws the page anew, and that is most of what the tests cost; `keyboard.rs`
    /// and `keystroke_times.rs` type every key.
    #[track_caller]
    pub fn type_over(&self, element: &Element, text: &str) {
        let mut rest = text.chars();
        let first = rest.next().map_or(key::BACKSPACE.to_string(), String::from);
        // What is there is selected by the same keys: the driver can move the caret before them.
        self.done(
            self.browser()
                .keys(element, &format!("{}{first}", key::ALL)),
        );
        if !rest.as_str().is_empty() {
            let rest = json!({ "text": rest.as_str() });
            self.done(self.browser().devtools("Input.insertText", rest));
        }
    }

    /// Chooses a value of the list of this accessible name.
    pub fn choose(&self, name: &str, value: &str) {
        let select = self.find("combobox", name);
        let option = self.done(self.browser().run(
            "return Array.from(arguments[0].options).find(o => o.value == arguments[1])",
            json!([select.json(), value]),
        ));
        let option = Element::of(&option).expect("an option");
        self.click_on(&option);
    }

    /// Takes the focus away from whatever has it, as a click beside it does.
    pub fn leave(&self) {
        self.done(
            self.browser()
                .run("document.activeElement.blur()", json!([])),
        );
    }

    /// Waits until the focus is on what has this role and, in it, this text.
    #[track_caller]
    pub fn focused(&self, role: &str, text: &str) -> Element {
        self.wait(format!("the focus on {role} {text:?}"), || {
            let active = self.browser().active()?;
            let fits = self.browser().role(&active)? == role
                && (self.browser().text(&active)?.contains(text)
                    || self.browser().name(&active)?.contains(text));
            Ok(fits.then_some(active))
        })
    }

    /// Waits until the page shows a text.
    #[track_caller]
    pub fn shows(&self, text: &str) {
        self.until(format!("the text {text:?}"), || {
            Ok(self.text().contains(text))
        });
    }

    /// The text of the first of this role and name.
    #[track_caller]
    pub fn text_of<'a>(&self, role: &str, name: impl Into<Named<'a>>) -> String {
        let name = name.into();
        self.wait(format!("the text of {role} {name:?}"), || {
            match self.all(role, name)?.first() {
                Some(element) => self.browser().text(element).map(Some),
                None => Ok(None),
            }
        })
    }

    /// Waits for a row of the history with all of these texts.
    #[track_caller]
    pub fn row(&self, texts: &[&str]) -> String {
        self.wait(format!("a row with {texts:?}"), || {
            let fits = |row: &String| texts.iter().all(|text| row.contains(text));
            Ok(self.rows().into_iter().find(fits))
        })
    }

    /// Keeps a picture of what is in sight.
    pub fn picture(&self, file: &Path) {
        self.chrome.picture(&file.display().to_string());
    }

    /// Ends the proxy, as a crash does.
    pub fn kill_proxy(&self) {
        self.proxy.replace(None);
    }

    /// Starts the proxy again where it was.
    pub fn restart_proxy(&self) {
        let listen = self.origin.trim_start_matches("http://");
        let (proxy, _) = servers::proxy(&self.tools, listen, &[]);
        self.proxy.replace(Some(proxy));
    }

    /// Lets the page log an error, or ask an origin, with this in it.
    pub fn allow(&self, text: &str) {
        self.allowed.borrow_mut().push(text.to_string());
    }

    /// Fails when the page did what no page of ours may do.
    #[track_caller]
    pub fn judge(&self) {
        chrome::judge(&self.faults());
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let allowed = |text: &str| self.allowed.borrow().iter().any(|a| text.contains(a));
        for entry in self.browser().log("browser").unwrap_or_default() {
            self.seen.borrow_mut().push(entry.clone());
            let text = entry["message"].as_str().unwrap_or_default();
            // Chromium notes every answer with a status from 400 and every refused connection; for
            // requests to the API those are part of the job, and an icon that does not come costs nothing.
            let api = entry["source"] == "network"
                && ["/v1/", "/healthz", "/favicon-"]
                    .iter()
                    .any(|own| text.contains(own));
            if matches!(entry["level"].as_str(), Some("SEVERE")) && !api && !allowed(text) {
                faults.push(format!("logged an error: {text}"));
            }
        }
        let own = format!("{}/", self.origin);
        for url in self.chrome.asked() {
            if !url.starts_with(&own) && !allowed(&url) {
                faults.push(format!("asked another origin: {url}"));
            }
        }
        faults
    }

    fn keep_evidence(&self, name: &str) {
        let kept = format!("browser-failures/{name}");
        self.chrome.picture(&format!("{kept}.png"));
        let _ = self.faults();
        let mut log: String = self
            .seen
            .borrow()
            .iter()
            .map(|entry| format!("{} {}\n", entry["level"], entry["message"]))
            .collect();
        let focus =
            "return document.activeElement?.outerHTML.slice(0, 500) + ' in ' + document.hasFocus()";
        let focus = self.browser().run(focus, json!([])).unwrap_or_default();
        log += &format!("the focus is on {focus}\n{}", self.text());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/{kept}.log"));
        let _ = std::fs::write(&file, log);
        eprintln!("evidence: {} and a picture beside it", file.display());
    }
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}
