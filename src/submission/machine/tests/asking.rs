//! What is asked before something leaves.

use tieline_catalog::answer::Answer;
use tieline_catalog::creations;
use tieline_records::Outcome;

use super::answers::{created, refusal};
use super::moves::{input, Move};
use super::world::World;
use super::{after, played, submitted};
use crate::submission::event::{Consent, Effect, Event};
use crate::submission::intent::Why;

#[test]
fn what_is_real_is_reviewed_as_it_is_sent() {
    let (anyway, cancel) = (3, 4);
    for op in creations() {
        let submitted = |which, edited, consent| {
            let mut world = World::new(op);
            world.play(Move::Submit {
                which,
                edited,
                consent,
            });
            world
        };
        let mut none = |_: &mut World, _: &Effect| {};
        // Whoever does not want it is not asked, and a sandbox needs none.
        for consent in [Consent::Sandbox, Consent::Given] {
            let mut world = submitted(1, true, consent);
            assert_eq!(played(&mut world, &mut none), 1, "{}", op.name);
            let real = world.machine.settled().expect("an outcome").intent.real;
            assert_eq!(real, consent == Consent::Given);
        }
        let mut world = submitted(1, true, Consent::Ask);
        let asked = world.machine.scruple().expect("a review").clone();
        assert_eq!(asked.why, Why::Review { again: false }, "{}", op.name);
        assert_eq!(asked.intent.raw, input(op, 1), "a submit is a snapshot");
        world.step(Event::Edited(input(op, 4)));
        assert!(world.machine.scruple().is_none(), "typing withdraws it");
        let mut world = submitted(1, true, Consent::Ask);
        world.play(Move::Choose(cancel, 0, Consent::Ask));
        assert_eq!(played(&mut world, &mut none), 0);
        assert!(world.machine.scruple().is_none() && world.machine.settled().is_none());
        let mut world = submitted(1, true, Consent::Ask);
        world.play(Move::Choose(anyway, 0, Consent::Ask));
        assert_eq!(played(&mut world, &mut none), 1, "{}", op.name);
        // A press too many is asked about once, with both in sight.
        world.play(Move::Wait);
        world.play(Move::Submit {
            which: 4,
            edited: false,
            consent: Consent::Ask,
        });
        let why = world.machine.scruple().map(|scruple| scruple.why);
        assert_eq!(why, Some(Why::Review { again: true }), "{}", op.name);
        world.play(Move::Choose(anyway, 0, Consent::Ask));
        assert_eq!(played(&mut world, &mut none), 1, "{}", op.name);
    }
}

/// After the clock was set back a press is asked about like any other after a creation, and not passed over until the
/// clock is there again. A clock that trembles is not set back.
#[test]
fn a_press_after_the_clock_was_set_back_is_asked_about() {
    for op in creations() {
        let (mut world, ..) = after(op, created("made-1"));
        world.machine.created_ms = Some(3_600_000);
        for (now_ms, why) in [
            (3_600_999, None),
            (3_599_999, None),
            (3_599_000, Some(Why::Again)),
        ] {
            let event = submitted(&mut world, 0, false, now_ms);
            let (next, _) = world.machine.clone().step(event);
            let asked = next.scruple().map(|scruple| scruple.why);
            assert_eq!(asked, why, "{} {now_ms}", op.name);
        }
    }
}

/// Another tab can have its answer while a question about its request stands, or be gone.
#[test]
fn a_question_is_about_the_earlier_request_as_it_is_now() {
    let anyway = 3;
    for op in creations().filter(|op| op.token.is_none()) {
        let mut world = World::new(op);
        world.play(Move::Elsewhere(1));
        world.play(Move::Submit {
            which: 1,
            edited: true,
            consent: Consent::Given,
        });
        let mut none = |_: &mut World, _: &Effect| {};
        assert_eq!(played(&mut world, &mut none), 0, "{}", op.name);
        let record = world.records[0].id;
        let shown = |outcome, record| Event::Shown { record, outcome };
        let asked = |world: &World| {
            let question = world.machine.question().expect("a question");
            (question.open.outcome, question.must_look())
        };
        for (outcome, must_look) in [
            (Outcome::Pending, true),
            (Outcome::Created, false),
            (Outcome::NotExecuted, false),
            (Outcome::Unknown, true),
        ] {
            world.step(shown(outcome, record));
            assert_eq!(asked(&world), (outcome, must_look), "{}", op.name);
            world.step(shown(Outcome::Rejected, record + 1));
            assert_eq!(asked(&world).0, outcome, "another record's");
        }
        // Nobody has looked for what may exist.
        world.play(Move::Choose(anyway, 0, Consent::Given));
        assert_eq!(played(&mut world, &mut none), 0, "{}", op.name);
        assert!(world.machine.question().is_some(), "{}", op.name);
    }
}

