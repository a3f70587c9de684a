//! The host check: the proxy answers under its own names only.
//!
//! A foreign page can have its own name resolve to this machine (DNS rebinding). The browser then
//! takes the proxy for that page's server and sends no origin with reads; but it does send the
//! name. So a request under a name that is nobody's here is refused before anything else.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::header;
use axum::http::uri::Authority;
use tieline_catalog::text::Message;
use tieline_protocol::problem;

use super::problem::Problem;
use crate::config::Configuration;

/// Lets requests under the proxy's own names through and refuses the rest.
pub fn host(request: &Request, configuration: &Configuration) -> Result<(), Problem> {
    if names_this_proxy(request, configuration) {
        return Ok(());
    }
    let message = Message::new(
        "The proxy does not answer under this name. Use 127.0.0.1, or add the name, with its port, to allowed_hosts in the configuration.",
        "代理不以该主机名提供服务。请使用 127.0.0.1，或在配置的 allowed_hosts 中添加该主机名（含端口）。",
    );
    Err(Problem::new(&problem::HOST, message))
}

/// Whether every name in the request is one of the proxy's. A request without any cannot come from a
/// browser, so it needs no name.
fn names_this_proxy(request: &Request, configuration: &Configuration) -> bool {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (first, second) = (named.next(), named.next());
    let in_header =
        first.is_none_or(|host| host.to_str().is_ok_and(|host| allowed(host, configuration)));
    // The request line can name a host too.
    let in_line = request.uri().authority();
    let in_line = in_line.is_none_or(|host| allowed(host.as_str(), configuration));
    second.is_none() && in_header && in_line
}

fn allowed(host: &str, configuration: &Configuration) -> bool {
    let list = &configuration.allowed_hosts;
    list.iter().any(|own| own.eq_ignore_ascii_case(host)) || is_here(host, configuration.listen)
}

/// Whether it is this machine's name for itself, or the address that is listened on. A resolver
/// cannot give either to somebody else.
fn is_here(host: &str, listen: SocketAddr) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    // The parser is lenient about what follows the host; a port may, and nothing else.
    let port = authority.port_u16().map(|port| format!(":{port}"));
    if format!("{name}{}", port.unwrap_or_default()) != host {
        return false;
    }
    let name = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback() || (ip == listen.ip() && !ip.is_unspecified()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_and_of_the_list_are_answered() {
        let configuration = Configuration {
            listen: SocketAddr::from(([10, 0, 0, 5], 8787)),
            allowed_hosts: vec!["portal.example".to_string(), "b.example:8443".to_string()],
            ..Configuration::default()
        };
        for (host, expected) in [
            ("127.0.0.1:8787", true),
            ("127.8.9.1", true),
            ("localhost:1", true),
            ("LocalHost", true),
            ("[::1]:8787", true),
            ("10.0.0.5:8787", true),
            ("portal.example", true),
            ("PORTAL.example", true),
            ("b.example:8443", true),
            ("portal.example:444", false),
            ("b.example", false),
            ("evil.example", false),
            ("evil.example:8787", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("localhost.", false),
            ("127.0.0.1@evil.example", false),
            ("evil.example#127.0.0.1", false),
            ("evil.example, localhost", false),
            ("0.0.0.0:8787", false),
            ("10.0.0.6", false),
            ("[::]", false),
            ("[::1].evil.example", false),
            ("2130706433", false),
            ("localhost:", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(allowed(host, &configuration), expected, "{host:?}");
        }
    }
}
