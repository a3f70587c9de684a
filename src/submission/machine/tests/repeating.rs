//! What is sent again, and what a creation that was known elsewhere first leads to.

use tieline_catalog::{creations, Operation};

use super::answers::{created, item};
use super::moves::{Answering, Move};
use super::world::World;
use crate::client::Sent;
use crate::submission::event::{Consent, Effect, Event};
use tieline_records::{By, Outcome};

const REPEAT: Move = Move::Choose(0, 0, Consent::Sandbox);

fn submit(which: usize, consent: Consent) -> Move {
    Move::Submit {
        which,
        edited: true,
        consent,
    }
}

/// Does what was ordered until nothing is under way; what was sent, and whether only to clouds.
fn done(world: &mut World, how: Answering) -> Vec<(String, bool)> {
    let mut sent = Vec::new();
    while world.machine.is_busy() {
        let waits = |effect: &Effect| matches!(effect, Effect::Wait { .. });
        let at = world.open.iter().position(|effect| !waits(effect));
        let effect = world.open.remove(at.expect("something to do"));
        if let Effect::Send { intent, clouds, .. } = &effect {
            sent.push((intent.key.clone(), *clouds));
        }
        let how = match &effect {
            Effect::Send { .. } => how,
            _ => Answering::Well,
        };
        world.perform(effect, how);
    }
    sent
}

fn with_token() -> impl Iterator<Item = &'static Operation> {
    creations().filter(|op| op.token.is_some())
}

/// A sandbox that has come to the address of clouds knows nothing of what they may have executed.
#[test]
fn no_sandbox_repeats_what_clouds_may_have_executed() {
    for op in with_token() {
        // Another tab's.
        let mut world = World::new(op);
        world.play(Move::Elsewhere(1));
        world.play(submit(1, Consent::Sandbox));
        assert!(done(&mut world, Answering::Well).is_empty(), "{}", op.name);
        let question = world.machine.question().expect("a question");
        assert_eq!(question.token(), None, "{}", op.name);
        world.play(REPEAT);
        assert!(done(&mut world, Answering::Well).is_empty(), "{}", op.name);
        // Clouds can.
        let mut world = World::new(op);
        world.play(Move::Elsewhere(1));
        world.play(submit(1, Consent::Given));
        done(&mut world, Answering::Well);
        let question = world.machine.question().expect("a question").clone();
        let token = question.open.record.token();
        assert!(token.is_some() && question.token() == token, "{}", op.name);
        world.play(REPEAT);
        let key = question.open.record.key.clone();
        assert_eq!(done(&mut world, Answering::Well), [(key, true)]);
        // The form's own.
        let mut world = World::new(op);
        world.play(submit(1, Consent::Given));
        let first = done(&mut world, Answering::ExecutedAndLost);
        let [(key, false)] = &first[..] else {
            panic!("{}: {first:?}", op.name);
        };
        let mut again = world.clone();
        again.play(submit(1, Consent::Sandbox));
        assert!(done(&mut again, Answering::Well).is_empty(), "{}", op.name);
        let question = again.machine.question().expect("a question");
        assert_eq!(question.token(), None, "{}", op.name);
        world.play(REPEAT);
        let repeated = done(&mut world, Answering::Well);
        assert_eq!(repeated, [(key.clone(), true)], "{}", op.name);
    }
}

/// What the form takes for known of what was created, when it looks for earlier requests.
fn known(world: &mut World, which: usize) -> Vec<u64> {
    let mut looking = world.clone();
    looking.play(submit(which, Consent::Sandbox));
    let known = looking.open.into_iter().find_map(|effect| match effect {
        Effect::FindOpen { made, .. } => Some(made),
        _ => None,
    });
    known.expect("the history is asked")
}

/// Another tab may find the resource of a lost request: then the form that has sent it has shown no creation.
#[test]
fn a_form_knows_of_the_creations_that_it_has_shown_only() {
    for op in creations() {
        let mut world = World::new(op);
        world.play(submit(1, Consent::Sandbox));
        done(&mut world, Answering::ExecutedAndLost);
        assert!(known(&mut world, 4).is_empty(), "{}", op.name);
        // What comes of it late is shown, and so is what is created at once.
        let mut late = world.clone();
        let settled = late.machine.settled().expect("an outcome").clone();
        late.step(Event::Answered {
            turn: 0,
            intent: settled.intent.clone(),
            record: 1,
            doubted: false,
            sent: Box::new(Sent::of(created("made-1"), By::Cloud)),
            now_ms: 9,
        });
        assert_eq!(known(&mut late, 4), [1], "{}", op.name);
        let mut world = World::new(op);
        world.play(submit(1, Consent::Sandbox));
        done(&mut world, Answering::Well);
        assert_eq!(known(&mut world, 4), [1], "{}", op.name);
    }
}

/// Another tab may have found the resource of a lost request, and taken it over, when that is repeated here.
#[test]
fn a_resource_that_another_tab_has_found_is_told_of_whatever_a_repetition_meets() {
    for op in with_token() {
        for how in [
            Answering::Rejected,
            Answering::NotExecuted,
            Answering::LostBefore,
        ] {
            let mut world = World::new(op);
            world.play(submit(1, Consent::Sandbox));
            done(&mut world, Answering::ExecutedAndLost);
            world.records[0].adopt(&item("made-1"), true, None, 9);
            world.play(REPEAT);
            // The pane says that nobody knows: that it is known is told first.
            assert!(done(&mut world, how).is_empty(), "{} {how:?}", op.name);
            let question = world.machine.question().expect("a question");
            assert_eq!(question.open.outcome, Outcome::Created, "{}", op.name);
            world.play(REPEAT);
            assert_eq!(done(&mut world, how).len(), 1, "{} {how:?}", op.name);
            let settled = world.machine.settled().expect("an outcome");
            let made = settled.created().expect("a resource");
            let record = &world.records[0];
            assert_eq!(Some(&made.id), record.resource_id.as_ref());
            assert_eq!(record.outcome, Outcome::Created, "{} {how:?}", op.name);
            assert!(settled.field.is_none() && settled.sent.simulated);
        }
    }
}
