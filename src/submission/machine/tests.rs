//! The machine's invariants over random sequences of events, against a cloud and a history that are
//! as small as can be; and what becomes of every kind of answer, one by one.

mod answers;
mod asking;
mod looking;
mod moves;
mod repeating;
mod world;

use answers::{created, refusal};
use moves::{input, Answering, Move};
use proptest::prelude::*;
use tieline_catalog::answer::{Answer, Refusal};
use tieline_catalog::{check, creations};
use world::World;

use super::*;
use crate::client::{Sent, Target};
use crate::history::identity;
use crate::submission::event::{Command, Consent};
use crate::submission::intent::Open;
use tieline_records::{By, Outcome};

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let answering = prop_oneof![
        4 => Just(Answering::Well),
        2 => Just(Answering::ExecutedAndLost),
        1 => Just(Answering::LostBefore),
        1 => Just(Answering::Rejected),
        1 => Just(Answering::NotExecuted),
    ];
    let consent = prop_oneof![
        3 => Just(Consent::Sandbox),
        1 => Just(Consent::Ask),
        1 => Just(Consent::Given),
        1 => Just(Consent::Unknown),
    ];
    let one = prop_oneof![
        3 => (0usize..6, any::<bool>(), consent.clone())
            .prop_map(|(which, edited, consent)| Move::Submit { which, edited, consent }),
        1 => Just(Move::Refused),
        1 => (0usize..6).prop_map(Move::Edited),
        3 => (0usize..7, 0usize..3, consent)
            .prop_map(|(which, at, consent)| Move::Choose(which, at, consent)),
        12 => (any::<usize>(), answering).prop_map(|(which, how)| Move::Do(which, how)),
        2 => any::<usize>().prop_map(Move::TimeOut),
        1 => Just(Move::Wait),
        1 => (0usize..6).prop_map(Move::Elsewhere),
        1 => any::<bool>().prop_map(Move::Keep),
    ];
    // Most sequences are long gone by the time that a form is left.
    let one = prop_oneof![100 => one, 1 => Just(Move::Leave)];
    proptest::collection::vec(one, 0..60)
}

/// What an answer leads to, from an idle form: the outcome, whether the form is emptied, whether it can
/// be sent again unasked, and whether it can be looked up.
fn after(op: &'static Operation, answer: Answer) -> (World, Settled, bool) {
    let mut world = World::new(op);
    let raw = input(op, 1);
    let target = Target::InPage;
    let fresh = world.fresh();
    world
        .submitted
        .push(identity(op, &check(op, &raw).parsed.public().to_json()).to_string());
    world.actions = 1;
    world.step(Event::Submitted {
        raw,
        edited: true,
        target,
        consent: Consent::Sandbox,
        now_ms: 0,
        fresh,
    });
    let mut cleared = false;
    while world.machine.is_busy() {
        let waits = |e: &&Effect| matches!(e, Effect::Wait { .. });
        let at = world
            .open
            .iter()
            .position(|e| !waits(&e))
            .expect("something to do");
        match world.open.remove(at) {
            Effect::Send {
                turn,
                intent,
                record,
                doubted,
                ..
            } => {
                let mut sent = Sent::of(answer.clone(), By::Cloud);
                sent.simulated = !intent.real;
                world.step(Event::Answered {
                    turn,
                    intent,
                    record,
                    doubted,
                    sent: Box::new(sent),
                    now_ms: 0,
                });
            }
            Effect::Finish { turn, .. } => {
                let finished = Event::Finished { turn, now_ms: 0 };
                let (_, effects) = world.machine.clone().step(finished.clone());
                cleared = effects.iter().any(|e| matches!(e, Effect::ClearForm(_)));
                let told = effects
                    .iter()
                    .filter(|e| matches!(e, Effect::Notify(_)))
                    .count();
                assert_eq!(told, 1, "the host page is told once");
                world.step(finished);
            }
            effect => world.perform(effect, Answering::Well),
        }
    }
    let settled = world.machine.settled().expect("an outcome");
    let settled = (**settled).clone();
    (world, settled, cleared)
}

