//! The connections: how long they may take, and how they end.
//!
//! A client that sends its request too slowly is told so (408); one that does not read its answer is
//! cut off. There are only so many connections, so that they leave sockets and files for the work
//! itself: more wait until one ends, which an unused one does after the same time limit. One address
//! cannot have them all; what it opens beyond its share is closed at once. When the
//! process is asked to stop, it takes no more connections, and what is in work is finished.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{to_bytes, Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tieline_protocol::problem;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{watch, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::limits::site;
use super::problem::{slow, Problem};
use super::shares::Shares;
use crate::config::Limits;
use crate::observe::log;
use crate::observe::metrics::Metrics;
use crate::observe::route_label::RouteLabel;

/// The headers beyond the configured number that are still read, to say in full that they are too
/// many. Whoever sends more gets the bare status 431.
const SPARE_HEADERS: usize = 64;

/// The longest head of a request in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// The connections that may be open beside two for each request that may be in work.
const SPARE_CONNECTIONS: usize = 64;

/// The pause after a connection that could not be accepted: the system has no more sockets to give.
const NO_SOCKETS: Duration = Duration::from_millis(100);

/// How many connections may be open.
fn room(limits: &Limits) -> usize {
    2 * limits.concurrency + SPARE_CONNECTIONS
}

/// Listens at an address. As many connections as may be open can wait to be taken: where the system's queue is
/// full it drops what comes, and the other side tries again a whole second later.
///
/// # Errors
/// When the address is in use or no address of this machine.
pub fn listen(address: SocketAddr, limits: &Limits) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // An address is free again as soon as its process has ended. Windows would let two processes have it.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(u32::try_from(room(limits)).unwrap_or(u32::MAX))
}

/// Serves until `stop` comes about, and then until every connection has ended.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    metrics: &Metrics,
    stop: impl Future<Output = ()>,
) {
    let (stopping, watching) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    let size = room(limits);
    let room = Arc::new(Semaphore::new(size));
    let shares = Shares::of(size);
    loop {
        let accept = async {
            // It fails only when the semaphore is closed, which nobody does.
            let permit = room.clone().acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accept => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(share) = shares.take(&site(peer.ip().to_canonical())) else {
                    continue;
                };
                let connection = connection(
                    stream,
                    peer,
                    router.clone(),
                    limits,
                    metrics.clone(),
                    watching.clone(),
                );
                tokio::spawn(async move {
                    connection.await;
                    drop((permit, share));
                });
            }
            Err(error) => {
                log::problem(&format!("a connection was not accepted: {error}"));
                tokio::time::sleep(NO_SOCKETS).await;
            }
        }
    }
    drop((listener, watching));
    stopping.send_replace(());
    // Each connection has a receiver: without any they have all ended.
    stopping.closed().await;
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: &Limits,
    metrics: Metrics,
    mut stop: watch::Receiver<()>,
) -> impl Future<Output = ()> {
    let timeout = Duration::from_secs(limits.request_timeout);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(timeout)
        .max_headers(limits.headers + SPARE_HEADERS)
        .max_buf_size(MAX_HEAD);
    async move {
        let started = Instant::now();
        // Answers are written whole: waiting for more to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(timeout));
        let answer = service_fn(move |request| Box::pin(answer(router.clone(), peer, request)));
        let mut connection = http.serve_connection(TokioIo::new(Box::pin(stream)), answer);
        let mut asked = false;
        let ended = loop {
            tokio::select! {
                ended = std::future::poll_fn(|cx| connection.poll_without_shutdown(cx)) => break ended,
                _ = stop.changed(), if !asked => {
                    asked = true;
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                }
            }
        };
        let parts = connection.into_parts();
        let mut stream = parts.io.into_inner();
        // A connection that was only kept open has nobody who waits for an answer.
        let begun = !parts.read_buf.is_empty();
        let problem = match ended {
            Err(error) if begun && error.is_timeout() => Some(&problem::SLOW),
            Err(error) if error.is_parse_too_large() => Some(&problem::TOO_MANY_HEADERS),
            _ => None,
        };
        if let Some(problem) = problem {
            // The other is answered by the HTTP library.
            if problem == &problem::SLOW {
                let _ = write(&mut stream, slow()).await;
            }
            metrics.unfinished(problem);
            log::line(RouteLabel::UNFINISHED, problem.status, started.elapsed());
        }
        let _ = stream.shutdown().await;
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request.map(Body::new)).await
}

/// Writes a problem to a connection whose request never came to its end.
async fn write(stream: &mut (impl AsyncWrite + Unpin), problem: Problem) -> std::io::Result<()> {
    let (parts, body) = problem.into_response().into_parts();
    let body = to_bytes(body, usize::MAX).await;
    let body: Bytes = body.map_err(std::io::Error::other)?;
    let mut text = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
    for (name, value) in &parts.headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    text.extend_from_slice(&body);
    stream.write_all(&text).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_of_connections_waits_and_is_not_dropped() {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let limits = Limits::default();
        let listener = listen(address, &limits).expect("an address");
        let address = listener.local_addr().expect("its address");
        let mut open = Vec::new();
        // Nobody takes one: beyond the queue none comes about, however long one waits.
        for number in 0..room(&limits) {
            let connecting = TcpStream::connect(address);
            let connected = tokio::time::timeout(Duration::from_secs(20), connecting).await;
            let connected =
                connected.unwrap_or_else(|_| panic!("connection {number} is not taken"));
            open.push(connected.expect("a connection"));
        }
    }
}
