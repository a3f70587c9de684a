//! What must hold in every state of every page: axe-core's rules, a name in the page's language for
//! whatever a screen reader stops at, and nothing lost at 400 % nor with wider text.

use crate::accessible_names::Names;
use crate::axe::Violations;
use crate::layout::sized;
use crate::page::journey;
use crate::reflow::{Lost, ZOOMED};
use crate::walkthrough::{walkthrough, PARTS, UNHURRIED};

/// The window in which names are heard.
const WIDE: (u32, u32) = (1400, 900);

/// Walks through one part of all states, in the smallest window, and judges each.
fn part(nth: usize) {
    journey(&format!("states-{nth}"), UNHURRIED, |page| {
        let mut violations = Violations::new();
        let (mut names, mut lost) = (Names::new(), Lost::default());
        sized(page, ZOOMED.0, ZOOMED.1);
        walkthrough(page, nth, &mut |state| {
            println!("{state}");
            lost.look(page, state);
            sized(page, WIDE.0, WIDE.1);
            names.hear(page, state);
            if let Some(violations) = &mut violations {
                violations.judge(page, state);
            }
            sized(page, ZOOMED.0, ZOOMED.1);
        });
        let violations = violations.map_or(Vec::new(), |violations| violations.report());
        let report = [violations, names.report(), lost.report()].concat();
        assert!(
            report.is_empty(),
            "{} faults:\n{}",
            report.len(),
            report.join("\n\n")
        );
    });
}

#[test]
fn every_state_of_the_first_part_is_right() {
    part(0);
}

#[test]
fn every_state_of_the_second_part_is_right() {
    part(1);
}

#[test]
fn every_state_of_the_third_part_is_right() {
    part(2);
}

#[test]
fn every_state_of_the_fourth_part_is_right() {
    const { assert!(PARTS == 4, "each part has a test") };
    part(3);
}
