//! A test's browser, the servers of its pages, and what no page may do.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde_json::{json, Value};

use tieline_test_support::chrome::{self, Chrome};
use tieline_test_support::servers::{self, Reply};
use tieline_test_support::webdriver::Session;

/// What the scripts of the tests have at hand.
const HELPERS: &str = r#"
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const until = async (look, what = String(look)) => {
  for (const end = Date.now() + 60000; ;) {
    let found;
    try { found = await look(); } catch (error) { if (Date.now() > end) throw error; }
    if (found) return found;
    if (Date.now() > end) throw new Error('waited in vain for ' + what);
    await sleep(20);
  }
};
const settled = async (look) => {
  for (let last, times = 0; times < 4; await sleep(50)) {
    const now = JSON.stringify(await look());
    times = now === last ? times + 1 : 0;
    last = now;
  }
  return look();
};
const same = (found, expected, what = '') => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what} expected ${b}, found ${a}`);
};
const holds = (truth, what) => { if (!truth) throw new Error('not so: ' + what); };
const create = (name, attributes = {}, properties = {}) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return Object.assign(element, properties);
};
const add = (...args) => document.body.appendChild(create(...args));
const form = (attributes = {}, properties = {}) =>
  add('tieline-form', { operation: 'CreateCen', sandbox: '', lang: 'en', history: 'none', ...attributes }, properties);
const control = (element, path) => element.shadowRoot.querySelector(`[name="${path}"]`);
const shown = (element, path = 'Name') => until(() => control(element, path), `the control ${path}`);
const type = (element, path, text) => {
  const input = control(element, path);
  input.focus();
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
};
const once = (target, name) =>
  new Promise((done) => target.addEventListener('tieline-' + name, done, { once: true }));
// Begins to measure how much slower than at other times the machine is at its slowest: by how long a thread waits
// for its next turn that has a little to do in each, a fifth of a second where others work too. The answer is
// what a bound on a time is to be multiplied with.
const slowness = async () => {
  const work = `
    const some = Array.from({ length: 20000 }, (_, id) => ({ id, text: 'x'.repeat(20) }));
    let longest = 0, last = performance.now();
    setInterval(() => {
      structuredClone(some);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    onmessage = () => postMessage(longest);
    postMessage(0);`;
  const worker = new Worker(URL.createObjectURL(new Blob([work])));
  const heard = () => new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
  await heard();
  return async () => {
    worker.postMessage(0);
    const longest = await heard();
    worker.terminate();
    return Math.max(1, longest / 200);
  };
};
"#;

/// A browser and the page that it shows.
pub struct Stage {
    chrome: Chrome,
    /// The folder of the package.
    pub embed: PathBuf,
    /// The folder of the pages that bundlers built.
    pub pages: PathBuf,
    known: RefCell<Vec<String>>,
    forgiven: RefCell<Vec<String>>,
    seen: RefCell<Vec<String>>,
}

/// Runs a test in a browser of its own.
pub fn stage(name: &str, test: impl FnOnce(&Stage)) {
    let path = |name| std::env::var_os(name).map(PathBuf::from);
    let Some(embed) = path("TIELINE_EMBED") else {
        println!("skipped: TIELINE_EMBED is not set; `cargo xtask test embed` sets it");
        return;
    };
    let stage = Stage {
        chrome: Chrome::start(&format!("embed-{name}"), (1280, 900)),
        pages: path("TIELINE_EMBED_PAGES").unwrap_or_else(|| embed.clone()),
        embed,
        known: RefCell::default(),
        forgiven: RefCell::default(),
        seen: RefCell::default(),
    };
    let judged = || {
        test(&stage);
        stage.judge();
    };
    stage.chrome.during(judged, || stage.keep_evidence(name));
}

/// A file below a folder as a server gives it; `None` when it is not there.
pub fn file(folder: &Path, name: &str) -> Option<Reply> {
    let name = match name.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    // The paths are the browser's, which has no `..` left in them.
    let body = std::fs::read(folder.join(name)).ok()?;
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Some(Reply::new(200, kind, body))
}

/// A page of HTML.
pub fn page(html: &str) -> Option<Reply> {
    Some(Reply::new(200, "text/html; charset=utf-8", html))
}

/// A page that has the elements and nothing else.
pub const BARE: &str = "<!doctype html><html><head><meta charset=utf-8><title>A portal</title>\
    <script type=module src=/embed/tieline.js></script></head><body><h1>A portal</h1></body></html>";

impl Stage {
    /// Starts a server of the package below `/embed/` and of what `answer` has; gives its origin.
    pub fn serve(&self, answer: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static) -> String {
        let embed = self.embed.clone();
        let origin = servers::server(move |path| {
            let own = || file(&embed, path.strip_prefix("/embed/")?);
            answer(path).or_else(own).unwrap_or_else(|| match path {
                // The browser asks for it by itself.
                "/favicon.ico" => Reply::new(204, "image/x-icon", ""),
                _ => Reply::new(404, "text/plain", "Not found"),
            })
        });
        self.known.borrow_mut().push(format!("{origin}/"));
        // The same server under another name, which is another site to the browser.
        self.known
            .borrow_mut()
            .push(format!("{}/", elsewhere(&origin)));
        origin
    }

    /// Lets the page ask another server of the test's.
    pub fn know(&self, origin: &str) {
        self.known.borrow_mut().push(format!("{origin}/"));
    }

    /// Serves one page at `/` and opens it; gives the origin.
    pub fn show(&self, html: &'static str) -> String {
        let origin = self.serve(move |path| (path == "/").then(|| page(html))?);
        self.open(&origin);
        origin
    }

    /// Opens a page.
    pub fn open(&self, url: &str) {
        self.done(self.browser().post("url", &json!({ "url": url })));
    }

    /// The browser itself.
    pub fn browser(&self) -> &Session {
        &self.chrome.session
    }

    /// Runs the body of an asynchronous function in the page; it fails the test by throwing.
    #[track_caller]
    pub fn js(&self, script: &str) -> Value {
        self.js_with(script, json!([]))
    }

    /// The same with arguments, in the array `args`.
    #[track_caller]
    pub fn js_with(&self, script: &str, arguments: Value) -> Value {
        let script = format!(
            "{HELPERS}
             try {{ return {{ value: await (async () => {{ {script} }})() }}; }}
             catch (error) {{ return {{ error: error.stack || String(error) }}; }}"
        );
        let result = self.done(self.browser().run_async(&script, arguments));
        if let Some(error) = result["error"].as_str() {
            panic!("{error}");
        }
        if result.is_string() {
            panic!("{result}");
        }
        result["value"].clone()
    }

    /// What a command gave; a test does not go on without it.
    #[track_caller]
    pub fn done<T>(&self, done: tieline_test_support::webdriver::Done<T>) -> T {
        done.unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Lets the page log an error with this in it.
    pub fn forgive(&self, text: &str) {
        self.forgiven.borrow_mut().push(text.to_string());
    }

    /// Keeps a picture of the window for people to look at.
    pub fn picture(&self, name: &str) {
        self.chrome.picture(&format!("embed-pictures/{name}.png"));
    }

    /// Fails when the page did what no page with the package may do.
    #[track_caller]
    pub fn judge(&self) {
        chrome::judge(&self.faults());
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for entry in self.browser().log("browser").unwrap_or_default() {
            let text = entry["message"].as_str().unwrap_or_default();
            self.seen.borrow_mut().push(text.to_string());
            let forgiven = self.forgiven.borrow().iter().any(|f| text.contains(f));
            // Chromium notes a broken policy as an error too.
            if entry["level"] == "SEVERE" && !forgiven {
                faults.push(format!("logged an error: {text}"));
            }
        }
        let known = self.known.borrow();
        for url in self.chrome.asked() {
            if !known.iter().any(|known| url.starts_with(known)) {
                faults.push(format!("asked another origin: {url}"));
            }
        }
        faults
    }

    fn keep_evidence(&self, name: &str) {
        self.picture(&format!("failed-{name}"));
        let faults = self.faults();
        eprintln!("faults: {faults:#?}\nlog: {:#?}", self.seen.borrow());
    }
}

/// The origin of the same server under its other name: another site.
pub fn elsewhere(origin: &str) -> String {
    origin.replace("127.0.0.1", "localhost")
}
