//! The format of the export. Pure: text in, records out, and the other way round.

use serde::Deserialize;
use serde_json::value::RawValue;
use tieline_catalog::{check, find, Action, Privacy, Raw, Text};

use super::record::{Outcome, Record};
use super::{messages, time};

/// The largest file that is read, in bytes: about 90,000 records.
pub const MAX_FILE: f64 = 64.0 * 1024.0 * 1024.0;
const FORMAT: &str = "tieline-history";
const VERSION: u32 = 1;

/// The head of an exported file; the records after it are joined by commas.
pub fn json_head() -> String {
    format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"records\":[\n")
}

/// The end of an exported file.
pub const JSON_TAIL: &str = "\n]}\n";

/// A record in an exported file.
pub fn json_record(record: &Record) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

/// The head of a table (RFC 4180). The byte order mark makes spreadsheets read UTF-8.
pub fn csv_head() -> String {
    format!(
        "\u{feff}{}",
        csv_row(&[
            "created",
            "updated",
            "operation",
            "name",
            "outcome",
            "resource_id",
            "status",
            "request_id",
            "idempotency_key",
            "endpoint",
            "simulated",
            "error_code",
            "error_message",
            "parameters",
        ])
    )
}

/// A record's row in a table.
pub fn csv_record(record: &Record) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    csv_row(&[
        &time::utc(record.created),
        &time::utc(record.updated),
        &record.operation,
        record.name().unwrap_or_default(),
        record.outcome.code(),
        &text(&record.resource_id),
        &text(&record.status),
        &text(&record.request_id),
        &record.key,
        &record.endpoint,
        if record.simulated { "true" } else { "" },
        &text(&record.code),
        &text(&record.message),
        &record.params.to_string(),
    ])
}

