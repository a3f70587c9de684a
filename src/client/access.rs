//! A proxy and its access token.

use std::fmt;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::header::fits_header;
use super::messages::{self, Problem};
use crate::platform::dom::within;

/// The time limit for the host page to give a token, in milliseconds.
const PATIENCE_MS: u32 = 15_000;

/// A proxy, and how it is asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Proxy {
    /// A URL or a path of this origin, for example `/api`.
    pub endpoint: String,
    /// Which of the proxy's accounts sends; empty for its default.
    pub profile: String,
    /// The bearer token, if the proxy wants one.
    pub access: Access,
    /// How records of the history name it.
    pub name: String,
}

impl Proxy {
    /// The proxy at an endpoint.
    pub fn new(endpoint: &str, profile: &str, access: Access) -> Proxy {
        let name = match profile {
            "" => endpoint.to_string(),
            // Another account's resources are not to be looked for in this one.
            profile => format!("{endpoint} ({profile})"),
        };
        Proxy {
            endpoint: endpoint.to_string(),
            profile: profile.to_string(),
            access,
            name,
        }
    }

    /// The address of one of its paths.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.trim_end_matches('/'))
    }
}

/// The source of the bearer token. It is never stored.
#[derive(Clone, PartialEq, Default)]
pub enum Access {
    /// The proxy wants none.
    #[default]
    None,
    /// The user has entered it.
    Token(Rc<str>),
    /// The host page gives it, anew for each request: a function that promises it.
    Ask(Function),
}

impl Access {
    /// What the user has entered.
    pub fn entered(token: &str) -> Access {
        match token.trim() {
            "" => Access::None,
            token => Access::Token(token.into()),
        }
    }

    /// The token for one request.
    ///
    /// # Errors
    /// What is wrong, when the host page does not give the one that it has promised, or no header can carry it.
    pub async fn token(&self) -> Result<Option<String>, &'static Problem> {
        let token = match self {
            Access::None => return Ok(None),
            Access::Token(token) => token.to_string(),
            Access::Ask(ask) => {
                let promised = ask
                    .call0(&JsValue::UNDEFINED)
                    .map_err(|_| &messages::NO_TOKEN)?;
                let promise = JsFuture::from(Promise::resolve(&promised));
                let given = within(PATIENCE_MS, promise).await.and_then(Result::ok);
                let token = given.and_then(|token| token.as_string());
                token.filter(|t| !t.is_empty()).ok_or(&messages::NO_TOKEN)?
            }
        };
        match fits_header(&token) {
            true => Ok(Some(token)),
            false => Err(&messages::ODD_TOKEN),
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Access::None => "None",
            Access::Token(_) => "Token",
            Access::Ask(_) => "Ask",
        })
    }
}
