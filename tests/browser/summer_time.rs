//! Moments of another season: they are shown by the clock as it was then.

use serde_json::{json, Value};

use crate::history::{download, filter, import, many};
use crate::page::{journey, Named, TestConfig};

/// Half an hour after midnight in Berlin, in winter and in summer: one of the two is never the present season.
const MOMENTS: [(u64, &str, &str); 2] = [
    (
        1_736_897_400_000,
        "2025-01-15 00:30:00",
        "2025-01-15 · Wednesday",
    ),
    (
        1_752_532_200_000,
        "2025-07-15 00:30:00",
        "2025-07-15 · Tuesday",
    ),
];

#[test]
fn a_moment_of_another_season_is_shown_by_the_clock_of_then() {
    journey("seasons", TestConfig::default(), |page| {
        let zone = json!({ "timezoneId": "Europe/Berlin" });
        page.done(
            page.browser()
                .devtools("Emulation.setTimezoneOverride", zone),
        );
        let mut file: Value = serde_json::from_str(&many(2)).expect("JSON");
        for (at, (ms, ..)) in MOMENTS.iter().enumerate() {
            let record = &mut file["records"][at];
            record["created"] = json!(ms);
            record["updated"] = json!(ms);
        }
        let path = page.downloads().join("seasons.json");
        std::fs::write(&path, file.to_string()).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &path);
        page.shows("Imported: 2 new");
        for (_, time, day) in MOMENTS {
            page.row(&[time, "of many"]);
            page.find("heading", day);
        }
        // Of a day are those that were sent then.
        page.choose("Time", "range");
        let set = "const [name, value] = arguments;
            const field = Array.from(document.querySelectorAll('input[type=date]'))
              .find(e => e.labels[0].textContent.trim() == name);
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, value);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));";
        for (_, time, _) in MOMENTS {
            for bound in ["From", "To"] {
                page.done(page.browser().run(set, json!([bound, &time[..10]])));
            }
            page.shows("1 of 2 records");
            page.row(&[time]);
        }
        page.choose("Time", "");
        page.shows("Records: 2");
        // Everywhere it is shown.
        let (_, summer, _) = MOMENTS[1];
        filter(page, "record-1");
        page.until("one record", || Ok(page.rows().len() == 1));
        page.click("button", Named::Has("record-1"));
        page.find("button", "Close the details");
        let details = page.text();
        let times = details.matches(summer).count();
        assert!(
            times >= 4,
            "the row, the two facts and the time line: {details}"
        );
        page.click("button", "Export CSV");
        let csv = std::fs::read_to_string(download(page, ".csv")).expect("the table");
        assert!(csv.contains(summer), "{csv}");
    });
}
