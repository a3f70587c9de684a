//! `cargo xtask soak`: everything together under random faults, for as long as is wanted.

use crate::args;
use crate::paths;
use crate::test;
use anyhow::{bail, Result};
use lexopt::Arg::Long;

/// Runs the task. `tests/soak` reads what it is told from the environment.
pub fn main(words: &[String]) -> Result<()> {
    let mut parser = args::parser(words);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("minutes") => {
                let minutes = args::number(&mut parser, "--minutes", 1, 10_000)?;
                std::env::set_var("TIELINE_SOAK_MINUTES", minutes.to_string());
            }
            Long("seed") => {
                let seed = args::number(&mut parser, "--seed", 0, u32::MAX)?;
                std::env::set_var("TIELINE_SOAK_SEED", seed.to_string());
            }
            Long("round") => {
                let round = parser.value()?.to_string_lossy().into_owned();
                let fits = |part: &str| part.parse::<u64>().is_ok();
                if !round
                    .split_once(':')
                    .is_some_and(|(actor, round)| fits(actor) && fits(round))
                {
                    bail!("--round takes ACTOR:ROUND as a failure prints it, such as 100:17");
                }
                std::env::set_var("TIELINE_SOAK_ROUND", round);
            }
            other => return Err(args::unknown(other)),
        }
    }
    let table = paths::root().join("target/soak.txt");
    // The last one's is not to be taken for this one's.
    let _ = std::fs::remove_file(&table);
    let result = test::main(&["soak".to_string()]);
    if let Ok(table) = std::fs::read_to_string(&table) {
        println!("\n{table}");
    }
    result
}
