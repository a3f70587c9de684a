//! The little of command-line parsing that four tasks need.

use anyhow::{bail, Context, Result};

/// Words of a command line that are taken out one kind at a time; what is left over is an error.
pub struct Args(Vec<String>);

impl Args {
    /// Starts from the words after the task's name.
    pub fn new(words: &[String]) -> Self {
        Args(words.to_vec())
    }

    /// Takes a switch such as `--release`.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() != before
    }

    /// Takes a port, written `--port 8080` or `--port=8080`.
    pub fn port(&mut self, name: &str, default: u16) -> Result<u16> {
        let Some(value) = self.value(name)? else {
            return Ok(default);
        };
        match value.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => bail!("{name} takes a number from 1 to 65535, not `{value}`"),
        }
    }

    /// Takes a switch that may have a value: `None` without the switch, `Some(None)` without value.
    pub fn optional_value(&mut self, name: &str) -> Option<Option<String>> {
        let at = self.0.iter().position(|word| word == name)?;
        self.0.remove(at);
        let follows = self.0.get(at).is_some_and(|word| !word.starts_with("--"));
        Some(follows.then(|| self.0.remove(at)))
    }

    /// Ends the parsing of a task that takes no plain words.
    pub fn done(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => bail!("`{word}` is not known here; see `cargo xtask help`"),
        }
    }

    /// Ends the parsing of a task that takes plain words.
    pub fn names(self) -> Result<Vec<String>> {
        match self.0.iter().find(|word| word.starts_with('-')) {
            None => Ok(self.0),
            Some(word) => bail!("`{word}` is not known here; see `cargo xtask help`"),
        }
    }

    fn value(&mut self, name: &str) -> Result<Option<String>> {
        let prefix = format!("{name}=");
        let Some(at) = self
            .0
            .iter()
            .position(|word| word == name || word.starts_with(&prefix))
        else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        if let Some(value) = word.strip_prefix(&prefix) {
            return Ok(Some(value.to_string()));
        }
        if at < self.0.len() {
            return Ok(Some(self.0.remove(at)));
        }
        Err(anyhow::anyhow!("nothing follows it")).with_context(|| format!("{name} needs a value"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args(line.split_whitespace().map(String::from).collect())
    }

    #[test]
    fn ports_are_read_in_both_spellings() {
        let mut two = args("--port 9000 --proxy-port=9001");
        assert_eq!(two.port("--port", 1).unwrap(), 9000);
        assert_eq!(two.port("--proxy-port", 1).unwrap(), 9001);
        assert_eq!(two.port("--other", 7).unwrap(), 7);
        two.done().unwrap();
    }

    #[test]
    fn bad_ports_and_unknown_words_are_named() {
        for line in ["--port 0", "--port x", "--port 70000", "--port"] {
            let error = args(line).port("--port", 1).unwrap_err();
            assert!(error.to_string().contains("--port"), "{line}: {error}");
        }
        assert!(args("--relase")
            .done()
            .unwrap_err()
            .to_string()
            .contains("--relase"));
        assert!(args("fmt --x").names().is_err());
        assert_eq!(args("fmt unit").names().unwrap(), ["fmt", "unit"]);
    }

    #[test]
    fn a_switch_may_have_a_value() {
        assert_eq!(args("--no-build").optional_value("--compare"), None);
        assert_eq!(
            args("--compare --x").optional_value("--compare"),
            Some(None)
        );
        assert_eq!(
            args("--compare main").optional_value("--compare"),
            Some(Some("main".into()))
        );
    }
}
