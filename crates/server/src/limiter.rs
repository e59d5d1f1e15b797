//! Runs the work of requests within the limits: off the reactor, on few threads, in bounded time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::Limits;
use crate::refusal::Refusal;

/// Bounds the work in progress: a permit for each request that is worked on, a queue for those that wait.
pub struct Limiter {
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    time: Duration,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_client: usize,
}

/// When an answer is due.
#[derive(Clone, Copy)]
pub struct Deadline(Instant, Duration);

impl Deadline {
    /// Stops work that takes too long.
    ///
    /// # Errors
    /// Returns a refusal if the time is over.
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

/// A request in progress, counted for its address until it is dropped.
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

impl Limiter {
    /// A limiter with as many permits as the limits say, or one for each core.
    pub fn new(limits: &Limits) -> Limiter {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let workers = if limits.workers == 0 { cores } else { limits.workers };
        Limiter {
            permits: Arc::new(Semaphore::new(workers)),
            queue: Arc::new(Semaphore::new(workers + limits.waiting)),
            time: limits.time,
            clients: Arc::default(),
            per_client: limits.per_client,
        }
    }

    /// Counts a request of an address for as long as the returned value lives.
    ///
    /// # Errors
    /// Refuses the request if too many of the address are in progress.
    pub fn visit(&self, address: IpAddr) -> Result<Visit, Refusal> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let count = clients.entry(address).or_default();
        if *count >= self.per_client {
            let reason =
                format!("{count} of your requests are in progress, which is the limit; wait for their answers");
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, reason));
        }
        *count += 1;
        Ok(Visit { address, clients: self.clients.clone() })
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// Refuses the request if too many are waiting, or if no permit is free in time.
    pub async fn acquire(&self) -> Result<(Permit, Deadline), Refusal> {
        let deadline = Deadline(Instant::now() + self.time, self.time);
        let Ok(place) = self.queue.clone().try_acquire_owned() else {
            return Err(Refusal::busy("too many requests are waiting; try again in a moment"));
        };
        match tokio::time::timeout(self.time, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok((Permit { _working: permit, _place: place }, deadline)),
            _ => Err(late(self.time)),
        }
    }

    /// Waits for a permit and runs `work` on a blocking thread. Long work should check the deadline now and then.
    ///
    /// # Errors
    /// Returns the errors of [`acquire`](Self::acquire) and of the work, and a refusal if the time is over before it is done.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(Deadline) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (permit, deadline) = self.acquire().await?;
        let done = tokio::task::spawn_blocking(move || {
            // Work whose client went away keeps its permit until it ends, so that the limit holds for it, too.
            let _permit = permit;
            work(deadline)
        });
        match tokio::time::timeout(self.time, done).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the request failed because of a bug or a damaged index; 'allonym index check' checks the index",
            )),
            Err(_) => Err(late(self.time)),
        }
    }
}

/// Permission to work, until it is dropped.
pub struct Permit {
    _working: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}
