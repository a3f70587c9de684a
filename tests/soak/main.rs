//! Real pages, tabs, programs, the proxy with its journal and the sandbox, under random faults; in the
//! end the cloud's resources against what everybody believes.
//!
//! People at two browsers, one at the console and one at a portal's page with an element, and programs
//! create resources. Meanwhile the proxy is killed or stands still, names order the sandbox's faults,
//! tabs crash, close, freeze and are offline, the database is held or full, clocks jump, the history has
//! many records. Whatever happens: no duplicate, none lost, nothing called created or not executed that
//! is not, all as submitted, no typed text lost, nothing stuck, no error of a page.
//!
//! `cargo xtask soak` runs it. TIELINE_SOAK_MINUTES says for how long, TIELINE_SOAK_SEED repeats a run's
//! choices, TIELINE_SOAK_ROUND (`1:17`) plays one round of one actor only.
#![cfg(not(target_family = "wasm"))]

mod chance;
mod claims;
mod clients;
mod pages;
mod tally;
mod world;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chance::Chance;
use claims::Claims;
use pages::{Actor, Place, Shared};
use tally::Tally;
use tieline_test_support::servers::{self, Reply, Tools};
use world::World;

/// Enough for every run of the tests.
const MINUTES: f64 = 2.0;
/// Programs that create, each with a pause between two creations so that pages get their turn.
const CLIENTS: u64 = 4;
const PAUSE: Duration = Duration::from_millis(250);
/// The actors at pages come after the programs in the order of their numbers.
const CONSOLE: u64 = 100;
const PORTAL: u64 = 101;

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{name}: {text}"),
    }
}

/// Serves a portal's page with an element for each operation; gives its origin.
fn portal(embed: PathBuf, proxy: impl Fn() -> String + Send + Sync + 'static) -> String {
    servers::server(move |path| {
        if let Some(operation) = path.strip_prefix("/form/") {
            let page = format!(
                "<!doctype html><html lang=en><head><meta charset=utf-8><title>A portal</title>\
                 <script type=module src=/embed/tieline.js></script></head><body><h1>A portal</h1>\
                 <tieline-form operation={operation} lang=en endpoint={}></tieline-form></body></html>",
                proxy()
            );
            return Reply::new(200, "text/html; charset=utf-8", page);
        }
        let kind = match path.rsplit('.').next() {
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("wasm") => "application/wasm",
            _ => "text/html",
        };
        match path
            .strip_prefix("/embed/")
            .map(|name| std::fs::read(embed.join(name)))
        {
            Some(Ok(body)) => Reply::new(200, kind, body),
            _ => Reply::new(200, kind, "<!doctype html><title>Quiet</title>"),
        }
    })
}

#[test]
fn nothing_gets_through() {
    let (Ok(tools), Some(embed)) = (Tools::from_env(), std::env::var_os("TIELINE_EMBED")) else {
        println!("skipped: TIELINE_PROXY_BIN, TIELINE_DIST or TIELINE_EMBED is not set; `cargo xtask soak` sets them");
        return;
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a clock after 1970").as_secs();
    let seed = number("TIELINE_SOAK_SEED").unwrap_or(now);
    let minutes = number("TIELINE_SOAK_MINUTES").unwrap_or(MINUTES);
    let only = std::env::var("TIELINE_SOAK_ROUND").ok().map(|text| {
        let (actor, round) = text.split_once(':').expect("actor:round");
        let number = |text: &str| text.parse::<u64>().expect("a number");
        (number(actor), number(round))
    });
    println!("seed {seed}, {minutes} minutes");
    let proxy = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let portal_at = {
        let proxy = proxy.clone();
        portal(embed.into(), move || {
            proxy.get().cloned().unwrap_or_default()
        })
    };
    let world = World::start(tools, Some(portal_at.clone()));
    proxy.set(world.origin()).expect("once");
    let (tally, claims) = (Tally::default(), Claims::default());
    let (numbers, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let shared = Shared {
        world: &world,
        claims: &claims,
        tally: &tally,
        seed,
        numbers: &numbers,
        over: &over,
    };
    let wanted = |actor: u64| only.is_none_or(|(one, _)| one == actor);
    let end = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
    std::thread::scope(|scope| {
        let mut actors = Vec::new();
        for client in (0..CLIENTS).filter(|client| wanted(*client)) {
            let shared = &shared;
            scope.spawn(move || clients::run(shared, client, PAUSE));
        }
        for (actor, place) in [
            (CONSOLE, Place::of_console(&world.origin())),
            (PORTAL, Place::of_portal(&portal_at)),
        ] {
            if wanted(actor) {
                let shared = &shared;
                actors.push(scope.spawn(move || {
                    Actor::new(shared, actor, place).run(only.map(|(_, round)| round))
                }));
            }
        }
        let mut chance = Chance::of(seed, u64::MAX, 0);
        let alone = || only.is_some() && actors.iter().all(|actor| actor.is_finished());
        while Instant::now() < end && !alone() {
            tally.count(world.trouble(&mut chance));
            std::thread::sleep(Duration::from_millis(2_000 + chance.below(12_000)));
        }
        over.store(true, Ordering::Relaxed);
    });
    claims.judge(&world, &tally);
    let table = format!("seed {seed}, {minutes} minutes\n{}", tally.table());
    println!("{table}");
    // A test that passes says nothing; `cargo xtask soak` shows this in any case.
    let file = tieline_test_support::target("soak.txt");
    let _ = file.parent().map(std::fs::create_dir_all);
    let _ = std::fs::write(file, table);
    assert!(
        tally.is_clean(),
        "seed {seed}: see above; TIELINE_SOAK_ROUND repeats one round"
    );
    if only.is_none() {
        let lack = lack(minutes, &tally);
        assert!(
            lack.is_empty(),
            "seed {seed} has proved too little: {lack:?}"
        );
    }
}

/// What a soak of so many minutes lacks to have proved anything. The bounds are generous: the machine may be busy.
fn lack(minutes: f64, tally: &Tally) -> Vec<String> {
    let (rounds, judged) = (tally.of(pages::ROUNDS), tally.of(pages::JUDGED));
    let enough = [
        (
            tally.of("proxy killed") > 0,
            "the proxy was never killed".to_string(),
        ),
        (
            tally.of("creations asked for by clients") > 0,
            "no program has created anything".to_string(),
        ),
        (
            judged as f64 >= minutes,
            format!("{judged} claims of pages were judged, less than one a minute"),
        ),
        (
            judged * 5 >= rounds,
            format!("of {rounds} rounds at pages only {judged} came to a claim"),
        ),
    ];
    let lacking = enough.into_iter().filter(|(there, _)| !there);
    lacking.map(|(_, what)| what).collect()
}

#[test]
fn a_soak_that_plays_too_little_has_proved_nothing() {
    let tally = Tally::default();
    tally.count("proxy killed");
    tally.add("creations asked for by clients", 100);
    tally.add(pages::ROUNDS, 20);
    tally.add("creations asked for at pages", 20);
    // No round came to an end, or most did not.
    assert_eq!(lack(2.0, &tally).len(), 2);
    tally.add(pages::JUDGED, 3);
    assert_eq!(lack(2.0, &tally).len(), 1);
    tally.add(pages::JUDGED, 2);
    assert_eq!(lack(2.0, &tally), Vec::<String>::new());
    // A long one needs more.
    assert_eq!(lack(60.0, &tally).len(), 1);
}
