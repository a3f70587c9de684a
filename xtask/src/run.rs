//! Running other programs: their environment, their output, and ending them.

use crate::ui::{self, clock, say};
use anyhow::{bail, Context, Result};
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How often a running program shows a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From here on Ctrl-C, SIGTERM and SIGHUP only set a flag, so that the programs that a task
/// started can be ended before the task itself ends.
pub fn watch_signals() {
    let flag = INTERRUPTED.get_or_init(Arc::default);
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // A signal that cannot be watched keeps its ordinary effect, which is to end the task.
        let _ = signal_hook::flag::register(signal, Arc::clone(flag));
    }
}

/// Whether the user asked to stop.
pub fn interrupted() -> bool {
    INTERRUPTED
        .get()
        .is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// A command to be run in the checkout, with an environment such as a fresh shell has.
///
/// `cargo xtask` is itself run by cargo and rustup, whose variables would otherwise pin the
/// toolchain (setting up may choose another one for this folder), put the wrong compiler's
/// libraries first, and make build scripts run again that watch cargo's variables.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::paths::root());
    for (name, value) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if set_by_cargo(text) {
            command.env_remove(&name);
        } else if text == "LD_LIBRARY_PATH" || text == "DYLD_FALLBACK_LIBRARY_PATH" {
            let foreign = |path: &std::path::PathBuf| {
                !path
                    .components()
                    .any(|part| part.as_os_str() == "toolchains")
                    && !path.starts_with(crate::paths::target_dir())
            };
            match std::env::join_paths(std::env::split_paths(&value).filter(foreign)) {
                Ok(paths) if !paths.is_empty() => command.env(&name, paths),
                _ => command.env_remove(&name),
            };
        }
    }
    command
}

fn set_by_cargo(name: &str) -> bool {
    let exact = [
        "CARGO",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "OUT_DIR",
        "RUSTUP_TOOLCHAIN",
        "RUSTUP_TOOLCHAIN_SOURCE",
        "RUST_RECURSION_COUNT",
    ];
    exact.contains(&name) || name.starts_with("CARGO_PKG_")
}

/// What a program printed, when it ran and succeeded.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Runs a program to its end, showing its latest line every few seconds, and all of its last lines
/// when it fails.
pub fn quietly(step: &str, command: &mut Command) -> Result<()> {
    let mut kept = VecDeque::new();
    let result = follow(step, command, false, |line| {
        if kept.len() == 60 {
            kept.pop_front();
        }
        kept.push_back(line.to_string());
    });
    if result.is_err() {
        kept.iter()
            .for_each(|line| ui::line(&format!("    {line}")));
    }
    result
}

/// Runs a program to its end and shows each of its lines.
pub fn loudly(step: &str, command: &mut Command) -> Result<()> {
    follow(step, command, true, ui::line)
}

/// Runs a program to its end and hands over each of its lines.
pub fn each_line(command: &mut Command, take: impl FnMut(&str)) -> Result<()> {
    let name = describe(command);
    follow(&name, command, true, take)
}

/// Shows a sign of life every few seconds, when lines are not shown or none comes, unless the output
/// is kept together.
fn follow(step: &str, command: &mut Command, loud: bool, mut take: impl FnMut(&str)) -> Result<()> {
    let shown = describe(command);
    let began = Instant::now();
    let (mut child, lines) = start(command)?;
    let mut latest = String::new();
    let mut news = false;
    let mut spoke = Instant::now();
    let status = loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                take(&line);
                news |= !line.is_empty();
                latest = line;
                if loud {
                    spoke = Instant::now();
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break child.wait()?,
        }
        if interrupted() {
            end(&mut child);
            bail!("stopped while running `{shown}`");
        }
        if spoke.elapsed() >= SIGN_OF_LIFE && !ui::in_block() {
            let since = clock(began.elapsed());
            match latest.trim() {
                "" => say(step, &format!("{since}, still running")),
                line if news => say(step, &format!("{since}, {line}")),
                line => say(step, &format!("{since}, still {line}")),
            }
            news = false;
            spoke = Instant::now();
        }
        // A program may leave a child behind that keeps the pipe open; its own end is what counts.
        if let Some(status) = child.try_wait()? {
            while let Ok(line) = lines.recv_timeout(Duration::from_millis(300)) {
                take(&line);
            }
            break status;
        }
    };
    match status.success() {
        true => Ok(()),
        false => bail!("`{shown}` failed ({status})"),
    }
}

/// Starts a program in a process group of its own and returns it with the lines that it prints.
pub fn start(command: &mut Command) -> Result<(Child, Receiver<String>)> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{}`", describe(command)))?;
    let (sender, lines) = channel();
    if let Some(out) = child.stdout.take() {
        read_lines(out, sender.clone());
    }
    if let Some(err) = child.stderr.take() {
        read_lines(err, sender);
    }
    Ok((child, lines))
}

fn read_lines(pipe: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(n) if n > 0) {
            let text = String::from_utf8_lossy(&bytes);
            let line = last_state(&text).to_string();
            bytes.clear();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
}

/// What a terminal would show of a line that was rewritten with carriage returns.
fn last_state(line: &str) -> &str {
    let line = line.trim_end();
    line.rsplit('\r').next().unwrap_or(line)
}

/// Ends a program and everything it started: asks first, and insists after five seconds.
pub fn end(child: &mut Child) -> Option<ExitStatus> {
    signal_group(child, "TERM");
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(5) {
        if let Ok(Some(status)) = child.try_wait() {
            // What is left of the group, such as a compiler that Trunk started, ends too.
            signal_group(child, "KILL");
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    signal_group(child, "KILL");
    child.kill().ok();
    child.wait().ok()
}

fn signal_group(child: &mut Child, signal: &str) {
    if cfg!(unix) {
        // Rust's std can signal one process only, and the group's members must go as well. The
        // shell's own `kill` is there even where the program of that name is not.
        let line = format!("kill -s {signal} -- -{}", child.id());
        let _ = Command::new("sh")
            .args(["-c", &line])
            .stderr(Stdio::null())
            .status();
    } else {
        child.kill().ok();
    }
}

fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewritten_line_shows_its_last_state() {
        assert_eq!(last_state("10%\r50%\r100%\r\n"), "100%");
        assert_eq!(last_state("plain\n"), "plain");
    }

    #[test]
    fn only_cargo_and_rustup_variables_are_dropped() {
        assert!(set_by_cargo("CARGO_PKG_NAME"));
        assert!(set_by_cargo("RUSTUP_TOOLCHAIN"));
        assert!(!set_by_cargo("CARGO_HOME"));
        assert!(!set_by_cargo("CARGO_TARGET_DIR"));
    }

    #[test]
    fn a_failing_program_is_named() {
        let error = quietly("test", command("cargo").arg("no-such-command")).unwrap_err();
        assert!(
            error.to_string().contains("cargo no-such-command"),
            "{error}"
        );
        let error = quietly("test", &mut command("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }
}
