//! A proxy elsewhere that wants a token and has several accounts.

use tieline_catalog::creations;

use crate::inputs::{created, send, valid};
use crate::page::{journey, TestConfig};
use tieline_test_support::servers::{self, Tools};

const CONFIG: &[&str] = &[
    "--config",
    concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/browser/input/access.toml"
    ),
];

#[test]
fn a_token_is_asked_for_kept_in_memory_and_sent() {
    journey("token", TestConfig::default(), |page| {
        let tools = Tools::from_env().expect("the page has them");
        let (_proxy, elsewhere) = servers::proxy(&tools, "127.0.0.1:0", CONFIG);
        page.allow(&elsewhere);
        page.open("#/settings");
        page.type_into("endpoint", &elsewhere);
        page.leave();
        page.shows("tieline-proxy");

        let op = creations().next().expect("an operation");
        send(page, op, &valid(op));
        page.shows("Authorization: Bearer");

        page.open("#/settings");
        page.type_into("token", "browser-token");
        page.leave();
        send(page, op, &valid(op));
        let id = created(page, op);
        assert!(!page.storage().contains("browser-token"));

        // Another account of the same proxy is another place to the history.
        page.open("#/settings");
        page.choose("Account of the proxy", "second");
        send(page, op, &valid(op));
        let second = created(page, op);
        page.open("#/history");
        page.row(&[&id]);
        page.row(&[&second]);
        assert!(page.storage().contains(&format!("{elsewhere} (second)")));

        page.reload();
        page.open("#/settings");
        page.shows("Access token");
        assert_eq!(page.value("token"), "", "a reload forgets it");
        assert_eq!(page.value("profile"), "second");
    });
}
