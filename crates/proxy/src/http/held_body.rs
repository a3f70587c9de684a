//! An answer's body that holds the request's permit until it is written.
//!
//! A client that asks for much and reads nothing would otherwise have its answers in memory while no
//! request counts as in work.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::limits::Permit;

/// The most bytes that are given out at once. The HTTP library asks for more when it has room, so that
/// the end of the body is reached when nearly all of it is written.
const PART: usize = 16 * 1024;

/// The same answer, in work until its body is written.
pub fn hold(response: Response, permit: Option<Permit>) -> Response {
    let Some(permit) = permit else {
        return response;
    };
    response.map(|body| match body.size_hint().exact() {
        // It fits into what is written at once.
        Some(size) if size <= PART as u64 => body,
        _ => Body::new(HeldBody {
            body,
            next: Bytes::new(),
            _permit: permit,
        }),
    })
}

struct HeldBody {
    body: Body,
    /// What was given out by the body and not yet by this one.
    next: Bytes,
    _permit: Permit,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.next.is_empty() {
            match std::task::ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.next = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                ended => return Poll::Ready(ended),
            }
        }
        let size = self.next.len().min(PART);
        Poll::Ready(Some(Ok(Frame::data(self.next.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.next.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (next, rest) = (self.next.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(next));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(next));
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::http::limits::{Client, ConcurrencyLimit};
    use futures_util::StreamExt;

    #[tokio::test]
    async fn an_answer_that_is_not_read_is_in_work_until_it_is() {
        let limit = ConcurrencyLimit::new(&Limits::default());
        let answer = |size: usize| {
            let response = Response::new(Body::from("x".repeat(size)));
            hold(response, limit.acquire(&Client::Peer(None)))
        };
        let small = answer(PART);
        assert_eq!(limit.in_flight(), 0, "it is written at once");
        drop(small);
        let large = answer(10 * PART + 1);
        let length = large.body().size_hint().exact();
        assert_eq!(length, Some(10 * PART as u64 + 1));
        let mut parts = large.into_body().into_data_stream();
        let mut read = 0;
        while let Some(part) = parts.next().await {
            assert_eq!(limit.in_flight(), 1);
            read += part.expect("a part").len();
        }
        assert_eq!(read, 10 * PART + 1);
        drop(parts);
        assert_eq!(limit.in_flight(), 0);
        let unread = answer(1 << 20);
        assert_eq!(limit.in_flight(), 1);
        drop(unread);
        assert_eq!(limit.in_flight(), 0, "its client has hung up");
    }
}
