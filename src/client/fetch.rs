//! The browser's `fetch`, with a time limit.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use tieline_protocol::header::{IDEMPOTENCY_KEY, MODE, PROFILE};
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode};

use super::access::Proxy;
use super::header::fits_header;

/// A response, read to its end.
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    /// A header's value, the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The reason why there is no response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// It took too long.
    TimedOut,
    /// The browser could not send the request or read the response; it does not say which.
    Broken,
}

/// Posts JSON to a path of a proxy, which sends nothing unless it is in this `mode`.
pub async fn post(
    proxy: &Proxy,
    path: &str,
    body: String,
    key: Option<&str>,
    token: Option<String>,
    mode: Option<&str>,
    limit_ms: u32,
) -> Result<Reply, Failure> {
    let odd = |text: &str| !text.is_empty() && !fits_header(text);
    if odd(&proxy.profile) || token.as_deref().is_some_and(odd) {
        return Err(Failure::Broken);
    }
    limited(limit_ms, |controller| async move {
        let mut request = common(&proxy.url(path), &controller)
            .method(Method::POST)
            .header("content-type", "application/json");
        if !proxy.profile.is_empty() {
            request = request.header(PROFILE, &proxy.profile);
        }
        if let Some(mode) = mode {
            request = request.header(MODE, mode);
        }
        if let Some(token) = token {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        let request = match key {
            Some(key) => request.header(IDEMPOTENCY_KEY, key),
            None => request,
        };
        let response = request.body(body).ok()?.send().await.ok()?;
        reply(response).await
    })
    .await
}

/// Gets a resource, past every cache: the status and the body.
pub async fn get(url: &str, limit_ms: u32) -> Result<(u16, String), Failure> {
    limited(limit_ms, |controller| async move {
        let response = common(url, &controller).send().await.ok()?;
        Some((response.status(), response.text().await.ok()?))
    })
    .await
}

/// Whether anything answers at all, even if the page may not read it.
pub async fn anything_at(url: &str, limit_ms: u32) -> bool {
    let answered = limited(limit_ms, |controller| async move {
        let request = common(url, &controller).mode(RequestMode::NoCors);
        request.send().await.ok().map(|_| ())
    });
    answered.await.is_ok()
}

fn common(url: &str, controller: &Option<AbortController>) -> RequestBuilder {
    Request::get(url)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(controller.as_ref().map(AbortController::signal).as_ref())
}

async fn reply(response: Response) -> Option<Reply> {
    let headers: Vec<_> = response.headers().entries().collect();
    let content_type = response.headers().get("content-type").unwrap_or_default();
    Some(Reply {
        status: response.status(),
        content_type,
        headers,
        body: response.text().await.ok()?,
    })
}

async fn limited<T, F: std::future::Future<Output = Option<T>>>(
    limit_ms: u32,
    work: impl FnOnce(Option<AbortController>) -> F,
) -> Result<T, Failure> {
    let controller = AbortController::new().ok();
    let late = Rc::new(Cell::new(false));
    let timer = controller.clone().map(|controller| {
        let late = late.clone();
        Timeout::new(limit_ms, move || {
            late.set(true);
            controller.abort();
        })
    });
    let done = work(controller).await;
    drop(timer);
    done.ok_or(if late.get() {
        Failure::TimedOut
    } else {
        Failure::Broken
    })
}
