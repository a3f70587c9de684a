//! What the tasks' command lines have in common.

use anyhow::{bail, Result};
use lexopt::{Arg, Parser};

/// A task's command line: the words after its name.
pub fn parser(words: &[String]) -> Parser {
    Parser::from_args(words)
}

/// A word that a task does not know, as an error.
pub fn unknown(arg: Arg) -> anyhow::Error {
    anyhow::anyhow!("{}; see `cargo xtask help`", arg.unexpected())
}

/// Reads a command line that has switches without values only; each is given to `switch`, which says
/// whether it knows it.
pub fn switches(words: &[String], mut switch: impl FnMut(&str) -> bool) -> Result<()> {
    let mut parser = parser(words);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long(name) if switch(name) => {}
            other => return Err(unknown(other)),
        }
    }
    Ok(())
}

/// The value of a switch that takes a number from `least` to `most`.
pub fn number(parser: &mut Parser, name: &str, least: u32, most: u32) -> Result<u32> {
    let value = match parser.value() {
        Ok(value) => value.to_string_lossy().into_owned(),
        Err(_) => bail!("{name} needs a value"),
    };
    match value.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => bail!("{name} takes a number from {least} to {most}, not `{value}`"),
    }
}

/// The value of a switch that takes a port.
pub fn port(parser: &mut Parser, name: &str) -> Result<u16> {
    let port = number(parser, name, 1, u16::MAX.into())?;
    Ok(port.try_into()?)
}

/// The value of a switch that may have one: the next word, unless that is a switch itself.
pub fn optional(parser: &mut Parser) -> Option<String> {
    if let Some(value) = parser.optional_value() {
        return Some(value.to_string_lossy().into_owned());
    }
    let mut words = parser.try_raw_args()?;
    words
        .peek()
        .filter(|word| !word.to_string_lossy().starts_with('-'))?;
    words.next().map(|word| word.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn ports_are_read_in_both_spellings() {
        for line in ["--port 9000", "--port=9000"] {
            let mut parser = parser(&words(line));
            assert!(matches!(parser.next().unwrap(), Some(Arg::Long("port"))));
            assert_eq!(port(&mut parser, "--port").unwrap(), 9000);
            assert!(parser.next().unwrap().is_none());
        }
    }

    #[test]
    fn bad_ports_and_unknown_words_are_named() {
        for line in ["--port 0", "--port x", "--port 70000", "--port"] {
            let mut parser = parser(&words(line));
            parser.next().unwrap();
            let error = port(&mut parser, "--port").unwrap_err();
            assert!(error.to_string().contains("--port"), "{line}: {error}");
        }
        for line in ["--relase", "word"] {
            let error = switches(&words(line), |name| name == "release").unwrap_err();
            assert!(error.to_string().contains(line), "{error}");
        }
        switches(&words("--release"), |name| name == "release").unwrap();
    }

    #[test]
    fn a_switch_may_have_a_value() {
        for (line, expected) in [
            ("--compare --x", None),
            ("--compare", None),
            ("--compare main", Some("main")),
            ("--compare=main", Some("main")),
        ] {
            let mut parser = parser(&words(line));
            parser.next().unwrap();
            assert_eq!(optional(&mut parser).as_deref(), expected, "{line}");
        }
    }
}
