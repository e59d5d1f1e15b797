//! Names to keys, while more names are read: workers fold what comes and spill the keys in sorted runs.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, spawn};

use crate::error::{Error, Result};
use crate::external_sort::{Runs, Sorter, Storage};
use crate::fold::{self, Folded};
use crate::index::names::SPELLED;

/// Bytes that each sorter keeps in memory.
pub const SORT_BUDGET: usize = 24 << 20;
/// Names that are handed to a worker at once.
const BATCH: usize = 1 << 15;

/// How a name is to be folded.
#[derive(Clone, Copy)]
pub struct Manner {
    /// Whether other ways to spell it are keys as well.
    pub spelled: bool,
    /// Whether its phonetic key is indexed.
    pub phonetic: bool,
}

/// Names in the order of their numbers.
#[derive(Default)]
struct Batch {
    first: u32,
    text: String,
    names: Vec<(u32, Manner)>,
}

/// The workers.
pub struct Folding {
    batch: Batch,
    next: u32,
    send: Option<SyncSender<Batch>>,
    workers: Vec<JoinHandle<Result<Runs>>>,
}

impl Folding {
    /// Begins with as many workers as there are cores; the runs go into `folder`.
    pub fn new(folder: &Path) -> Folding {
        let count = rayon::current_num_threads();
        let (send, receive) = sync_channel(count);
        let receive = Arc::new(Mutex::new(receive));
        let worker = |_number| {
            let (receive, sorter) = (Arc::clone(&receive), Sorter::new(folder, Storage::Plain, SORT_BUDGET));
            spawn(move || work(&receive, sorter))
        };
        Folding { batch: Batch::default(), next: 0, send: Some(send), workers: (0..count).map(worker).collect() }
    }

    /// Takes the next name.
    ///
    /// # Errors
    /// Where no worker can go on.
    pub fn add(&mut self, name: &str, manner: Manner) -> Result<()> {
        self.batch.text.push_str(name);
        self.batch.names.push((name.len() as u32, manner));
        self.next += 1;
        if self.batch.names.len() == BATCH { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<()> {
        let batch = std::mem::replace(&mut self.batch, Batch { first: self.next, ..Batch::default() });
        let sent = self.send.as_ref().is_some_and(|send| send.send(batch).is_ok());
        if sent { Ok(()) } else { self.join().and_then(|_| Err(stopped())) }
    }

    /// Waits for the workers; returns the runs of all.
    ///
    /// # Errors
    /// Where a run could not be written.
    pub fn finish(mut self) -> Result<Runs> {
        self.hand_over()?;
        self.join()?.into_iter().reduce(Runs::and).ok_or_else(stopped)
    }

    fn join(&mut self) -> Result<Vec<Runs>> {
        self.send = None;
        let mut runs = Vec::new();
        for worker in self.workers.drain(..) {
            runs.push(worker.join().map_err(|_| stopped())??);
        }
        Ok(runs)
    }
}

impl Drop for Folding {
    /// Nothing writes into the folder of a build that was given up.
    fn drop(&mut self) {
        let _ = self.join();
    }
}

fn stopped() -> Error {
    Error::index("the names could not be folded: a worker stopped")
}

fn work(receive: &Mutex<Receiver<Batch>>, mut sorter: Sorter) -> Result<Runs> {
    let mut folded = Folded::default();
    loop {
        let batch = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = batch else { return sorter.finish() };
        let mut rest = &batch.text[..];
        for (number, &(length, manner)) in (batch.first..).zip(&batch.names) {
            let (name, after) = rest.split_at(length as usize);
            rest = after;
            folded.read(name);
            let phonetic = if manner.phonetic { fold::phonetic_key(name) } else { String::new() };
            sorter.push(folded.key().as_bytes(), &entry(number, false, &phonetic))?;
            if manner.spelled {
                for key in fold::spellings(name) {
                    sorter.push(key.as_str().as_bytes(), &entry(number, true, ""))?;
                }
            }
        }
    }
}

/// What is kept of a name behind a key: its number and whether the key is a further spelling, then its phonetic key. The bytes
/// sort as the numbers do.
fn entry(name: u32, spelled: bool, phonetic: &str) -> Vec<u8> {
    let mut bytes = (u64::from(name) << 1 | u64::from(spelled)).to_be_bytes()[3..].to_vec();
    bytes.extend_from_slice(phonetic.as_bytes());
    bytes
}

/// Reads an [`entry`]: the posting and the phonetic key.
pub fn posting(entry: &[u8]) -> (u32, &str) {
    let (number, phonetic) = entry.split_at_checked(5).unwrap_or_default();
    let number = number.iter().fold(0u64, |all, &byte| all << 8 | u64::from(byte));
    let spelled = if number & 1 == 1 { SPELLED } else { 0 };
    ((number >> 1) as u32 | spelled, std::str::from_utf8(phonetic).unwrap_or_default())
}
