//! Steps that wait for each other only where they need each other.

use crate::run::interrupted;
use crate::ui::{self, clock, say};
use anyhow::Result;
use std::sync::mpsc::{channel, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often it is said what runs.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// How many tests passed and failed in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
}

/// What a step does; it says what it has to say on its own thread.
pub type Work<'a> = Box<dyn FnOnce(&mut Counts) -> Result<()> + Send + 'a>;

/// Something to be done.
pub struct Step<'a> {
    /// What it is called in the report.
    pub name: &'static str,
    /// The steps that have to succeed before; those that are not to be done at all do not count.
    pub after: &'static [&'static str],
    /// How many of the machine's cores it keeps busy.
    pub weight: usize,
    /// What it does.
    pub work: Work<'a>,
}

/// What became of a step.
pub struct Done {
    /// The step's name.
    pub name: &'static str,
    /// Its error, or which step had to succeed before and did not.
    pub result: Result<(), String>,
    /// The tests in it.
    pub counts: Counts,
    /// When it began, after the first of all steps.
    pub began: Duration,
    /// How long it took.
    pub time: Duration,
}

/// Does all steps, in their order where nothing else decides, as long as their weights fit into
/// `cores`. What a step says is printed as one block when it ends.
pub fn run(mut waiting: Vec<Step>, cores: usize) -> Vec<Done> {
    let started = Instant::now();
    let (sender, ended) = channel();
    let mut running: Vec<(&'static str, usize, Instant)> = Vec::new();
    let mut done: Vec<Done> = Vec::new();
    let mut spoke = Instant::now();
    std::thread::scope(|scope| loop {
        while let Some(at) = next(&waiting, &running, &done, cores) {
            let step = waiting.remove(at);
            if let Some(missing) = failed_before(&step, &done) {
                say(step.name, &format!("left out, because of: {missing}"));
                done.push(Done {
                    name: step.name,
                    result: Err(format!("left out, because of: {missing}")),
                    counts: Counts::default(),
                    began: started.elapsed(),
                    time: Duration::ZERO,
                });
                continue;
            }
            if interrupted() {
                continue;
            }
            say(step.name, "begins");
            running.push((step.name, step.weight, Instant::now()));
            let sender = sender.clone();
            scope.spawn(move || {
                let began = Instant::now();
                let mut counts = Counts::default();
                let (result, text) = ui::block(|| (step.work)(&mut counts));
                let _ = sender.send(
                    Done {
                        name: step.name,
                        result: result.map_err(|error| format!("{error:#}")),
                        counts,
                        began: began - started,
                        time: began.elapsed(),
                    }
                    .with(text),
                );
            });
        }
        if running.is_empty() {
            break;
        }
        match ended.recv_timeout(Duration::from_secs(1)) {
            Ok((step, text)) => {
                running.retain(|(name, ..)| *name != step.name);
                tell(&step, &text);
                done.push(step);
                spoke = Instant::now();
            }
            Err(RecvTimeoutError::Timeout) if spoke.elapsed() > SIGN_OF_LIFE => {
                let names = running
                    .iter()
                    .map(|(name, _, since)| format!("{name} ({})", clock(since.elapsed())));
                say("running", &names.collect::<Vec<_>>().join(", "));
                spoke = Instant::now();
            }
            Err(_) => {}
        }
    });
    done
}

impl Done {
    fn with(self, text: String) -> (Done, String) {
        (self, text)
    }
}

fn tell(step: &Done, text: &str) {
    let end = match &step.result {
        Ok(()) => "ok".to_string(),
        Err(error) => format!("FAILED: {error}"),
    };
    let text = text.trim_end();
    if !text.is_empty() {
        println!("\n──── {} ────\n{text}\n", step.name);
    }
    say(step.name, &format!("{end}, {}", clock(step.time)));
}

/// The first step that can begin now, or need not.
fn next(
    waiting: &[Step],
    running: &[(&str, usize, Instant)],
    done: &[Done],
    cores: usize,
) -> Option<usize> {
    let busy: usize = running.iter().map(|(_, weight, _)| weight).sum();
    waiting.iter().position(|step| {
        let blocked = step.after.iter().any(|name| {
            waiting.iter().any(|other| other.name == *name)
                || running.iter().any(|(other, ..)| other == name)
        });
        let fits = step.weight == 0 || busy + step.weight.min(cores) <= cores;
        !blocked && (fits || failed_before(step, done).is_some())
    })
}

fn failed_before(step: &Step, done: &[Done]) -> Option<&'static str> {
    let failed = |name: &&&str| {
        done.iter()
            .any(|step| step.name == **name && step.result.is_err())
    };
    step.after.iter().find(failed).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use std::sync::Mutex;

    fn step<'a>(
        name: &'static str,
        after: &'static [&'static str],
        work: impl FnOnce() -> Result<()> + Send + 'a,
    ) -> Step<'a> {
        Step {
            name,
            after,
            weight: 1,
            work: Box::new(move |counts| {
                counts.passed += 1;
                work()
            }),
        }
    }

    #[test]
    fn steps_wait_for_what_they_need_and_not_for_what_is_left_out() {
        let order = Mutex::new(Vec::new());
        let note = |name| {
            order.lock().unwrap().push(name);
            Ok(())
        };
        let done = run(
            vec![
                step("c", &["b", "absent"], || note("c")),
                step("b", &["a"], || note("b")),
                step("a", &[], || note("a")),
            ],
            2,
        );
        assert_eq!(*order.lock().unwrap(), ["a", "b", "c"]);
        assert!(done
            .iter()
            .all(|step| step.result.is_ok() && step.counts.passed == 1));
    }

    #[test]
    fn what_needs_a_failed_step_is_left_out_and_the_rest_is_done() {
        let done = run(
            vec![
                step("bad", &[], || bail!("broken")),
                step("after", &["bad"], || Ok(())),
                step("later", &["after"], || Ok(())),
                step("other", &[], || Ok(())),
            ],
            1,
        );
        let results: Vec<_> = done
            .iter()
            .map(|step| (step.name, step.result.is_ok()))
            .collect();
        assert_eq!(results.len(), 4);
        assert_eq!(
            results.iter().filter(|(_, ok)| *ok).collect::<Vec<_>>(),
            [&("other", true)]
        );
    }

    #[test]
    fn no_more_run_at_a_time_than_there_are_cores() {
        let running = Mutex::new((0, 0));
        let work = || {
            {
                let mut running = running.lock().unwrap();
                running.0 += 1;
                running.1 = running.1.max(running.0);
            }
            std::thread::sleep(Duration::from_millis(30));
            running.lock().unwrap().0 -= 1;
            Ok(())
        };
        let names = ["a", "b", "c", "d", "e"];
        run(
            names
                .into_iter()
                .map(|name| step(name, &[], work))
                .collect(),
            2,
        );
        assert_eq!(*running.lock().unwrap(), (0, 2));
    }
}
