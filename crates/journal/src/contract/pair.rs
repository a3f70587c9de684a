//! The store under test, with two owners.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::cluster::Cluster;
use super::fixtures::options;
use super::server::Server;
use crate::clock::millis;
use crate::journal::Inner;
use crate::{Journal, PostgresServer, Secret};

/// Two owners of one store.
pub(super) struct Pair {
    pub(super) journals: [Journal; 2],
    _keep: (Option<tempfile::TempDir>, Option<Server>, Option<Cluster>),
}

impl Pair {
    fn of(first: Journal) -> Pair {
        let second = Journal(Arc::new(Inner {
            store: first.0.store.clone(),
            secret: first.0.secret.clone(),
            options: options("b"),
            settled: Notify::new(),
            lost: AtomicBool::new(false),
            ahead: AtomicU64::new(0),
            lost_reply: Default::default(),
        }));
        Pair {
            journals: [first, second],
            _keep: (None, None, None),
        }
    }

    pub(super) async fn memory() -> Option<Pair> {
        let secret = Secret::random().unwrap();
        Some(Pair::of(Journal::memory(secret, options("a"))))
    }

    pub(super) async fn sqlite() -> Option<Pair> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let secret = Secret::random().unwrap();
        let journal = Journal::sqlite(&path, secret, options("a")).await.unwrap();
        let mut pair = Pair::of(journal);
        pair._keep.0 = Some(folder);
        Some(pair)
    }

    /// Two connections to a real server; `None`, and why on the error output, without one.
    pub(super) async fn redis() -> Option<Pair> {
        let server = Server::start()?;
        let secret = Secret::random().unwrap();
        let connect = |owner| Journal::redis(&server.address, secret.clone(), options(owner));
        let journals = [connect("a").await.unwrap(), connect("b").await.unwrap()];
        Some(Pair {
            journals,
            _keep: (None, Some(server), None),
        })
    }

    /// The same with PostgreSQL.
    pub(super) async fn postgres() -> Option<Pair> {
        let cluster = Cluster::start()?;
        let secret = Secret::random().unwrap();
        let server = PostgresServer {
            url: cluster.url("postgres").into(),
            replicas: 0,
            trusted: false,
        };
        let connect = |owner| Journal::postgres(&server, secret.clone(), options(owner));
        let journals = [connect("a").await.unwrap(), connect("b").await.unwrap()];
        Some(Pair {
            journals,
            _keep: (None, None, Some(cluster)),
        })
    }

    /// Moves the time on for both.
    pub(super) fn pass(&self, time: Duration) {
        for journal in &self.journals {
            journal.0.ahead.fetch_add(millis(time), Ordering::Relaxed);
        }
    }
}
