//! The overlay: the environment's values over those of the file.

use serde::Deserialize;
use toml::{Table, Value};

use super::model::Configuration;

/// Sets a key. A variable has no type, so it is tried as a text, as TOML, and as a list of texts.
pub(super) fn with_value(
    table: &Table,
    path: &[String],
    text: &str,
) -> Result<(Table, Configuration), String> {
    let as_toml = format!("v = {text}").parse::<Table>().ok();
    let as_toml = as_toml
        .filter(|t| t.len() == 1)
        .and_then(|mut t| t.remove("v"));
    let items = text.split(',').map(|item| item.trim().into()).collect();
    let tries = [
        Some(Value::String(text.to_string())),
        as_toml,
        Some(Value::Array(items)),
    ];
    let mut reasons = Vec::new();
    for value in tries.into_iter().flatten() {
        let mut table = table.clone();
        set(&mut table, path, value)?;
        match Configuration::deserialize(table.clone()) {
            Ok(configuration) => return Ok((table, configuration)),
            Err(error) => reasons.push(error.message().to_string()),
        }
    }
    // The reason of the value that had the right type says the most.
    let telling = reasons.iter().find(|r| !r.starts_with("invalid type"));
    Err(telling.or(reasons.first()).cloned().unwrap_or_default())
}

fn set(table: &mut Table, path: &[String], value: Value) -> Result<(), String> {
    match path {
        [] => Ok(()),
        [last] => {
            table.insert(last.clone(), value);
            Ok(())
        }
        [first, rest @ ..] => {
            let inner = table
                .entry(first.clone())
                .or_insert_with(|| Value::Table(Table::new()));
            match inner {
                Value::Table(inner) => set(inner, rest, value),
                _ => Err(format!("{first} has no keys of its own")),
            }
        }
    }
}
