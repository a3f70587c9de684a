//! A WebDriver client: the W3C commands that the tests need, and Chromium's logs and DevTools
//! commands, as plain JSON over HTTP.

use std::fmt;
use std::time::Duration;

use serde_json::{json, Value};

/// The key of an element reference in JSON (W3C WebDriver, section 12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that are not text (W3C WebDriver, section 17.4.2).
pub mod key {
    /// Takes away the character before.
    pub const BACKSPACE: &str = "\u{E003}";
    /// Selects all text, and lets go of the key for that.
    pub const ALL: &str = "\u{E009}a\u{E000}";
    /// Control and z, then Control released.
    pub const UNDO: &str = "\u{E009}z\u{E000}";
    /// Control and k, then Control released.
    pub const PALETTE: &str = "\u{E009}k\u{E000}";
    /// Leads to what can have the focus next.
    pub const TAB: &str = "\u{E004}";
    /// Submits.
    pub const ENTER: &str = "\u{E007}";
    /// Control and Enter, then Control released.
    pub const CREATE: &str = "\u{E009}\u{E007}\u{E000}";
    /// Held with the next keys.
    pub const SHIFT: &str = "\u{E008}";
    /// Explains.
    pub const HELP: &str = "\u{E031}";
    /// Closes.
    pub const ESCAPE: &str = "\u{E00C}";
    /// Presses a button.
    pub const SPACE: &str = " ";
    /// The arrow.
    pub const DOWN: &str = "\u{E015}";
    /// The other one.
    pub const UP: &str = "\u{E013}";
    /// The start of what there is.
    pub const HOME: &str = "\u{E011}";
    /// Its end.
    pub const END: &str = "\u{E010}";
    /// Alt and the arrow, then Alt released.
    pub const ALT_DOWN: &str = "\u{E00A}\u{E015}\u{E000}";
}

/// A command that did not succeed.
#[derive(Debug)]
pub struct Failure {
    /// The W3C error code, such as `stale element reference`.
    pub code: String,
    /// The driver's message.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// The result of a command.
pub type Done<T> = Result<T, Failure>;

/// An element of the page, as the driver names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element(String);

impl Element {
    /// The reference as an argument of a script.
    pub fn json(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }

    /// The element that a script returned.
    pub fn of(value: &Value) -> Option<Element> {
        Some(Element(value[ELEMENT].as_str()?.to_string()))
    }
}

/// A browser under the driver's control.
pub struct Session {
    agent: ureq::Agent,
    base: String,
}

impl Session {
    /// Starts a browser with these capabilities.
    pub fn start(driver: &str, capabilities: Value) -> Done<Session> {
        // Longer than the driver's own limits, whose end it tells.
        let agent = agent(Duration::from_secs(360));
        let asked = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let made = request(&agent, "POST", &format!("{driver}/session"), Some(&asked))?;
        let id = made["sessionId"].as_str().unwrap_or_default();
        Ok(Session {
            base: format!("{driver}/session/{id}"),
            agent,
        })
    }

    /// Ends the browser.
    pub fn end(&self) -> Done<Value> {
        request(&self.agent, "DELETE", &self.base, None)
    }

    /// `GET` of a command.
    pub fn get(&self, path: &str) -> Done<Value> {
        request(&self.agent, "GET", &format!("{}/{path}", self.base), None)
    }

    /// `POST` of a command.
    pub fn post(&self, path: &str, body: &Value) -> Done<Value> {
        request(
            &self.agent,
            "POST",
            &format!("{}/{path}", self.base),
            Some(body),
        )
    }

    /// `DELETE` of a command.
    pub fn delete(&self, path: &str) -> Done<Value> {
        let url = format!("{}/{path}", self.base);
        request(&self.agent, "DELETE", &url, None)
    }