#[test]
fn each_kind_of_answer_leads_where_it_should() {
    for op in creations() {
        let token = op.token.is_some();
        for (answer, is_cleared, repeatable, unknown) in [
            (created("made-1"), true, false, false),
            (Answer::Rejected(refusal()), false, false, false),
            (Answer::NotExecuted(refusal()), false, true, false),
            (Answer::Unknown(refusal()), false, token, true),
        ] {
            let (_, settled, cleared) = after(op, answer.clone());
            assert_eq!(cleared, is_cleared, "{} {answer:?}", op.name);
            assert_eq!(
                settled.is_repeatable(),
                repeatable,
                "{} {answer:?}",
                op.name
            );
            assert_eq!(settled.is_unknown(), unknown, "{} {answer:?}", op.name);
            assert_eq!(settled.record, Some(1), "{}", op.name);
        }
    }
}

#[test]
fn a_refusal_goes_to_its_field() {
    for op in creations() {
        for error in op.errors() {
            let Some(parameter) = error.parameter else {
                continue;
            };
            let refusal = Refusal {
                code: error.code.into(),
                parameter: Some(parameter),
                ..refusal()
            };
            let (_, settled, _) = after(op, Answer::Rejected(refusal));
            let at = settled.field.as_deref().unwrap_or_default();
            let plain = tieline_catalog::path::without_numbers(at);
            assert!(
                plain == parameter || plain.starts_with(&format!("{parameter}.")),
                "{} {}: {at} for {parameter}",
                op.name,
                error.code
            );
            assert!(settled
                .about_fields()
                .iter()
                .any(|v| v.source.en == error.code));
        }
    }
}

#[test]
fn an_edit_after_a_lost_request_gets_a_token_of_its_own() {
    for op in creations().filter(|op| op.token.is_some()) {
        let (mut world, lost, _) = after(op, Answer::Unknown(refusal()));
        let fresh = world.fresh();
        let (_, effects) = world.machine.clone().step(Event::Submitted {
            raw: input(op, 4),
            edited: true,
            target: Target::InPage,
            consent: Consent::Sandbox,
            now_ms: 10,
            fresh: fresh.clone(),
        });
        let looked = effects.iter().find_map(|e| match e {
            Effect::FindOpen { intent, .. } => Some(intent),
            _ => None,
        });
        let intent = looked.expect("the history is asked");
        assert_eq!(intent.token(), Some(fresh.token.clone()), "{}", op.name);
        assert_ne!(intent.token(), lost.intent.token());
        assert_ne!(intent.key, lost.intent.key);
        assert!(
            effects.contains(&Effect::RenewToken(fresh.token)),
            "the form shows it"
        );
    }
}

#[test]
fn an_edit_withdraws_the_question_about_what_was_submitted() {
    for op in creations().filter(|op| op.token.is_none()) {
        let (mut world, ..) = after(op, Answer::Unknown(refusal()));
        let fresh = world.fresh();
        let raw = input(op, 0);
        world.step(Event::Submitted {
            raw: raw.clone(),
            edited: true,
            target: Target::InPage,
            consent: Consent::Sandbox,
            now_ms: 10,
            fresh,
        });
        let finds = |e: &Effect| matches!(e, Effect::FindOpen { .. });
        let at = world
            .open
            .iter()
            .position(finds)
            .expect("the history is asked");
        let effect = world.open.remove(at);
        world.perform(effect, Answering::Well);
        assert!(world.machine.question().is_some(), "{}", op.name);
        world.step(Event::Edited(raw));
        assert!(world.machine.question().is_some(), "nothing has changed");
        world.step(Event::Edited(input(op, 3)));
        assert!(world.machine.question().is_none(), "{}", op.name);
        assert!(
            world.machine.settled().is_some(),
            "the last answer is in sight again"
        );
    }
}

