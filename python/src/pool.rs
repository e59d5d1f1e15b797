//! Threads that survive a fork.

use std::sync::{Arc, Mutex};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The threads of a gazetteer. They do not live on in a forked process (`multiprocessing`, the workers of a server), where
/// waiting for them would never end; so a process makes its own when it first needs them.
pub struct Pool {
    jobs: usize,
    threads: Mutex<Option<(u32, Arc<ThreadPool>)>>,
}

impl Pool {
    /// So many threads, or one a core.
    pub fn new(jobs: Option<usize>) -> Pool {
        Pool { jobs: jobs.unwrap_or(0), threads: Mutex::new(None) }
    }

    /// Does work that may use the threads.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match self.threads() {
            Some(threads) => threads.install(work),
            None => work(),
        }
    }

    fn threads(&self) -> Option<Arc<ThreadPool>> {
        let mut threads = self.threads.lock().ok()?;
        let process = std::process::id();
        if threads.as_ref().is_none_or(|(owner, _)| *owner != process) {
            let made = ThreadPoolBuilder::new().num_threads(self.jobs).build().ok()?;
            // Threads of the process that forked are not ours to wait for.
            std::mem::forget(threads.replace((process, Arc::new(made))));
        }
        threads.as_ref().map(|(_, threads)| threads.clone())
    }
}
