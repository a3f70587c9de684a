//! What a look-up finds, and what becomes of it.

use tieline_catalog::answer::{Answer, Found};
use tieline_catalog::creations;
use tieline_catalog::reconcile::look_up;

use super::after;
use super::answers::{item, refusal};
use super::moves::{input, Answering, Move};
use super::world::World;
use crate::history::is_of_sandbox;
use crate::submission::event::{Command, Consent, Effect, Event};

/// Has something looked for and found by a sandbox or not, and taken over; what the look was told of who got the
/// request, and the orders that came of the choice.
fn found(world: &mut World, simulated: bool) -> (bool, Vec<Effect>) {
    let choose = |world: &mut World, command| Event::Chosen {
        command,
        consent: Consent::Sandbox,
        fresh: world.fresh(),
    };
    let event = choose(world, Command::LookUp);
    world.step(event);
    let asked = world.open.iter().find_map(|effect| match effect {
        Effect::LookUp {
            look, simulated, ..
        } => Some((*look, *simulated)),
        _ => None,
    });
    let (look, asked) = asked.expect("a look-up");
    world.step(Event::Found {
        look,
        found: Found::Items(vec![item("found-1")]),
        whole: true,
        simulated,
        counts: true,
    });
    let event = choose(world, Command::Adopt(0));
    let (machine, effects) = world.machine.clone().step(event);
    world.machine = machine;
    (asked, effects)
}

/// Whoever answers at the address by the time of the press has not told of it.
#[test]
fn what_was_found_is_as_real_as_whoever_told_of_it() {
    for op in creations().filter(|op| look_up(op, &input(op, 1)).is_some()) {
        for simulated in [true, false] {
            let (mut world, lost, _) = after(op, Answer::Unknown(refusal()));
            let (asked, effects) = found(&mut world, simulated);
            assert_eq!(asked, lost.sent.simulated, "{}", op.name);
            let adopted = effects.iter().find_map(|effect| match effect {
                Effect::Adopt {
                    turn,
                    record,
                    simulated,
                    ..
                } => Some((*turn, record.clone(), *simulated)),
                _ => None,
            });
            let (turn, record, told) = adopted.expect("it is taken over");
            assert_eq!(told, simulated, "{}", op.name);
            // Whatever has become of the record elsewhere, here it is whole.
            assert_eq!(record.key, lost.intent.key);
            assert_eq!(Some(record.id), lost.record);
            assert_eq!(record.events.len(), 1);
            world.step(Event::Adopted { turn, now_ms: 9 });
            let settled = world.machine.settled().expect("an outcome");
            assert_eq!(settled.sent.simulated, simulated, "{}", op.name);
            assert!(settled.adopted && settled.created().is_some());
        }
    }
}

/// The same of a request that the user is asked about.
#[test]
fn the_request_that_is_asked_about_is_looked_for_where_it_went() {
    for op in creations().filter(|op| look_up(op, &input(op, 1)).is_some()) {
        let mut world = World::new(op);
        world.play(Move::Elsewhere(1));
        world.play(Move::Submit {
            which: 1,
            edited: true,
            consent: Consent::Sandbox,
        });
        while world.machine.is_busy() {
            world.play(Move::Do(0, Answering::Well));
        }
        let question = world.machine.question().expect("a question").clone();
        let (asked, effects) = found(&mut world, true);
        assert_eq!(asked, is_of_sandbox(&question.open.record), "{}", op.name);
        let adopts = |effect: &Effect| match effect {
            Effect::Adopt {
                record, simulated, ..
            } => *simulated && **record == question.open.record,
            _ => false,
        };
        assert!(effects.iter().any(adopts), "{}", op.name);
    }
}

/// A list that goes on and on: what was found of it is offered, and nobody has looked.
#[test]
fn a_look_that_did_not_come_to_its_end_does_not_count_as_one() {
    for op in creations().filter(|op| look_up(op, &input(op, 1)).is_some()) {
        for whole in [true, false] {
            let mut world = World::new(op);
            world.play(Move::Elsewhere(1));
            world.play(Move::Submit {
                which: 1,
                edited: true,
                consent: Consent::Sandbox,
            });
            while world.machine.is_busy() {
                world.play(Move::Do(0, Answering::Well));
            }
            let fresh = world.fresh();
            world.step(Event::Chosen {
                command: Command::LookUp,
                consent: Consent::Sandbox,
                fresh,
            });
            let look = world.open.iter().find_map(|effect| match effect {
                Effect::LookUp { look, .. } => Some(*look),
                _ => None,
            });
            world.step(Event::Found {
                look: look.expect("a look-up"),
                found: Found::Items(vec![item("found-1")]),
                whole,
                simulated: true,
                counts: true,
            });
            let question = world.machine.question().expect("a question");
            assert_eq!(question.looked, whole, "{}", op.name);
            assert_eq!(world.machine.lookup().items(), [item("found-1")]);
        }
    }
}
