//! How much is taken from strangers, and work done within it: off the reactor, over few threads, in bounded time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;

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
    /// Requests that wait for their turn.
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

/// Gives out turns to work.
pub struct Desk {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    time: Duration,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_client: usize,
}

/// When work must be done.
#[derive(Clone, Copy)]
pub struct Deadline(Instant, Duration);

impl Deadline {
    /// Ends work that takes too long.
    ///
    /// # Errors
    /// Where the time is over.
    pub fn check(&self) -> Result<(), Refusal> {
        match Instant::now() < self.0 {
            true => Ok(()),
            false => Err(late(self.1)),
        }
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.0
    }
}

fn late(time: Duration) -> Refusal {
    Refusal::busy(format!("the answer would take longer than {} seconds; ask for less at once", time.as_secs()))
}

/// A request of an address; what it counts for ends with it.
pub struct Visit {
    address: IpAddr,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = clients.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&self.address);
            }
        }
    }
}

impl Desk {
    /// A desk with as many turns as the limits say.
    pub fn new(limits: &Limits) -> Desk {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let workers = if limits.workers == 0 { cores } else { limits.workers };
        Desk {
            turns: Arc::new(Semaphore::new(workers)),
            queue: Arc::new(Semaphore::new(workers + limits.waiting)),
            time: limits.time,
            clients: Arc::default(),
            per_client: limits.per_client,
        }
    }

    /// Lets a request of an address in.
    ///
    /// # Errors
    /// Where too many of it are under way.
    pub fn visit(&self, address: IpAddr) -> Result<Visit, Refusal> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let count = clients.entry(address).or_default();
        if *count >= self.per_client {
            let reason =
                format!("{count} requests of yours are under way, and no more are taken; wait for their answers");
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, reason));
        }
        *count += 1;
        Ok(Visit { address, clients: self.clients.clone() })
    }

    /// Waits for a turn; it lasts as long as what is given back.
    ///
    /// # Errors
    /// Where too many wait already, or the turn does not come in time.
    pub async fn turn(&self) -> Result<(Turn, Deadline), Refusal> {
        let deadline = Deadline(Instant::now() + self.time, self.time);
        let Ok(place) = self.queue.clone().try_acquire_owned() else {
            return Err(Refusal::busy("too many requests are waiting; try again in a moment"));
        };
        match tokio::time::timeout(self.time, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok((Turn { _turn: turn, _place: place }, deadline)),
            _ => Err(late(self.time)),
        }
    }

    /// Does work off the reactor, when its turn comes. The work itself should look at the deadline where it is long.
    ///
    /// # Errors
    /// Those of [`turn`](Self::turn) and of the work; where the time is over before it is done.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(Deadline) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (turn, deadline) = self.turn().await?;
        let done = tokio::task::spawn_blocking(move || {
            // Work whose client went away keeps its turn until it is over: there are never more of them than turns.
            let _turn = turn;
            work(deadline)
        });
        match tokio::time::timeout(self.time, done).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "a fault of the program or of the index; 'allonym index check' tells which",
            )),
            Err(_) => Err(late(self.time)),
        }
    }
}

/// The right to work.
pub struct Turn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}