#[test]
fn a_form_that_was_left_asks_nothing_and_says_so() {
    for op in creations() {
        // While it is asked, and while the history still looks whether to ask.
        for asked_first in [true, false] {
            let (mut world, ..) = after(op, created("made-1"));
            world.play(Move::Elsewhere(0));
            let event = submitted(&mut world, 0, true, 5_000);
            world.step(event);
            if asked_first {
                played(&mut world, &mut |_, _| {});
                assert!(world.machine.question().is_some(), "{}", op.name);
            }
            let (left, mut told) = world.machine.clone().step(Event::Left);
            world.machine = left;
            while world.machine.is_busy() {
                let finds = |e: &Effect| matches!(e, Effect::FindOpen { .. });
                let at = world.open.iter().position(finds);
                let Effect::FindOpen { turn, .. } = world.open.remove(at.expect("a look")) else {
                    unreachable!()
                };
                let open = world.records.last().cloned().map(|record| {
                    Box::new(Open {
                        outcome: record.outcome,
                        record,
                        same: true,
                    })
                });
                let kept = true;
                let (next, effects) =
                    (world.machine.clone()).step(Event::OpenFound { turn, open, kept });
                world.machine = next;
                told.extend(effects);
            }
            assert!(world.machine.question().is_none(), "{}", op.name);
            assert!(
                told.contains(&Effect::Decline(Declined::Left)),
                "{}: who submitted waits for ever",
                op.name
            );
        }
    }
}

fn submitted(world: &mut World, which: usize, edited: bool, now_ms: u64) -> Event {
    Event::Submitted {
        raw: input(world.op, which),
        edited,
        target: Target::InPage,
        consent: Consent::Sandbox,
        now_ms,
        fresh: world.fresh(),
    }
}

#[test]
fn a_press_too_many_after_a_creation_creates_nothing_unasked() {
    for op in creations() {
        let (mut world, ..) = after(op, created("made-1"));
        // The second half of a double click does nothing at all; a later press is asked about.
        for (edited, now_ms, sent, asked) in [
            (false, 999, false, false),
            (true, 999, true, false),
            (false, 1_000, false, true),
            (false, 3_600_000, false, true),
        ] {
            let event = submitted(&mut world, 0, edited, now_ms);
            let (next, _) = world.machine.clone().step(event);
            assert_eq!(next.is_busy(), sent, "{} {edited} {now_ms}", op.name);
            let why = next.scruple().map(|scruple| scruple.why);
            assert_eq!(why, asked.then_some(Why::Again), "{}", op.name);
        }
        let event = submitted(&mut world, 0, false, 2_000);
        world.step(event);
        let raw = input(op, 0);
        world.step(Event::Edited(raw));
        assert!(world.machine.scruple().is_some(), "nothing was typed");
        let asked = world.machine.clone();
        world.step(Event::Edited(input(op, 3)));
        assert!(world.machine.scruple().is_none(), "typing withdraws it");
        for (command, goes_on) in [
            (Command::SendAnyway, true),
            (Command::Cancel, false),
            (Command::Repeat, false),
            (Command::LookUp, false),
        ] {
            let fresh = world.fresh();
            let consent = Consent::Sandbox;
            let (next, _) = asked.clone().step(Event::Chosen {
                command,
                consent,
                fresh,
            });
            assert_eq!(next.is_busy(), goes_on, "{} {command:?}", op.name);
        }
    }
}

/// Plays until somebody is asked or something was sent or settled. Returns how often it was sent.
fn played(world: &mut World, met: &mut dyn FnMut(&mut World, &Effect)) -> usize {
    let sent = world.sends;
    while world.machine.is_busy() {
        let waits = |e: &Effect| matches!(e, Effect::Wait { .. });
        let at = world.open.iter().position(|e| !waits(e));
        let effect = world.open.remove(at.expect("something to do"));
        met(world, &effect);
        world.perform(effect, Answering::Well);
    }
    world.sends - sent
}

