//! HTTPS to the clouds: certificates verified, redirects not followed, answers limited in length, and
//! each request on a connection of its own.
//!
//! An HTTP/1.1 answer names no request: it belongs to the oldest one that has none. Where a server sends
//! one answer too many on a kept connection, the next request is told another's, and an id is recorded
//! that is not its own. What arrives while a request is on its way cannot be told from its answer, so
//! that no watching of idle connections helps; a new connection does. It is driven by the task that
//! waits for its answer, and closed with it: no pool, and no task of its own.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{self, header, HeaderName, HeaderValue, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tieline_catalog::answer::MAX_BODY;
use tieline_catalog::wire::{Request, Response};
use tieline_protocol::header as protocol;
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::error::SendError;
use super::proxy_connector::ProxyConnector;

use crate::observe::log;
use crate::version::USER_AGENT;

/// The response headers that anything is done with, beside the content type.
static KEPT_HEADERS: [HeaderName; 4] = [
    HeaderName::from_static(protocol::REQUEST_ID),
    HeaderName::from_static(protocol::ACS_REQUEST_ID),
    header::RETRY_AFTER,
    header::DATE,
];

/// A connection to a cloud, or plain to this machine.
type Connected = MaybeHttpsStream<TokioIo<TcpStream>>;

/// A client for all clouds.
pub struct HttpsClient {
    connector: HttpsConnector<ProxyConnector>,
    /// The time limit for a connection to come about.
    connect: Duration,
}

impl HttpsClient {
    /// A client that trusts the certificates that the system trusts, or those in the file that
    /// SSL_CERT_FILE names, and that goes through the forward proxy that HTTPS_PROXY names.
    /// A connection that does not come about within `connect` is given up.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(connect: Duration) -> Result<HttpsClient, rustls::Error> {
        HttpsClient::trusting(system_roots(), Matcher::from_env(), connect)
    }

    /// A client that trusts these certificates and goes through these forward proxies.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn trusting(
        roots: RootCertStore,
        proxies: Matcher,
        connect: Duration,
    ) -> Result<HttpsClient, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(ProxyConnector::new(proxies));
        Ok(HttpsClient { connector, connect })
    }

    /// Sends a request as it is and reads the whole answer.
    pub async fn send(&self, scheme: &str, request: &Request) -> Result<Response, SendError> {
        // Nothing that the check lets through is refused here, and what is too long is refused before.
        let outgoing = outgoing(request).map_err(|_| SendError::Unreachable)?;
        let stream = self.connect(scheme, &request.host).await?;
        let opened = http1::handshake(stream).await;
        let (mut sender, connection) = opened.map_err(|_| SendError::Unreachable)?;
        let exchange = async {
            let answer = sender.send_request(outgoing).await;
            received(answer.map_err(|_| SendError::Dropped)?).await
        };
        let (mut exchange, connection) = (std::pin::pin!(exchange), std::pin::pin!(connection));
        tokio::select! {
            biased;
            answer = &mut exchange => answer,
            // It ends with the last byte of the answer, or without one.
            _ = connection => exchange.await,
        }
    }

    /// A new connection. One that does not come about in time is given up: it is known to have carried
    /// nothing, which a time limit over the whole exchange could not tell.
    async fn connect(&self, scheme: &str, host: &str) -> Result<Connected, SendError> {
        let failed = |reason: String| {
            log::problem(&format!("could not connect to {host}: {reason}"));
            SendError::Unreachable
        };
        let uri = format!("{scheme}://{host}/").parse::<Uri>();
        let uri = uri.map_err(|_| SendError::Unreachable)?;
        let connecting = self.connector.clone().oneshot(uri);
        match tokio::time::timeout(self.connect, connecting).await {
            Ok(connected) => connected.map_err(|error| failed(root_cause(error.as_ref()))),
            Err(late) => Err(failed(late.to_string())),
        }
    }
}

