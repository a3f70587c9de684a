//! The settings without which the server may forget what it acknowledged.

use tokio_postgres::Row;

use super::place::SERVER;
use super::session::{failed, Session};
use crate::error::Error;

const SETTINGS: &str = "
SELECT current_setting('fsync'), current_setting('full_page_writes'),
    current_setting('synchronous_commit'), current_setting('synchronous_standby_names')";

/// Whether the server keeps what it acknowledges, on so many standbys too.
pub(super) async fn check(session: &Session, replicas: u32) -> Result<(), Error> {
    let row = session.client.query_one(SETTINGS, &[]).await;
    durable(&row.map_err(failed("connecting"))?, 0, replicas)
}

/// The same of a row that has these settings from a column on.
pub(super) fn durable(row: &Row, from: usize, replicas: u32) -> Result<(), Error> {
    let get = |column: usize| -> Result<&str, Error> {
        row.try_get(from + column).map_err(failed("reading"))
    };
    let advice = lacking(get(0)?, get(1)?, get(2)?, promised(get(3)?), replicas);
    match advice {
        Some(advice) => Err(Error::NotDurable(SERVER, advice)),
        None => Ok(()),
    }
}

fn lacking(
    fsync: &str,
    full_page_writes: &str,
    synchronous_commit: &str,
    standbys: u32,
    replicas: u32,
) -> Option<String> {
    if fsync != "on" {
        return Some("fsync on".to_string());
    }
    if full_page_writes != "on" {
        return Some("full_page_writes on".to_string());
    }
    if !["on", "remote_apply"].contains(&synchronous_commit) {
        return Some("synchronous_commit on".to_string());
    }
    (standbys < replicas).then(|| {
        format!("synchronous_standby_names with {replicas} standbys, such as 'ANY {replicas} (*)'")
    })
}

/// How many standbys a commit waits for, by `synchronous_standby_names`: `ANY 2 (a, b, c)`, `FIRST 2 (…)`,
/// `2 (…)`, or names alone, of which the first that is there counts.
fn promised(names: &str) -> u32 {
    let names = names.trim();
    if names.is_empty() {
        return 0;
    }
    let Some((before, _)) = names.split_once('(') else {
        return 1;
    };
    let number = before.split_whitespace().last().unwrap_or_default();
    number.parse().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standbys_that_a_commit_waits_for_are_counted() {
        for (names, expected) in [
            ("", 0),
            (" ", 0),
            ("*", 1),
            ("a, b", 1),
            ("ANY 2 (a, b, c)", 2),
            ("first 1(a)", 1),
            ("FIRST 3 (*)", 3),
            ("2 (a, b)", 2),
        ] {
            assert_eq!(promised(names), expected, "{names}");
        }
    }
}
