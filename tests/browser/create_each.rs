//! Every operation from an empty form to a row of the history.

use tieline_catalog::creations;

use crate::holding::{hold_reads, let_go, GROWN};
use crate::inputs::{count, created, distinguish, final_status, send, valid};
use crate::page::{journey, Page, TestConfig};

#[test]
fn every_operation_creates_and_the_history_keeps_it() {
    journey("create-all", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let raw = valid(op);
            send(page, op, &raw);
            let id = created(page, op);
            assert_eq!(count(page, op, &raw), 1, "{} created once", op.name);

            page.click("link", "See it in the history");
            let row = page.row(&[&id, "Created", final_status(op)]);
            assert!(row.contains(op.title.en), "{row}");
            page.reload();
            page.row(&[&id, final_status(op)]);
        }
        assert_eq!(page.rows().len(), creations().count());
    });
}

/// A resource that takes its time is asked about until it is ready, without a click.
#[test]
fn a_status_settles_by_itself_even_after_a_reload() {
    journey("settle", GROWN, |page: &Page| {
        page.open("#/");
        let mut settling = 0;
        for op in creations() {
            let states = op.simulation().map_or(&[][..], |s| s.states);
            let [(_, first), .., (_, last)] = states else {
                continue;
            };
            for (nth, reload) in [false, true].into_iter().enumerate() {
                println!("{} reload {reload}", op.name);
                let mut raw = valid(op);
                distinguish(op, &mut raw, nth);
                hold_reads(page);
                send(page, op, &raw);
                let id = created(page, op);
                page.click("link", "See it in the history");
                page.row(&[&id, first]);
                match reload {
                    true => page.reload(),
                    false => let_go(page),
                }
                page.row(&[&id, last]);
                settling += 1;
            }
        }
        assert!(settling > 0, "no operation's status changes");
    });
}
