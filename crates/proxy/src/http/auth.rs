//! Authentication of the user.
//!
//! A user has a bearer token, of which the proxy knows only the hash, or is named by a reverse proxy
//! that has asked for a password already. That name counts only when the connection comes from one
//! of the listed addresses: anybody can send a header.
//!
//! A browser cannot send a bearer token when it opens a page. It asks its user for a name and a
//! password (RFC 7617), so the token's name and the token are taken in that form too. Browsers send
//! those along by themselves, also for a page of another origin; but such a request has that origin
//! in it, and `cors.rs` refuses it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::{header, HeaderMap};
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use tieline_catalog::text::Message;
use tieline_protocol::problem;
use zeroize::Zeroizing;

use super::paths;
use super::problem::Problem;
use crate::config::{Auth, Token};
use crate::observe::route_label::RouteLabel;

/// The longest name in characters that a reverse proxy may give.
const MAX_NAME: usize = 256;

/// The sender of a request; handlers find it among the request's extensions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User(pub String);

/// Notes who sends a request, where anybody has to be known.
pub fn identify(request: &mut Request, auth: &Auth) {
    if auth.required() {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|peer| peer.0);
        if let Some(user) = user(auth, peer, request.headers()) {
            request.extensions_mut().insert(user);
        }
    }
}

/// Lets requests by known users through, once anybody has to be known. The health answers anybody, so
/// that a page and a probe can ask what is here.
pub fn require(request: &Request, label: &RouteLabel, auth: &Auth) -> Result<(), Problem> {
    let known = request.extensions().get::<User>().is_some();
    if known || paths::is_health(label) || !auth.required() {
        return Ok(());
    }
    let message = Message::new(
        "Send the header Authorization: Bearer with a token that the proxy knows (in the console: Settings, Access token), or come through the reverse proxy that it trusts.",
        "请发送请求头 Authorization: Bearer 及代理已登记的令牌（在控制台中：“设置”的“访问令牌”），或通过代理所信任的反向代理访问。",
    );
    let problem = Problem::new(&problem::UNAUTHENTICATED, message);
    // A script's request says what it is: its page shows the answer, and a question of the browser's in
    // between would be in its way.
    let mode = request.headers().get("sec-fetch-mode");
    let opens = mode.is_none_or(|mode| mode == "navigate");
    Err(match opens && !auth.tokens.is_empty() {
        true => problem.asking_a_browser(),
        false => problem,
    })
}

fn user(auth: &Auth, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<User> {
    from_reverse_proxy(auth, peer, headers).or_else(|| from_token(&auth.tokens, headers))
}

fn from_reverse_proxy(auth: &Auth, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<User> {
    let name = auth.trusted_header.as_deref()?;
    // A socket for both protocols shows an IPv4 peer as an IPv6 address.
    let peer = peer?.ip().to_canonical();
    if !auth.trusted_proxies.iter().any(|net| net.contains(&peer)) {
        return None;
    }
    // What HTTP allows around a value is no part of it; anything else is part of the name, so that two
    // names of the reverse proxy's are two here.
    let user = only(headers, name)?.trim_matches([' ', '\t']);
    let fits =
        (1..=MAX_NAME).contains(&user.chars().count()) && !user.chars().any(char::is_control);
    fits.then(|| User(user.to_string()))
}

/// Whose token it is. Every hash is compared to its end, so that the time tells nothing about which
/// one is near.
fn from_token(tokens: &[Token], headers: &HeaderMap) -> Option<User> {
    let (scheme, given) = only(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    let given = given.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return holder(tokens, given.as_bytes());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = Zeroizing::new(STANDARD.decode(given).ok()?);
    // The name ends at the first colon.
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let (name, token) = (&pair[..colon], &pair[colon + 1..]);
    holder(tokens, token).filter(|user| user.0.as_bytes() == name)
}

fn holder(tokens: &[Token], given: &[u8]) -> Option<User> {
    let given = Sha256::digest(given);
    let mut found = None;
    for token in tokens {
        if bool::from(given.as_slice().ct_eq(&token.sha256.0)) {
            found = Some(User(token.name.clone()));
        }
    }
    found
}

/// The value of a header that is sent once. One that is sent twice means nothing: the reader before
/// this one may have looked at the other.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => std::str::from_utf8(value.as_bytes()).ok(),
        _ => None,
    }
}