#[test]
fn what_nobody_answers_in_time_was_not_sent_or_is_unknown() {
    for op in creations() {
        for phases in 0..4 {
            let mut world = World::new(op);
            let (raw, fresh) = (input(op, 1), world.fresh());
            let params = check(op, &raw).parsed.public().to_json();
            world.submitted.push(identity(op, &params));
            world.actions = 1;
            let target = Target::InPage;
            world.step(Event::Submitted {
                raw,
                edited: true,
                target,
                consent: Consent::Sandbox,
                now_ms: 0,
                fresh,
            });
            for _ in 0..phases {
                let doable = |e: &Effect| !matches!(e, Effect::Wait { .. });
                let at = world.open.iter().position(doable).expect("something to do");
                let effect = world.open.remove(at);
                world.perform(effect, Answering::Well);
            }
            for _ in 0..2 {
                let limit = Limit::Phase(world.machine.turn);
                world.step_timeout(limit);
            }
            assert!(!world.machine.is_busy(), "{} after {phases}", op.name);
            let settled = world.machine.settled().expect("an outcome");
            assert_eq!(
                settled.is_unknown(),
                phases == 3,
                "{} after {phases}",
                op.name
            );
            assert_eq!(settled.record.is_some(), phases == 3);
        }
    }
}

#[test]
fn what_is_answered_after_it_was_given_up_settles_no_other_submit() {
    for op in creations() {
        let mut world = World::new(op);
        world.play(Move::Submit {
            which: 1,
            edited: true,
            consent: Consent::Sandbox,
        });
        let sends = |e: &Effect| matches!(e, Effect::Send { .. });
        while !world.open.iter().any(sends) {
            let waits = |e: &Effect| matches!(e, Effect::Wait { .. });
            let at = world.open.iter().position(|e| !waits(e));
            let effect = world.open.remove(at.expect("something to do"));
            world.perform(effect, Answering::Well);
        }
        let at = world.open.iter().position(sends).expect("a request");
        let Effect::Send {
            turn,
            intent,
            record,
            doubted,
            ..
        } = world.open.remove(at)
        else {
            unreachable!()
        };
        for _ in 0..2 {
            let limit = Limit::Phase(world.machine.turn);
            world.step_timeout(limit);
        }
        // The next one is under way.
        let event = submitted(&mut world, 4, true, 5_000);
        world.step(event);
        let (_, told) = world.machine.clone().step(Event::Answered {
            turn,
            intent,
            record,
            doubted,
            sent: Box::new(Sent::of(created("late-1"), By::Cloud)),
            now_ms: 6_000,
        });
        let late = |e: &Effect| matches!(e, Effect::NotifyLate(_));
        let settles = |e: &Effect| matches!(e, Effect::Notify(_));
        assert!(told.iter().any(late), "{}", op.name);
        assert!(!told.iter().any(settles), "{}", op.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_invariants_hold_whatever_happens(moves in moves(), which in 0usize..16) {
        let all: Vec<_> = creations().collect();
        let mut world = World::new(all[which % all.len()]);
        for step in moves {
            world.play(step);
        }
        // When nothing but time passes, nobody waits for ever.
        for _ in 0..8 {
            let turn = world.machine.turn;
            let limit = Limit::Phase(turn);
            let waits = |e: &Effect| matches!(e, Effect::Wait { limit: l, .. } if *l == limit);
            if let Some(at) = world.open.iter().position(waits) {
                let effect = world.open.remove(at);
                world.perform(effect, Answering::Well);
            }
        }
        prop_assert!(!world.machine.is_busy());
    }

    #[test]
    fn what_is_answered_too_late_is_written_all_the_same(moves in moves(), which in 0usize..16) {
        let all: Vec<_> = creations().collect();
        let mut world = World::new(all[which % all.len()]);
        for step in moves {
            world.play(step);
        }
        // Whatever is still open ends well, in any order, after everything else was given up.
        for _ in 0..200 {
            let Some(at) = world.open.iter().position(|e| !matches!(e, Effect::Wait { .. })) else {
                break;
            };
            let effect = world.open.remove(at);
            world.perform(effect, Answering::Well);
        }
        for (_, _, key, id) in &world.resources {
            let known = world.records.iter().any(|r| r.resource_id.as_ref() == Some(id));
            // Somebody may have chosen another's resource for it.
            let chosen = |r: &Record| r.events.iter().any(|event| event.name() == "adopted");
            let open = |r: &Record| r.outcome == Outcome::Unknown || chosen(r);
            let doubted = world.records.iter().any(|r| r.key == *key && open(r));
            prop_assert!(known || doubted, "{id} was made and nobody knows: {:#?}", world.records);
        }
    }
}
