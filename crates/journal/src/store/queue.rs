//! The queue before a store whose connection belongs to one thread or task. Whoever serves it takes all that
//! waits at once, so that many requests share one transaction.

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::entry::{Reply, Step};
use crate::error::Error;
use crate::types::{EntryId, Unknown};

/// The most requests that are taken at once.
const BATCH: usize = 256;

/// A step on an entry, and who waits for what came of it.
pub(super) struct Job {
    pub(super) id: EntryId,
    pub(super) step: Step,
    /// How far ahead of the store's clock it is asked, in seconds.
    pub(super) ahead: u64,
    reply: oneshot::Sender<Result<Reply, Error>>,
}

impl Job {
    /// Answers. Whoever asked may be gone; what was done stays done.
    pub(super) fn answer(self, reply: Result<Reply, Error>) {
        self.reply.send(reply).ok();
    }
}

/// The question for the entries whose outcome is not known.
pub(super) struct Question {
    /// How far ahead of the store's clock it is asked, in seconds.
    pub(super) ahead: u64,
    reply: oneshot::Sender<Result<Vec<Unknown>, Error>>,
}

impl Question {
    /// Answers.
    pub(super) fn answer(self, found: Result<Vec<Unknown>, Error>) {
        self.reply.send(found).ok();
    }
}

enum Asked {
    Job(Box<Job>),
    Question(Question),
}

/// The end of the queue at which it is asked.
pub(super) struct Queue(UnboundedSender<Asked>);

impl Queue {
    pub(super) async fn apply(&self, id: EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        let (reply, result) = oneshot::channel();
        let job = Job {
            id,
            step,
            ahead,
            reply,
        };
        self.ask(Asked::Job(Box::new(job)))?;
        result.await.map_err(|_| Error::Stopped)?
    }

    pub(super) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        let (reply, result) = oneshot::channel();
        self.ask(Asked::Question(Question { ahead, reply }))?;
        result.await.map_err(|_| Error::Stopped)?
    }

    fn ask(&self, asked: Asked) -> Result<(), Error> {
        self.0.send(asked).map_err(|_| Error::Stopped)
    }
}

/// The end of the queue at which it is served.
pub(super) struct Waiting(UnboundedReceiver<Asked>);

/// What was taken at once.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) jobs: Vec<Job>,
    pub(super) questions: Vec<Question>,
}

impl Batch {
    fn add(&mut self, asked: Asked) {
        match asked {
            Asked::Job(job) => self.jobs.push(*job),
            Asked::Question(question) => self.questions.push(question),
        }
    }
}

impl Waiting {
    /// All that waits, as soon as something does; `None` when nobody can ask any more.
    pub(super) async fn next(&mut self) -> Option<Batch> {
        let first = self.0.recv().await?;
        Some(self.and_more(first))
    }

    /// The same on a thread.
    pub(super) fn next_blocking(&mut self) -> Option<Batch> {
        let first = self.0.blocking_recv()?;
        Some(self.and_more(first))
    }

    fn and_more(&mut self, first: Asked) -> Batch {
        let mut batch = Batch::default();
        batch.add(first);
        for _ in 1..BATCH {
            match self.0.try_recv() {
                Ok(asked) => batch.add(asked),
                Err(_) => break,
            }
        }
        batch
    }
}

/// A queue.
pub(super) fn queue() -> (Queue, Waiting) {
    let (asks, waits) = mpsc::unbounded_channel();
    (Queue(asks), Waiting(waits))
}
