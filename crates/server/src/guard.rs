//! Who may ask, and what is said with every answer.
//!
//! A page anywhere on the web can let a browser ask a server on the same machine. Reading the answers is allowed by the
//! Reconciliation Service API (CORS). What must not be is that a name which an attacker owns is made to point to this machine
//! (DNS rebinding): only names that were allowed are answered to, and addresses in numbers, which nobody can rebind.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::listen::Peer;
use crate::refusal::Refusal;
use crate::state::Shared;

/// Looks at a request before anything else does.
pub async fn guard(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let origin = &state.options.origin;
    let mut response = match admitted(&state, &request) {
        Err(refusal) => refusal.into_response(),
        Ok(()) if request.method() == Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        Ok(()) => {
            let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
            match state.limiter.visit(peer) {
                Err(refusal) => refusal.into_response(),
                Ok(_visit) => next.run(request).await,
            }
        }
    };
    say(response.headers_mut(), origin);
    response
}

fn admitted(state: &Shared, request: &Request) -> Result<(), Refusal> {
    let hosts = request.headers().get_all(header::HOST);
    let mut hosts = hosts.iter().map(|host| host.to_str().unwrap_or("\u{fffd}"));
    let host = match (hosts.next(), hosts.next()) {
        (None, _) => return Err(Refusal::bad("the request has no Host header")),
        (Some(_), Some(_)) => return Err(Refusal::bad("the request has several Host headers")),
        (Some(host), None) => host,
    };
    if is_known(host, &state.options.hosts) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::MISDIRECTED_REQUEST,
        "this server is not asked under that name; ask for localhost, or start it with --allow-host NAME",
    ))
}

/// Whether a Host header is an address in numbers, `localhost`, or a name that was allowed.
pub fn is_known(host: &str, allowed: &[String]) -> bool {
    let Some(name) = without_port(host) else { return false };
    if let Some(inner) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name.parse::<Ipv4Addr>().is_ok()
        || name == "localhost"
        || name.ends_with(".localhost")
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}

/// A host without its port; none if the port is not a number.
fn without_port(host: &str) -> Option<&str> {
    let end = host.rfind(']').map_or(0, |at| at + 1);
    match host[end..].rfind(':') {
        None => Some(host),
        Some(at) => {
            let (name, port) = host.split_at(end + at);
            port[1..].parse::<u16>().ok().map(|_| name)
        }
    }
}

/// What browsers should know of every answer.
fn say(headers: &mut HeaderMap, origin: &str) {
    let origin = HeaderValue::from_str(origin).unwrap_or(HeaderValue::from_static("null"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Accept, Accept-Language, Content-Type"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Content-Language, Retry-After"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A browser asks for this before a page of the web may speak to a server on its own machine.
    headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    // Pages that need more say so themselves.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_known;

    #[test]
    fn numbers_and_allowed_names_are_answered_to() {
        let allowed = ["names.example.org".to_owned()];
        for host in [
            "127.0.0.1:3333",
            "localhost",
            "LOCALHOST:80",
            "a.localhost",
            "[::1]:3333",
            "192.168.1.5",
            "names.example.org:443",
        ] {
            assert!(is_known(host, &allowed), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example:3333",
            "",
            ":",
            "127.0.0.1.evil.example",
            "[::1",
            "localhost:x",
            "[evil]",
        ] {
            assert!(!is_known(host, &allowed), "{host}");
        }
    }

    proptest! {
        #[test]
        fn no_host_is_too_strange(host in "\\PC{0,40}", port in any::<u32>()) {
            is_known(&host, &[]);
            is_known(&format!("[{host}]:{port}"), &[host]);
        }
    }
}
