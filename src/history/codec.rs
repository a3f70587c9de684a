//! The files of the history: the table for spreadsheets, and what is wrong with a file, for people. The
//! format that can be read again is the records' own: [`tieline_records::export`].

use std::collections::BTreeSet;

use tieline_catalog::Text;
use tieline_records::export::{self, Bad, Imported, Opened, Unreadable};
use tieline_records::Record;

use super::time::Ahead;
use super::{messages, time};

/// The largest file that is read, in bytes: about 50,000 records with their receipts.
pub const MAX_FILE: f64 = 256.0 * 1024.0 * 1024.0;

/// The columns of a table: those of every record, and one for each parameter that some of them has.
#[derive(Default)]
pub struct Columns(BTreeSet<String>);

impl Columns {
    /// Takes up the parameters of a record.
    pub fn take(&mut self, record: &Record) {
        let raw = record.raw();
        self.0
            .extend(raw.leaves().into_iter().map(|(path, _)| path));
    }

    /// The head of the table (RFC 4180). The byte order mark makes spreadsheets read UTF-8.
    pub fn head(&self) -> String {
        let fixed = [
            "created",
            "created_local",
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
            "note",
        ];
        let all: Vec<&str> = fixed
            .into_iter()
            .chain(self.0.iter().map(String::as_str))
            .collect();
        format!("\u{feff}{}", csv_row(&all))
    }

    /// A record's row, where clocks are so far `ahead` of UTC.
    pub fn row(&self, record: &Record, ahead: Ahead) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let fixed = [
            time::utc(record.created),
            time::local(record.created, ahead(record.created)),
            time::utc(record.updated),
            record.operation.clone(),
            record.name().unwrap_or_default().to_string(),
            record.outcome.code().to_string(),
            text(&record.resource_id),
            text(&record.status),
            text(&record.request_id),
            record.key.clone(),
            record.endpoint.clone(),
            if record.simulated { "true" } else { "" }.to_string(),
            text(&record.code),
            text(&record.message),
            text(&record.state().note),
        ];
        let raw = record.raw();
        let all = fixed.iter().map(String::as_str);
        let parameters = self.0.iter().map(|path| raw.get(path).unwrap_or_default());
        csv_row(&all.chain(parameters).collect::<Vec<_>>())
    }
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

/// Opens a file, also one of a newer version whose records can be listed.
///
/// # Errors
/// Why the file is none of ours, for people.
pub fn open(text: &str) -> Result<Opened<'_>, Text> {
    export::open(text).map_err(|why| match why {
        Unreadable::NotJson => messages::FILE_NOT_JSON,
        Unreadable::Foreign | Unreadable::Chain => messages::FILE_FOREIGN,
        Unreadable::Newer => messages::FILE_NEWER,
    })
}

/// Reads a record of a file. `now` bounds its times.
///
/// # Errors
/// Why it cannot be taken over, for people.
pub fn read(json: &str, now: u64) -> Result<Imported, Text> {
    export::read(json, now).map_err(|why| match why {
        Bad::Shape => messages::RECORD_SHAPE,
        Bad::Operation => messages::RECORD_OPERATION,
        Bad::Values => messages::RECORD_VALUES,
        Bad::Times => messages::RECORD_TIMES,
        Bad::Outcome => messages::RECORD_OUTCOME,
        Bad::Params => messages::RECORD_PARAMS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use tieline_records::Outcome;

    fn sample() -> Record {
        Record {
            operation: "CreateCen".into(),
            params: json!({ "Name": "backbone" }),
            created: 1_000,
            updated: 2_000,
            key: "0f3c".into(),
            outcome: Outcome::Created,
            resource_id: Some("cen-1".into()),
            status: Some("Active".into()),
            endpoint: "/api".into(),
            ..Record::blank()
        }
    }

    #[test]
    fn bad_files_are_told_apart() {
        let why = |text| open(text).err();
        assert_eq!(why(""), Some(messages::FILE_NOT_JSON));
        assert_eq!(why("[]"), Some(messages::FILE_FOREIGN));
        let newer = "{\"format\":\"tieline-history\",\"version\":3,\"records\":[]}";
        assert_eq!(why(newer), None, "there is a list of its records");
        let other = "{\"format\":\"tieline-history\",\"version\":3,\"records\":{}}";
        assert_eq!(why(other), Some(messages::FILE_NEWER));
        let whole = [&export::head(), export::CHAINS, export::TAIL].concat();
        assert_eq!(why(&whole), None);
        // Damaged or foreign is what it is, whatever version it says.
        assert_eq!(why(&newer[..40]), Some(messages::FILE_NOT_JSON));
        let foreign = newer.replace("tieline-history", "other");
        assert_eq!(why(&foreign), Some(messages::FILE_FOREIGN));
        assert_eq!(read("{}", 9).err(), Some(messages::RECORD_SHAPE));
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
    }

    #[test]
    fn every_parameter_has_a_column_and_the_time_is_there_twice() {
        let mut columns = Columns::default();
        let mut named = Record {
            params: json!({ "Name": "=cmd" }),
            ..sample()
        };
        named.annotate("@home, for Berlin", 3_000);
        let other = Record {
            params: json!({ "Description": "d" }),
            ..sample()
        };
        columns.take(&named);
        columns.take(&other);
        assert!(columns.head().starts_with("\u{feff}created,created_local,"));
        assert!(columns
            .head()
            .ends_with(",error_message,note,Description,Name\r\n"));
        let row = columns.row(&named, &|_| 480);
        assert!(
            row.starts_with("1970-01-01T00:00:01.000Z,1970-01-01 08:00:01,"),
            "{row}"
        );
        assert!(row.contains(",'=cmd,created,cen-1,Active,"), "{row}");
        assert!(
            row.ends_with(",,\"'@home, for Berlin\",,'=cmd\r\n"),
            "{row}"
        );
        let row = columns.row(&other, &|_| 0);
        assert!(row.ends_with(",,,,d,\r\n"), "{row}");
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
    }
}