    /// Runs a script in the page; `arguments` are its arguments.
    pub fn run(&self, script: &str, arguments: Value) -> Done<Value> {
        self.post(
            "execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Runs the body of an asynchronous function in the page and waits for what it returns.
    pub fn run_async(&self, script: &str, arguments: Value) -> Done<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (...args) => {{ {script} }})(...Array.from(arguments).slice(0, -1))
               .then(done, error => done('' + error));"
        );
        self.post(
            "execute/async",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// A DevTools command.
    pub fn devtools(&self, command: &str, parameters: Value) -> Done<Value> {
        self.post(
            "goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    /// What has been logged since the last call; `kind` is `browser` or `performance`.
    pub fn log(&self, kind: &str) -> Done<Vec<Value>> {
        let entries = self.post("se/log", &json!({ "type": kind }))?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }

    /// The role that the browser computes for an element.
    pub fn role(&self, element: &Element) -> Done<String> {
        text(self.get(&format!("element/{}/computedrole", element.0)))
    }

    /// The accessible name that the browser computes for an element, with single spaces.
    pub fn name(&self, element: &Element) -> Done<String> {
        let name = text(self.get(&format!("element/{}/computedlabel", element.0)))?;
        Ok(name.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The text that an element shows.
    pub fn text(&self, element: &Element) -> Done<String> {
        text(self.get(&format!("element/{}/text", element.0)))
    }

    /// An attribute, if the element has it.
    pub fn attribute(&self, element: &Element, name: &str) -> Done<Option<String>> {
        let value = self.get(&format!("element/{}/attribute/{name}", element.0))?;
        Ok(value.as_str().map(str::to_string))
    }

    /// A property as text.
    pub fn property(&self, element: &Element, name: &str) -> Done<String> {
        let value = self.get(&format!("element/{}/property/{name}", element.0))?;
        Ok(match value {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    /// A picture of an element, as PNG in base64.
    pub fn screenshot(&self, element: &Element) -> Done<String> {
        text(self.get(&format!("element/{}/screenshot", element.0)))
    }

    /// Clicks as a mouse does.
    pub fn click(&self, element: &Element) -> Done<()> {
        let path = format!("element/{}/click", element.0);
        self.post(&path, &json!({})).map(drop)
    }

    /// Focuses an element and types.
    pub fn keys(&self, element: &Element, text: &str) -> Done<()> {
        let path = format!("element/{}/value", element.0);
        self.post(&path, &json!({ "text": text })).map(drop)
    }

    /// The element that has the focus.
    pub fn active(&self) -> Done<Element> {
        let value = self.get("element/active")?;
        Element::of(&value).ok_or_else(|| Failure {
            code: "no such element".into(),
            message: "nothing has the focus".into(),
        })
    }

    /// Presses and releases keys one after another, wherever the focus is.
    pub fn press(&self, keys: &[&str]) -> Done<()> {
        let mut actions = Vec::new();
        for key in keys {
            actions.push(json!({ "type": "keyDown", "value": key }));
            actions.push(json!({ "type": "keyUp", "value": key }));
        }
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("actions", &json!({ "actions": [keyboard] }))
            .map(drop)
    }

    /// Clicks twice, as fast as the driver can.
    pub fn double_click(&self, element: &Element) -> Done<()> {
        let press = || {
            [
                json!({ "type": "pointerDown", "button": 0 }),
                json!({ "type": "pointerUp", "button": 0 }),
            ]
        };
        let to = json!({ "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": element.json() });
        let actions: Vec<Value> = [to].into_iter().chain(press()).chain(press()).collect();
        let mouse = json!({ "type": "pointer", "id": "mouse",
            "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.post("actions", &json!({ "actions": [mouse] }))
            .map(drop)
    }
}

/// An HTTP client without retries that takes every status as an answer.
pub fn agent(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(patience))
        .build()
        .into()
}

fn text(value: Done<Value>) -> Done<String> {
    Ok(value?.as_str().unwrap_or_default().to_string())
}

fn request(agent: &ureq::Agent, method: &str, url: &str, body: Option<&Value>) -> Done<Value> {
    let broken = |error: &dyn fmt::Display| Failure {
        code: "no answer from the driver".into(),
        message: format!("{method} {url}: {error}"),
    };
    let answer = match (method, body) {
        ("GET", _) => agent.get(url).call(),
        ("DELETE", _) => agent.delete(url).call(),
        (_, body) => agent
            .post(url)
            .content_type("application/json")
            .send(body.unwrap_or(&Value::Null).to_string()),
    };
    let mut answer = answer.map_err(|error| broken(&error))?;
    // Screenshots and performance logs are larger than the client's ordinary limit.
    let text = answer
        .body_mut()
        .with_config()
        .limit(256 << 20)
        .read_to_string()
        .map_err(|error| broken(&error))?;
    let mut body: Value = serde_json::from_str(&text).map_err(|error| broken(&error))?;
    let value = body["value"].take();
    if answer.status().is_success() {
        return Ok(value);
    }
    Err(Failure {
        code: value["error"].as_str().unwrap_or("unknown").to_string(),
        message: value["message"].as_str().unwrap_or_default().to_string(),
    })
}
