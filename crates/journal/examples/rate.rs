//! Measures how many requests a second the journal records durably: a beginning and an answer each.
//!
//! `cargo run -p tieline-journal --example rate [FOLDER]` (SQLite in FOLDER, by default the current
//! one; `redis://…` or `postgres://…` instead measures a server).

use std::path::Path;
use std::time::{Duration, Instant};

use tieline_journal::{
    Answer, Begin, Error, Journal, Key, Options, Outcome, PostgresServer, RedisServer, Secret,
};

const TIME: Duration = Duration::from_secs(4);

async fn once(journal: &Journal, name: &str) -> Result<(), Error> {
    let key = Key {
        principal: "p",
        operation: "o",
        idempotency_key: name,
    };
    let intent = journal.intent(&key, &serde_json::json!({ "Name": "n" }), None);
    if let Begin::Fresh(lease) = journal.begin(&intent).await? {
        let answer = Answer {
            status: 200,
            content_type: "application/json".into(),
            headers: Vec::new(),
            body: "{\"CenId\":\"cen-7qthudw0ll6jmc\"}".into(),
        };
        journal.finish(&lease, Outcome::Created(answer)).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let place = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let file = Path::new(&place).join(format!("rate-{}.db", std::process::id()));
    let journal = if place.starts_with("redis://") {
        let server = RedisServer {
            url: place.into(),
            replicas: 0,
            trusted: false,
        };
        let secret = Secret::load_or_create(Path::new("rate.key"))?;
        Journal::redis(&server, secret, Options::default()).await?
    } else if place.starts_with("postgres://") {
        let server = PostgresServer {
            url: place.into(),
            replicas: 0,
            trusted: false,
        };
        let secret = Secret::load_or_create(Path::new("rate.key"))?;
        Journal::postgres(&server, secret, Options::default()).await?
    } else {
        Journal::sqlite(&file, Secret::random()?, Options::default()).await?
    };
    for tasks in [1, 16, 64, 256] {
        let started = Instant::now();
        let all: Vec<_> = (0..tasks)
            .map(|task| {
                let journal = journal.clone();
                tokio::spawn(async move {
                    let mut done = 0u32;
                    while started.elapsed() < TIME {
                        once(&journal, &format!("{started:?} {task} {done}")).await?;
                        done += 1;
                    }
                    Ok::<u32, Error>(done)
                })
            })
            .collect();
        let mut done = 0;
        for task in all {
            done += task.await??;
        }
        let rate = f64::from(done) / started.elapsed().as_secs_f64();
        println!("{tasks:>3} at once: {rate:.0} requests/s (begin and finish)");
    }
    drop(journal);
    for end in ["db", "db-wal", "db-shm"] {
        std::fs::remove_file(file.with_extension(end)).ok();
    }
    Ok(())
}
