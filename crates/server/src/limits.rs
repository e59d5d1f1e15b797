//! What one request, and all of them together, may cost.

use std::time::Duration;

/// What a request and all of them together may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a request's body, tables left out.
    pub body: usize,
    /// Bytes of a posted table.
    pub table: u64,
    /// Queries of a batch, ids of an extension.
    pub batch: usize,
    /// Bytes of a text to be tagged.
    pub text: usize,
    /// From the last byte of a request to the first of its answer; for a table, to the last.
    pub time: Duration,
    /// How long the head of a request may take to come, and a silent connection stays open.
    pub head: Duration,
    /// Connections open at once.
    pub connections: usize,
    /// Requests of one address answered or waiting at once.
    pub per_client: usize,
    /// Requests worked on at once; as many as there are cores where it is 0.
    pub workers: usize,
    /// Requests that wait to be worked on.
    pub waiting: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 4 << 20,
            table: 512 << 20,
            batch: 1000,
            text: 1 << 20,
            time: Duration::from_secs(30),
            head: Duration::from_secs(10),
            connections: 512,
            per_client: 128,
            workers: 0,
            waiting: 256,
        }
    }
}
