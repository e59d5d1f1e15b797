//! A small HTTP client for the tests of the server.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A reply: its status, head and body.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{} {}: no JSON ({e})", self.status, self.text()))
    }

    #[track_caller]
    pub fn done(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// It was refused with this status and a reason that holds the part.
    #[track_caller]
    pub fn refused(&self, status: u16, part: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        let said = self.json();
        assert_eq!(said["status"], status);
        let reason = said["reason"].as_str().expect("a reason");
        assert!(reason.contains(part) && !reason.contains('\n'), "'{part}' is not said: {reason}");
    }

    pub fn has(&self, header: &str) -> bool {
        self.head.to_lowercase().contains(&header.to_lowercase())
    }
}

/// Sends bytes and reads until the server has no more to say. HTTP/1.0: the reply ends with the connection.
pub fn raw(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
    // A server that has refused may be gone before it has read everything.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Reply { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
}

pub fn send(address: SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> Reply {
    let head =
        format!("{method} {path} HTTP/1.0\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    raw(address, &[head.as_bytes(), body].concat())
}
