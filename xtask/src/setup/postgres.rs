//! A PostgreSQL server for the journal's tests.

use super::apt;
use crate::run::{command, output};
use crate::ui::say;
use anyhow::Result;
use std::path::Path;

const STEP: &str = "postgresql";

/// Makes sure that there are PostgreSQL's own programs where Debian's packages can be installed; elsewhere
/// the tests that need a server say that they are skipped. No server is started: the tests start their own.
pub fn ensure() -> Result<()> {
    let on_path = || output(command("initdb").arg("--version")).is_some();
    let present = on_path() || debians(Path::new("/usr/lib/postgresql"));
    if present {
        say(STEP, "present");
        return Ok(());
    }
    if !apt::usable() {
        say(
            STEP,
            "not installed, so the journal's tests with PostgreSQL are skipped",
        );
        return Ok(());
    }
    apt::install(STEP, &[STEP])
}

/// Whether some version's programs are where Debian has them, out of PATH.
fn debians(folder: &Path) -> bool {
    let versions = std::fs::read_dir(folder).into_iter().flatten();
    let mut versions = versions.filter_map(Result::ok);
    versions.any(|version| {
        let programs = version.path().join("bin");
        programs.join("initdb").exists() && programs.join("postgres").exists()
    })
}

#[cfg(test)]
mod tests {
    use super::debians;

    #[test]
    fn the_programs_are_found_where_debian_has_them() {
        let folder = std::env::temp_dir().join(format!("postgresql-{}", std::process::id()));
        assert!(!debians(&folder));
        let programs = folder.join("15").join("bin");
        std::fs::create_dir_all(&programs).expect("a folder");
        std::fs::write(programs.join("initdb"), "").expect("a file");
        assert!(!debians(&folder), "the client's package alone");
        std::fs::write(programs.join("postgres"), "").expect("a file");
        assert!(debians(&folder));
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