/// An answer, read to its end.
async fn received(answer: http::Response<Incoming>) -> Result<Response, SendError> {
    let (parts, body) = answer.into_parts();
    // 101 offers another protocol, which nobody asked for: what follows is no answer.
    if parts.status.is_informational() {
        return Err(SendError::Dropped);
    }
    let body = Limited::new(body, MAX_BODY).collect().await;
    let body = body.map_err(|_| SendError::Dropped)?.to_bytes();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let kind = parts.headers.get(header::CONTENT_TYPE).map(text);
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| KEPT_HEADERS.contains(name));
    Ok(Response {
        status: parts.status.as_u16(),
        content_type: kind.unwrap_or_default(),
        headers: headers.map(|(n, v)| (n.to_string(), text(v))).collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// The innermost reason: a name that is not found, a port that is closed, a certificate.
fn root_cause(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn outgoing(request: &Request) -> Result<http::Request<Full<Bytes>>, http::Error> {
    let mark = if request.query.is_empty() { "" } else { "?" };
    let (host, path, query) = (&request.host, &request.path, request.query_string());
    let mut outgoing = http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("{path}{mark}{query}"))
        .body(Full::from(request.body.clone()))?;
    let headers = outgoing.headers_mut();
    headers.reserve(request.headers.len() + 3);
    // As it is signed, also where a client would leave the scheme's own port out.
    headers.insert(header::HOST, HeaderValue::from_str(host)?);
    // Nothing follows on this connection.
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    for (name, value) in &request.headers {
        let mut value = HeaderValue::from_str(value)?;
        value.set_sensitive(true);
        headers.append(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    Ok(outgoing)
}

/// The certificates that the system trusts; those that cannot be read are left out.
pub fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Mutex;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_rustls::TlsAcceptor;

    /// A TLS server for the name `localhost` that counts the requests that get through to it.
    async fn server() -> (u16, RootCertStore, Arc<AtomicUsize>) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]);
        let made = made.expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).expect("a certificate");
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der());
        let tls = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.expect("a key"))
            .expect("a server's TLS");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (seen, acceptor) = (
            Arc::new(AtomicUsize::new(0)),
            TlsAcceptor::from(Arc::new(tls)),
        );
        let counted = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut bytes = [0; 1024];
                if stream.read(&mut bytes).await.is_ok_and(|n| n > 0) {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                    let _ = stream.write_all(answer).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        (port, roots, seen)
    }

    fn direct() -> Matcher {
        Matcher::builder().build()
    }

    /// A forward proxy that opens tunnels, to a server of this machine, and keeps what it was asked.
    async fn forward_proxy(allow: bool) -> (u16, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.expect("a byte"));
                }
                let head = String::from_utf8(head).expect("text");
                let port = head.split([':', ' ']).nth(2).expect("a port").to_string();
                kept.lock().expect("a list").push(head);
                if !allow {
                    let _ = client.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
                    continue;
                }
                let mut server = TcpStream::connect(format!("127.0.0.1:{port}"))
                    .await
                    .expect("the server");
                client
                    .write_all(b"HTTP/1.1 200 OK\r\n\r\n")
                    .await
                    .expect("written");
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }
        });
        (port, asked)
    }

    #[tokio::test]
    async fn a_forward_proxy_gets_to_know_the_host_and_its_own_password_only() {
        let (port, roots, seen) = server().await;
        let send = |proxies: Matcher| {
            let (roots, host) = (roots.clone(), format!("localhost:{port}"));
            let headers = vec![("authorization".to_string(), "signature".to_string())];
            let request = Request {
                method: "POST".into(),
                path: "/".into(),
                host,
                headers,
                ..Request::default()
            };
            async move {
                let client = HttpsClient::trusting(roots, proxies, Duration::from_secs(5));
                let answer = client.expect("TLS").send("https", &request).await;
                answer.map(|answer| answer.status)
            }
        };
        let (proxy, asked) = forward_proxy(true).await;
        let address = format!("http://ann:secret@127.0.0.1:{proxy}");
        let through = Matcher::builder().https(address.clone()).build();
        assert_eq!(send(through).await, Ok(200));
        let heads = asked.lock().expect("a list").clone();
        let connect = format!("CONNECT localhost:{port} HTTP/1.1\r\n");
        assert!(
            heads.len() == 1 && heads[0].starts_with(&connect),
            "{heads:?}"
        );
        assert!(heads[0].contains("Basic YW5uOnNlY3JldA=="), "{heads:?}");
        assert!(!heads[0].contains("signature"), "{heads:?}");
        // A host that is on the list of exceptions is reached directly.
        let except = Matcher::builder().https(address).no("localhost").build();
        assert_eq!(send(except).await, Ok(200));
        assert_eq!(asked.lock().expect("a list").len(), 1);
        assert_eq!(seen.load(Ordering::SeqCst), 2);
        // Without a tunnel nothing is sent.
        let (refusing, _) = forward_proxy(false).await;
        for address in [
            format!("http://127.0.0.1:{refusing}"),
            format!("socks5://127.0.0.1:{proxy}"),
            format!("https://127.0.0.1:{proxy}"),
            "http://127.0.0.1:1".to_string(),
        ] {
            let through = Matcher::builder().https(address.clone()).build();
            assert_eq!(
                send(through).await,
                Err(SendError::Unreachable),
                "{address}"
            );
        }
        assert_eq!(seen.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_certificate_counts_only_when_it_is_trusted_and_has_the_hosts_name() {
        let (port, roots, seen) = server().await;
        let send = |roots: RootCertStore, host: &str| {
            let request = Request {
                method: "POST".into(),
                host: format!("{host}:{port}"),
                path: "/".into(),
                ..Request::default()
            };
            async move {
                let connect = Duration::from_secs(5);
                let client = HttpsClient::trusting(roots, direct(), connect).expect("TLS");
                client
                    .send("https", &request)
                    .await
                    .map(|answer| answer.status)
            }
        };
        let other = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]);
        let mut others = RootCertStore::empty();
        let other = other.expect("a certificate").cert.der().clone();
        others.add(other).expect("a certificate");
        for roots in [RootCertStore::empty(), others, system_roots()] {
            assert_eq!(send(roots, "localhost").await, Err(SendError::Unreachable));
        }
        let wrong_name = send(roots.clone(), "127.0.0.1").await;
        assert_eq!(wrong_name, Err(SendError::Unreachable));
        assert_eq!(
            seen.load(Ordering::SeqCst),
            0,
            "a request went to nobody knows whom"
        );
        assert_eq!(send(roots, "localhost").await, Ok(200));
        assert_eq!(seen.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_handshake_that_never_ends_is_given_up_before_anything_is_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let request = Request {
            method: "POST".into(),
            host,
            path: "/".into(),
            ..Request::default()
        };
        let client =
            HttpsClient::trusting(RootCertStore::empty(), direct(), Duration::from_millis(50));
        let answer = client.expect("TLS").send("https", &request).await;
        assert_eq!(answer.map(|a| a.status), Err(SendError::Unreachable));
    }
}
