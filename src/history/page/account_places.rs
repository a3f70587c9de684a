//! Where the lists of an account are read: in the regions and accounts that are known.

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::reconcile::scope;
use tieline_catalog::{creations, Control, Operation, Raw};

use crate::client::Target;
use crate::history::service::History;

/// The records that are read before the page may draw again.
const BATCH: usize = 1_000;

/// For each operation that has a list, the regions and accounts that the history and the settings name: `home` is
/// the region and the account of these.
pub async fn account_places(
    history: &History,
    target: &Target,
    home: [&str; 2],
) -> Vec<(&'static Operation, Vec<Raw>)> {
    let listed = |op: &&Operation| op.read_back().is_some_and(|read| read.all.is_some());
    let mut account_places: Vec<(&'static Operation, Vec<Raw>)> = creations()
        .filter(listed)
        .map(|op| (op, vec![of_settings(home, op)]))
        .collect();
    let name = target.name();
    let rows = history.all();
    let here: Vec<_> = rows
        .iter()
        .filter(|row| *row.endpoint == *name)
        .map(|row| row.summary().clone())
        .collect();
    for batch in here.chunks(BATCH) {
        let (records, _) = history.records(batch, false).await;
        for record in records {
            let of_op = |(op, _): &&mut (&'static Operation, Vec<Raw>)| op.name == record.operation;
            if let Some((op, scopes)) = account_places.iter_mut().find(of_op) {
                let scope = scope(op, &record.raw());
                if !scopes.contains(&scope) {
                    scopes.push(scope);
                }
            }
        }
        TimeoutFuture::new(0).await;
    }
    account_places
}

/// The region and the account of the settings, as an operation takes them.
fn of_settings(home: [&str; 2], op: &Operation) -> Raw {
    let mut raw = Raw::new();
    for (control, text) in [Control::Region, Control::Account].into_iter().zip(home) {
        if let (Some(name), false) = (op.param_with(control), text.is_empty()) {
            raw.set(name, text);
        }
    }
    raw
}
