//! Putting a folder in the place of another.

use anyhow::Result;
use std::fs;
use std::path::Path;

/// Puts a copy of `from` in the place of `to`.
pub fn replace(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

/// Copies a folder and what is in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => fs::copy(entry.path(), target).map(drop)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_is_gone() {
        let base = std::env::temp_dir().join(format!("tieline-install-{}", std::process::id()));
        let (from, to) = (base.join("from"), base.join("to"));
        fs::create_dir_all(from.join("deep")).unwrap();
        fs::create_dir_all(&to).unwrap();
        fs::write(from.join("deep/new"), "1").unwrap();
        fs::write(to.join("old"), "2").unwrap();
        replace(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("deep/new")).unwrap(), "1");
        assert!(!to.join("old").exists());
        fs::remove_dir_all(&base).unwrap();
    }
}
