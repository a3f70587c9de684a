//! The look for an earlier request before something is sent.

use tieline_catalog::Operation;

use super::intent::{Intent, Open};
use crate::history::{History, Seen, Since};

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
