//! Chromium and its driver, as every browser test starts them, and what they tell about a page.

use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::prelude::{Engine, BASE64_STANDARD};
use serde_json::{json, Value};

use crate::servers::Program;
use crate::webdriver::Session;

/// A browser of a test's own, with a profile and a folder for downloads that end with it.
pub struct Chrome {
    /// The browser's session.
    pub session: Session,
    /// Files that a page gives the user.
    pub downloads: PathBuf,
    scratch: PathBuf,
    _driver: Program,
}

/// Makes the pages of the first tab draw as on a slow machine: Yew lets the page work between two steps of
/// a drawing when they took 16 ms by this clock, which is at every second look.
const SLOW: &str = "{
  const now = Date.now.bind(Date);
  let late = false;
  Date.now = () => now() + ((late = !late) ? 0 : 17);
}";

/// How long a script of a test may take, in milliseconds: what it waits for may have to wait for a busy machine.
const SCRIPT_MS: u32 = 300_000;

impl Chrome {
    /// Starts the browser that `TIELINE_CHROME` and `TIELINE_CHROMEDRIVER` name, else the system's.
    /// `name` is the test's; `window` is its width and height in CSS pixels.
    pub fn start(name: &str, window: (u32, u32)) -> Chrome {
        let scratch = crate::target(&format!("tmp/{}-{name}", std::process::id()));
        let downloads = scratch.join("downloads");
        std::fs::create_dir_all(&downloads).expect("a scratch folder");
        let (driver, address) = driver();
        let asked = capabilities(window, &scratch.join("profile"), &downloads);
        let session = Session::start(&address, asked)
            .unwrap_or_else(|failure| panic!("the browser does not start: {failure}"));
        let timeouts = session.post("timeouts", &json!({ "script": SCRIPT_MS }));
        timeouts.expect("patience");
        if std::env::var_os("TIELINE_SLOW").is_some() {
            let script = json!({ "source": SLOW });
            let slowed = session.devtools("Page.addScriptToEvaluateOnNewDocument", script);
            slowed.expect("a slow page");
        }
        Chrome {
            session,
            downloads,
            scratch,
            _driver: driver,
        }
    }

    /// Runs a test; when it fails, keeps evidence before the browser and its folders go.
    pub fn during(&self, test: impl FnOnce(), evidence: impl FnOnce()) {
        let result = catch_unwind(AssertUnwindSafe(test));
        if result.is_err() {
            evidence();
        }
        let _ = self.session.end();
        let _ = std::fs::remove_dir_all(&self.scratch);
        if let Err(panic) = result {
            resume_unwind(panic);
        }
    }

    /// Keeps a picture of the window below `target/`, for people to look at.
    pub fn picture(&self, file: &str) {
        let file = crate::target(file);
        let _ = file.parent().map(std::fs::create_dir_all);
        if let Ok(Value::String(png)) = self.session.get("screenshot") {
            let png = BASE64_STANDARD.decode(png).unwrap_or_default();
            let _ = std::fs::write(file, png);
        }
    }

    /// The addresses that the page has asked for over the network since the last call.
    pub fn asked(&self) -> Vec<String> {
        let entries = self.session.log("performance").unwrap_or_default();
        let urls = entries.iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let event = &message["message"];
            let url = event["params"]["request"]["url"].as_str()?;
            let inner = ["data:", "blob:", "about:", "chrome:", "chrome-untrusted:"];
            (event["method"] == "Network.requestWillBeSent"
                && !inner.iter().any(|scheme| url.starts_with(scheme)))
            .then(|| url.to_string())
        });
        urls.collect()
    }
}

/// Fails when a page did what it must not.
#[track_caller]
pub fn judge(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "the page did what it must not:\n{}",
        faults.join("\n")
    );
}

/// Starts the WebDriver server on a free port; gives its address.
fn driver() -> (Program, String) {
    let program = std::env::var_os("TIELINE_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let mut command = Command::new(program);
    command.arg("--port=0");
    let address = |line: &str| {
        let port = line
            .split("started successfully on port ")
            .nth(1)?
            .trim_end_matches('.');
        Some(format!("http://127.0.0.1:{}", port.parse::<u16>().ok()?))
    };
    // It takes a port that is free for one version of IP and gives up when the other's is in use.
    let mut failures = Vec::new();
    for _ in 0..5 {
        match Program::start(&mut command, address) {
            Ok(started) => return started,
            Err(failure) => failures.push(failure),
        }
    }
    panic!("{}", failures.join("\n"));
}

fn capabilities((width, height): (u32, u32), profile: &Path, downloads: &Path) -> Value {
    let mut options = json!({
        "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--lang=en-US",
            // What moves costs a good part of a test; tests/browser/forced_colors.rs looks at that.
            "--force-prefers-reduced-motion",
            // Pages of the browser's own, which it loads before anybody wants them.
            "--disable-features=InitialWebUI,PreloadTopChromeWebUI,SpareRendererForSitePerProcess,\
             WebUIOmniboxPopup",
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", profile.display()),
        ],
        "prefs": {
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
        },
    });
    if let Ok(chrome) = std::env::var("TIELINE_CHROME") {
        options["binary"] = json!(chrome);
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        // A question before the page unloads would be one that the page should not ask.
        "unhandledPromptBehavior": "ignore",
    })
}
