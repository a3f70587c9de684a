//! The look for an earlier request before something is sent.

use tieline_catalog::Operation;
use tieline_records::first_id;

use super::intent::{Intent, Open};
use crate::history::{History, Seen, Since};
use crate::platform::dom;

/// What a form knows of earlier requests.
pub struct Known<'a> {
    /// Since when it is there, in milliseconds since 1970.
    pub since: u64,
    /// The record that was agreed to.
    pub agreed: u64,
    /// The record of the same intent whose outcome is unknown here.
    pub lost: Option<u64>,
    /// The records that ended as created in its sight.
    pub made: &'a [u64],
}

impl Known<'_> {
    /// What it knows by a clock that shows `now`. What is later than that was noted before the clock was set back:
    /// nobody knows what came after it, so that all of it is asked about.
    fn at(self, now: u64) -> Self {
        let is_past = self.agreed < first_id(now.saturating_add(1), 0);
        Known {
            since: if self.since > now { 1 } else { self.since },
            agreed: if is_past { self.agreed } else { 0 },
            ..self
        }
    }
}

/// What was found before something is sent.
#[derive(Default)]
pub struct Earlier {
    /// The earlier request to ask about.
    pub open: Option<Box<Open>>,
    /// Whether a record of the intent would outlast the page.
    pub kept: bool,
    /// The history as it was then.
    pub seen: Seen,
}

/// Looks for an earlier request to ask about, once the history has been read.
pub async fn find_open(
    history: &History,
    op: &'static Operation,
    intent: &Intent,
    known: Known<'_>,
) -> Earlier {
    let known = known.at(dom::now() as u64);
    history.loaded().await;
    let seen = history.look_again(intent.valid.parsed()).await;
    let kept = history.keeps().await;
    let public = intent.valid.parsed().public().to_raw();
    let open = history.last_open(
        op.name,
        &public,
        Since {
            ms: known.since,
            real: intent.real,
        },
        &intent.target,
        known.agreed,
        known.made,
    );
    let lost = || history.row(known.lost?).map(|row| (row, true));
    let Some((row, same)) = open.or_else(lost) else {
        return Earlier {
            open: None,
            kept,
            seen,
        };
    };
    let open = Open {
        record: history.known_record(&row).await,
        same,
        outcome: history.shown(&row),
    };
    let open = Some(Box::new(open));
    Earlier { open, kept, seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_makes_nothing_known_that_is_created_after_it() {
        let at = |now, since, agreed| {
            let known = Known {
                since,
                agreed,
                lost: None,
                made: &[],
            };
            let known = known.at(now);
            (known.since, known.agreed)
        };
        let (eleven, twelve) = (39_600_000, 43_200_000);
        let agreed = first_id(twelve, 7);
        assert_eq!(at(twelve, twelve, agreed), (twelve, agreed));
        assert_eq!(at(twelve + 1, eleven, agreed), (eleven, agreed));
        // 1 is older than any record, and no draft of nobody knows when.
        assert_eq!(at(eleven, twelve, agreed), (1, 0));
        assert_eq!(at(eleven, 0, 0), (0, 0));
    }
}