/// A press that comes before the page knows its proxy waits for that, and then is what it would have been.
#[test]
fn what_is_submitted_before_the_proxy_is_known_waits_for_it() {
    let cancel = 4;
    for op in creations() {
        let waiting = || {
            let mut world = World::new(op);
            world.play(Move::Submit {
                which: 1,
                edited: true,
                consent: Consent::Unknown,
            });
            assert!(world.machine.is_busy() && world.machine.scruple().is_none());
            // What is typed meanwhile changes nothing.
            world.step(Event::Edited(input(op, 4)));
            assert!(world.machine.is_busy(), "{}", op.name);
            world
        };
        let found = |world: &mut World, real| {
            let turn = world.machine.turn;
            world.step(Event::ProxyFound { turn, real });
        };
        let mut none = |_: &mut World, _: &Effect| {};
        let mut live = waiting();
        found(&mut live, true);
        let asked = live.machine.scruple().expect("a review").clone();
        assert_eq!(asked.why, Why::Review { again: false }, "{}", op.name);
        assert_eq!(asked.intent.raw, input(op, 1), "a submit is a snapshot");
        assert!(!asked.intent.real, "nobody has confirmed it");
        live.play(Move::Choose(cancel, 0, Consent::Ask));
        assert_eq!(played(&mut live, &mut none), 0);
        // A form that was left asks nothing, and says so.
        let mut left = waiting();
        left.play(Move::Leave);
        found(&mut left, true);
        assert_eq!(played(&mut left, &mut none), 0);
        assert!(left.machine.scruple().is_none() && !left.machine.is_busy());
        let mut sandbox = waiting();
        found(&mut sandbox, false);
        assert_eq!(played(&mut sandbox, &mut none), 1, "{}", op.name);
        // Where it cannot be found out, only what says that it is a sandbox gets it.
        let mut silent = waiting();
        silent
            .open
            .retain(|effect| !matches!(effect, Effect::FindProxy { .. }));
        silent.play(Move::TimeOut(0));
        assert_eq!(played(&mut silent, &mut none), 1, "{}", op.name);
        for world in [sandbox, silent] {
            assert!(!world.machine.settled().expect("an outcome").intent.real);
        }
    }
}

/// What was meant for a sandbox and is sent again is reviewed, when something real has come in its place.
#[test]
fn what_went_nowhere_is_reviewed_before_it_becomes_real() {
    for op in creations() {
        for (consent, asked) in [
            (Consent::Sandbox, false),
            (Consent::Given, false),
            (Consent::Ask, true),
        ] {
            let (mut world, ..) = after(op, Answer::NotExecuted(refusal()));
            world.play(Move::Choose(0, 0, consent));
            let review = Some(Why::Review { again: false });
            let why = world.machine.scruple().map(|scruple| scruple.why);
            assert_eq!(why, review.filter(|_| asked), "{} {consent:?}", op.name);
            assert_eq!(world.machine.is_busy(), !asked);
        }
    }
}

#[test]
fn without_a_lasting_record_nothing_leaves_unless_the_user_says_so() {
    for op in creations() {
        let mut world = World::new(op);
        world.kept = false;
        world.play(Move::Submit {
            which: 1,
            edited: true,
            consent: Consent::Sandbox,
        });
        assert_eq!(played(&mut world, &mut |_, _| {}), 0, "{}", op.name);
        let asked = world.machine.scruple().map(|scruple| scruple.why);
        assert_eq!(asked, Some(Why::Unkept), "{}", op.name);
        let send = 3;
        world.play(Move::Choose(send, 0, Consent::Sandbox));
        assert_eq!(played(&mut world, &mut |_, _| {}), 1, "{}", op.name);
        // It was said for this form.
        world.play(Move::Submit {
            which: 4,
            edited: true,
            consent: Consent::Sandbox,
        });
        assert_eq!(played(&mut world, &mut |_, _| {}), 1, "{}", op.name);
    }
}

#[test]
fn what_another_tab_recorded_a_moment_before_is_asked_about() {
    for op in creations() {
        let mut world = World::new(op);
        world.play(Move::Submit {
            which: 0,
            edited: true,
            consent: Consent::Sandbox,
        });
        let mut faster = true;
        // Between the look at the history and the record.
        let mut met = |world: &mut World, effect: &Effect| {
            if faster && matches!(effect, Effect::Record { .. }) {
                faster = false;
                world.play(Move::Elsewhere(0));
            }
        };
        assert_eq!(played(&mut world, &mut met), 0, "{}", op.name);
        assert!(world.machine.question().is_some(), "{}", op.name);
    }
}
