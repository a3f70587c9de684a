//! Debian's packages, where there are any and we may install them.

use crate::run::{command, output, quietly};
use anyhow::Result;
use std::process::Command;
use std::sync::Mutex;

/// Whether the package lists were brought up to date by this run. Held while apt works, because
/// two installations at a time fail.
static UPDATED: Mutex<bool> = Mutex::new(false);

/// Whether this machine has apt and lets us install without asking for a password.
pub fn usable() -> bool {
    output(command("apt-get").arg("--version")).is_some() && as_root("true").is_some()
}

/// A command that runs as root, if we are root or sudo asks for no password.
pub fn as_root(program: &str) -> Option<Command> {
    if output(command("id").arg("-u"))?.trim() == "0" {
        return Some(command(program));
    }
    output(command("sudo").args(["-n", "true"]))?;
    let mut sudo = command("sudo");
    sudo.args(["-n", program]);
    Some(sudo)
}

/// Brings the package lists up to date, once.
pub fn update(step: &str) -> Result<()> {
    let mut updated = UPDATED.lock().unwrap_or_else(|lock| lock.into_inner());
    if !*updated {
        run(step, &["update"])?;
        *updated = true;
    }
    Ok(())
}

/// Installs packages, and removes none to make room.
pub fn install(step: &str, packages: &[&str]) -> Result<()> {
    update(step)?;
    let _one_at_a_time = UPDATED.lock().unwrap_or_else(|lock| lock.into_inner());
    crate::ui::say(
        step,
        &format!("installing Debian's packages {}", packages.join(" ")),
    );
    let mut words = vec!["install", "--yes", "--no-remove", "--no-install-recommends"];
    words.extend(packages);
    run(step, &words)
}

/// The version of a package that would be installed, if the lists have any.
pub fn candidate(package: &str) -> Option<String> {
    let policy = output(command("apt-cache").args(["policy", package]))?;
    candidate_in(&policy).map(String::from)
}

fn candidate_in(policy: &str) -> Option<&str> {
    let line = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (line != "(none)").then_some(line)
}

fn run(step: &str, words: &[&str]) -> Result<()> {
    let Some(mut env) = as_root("env") else {
        anyhow::bail!("installing packages needs root or a sudo that asks for no password");
    };
    env.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(["-o", "DPkg::Lock::Timeout=120"])
        .args(words);
    quietly(step, &mut env)
}

#[cfg(test)]
mod tests {
    use super::candidate_in;

    #[test]
    fn the_candidate_is_read() {
        let policy =
            "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1\n  Version table:\n";
        assert_eq!(candidate_in(policy), Some("1.96.0+dfsg1-1"));
        assert_eq!(candidate_in("x:\n  Candidate: (none)\n"), None);
        assert_eq!(candidate_in(""), None);
    }
}
