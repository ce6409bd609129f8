//! Work that takes a core for a while, on threads of its own: fewer than there are cores, and last in line for them, so that whoever
//! sends documents that are dear to check waits, and nobody else.

use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::error::{Error, Result};

/// How far behind the others the threads stand in line for a core, in steps of `nice`.
const NICE: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// The threads; they end with it.
pub(super) struct Aside(Sender<Job>);

impl Aside {
    /// Starts the threads, and names them.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub(super) fn new(name: &str) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..cores.saturating_sub(1).max(1) {
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new().name(name.to_owned());
            thread.spawn(move || work(&receiver)).map_err(Error::internal)?;
        }
        Ok(Self(sender))
    }

    /// Does some work there, and waits for what comes of it.
    ///
    /// # Errors
    /// [`Error::Internal`] where it panics.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, waiting) = oneshot::channel();
        let job = move || {
            // Whoever asked may have gone meanwhile.
            if !done.is_closed() {
                drop(done.send(work()));
            }
        };
        self.0.send(Box::new(job)).map_err(|_| Error::internal("the threads aside have ended"))?;
        waiting.await.map_err(|_| Error::internal("work aside ended in a panic"))
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    // On Linux it is the thread that has a priority. Without the right to step back, it works all the same.
    if let Err(problem) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%problem, "a thread aside keeps its place in line");
    }
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        drop(std::panic::catch_unwind(AssertUnwindSafe(job)));
    }
}
