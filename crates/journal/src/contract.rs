//! The contract of all stores, run against each of them.

use std::time::Duration;

use serde_json::{json, Value};
use tokio::time::Instant;

use self::fixtures::{answer, fresh, key, options, shown, LEASE, RETENTION};
use self::pair::Pair;
use crate::*;

#[allow(dead_code)]
mod cluster;
mod fixtures;
mod model;
mod pair;
mod postgres_server;
mod redis_server;
mod server;
mod stores;

macro_rules! for_every_store {
    ($($test:ident),*) => {
        for_every_store!(@memory $($test),*);
        for_every_store!(@sqlite $($test),*);
        for_every_store!(@redis $($test),*);
        for_every_store!(@postgres $($test),*);
    };
    (@$store:ident $($test:ident),*) => {
        mod $store {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(pair) = super::Pair::$store().await {
                    super::$test(pair).await;
                }
            })*
        }
    };
}

for_every_store!(
    an_answer_is_replayed_and_expires,
    what_was_not_executed_is_free,
    what_lacks_copies_is_not_final,
    what_is_known_is_told_and_nothing_is_begun,
    an_unknown_outcome_stays_unknown,
    a_repeat_keeps_the_token_and_settles_only_by_success,
    a_lease_is_renewed_or_lost,
    only_one_of_a_hundred_is_fresh,
    waiting_ends_with_the_answer_or_the_deadline,
    random_steps_follow_the_model
);

async fn random_steps_follow_the_model(pair: Pair) {
    model::run(pair).await;
}

