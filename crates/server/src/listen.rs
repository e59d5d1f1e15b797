//! Connections: counted, timed, closed gracefully.

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::limits::Limits;

/// Who asks.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// How long requests under way have to be answered after the end was asked for.
const GRACE: Duration = Duration::from_secs(10);
/// How long a client may read nothing of its answer.
const UNREAD: Duration = Duration::from_secs(30);
/// The reply to a connection over the limit.
const FULL: &str = r#"{"status":503,"reason":"too many connections are open; try again in a moment"}"#;

/// Answers connections until `stop` is there, then lets those under way end.
pub async fn listen(listener: TcpListener, app: Router, limits: &Limits, stop: impl Future<Output = ()>) {
    let connections = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(64 << 10);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, peer)) = accepted else {
            // No file is left to open a connection with, or the client went away: both pass.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(permit) = connections.clone().try_acquire_owned() else {
            tokio::spawn(refuse(stream));
            continue;
        };
        connect(stream, peer, permit, app.clone(), &http, &graceful);
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
    app: Router,
    http: &http1::Builder,
    graceful: &GracefulShutdown,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(UNREAD));
    let service = app.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        request
    });
    let io = TokioIo::new(Box::pin(stream));
    let connection = graceful.watch(http.serve_connection(io, TowerToHyperService::new(service)));
    tokio::spawn(async move {
        let _permit = permit;
        // A connection that breaks off needs no report.
        let _ = connection.await;
    });
}

/// Says that there are too many, to whoever is still there to hear it.
async fn refuse(stream: TcpStream) {
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Retry-After: 1\r\nConnection: close\r\n\r\n{FULL}",
        FULL.len()
    );
    let said = async {
        let mut rest = answer.as_bytes();
        while !rest.is_empty() && stream.writable().await.is_ok() {
            match stream.try_write(rest) {
                Ok(n) => rest = &rest[n..],
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), said).await;
}