fn csv_row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe in front.
fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_string()
    };
    // In some countries a spreadsheet splits at semicolons.
    if text.contains([',', ';', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[derive(Deserialize)]
struct File<'a> {
    format: String,
    version: u32,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

/// The records of a file, unread.
///
/// # Errors
/// Why the file is none of ours, for people.
pub fn open(text: &str) -> Result<Vec<&str>, Text> {
    let text = text.trim_start_matches('\u{feff}');
    let Ok(file) = serde_json::from_str::<File>(text) else {
        // Somebody else's JSON and no JSON at all are different mistakes.
        let json = serde_json::from_str::<&RawValue>(text).is_ok();
        return Err(if json {
            messages::FILE_FOREIGN
        } else {
            messages::FILE_NOT_JSON
        });
    };
    if file.format != FORMAT {
        return Err(messages::FILE_FOREIGN);
    }
    if file.version > VERSION {
        return Err(messages::FILE_NEWER);
    }
    Ok(file.records.into_iter().map(RawValue::get).collect())
}

/// A record of a file, after checking, and how many values were left out because they are
/// personal or secret.
#[derive(PartialEq, Debug)]
pub struct Imported {
    /// The record, fit to be stored.
    pub record: Record,
    /// How many private parameters it carried.
    pub private: usize,
}

/// Reads a record of a file. `now` bounds its times.
///
/// # Errors
/// Why it cannot be taken over, for people.
pub fn read(json: &str, now: u64) -> Result<Imported, Text> {
    let mut record: Record = serde_json::from_str(json).map_err(|_| messages::RECORD_SHAPE)?;
    let op = find(&record.operation)
        .filter(|op| op.action == Action::Create)
        .ok_or(messages::RECORD_OPERATION)?;
    let visible = |text: &str, max: usize| {
        !text.is_empty() && text.len() <= max && text.bytes().all(|b| (0x21..0x7f).contains(&b))
    };
    let optional =
        |text: &Option<String>, max: usize| text.as_deref().is_none_or(|text| visible(text, max));
    let rich_text =
        |text: &Option<String>, max: usize| text.as_deref().is_none_or(|text| text.len() <= max);
    if !visible(&record.key, 128)
        || !optional(&record.resource_id, 256)
        || !optional(&record.request_id, 256)
        || !rich_text(&record.status, 128)
        || !rich_text(&record.code, 256)
        || !rich_text(&record.message, 16_384)
        || record.endpoint.len() > 2_048
        || record.endpoint.contains('@')
    {
        return Err(messages::RECORD_VALUES);
    }
    if record.created == 0 || record.created > now || record.updated < record.created {
        return Err(messages::RECORD_TIMES);
    }
    if record.outcome == Outcome::Pending {
        record.outcome = match record.resource_id {
            Some(_) => Outcome::Created,
            None => Outcome::Unknown,
        };
    }
    if (record.outcome == Outcome::Created) != record.resource_id.is_some() {
        return Err(messages::RECORD_OUTCOME);
    }
    let raw =
        Raw::from_json(op, &record.params.to_string()).map_err(|_| messages::RECORD_PARAMS)?;
    let private = op
        .params
        .iter()
        .filter(|param| param.privacy != Privacy::Public)
        .filter(|param| record.params.get(param.name).is_some())
        .count();
    record.params = check(op, &raw).parsed.public().to_json();
    // A later time than now would win over every change to come.
    record.updated = record.updated.min(now);
    record.id = 0;
    Ok(Imported { record, private })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{json, Value};

    const NOW: u64 = 1_795_254_600_000;

    fn sample() -> Record {
        Record {
            id: 7,
            operation: "CreateCen".into(),
            params: json!({ "Name": "backbone", "Tag": [{ "Key": "a", "Value": "" }] }),
            created: NOW - 1_000,
            updated: NOW - 500,
            key: "0f3c".into(),
            outcome: Outcome::Created,
            doubted: false,
            resource_id: Some("cen-1".into()),
            status: Some("Active".into()),
            absent: false,
            request_id: Some("R-1".into()),
            endpoint: "/api".into(),
            simulated: false,
            code: None,
            message: None,
        }
    }

    fn file(records: &[Record]) -> String {
        let records: Vec<String> = records.iter().map(json_record).collect();
        format!("{}{}{JSON_TAIL}", json_head(), records.join(",\n"))
    }

    #[test]
    fn an_export_can_be_imported() {
        let text = file(&[sample(), sample()]);
        let raw = open(&text).unwrap();
        assert_eq!(raw.len(), 2);
        let imported = read(raw[0], NOW).unwrap();
        assert_eq!(
            imported,
            Imported {
                record: Record { id: 0, ..sample() },
                private: 0
            }
        );
    }

    #[test]
    fn bad_files_are_told_apart() {
        assert_eq!(open(""), Err(messages::FILE_NOT_JSON));
        assert_eq!(open("<html>"), Err(messages::FILE_NOT_JSON));
        assert_eq!(open("{\"format\":\"x\""), Err(messages::FILE_NOT_JSON));
        assert_eq!(open("[]"), Err(messages::FILE_FOREIGN));
        assert_eq!(open("{\"records\":[]}"), Err(messages::FILE_FOREIGN));
        let newer = "{\"format\":\"tieline-history\",\"version\":2,\"records\":[]}";
        assert_eq!(open(newer), Err(messages::FILE_NEWER));
        assert_eq!(open(&file(&[])), Ok(vec![]));
    }

    #[test]
    fn bad_records_are_refused() {
        let good = serde_json::to_value(sample()).unwrap();
        let with = |path: &str, value: Value| {
            let mut bad = good.clone();
            bad[path] = value;
            read(&bad.to_string(), NOW).map(|imported| imported.record)
        };
        for (path, value, why) in [
            (
                "operation",
                json!("DropEverything"),
                messages::RECORD_OPERATION,
            ),
            (
                "operation",
                json!("DescribeCens"),
                messages::RECORD_OPERATION,
            ),
            ("params", json!({ "Nmae": "x" }), messages::RECORD_PARAMS),
            ("params", json!({ "Name": {} }), messages::RECORD_PARAMS),
            ("params", json!([]), messages::RECORD_PARAMS),
            ("created", json!(0), messages::RECORD_TIMES),
            ("created", json!(NOW + 1), messages::RECORD_TIMES),
            ("updated", json!(1), messages::RECORD_TIMES),
            ("created", json!("yesterday"), messages::RECORD_SHAPE),
            ("outcome", json!("splendid"), messages::RECORD_SHAPE),
            ("outcome", json!("rejected"), messages::RECORD_OUTCOME),
            ("resource_id", json!(null), messages::RECORD_OUTCOME),
            ("resource_id", json!("cen 1\n"), messages::RECORD_VALUES),
            ("key", json!(""), messages::RECORD_VALUES),
            ("key", json!("k".repeat(129)), messages::RECORD_VALUES),
            ("endpoint", json!("http://u:p@h/"), messages::RECORD_VALUES),
            (
                "message",
                json!("x".repeat(20_000)),
                messages::RECORD_VALUES,
            ),
        ] {
            assert_eq!(with(path, value.clone()), Err(why), "{path} = {value}");
        }
        assert_eq!(with("updated", json!(NOW * 2)).unwrap().updated, NOW);
        let mut pending = sample();
        pending.resource_id = None;
        pending.outcome = Outcome::Pending;
        let imported = read(&json_record(&pending), NOW).unwrap();
        assert_eq!(imported.record.outcome, Outcome::Unknown);
    }

    #[test]
    fn private_values_never_come_in() {
        let mut seen = 0;
        for op in tieline_catalog::creations() {
            for param in op.params.iter().filter(|p| p.privacy != Privacy::Public) {
                let record = Record {
                    operation: op.name.into(),
                    params: json!({ param.name: "11010519491231002X" }),
                    ..sample()
                };
                let imported = read(&json_record(&record), NOW).unwrap();
                assert_eq!(imported.private, 1, "{} {}", op.name, param.name);
                assert_eq!(imported.record.params, json!({}));
                seen += 1;
            }
        }
        assert!(seen > 0, "the catalog has private parameters");
    }

    #[test]
    fn formulas_are_neutralised_and_cells_quoted() {
        for (text, cell) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("＝1", "'＝1"),
            ("a,b", "\"a,b\""),
            (";=1+1", "\";=1+1\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            (
                "=HYPERLINK(\"x\",\"y\")",
                "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
            ),
            ("北京", "北京"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
        let row = csv_record(&Record {
            params: json!({ "Name": "=cmd" }),
            ..sample()
        });
        assert!(row.contains(",'=cmd,created,cen-1,Active,"), "{row}");
        assert!(row.ends_with("\r\n"));
        assert!(csv_head().starts_with("\u{feff}created,"));
    }

    /// Reads one row of RFC 4180, to hold against what is written.
    fn parse_row(row: &str) -> Vec<String> {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        let mut chars = row.strip_suffix("\r\n").unwrap().chars().peekable();
        while let Some(c) = chars.next() {
            let cell = cells.last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cell.push(c),
            }
        }
        cells
    }

    proptest! {
        #[test]
        fn rows_read_back_and_no_cell_is_a_formula(cells in proptest::collection::vec("\\PC{0,12}|[=+@,\"\r\n\t-]{0,5}", 1..6)) {
            let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
            let read = parse_row(&csv_row(&texts));
            prop_assert_eq!(read.len(), cells.len());
            for (read, cell) in read.iter().zip(&cells) {
                prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r']));
                let neutral = format!("'{cell}");
                prop_assert!(read == cell || *read == neutral);
            }
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,200}") {
            if let Ok(records) = open(&text) {
                for record in records {
                    let _ = read(record, NOW);
                }
            }
            let _ = read(&text, NOW);
        }
    }
}