async fn an_answer_is_replayed_and_expires(pair: Pair) {
    let [a, b] = &pair.journals;
    let body = json!({"Name": "n", "Tag": [{"Key": "k"}]});
    for outcome in [
        Outcome::Created(answer(200)),
        Outcome::Rejected(answer(400)),
    ] {
        let intent = a.intent(&key("1"), &body, None);
        let lease = fresh(a.begin(&intent).await.unwrap());
        assert_eq!(shown(&b.begin(&intent).await.unwrap()), "in flight a");
        let other = b.intent(&key("1"), &json!({"Name": "m"}), None);
        assert_eq!(shown(&b.begin(&other).await.unwrap()), "conflict");
        let bob = Key {
            principal: "bob",
            ..key("1")
        };
        let bobs = b.intent(&bob, &body, None);
        let bobs = fresh(b.begin(&bobs).await.unwrap());
        b.finish(&bobs, Outcome::NotExecuted).await.unwrap();

        let settled = a.finish(&lease, outcome.clone()).await.unwrap();
        assert_eq!(settled, Settled::Final);
        for journal in [a, b] {
            match journal.begin(&intent).await.unwrap() {
                Begin::Replay(stored) => {
                    assert!(
                        outcome == Outcome::Created(stored.clone())
                            || outcome == Outcome::Rejected(stored)
                    );
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(shown(&journal.begin(&other).await.unwrap()), "conflict");
        }
        // What is final stays as it is.
        for late in [
            Outcome::Unknown,
            Outcome::NotExecuted,
            Outcome::Created(answer(201)),
        ] {
            assert_eq!(
                a.finish(&lease, late.clone()).await.unwrap(),
                Settled::Final
            );
            assert_eq!(b.reconcile(&intent.id, late).await.unwrap(), Settled::Final);
        }
        pair.pass(RETENTION - LEASE);
        let kept = shown(&b.begin(&intent).await.unwrap());
        assert!(kept.starts_with("replay"), "{kept}");
        pair.pass(LEASE);
        assert_eq!(
            b.reconcile(&intent.id, Outcome::Unknown).await.unwrap(),
            Settled::Lost
        );
        let again = fresh(b.begin(&other).await.unwrap());
        // The expired entry's lease has no power over the new one.
        let late = a
            .finish(&lease, Outcome::Created(answer(200)))
            .await
            .unwrap();
        assert_eq!(late, Settled::Lost);
        b.finish(&again, Outcome::NotExecuted).await.unwrap();
    }
}

async fn what_was_not_executed_is_free(pair: Pair) {
    let [a, b] = &pair.journals;
    let intent = a.intent(&key("1"), &json!({}), None);
    let lease = fresh(a.begin(&intent).await.unwrap());
    let settled = a.finish(&lease, Outcome::NotExecuted).await.unwrap();
    assert_eq!(settled, Settled::Free);
    assert!(!fresh(b.begin(&intent).await.unwrap()).is_repeat());
    // The second time by the former holder: the entry is another one now.
    let settled = a.finish(&lease, Outcome::NotExecuted).await.unwrap();
    assert_eq!(settled, Settled::Lost);
    assert_eq!(shown(&a.begin(&intent).await.unwrap()), "in flight b");
    // It was understood, but that was not heard, and somebody who waited has begun anew.
    let intent = a.intent(&key("2"), &json!({}), None);
    let lease = fresh(a.begin(&intent).await.unwrap());
    lose_reply(a, Error::Stopped);
    a.finish(&lease, Outcome::NotExecuted).await.unwrap_err();
    let second = fresh(b.begin(&intent).await.unwrap());
    let settled = a.finish(&lease, Outcome::NotExecuted).await.unwrap();
    assert_eq!(settled, Settled::Lost);
    b.finish(&second, Outcome::Created(answer(200)))
        .await
        .unwrap();
    let other = a.intent(&key("3"), &json!({}), None);
    assert_eq!(shown(&a.begin(&other).await.unwrap()), "fresh");
    // Nobody has begun anew: it is free, and nothing was lost.
    let intent = a.intent(&key("4"), &json!({}), None);
    let lease = fresh(a.begin(&intent).await.unwrap());
    lose_reply(a, Error::Stopped);
    let settled = a.finish_surely(&lease, Outcome::NotExecuted).await.unwrap();
    assert_eq!(settled, Settled::Free);
    assert!(!fresh(b.begin(&intent).await.unwrap()).is_repeat());
}

/// What is written on too few servers is never said to be written well.
async fn what_lacks_copies_is_not_final(pair: Pair) {
    let [a, b] = &pair.journals;
    for (name, error, expected) in [
        ("1", Error::NotReplicated(0, 1), None),
        ("2", Error::NotWaited, None),
        ("3", Error::Stopped, Some(Settled::Final)),
    ] {
        let intent = a.intent(&key(name), &json!({}), None);
        let lease = fresh(a.begin(&intent).await.unwrap());
        lose_reply(a, error);
        let refused = Outcome::Rejected(answer(400));
        let settled = a.finish_surely(&lease, refused).await;
        assert_eq!(settled.ok(), expected, "{name}");
        assert_eq!(shown(&b.begin(&intent).await.unwrap()), "replay 400");
    }
}

/// The next step is done, and another word comes for its reply.
fn lose_reply(journal: &Journal, error: Error) {
    *journal.0.lost_reply.lock().unwrap() = Some(error);
}

/// What is known is told to whoever only asks, and asking begins nothing.
async fn what_is_known_is_told_and_nothing_is_begun(pair: Pair) {
    let [a, b] = &pair.journals;
    let intent = a.intent(&key("1"), &json!({}), Some("t"));
    let known = |intent: Intent| async move {
        let known = b.known(&intent).await.unwrap();
        known.map_or("nothing".to_string(), |begun| shown(&begun))
    };
    assert_eq!(known(intent.clone()).await, "nothing");
    let lease = fresh(a.begin(&intent).await.unwrap());
    assert_eq!(known(intent.clone()).await, "in flight a");
    let other = a.intent(&key("1"), &json!({"Name": "m"}), Some("t"));
    assert_eq!(known(other).await, "conflict");
    assert_eq!(b.answer(&intent.id).await.unwrap(), None);
    a.finish(&lease, Outcome::Unknown).await.unwrap();
    assert_eq!(known(intent.clone()).await, "unknown true");
    let repeat = fresh(a.retry_with_token(&intent).await.unwrap());
    a.finish(&repeat, Outcome::Created(answer(200)))
        .await
        .unwrap();
    // Its answer is told also to who does not know what was asked for.
    assert_eq!(b.answer(&intent.id).await.unwrap(), Some(answer(200)));
    assert_eq!(known(intent).await, "replay 200");
}

async fn an_unknown_outcome_stays_unknown(pair: Pair) {
    let [a, b] = &pair.journals;
    let told = a.intent(&key("told"), &json!({}), None);
    let lease = fresh(a.begin(&told).await.unwrap());
    let settled = a.finish(&lease, Outcome::Unknown).await.unwrap();
    assert_eq!(settled, Settled::Unknown);
    let crashed = a.intent(&key("crashed"), &json!({}), None);
    drop(fresh(a.begin(&crashed).await.unwrap()));
    let early = b
        .reconcile(&crashed.id, Outcome::NotExecuted)
        .await
        .unwrap();
    assert_eq!(early, Settled::InFlight);
    let with_token = a.intent(&key("token"), &json!({}), Some("t"));
    let lease = fresh(a.begin(&with_token).await.unwrap());
    let answered = a.intent(&key("answered"), &json!({}), None);
    let other = fresh(a.begin(&answered).await.unwrap());
    a.finish(&other, Outcome::Created(answer(200)))
        .await
        .unwrap();
    assert_eq!(unknown(b).await, [(told.id, false)]);
    pair.pass(LEASE);
    a.finish(&lease, Outcome::Unknown).await.unwrap();
    let listed = [(told.id, false), (crashed.id, false), (with_token.id, true)];
    let found = unknown(b).await;
    assert!(
        found.len() == 3 && listed.iter().all(|entry| found.contains(entry)),
        "{found:?}"
    );
    assert_eq!(found[0], listed[0], "the oldest comes first");
    let times = b.unknown().await.unwrap();
    assert!(times.windows(2).all(|two| two[0].since <= two[1].since));
    for time in [Duration::ZERO, RETENTION * 1000] {
        pair.pass(time);
        for intent in [&told, &crashed] {
            assert_eq!(shown(&b.begin(intent).await.unwrap()), "unknown false");
            let again = b.retry_with_token(intent).await.unwrap();
            assert_eq!(shown(&again), "unknown false");
        }
    }
    let found = Outcome::Created(answer(200));
    assert_eq!(b.reconcile(&told.id, found).await.unwrap(), Settled::Final);
    assert_eq!(shown(&a.begin(&told).await.unwrap()), "replay 200");
    let absent = b
        .reconcile(&crashed.id, Outcome::NotExecuted)
        .await
        .unwrap();
    assert_eq!(absent, Settled::Free);
    assert_eq!(unknown(a).await, [(with_token.id, true)]);
    assert_eq!(shown(&a.begin(&crashed).await.unwrap()), "fresh");
}

async fn unknown(journal: &Journal) -> Vec<(EntryId, bool)> {
    let entries = journal.unknown().await.unwrap();
    let entries = entries.iter().map(|entry| (entry.id, entry.repeatable));
    entries.collect()
}

async fn a_repeat_keeps_the_token_and_settles_only_by_success(pair: Pair) {
    let [a, b] = &pair.journals;
    let intent = |token| a.intent(&key("1"), &json!({}), Some(token));
    let first = fresh(a.begin(&intent("token-1")).await.unwrap());
    assert_eq!(first.client_token(), Some("token-1"));
    let busy = b.retry_with_token(&intent("token-1")).await.unwrap();
    assert_eq!(shown(&busy), "in flight a");
    a.finish(&first, Outcome::Unknown).await.unwrap();
    for outcome in [
        Outcome::NotExecuted,
        Outcome::Rejected(answer(400)),
        Outcome::Unknown,
    ] {
        assert_eq!(
            shown(&b.begin(&intent("token-2")).await.unwrap()),
            "unknown true"
        );
        let repeat = fresh(b.retry_with_token(&intent("token-2")).await.unwrap());
        assert!(repeat.is_repeat());
        assert_eq!(repeat.client_token(), Some("token-1"));
        assert_eq!(b.finish(&repeat, outcome).await.unwrap(), Settled::Unknown);
    }
    let last = fresh(b.retry_with_token(&intent("token-1")).await.unwrap());
    // The first holder's refusal is no news; the id that it got is.
    let late = a.finish(&first, Outcome::NotExecuted).await.unwrap();
    assert_eq!(late, Settled::Lost);
    assert_eq!(
        shown(&a.begin(&intent("token-1")).await.unwrap()),
        "in flight b"
    );
    let late = a
        .finish(&first, Outcome::Created(answer(200)))
        .await
        .unwrap();
    assert_eq!(late, Settled::Final);
    let both = b.finish(&last, Outcome::Unknown).await.unwrap();
    assert_eq!(both, Settled::Final);
    assert_eq!(
        shown(&b.begin(&intent("token-1")).await.unwrap()),
        "replay 200"
    );
    // Without an unknown outcome it is an ordinary beginning.
    let new = a.intent(&key("2"), &json!({}), Some("t"));
    assert!(!fresh(a.retry_with_token(&new).await.unwrap()).is_repeat());
}

async fn a_lease_is_renewed_or_lost(pair: Pair) {
    let [a, b] = &pair.journals;
    let intent = a.intent(&key("1"), &json!({}), None);
    let lease = fresh(a.begin(&intent).await.unwrap());
    for _ in 0..3 {
        pair.pass(LEASE * 2 / 3);
        assert!(a.renew(&lease).await.unwrap());
        assert_eq!(shown(&b.begin(&intent).await.unwrap()), "in flight a");
    }
    pair.pass(LEASE);
    assert_eq!(shown(&b.begin(&intent).await.unwrap()), "unknown false");
    assert!(!a.renew(&lease).await.unwrap());
    // A slow holder still knows best, as long as nobody repeated the request.
    let settled = a
        .finish(&lease, Outcome::Rejected(answer(400)))
        .await
        .unwrap();
    assert_eq!(settled, Settled::Final);
    assert!(!a.renew(&lease).await.unwrap());
}

async fn only_one_of_a_hundred_is_fresh(pair: Pair) {
    for round in 0..3 {
        let name = round.to_string();
        let intent = pair.journals[0].intent(&key(&name), &json!({}), None);
        let tasks: Vec<_> = (0..100)
            .map(|i| {
                let (journal, intent) = (pair.journals[i % 2].clone(), intent.clone());
                tokio::spawn(async move { shown(&journal.begin(&intent).await.unwrap()) })
            })
            .collect();
        let mut fresh = 0;
        for task in tasks {
            let shown = task.await.unwrap();
            assert!(
                shown == "fresh" || shown.starts_with("in flight"),
                "{shown}"
            );
            fresh += usize::from(shown == "fresh");
        }
        assert_eq!(fresh, 1);
    }
}

async fn waiting_ends_with_the_answer_or_the_deadline(pair: Pair) {
    let [a, b] = &pair.journals;
    let intent = a.intent(&key("1"), &json!({}), None);
    let soon = || Instant::now() + Duration::from_millis(50);
    let late = || Instant::now() + Duration::from_secs(30);
    assert!(
        a.wait(&intent.id, soon()).await.unwrap(),
        "nothing is in flight"
    );
    let lease = fresh(a.begin(&intent).await.unwrap());
    assert!(!b.wait(&intent.id, soon()).await.unwrap());
    let started = Instant::now();
    let waiting: Vec<_> = [a, b]
        .map(|journal| {
            let (journal, id) = (journal.clone(), intent.id);
            tokio::spawn(async move { journal.wait(&id, late()).await.unwrap() })
        })
        .into();
    tokio::time::sleep(Duration::from_millis(30)).await;
    a.finish(&lease, Outcome::Created(answer(200)))
        .await
        .unwrap();
    for task in waiting {
        assert!(task.await.unwrap());
    }
    assert!(started.elapsed() < Duration::from_secs(15));
    assert_eq!(shown(&b.begin(&intent).await.unwrap()), "replay 200");
}

#[tokio::test]
async fn an_entry_that_was_lost_is_written_anew_and_nothing_more_is_sent() {
    for (outcome, settled, then) in [
        (
            Outcome::Created(answer(200)),
            Settled::Forgotten,
            "replay 200",
        ),
        (Outcome::Unknown, Settled::Forgotten, "unknown false"),
        (Outcome::Rejected(answer(400)), Settled::Forgotten, "fresh"),
        (Outcome::NotExecuted, Settled::Lost, "fresh"),
    ] {
        let pair = Pair::memory().await.unwrap();
        let [a, b] = &pair.journals;
        let intent = a.intent(&key("1"), &json!({}), None);
        let lease = fresh(a.begin(&intent).await.unwrap());
        a.0.store.forget(&intent.id);
        let other = a.intent(&key("2"), &json!({}), None);
        assert_eq!(a.finish(&lease, outcome).await.unwrap(), settled);
        let next = a.begin(&other).await;
        match settled {
            Settled::Forgotten => assert!(matches!(next, Err(Error::Forgot)), "{next:?}"),
            _ => assert_eq!(shown(&next.unwrap()), "fresh"),
        }
        assert_eq!(shown(&b.begin(&intent).await.unwrap()), then);
    }
    // A repeat's refusal says nothing about the first attempt.
    for outcome in [Outcome::NotExecuted, Outcome::Rejected(answer(400))] {
        let pair = Pair::memory().await.unwrap();
        let [a, b] = &pair.journals;
        let intent = a.intent(&key("1"), &json!({}), Some("t"));
        let lease = fresh(a.begin(&intent).await.unwrap());
        a.finish(&lease, Outcome::Unknown).await.unwrap();
        let repeat = fresh(a.retry_with_token(&intent).await.unwrap());
        a.0.store.forget(&intent.id);
        let settled = a.finish(&repeat, outcome).await.unwrap();
        assert_eq!(settled, Settled::Forgotten);
        assert_eq!(shown(&b.begin(&intent).await.unwrap()), "unknown true");
    }
    // Somebody began anew before it was noticed.
    let pair = Pair::memory().await.unwrap();
    let [a, b] = &pair.journals;
    let intent = a.intent(&key("1"), &json!({}), None);
    let lease = fresh(a.begin(&intent).await.unwrap());
    a.0.store.forget(&intent.id);
    let second = fresh(b.begin(&intent).await.unwrap());
    let first = a.finish(&lease, Outcome::Created(answer(200))).await;
    assert_eq!(first.unwrap(), Settled::Forgotten);
    let settled = b.finish(&second, Outcome::Created(answer(201))).await;
    assert_eq!(settled.unwrap(), Settled::Final);
    assert_eq!(shown(&b.begin(&intent).await.unwrap()), "replay 201");
    assert!(matches!(a.begin(&intent).await, Err(Error::Forgot)));
}

#[tokio::test]
async fn nothing_personal_is_printed() {
    let journal = Journal::memory(Secret::random().unwrap(), options("a"));
    let canary = "canary-110105";
    let key = Key {
        principal: canary,
        operation: "Op",
        idempotency_key: canary,
    };
    let parameters: Value = json!({ "IDCardNo": canary });
    let intent = journal.intent(&key, &parameters, None);
    let lease = fresh(journal.begin(&intent).await.unwrap());
    let stored = Answer {
        body: canary.into(),
        headers: vec![("x".into(), canary.into())],
        ..answer(200)
    };
    let server = RedisServer {
        url: format!("redis://u:{canary}@127.0.0.1:1").into(),
        replicas: 0,
        trusted: true,
    };
    let secret = Secret::random().unwrap();
    let error = Journal::redis(&server, secret.clone(), options("a"))
        .await
        .unwrap_err();
    let postgres = |url: String| PostgresServer {
        url: url.into(),
        replicas: 0,
        trusted: true,
    };
    let mut errors = Vec::new();
    for url in [
        format!("postgres://u:{canary}@127.0.0.1:1/d"),
        format!("postgres://u:{canary}@127.0.0.1:1/d?sslmode={canary}"),
        format!("{canary}://u:p@h"),
    ] {
        let server = postgres(url);
        let error = Journal::postgres(&server, secret.clone(), options("a")).await;
        let error = error.unwrap_err();
        errors.push(format!("{server:?} {error} {error:?}"));
    }
    let printed = format!(
        "{errors:?} {key:?} {intent:?} {lease:?} {stored:?} {:?} {server:?} {error} {error:?} {secret:?} {journal:?}",
        Outcome::Created(stored.clone())
    );
    assert!(!printed.contains(canary), "{printed}");
}
