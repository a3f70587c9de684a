//! What answers, or does not, where the requests go.

use serde_json::json;
use tieline_catalog::creations;

use crate::inputs::{created, fill, final_status, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use tieline_test_support::servers::{closed_port, server, Reply};

const WITHOUT_PROXY: TestConfig = TestConfig {
    proxy: &[],
    window: (1400, 900),
    without_proxy: true,
};

#[test]
fn without_a_proxy_the_page_says_so_and_one_click_brings_the_sandbox() {
    journey("no-proxy", WITHOUT_PROXY, |page| {
        page.open("#/");
        page.shows("No proxy answers.");
        page.shows("cargo xtask serve");
        page.click("button", "Use the sandbox in this page");
        page.shows("nothing that is created here exists");
        for op in creations() {
            println!("{}", op.name);
            send(page, op, &valid(op));
            let id = created(page, op);
            page.click("link", "See it in the history");
            page.row(&[&id, "Created", final_status(op)]);
            page.reload();
            page.row(&[&id, final_status(op)]);
            page.shows("nothing that is created here exists");
        }
        page.click("button", "Use the proxy instead");
        page.shows("No proxy answers.");
    });
}

/// Takes the browser off the network, or back.
pub fn offline(page: &Page, offline: bool) {
    let nothing = json!({ "offline": offline, "latency": 0,
        "downloadThroughput": -1, "uploadThroughput": -1 });
    page.done(page.browser().devtools("Network.enable", json!({})));
    page.done(
        page.browser()
            .devtools("Network.emulateNetworkConditions", nothing),
    );
}

/// Without a network no proxy has to be started: it is said what is missing, and noticed when it is there again.
#[test]
fn a_device_without_a_network_is_told_from_a_proxy_that_is_down() {
    journey("offline", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.shows("Proxy ready");
        fill(page, op, &valid(op));
        offline(page, true);
        page.shows("This device is offline.");
        assert!(!page.text().contains("cargo xtask serve"));
        crate::walkthrough::speak(page, "zh-CN");
        page.shows("此设备未联网。");
        crate::walkthrough::speak(page, "en");
        offline(page, false);
        page.shows("Proxy ready");
        page.until("the banner to go", || {
            Ok(!page.text().contains("This device is offline."))
        });
        // What was typed is still there, and is sent.
        page.click("button", "Create");
        created(page, op);
    });
}

/// Sending without a proxy is not executed, and the record says so.
#[test]
fn nothing_sent_is_not_executed() {
    journey("down-send", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &valid(op));
        page.kill_proxy();
        page.click("button", "Create");
        page.find("heading", Named::Has("Not executed"));
        page.shows("No proxy answers.");
        page.click("link", "History");
        page.row(&["Not executed"]);
        // A proxy that comes back is noticed without a click.
        page.restart_proxy();
        page.until("the banner to go", || {
            Ok(!page.text().contains("No proxy answers."))
        });
        page.shows("Proxy ready");
    });
}

/// The endpoint of the settings, and what the check of it says.
#[track_caller]
fn endpoint(page: &Page, endpoint: &str, says: &str) {
    println!("{endpoint}");
    page.type_into("endpoint", endpoint);
    page.leave();
    page.click("button", "Check the connection");
    page.until(format!("{endpoint}: {says:?}"), || {
        let said = page.all("status", Named::Any)?;
        for status in &said {
            if page.browser().text(status)?.contains(says) {
                return Ok(true);
            }
        }
        Ok(false)
    });
}

#[test]
fn the_connection_check_tells_what_is_there() {
    journey("check", TestConfig::default(), |page| {
        let html = || Reply::new(200, "text/html", "<title>A web server</title>");
        let health = |version: &str, mode: &str, present: bool| {
            json!({ "name": "tieline-proxy", "version": version, "mode": mode,
                    "credentials": { "alibaba": present, "huawei": false } })
            .to_string()
        };
        let own = env!("CARGO_PKG_VERSION");
        let json = "application/json";
        let other = health("99.0.0", "sandbox", false);
        let bare = health(own, "live", false);
        let hidden = server(move |_| html());
        let stranger = server(move |_| html().shared());
        let newer = server(move |_| Reply::new(200, json, other.clone()).shared());
        let poor = server(move |_| Reply::new(200, json, bare.clone()).shared());
        let closed = format!("http://{}", closed_port());
        for foreign in [&hidden, &stranger, &newer, &poor, &closed] {
            page.allow(foreign);
        }

        page.open("#/settings");
        page.shows("Proxy ready");
        endpoint(page, &closed, "No proxy answers");
        endpoint(page, &stranger, "not a Tieline proxy");
        endpoint(page, &hidden, "CORS");
        endpoint(page, &newer, "99.0.0");
        endpoint(page, &poor, "no credentials");
        endpoint(page, "/nothing", "not a Tieline proxy");
        endpoint(page, &format!("{}/api", page.origin), "tieline-proxy");
        endpoint(page, "/api", "tieline-proxy");
        page.shows("Proxy ready");
    });
}

#[test]
fn a_wrong_endpoint_is_refused_and_settings_last() {
    journey("settings", TestConfig::default(), |page| {
        page.open("#/settings");
        for wrong in [
            "nowhere",
            "//evil.example",
            "javascript:alert(1)",
            "http://",
            "http://u:p@x",
            "/a?b=c",
        ] {
            page.type_into("endpoint", wrong);
            page.until(format!("{wrong} to be refused"), || {
                Ok(page.invalid("endpoint"))
            });
            assert!(page.description("endpoint").contains("Error:"), "{wrong}");
            page.leave();
            page.reload();
            assert_eq!(page.value("endpoint"), "/api", "{wrong} was not taken");
        }
        let region = creations()
            .flat_map(|op| op.params)
            .filter(|p| p.control == tieline_catalog::Control::Region)
            .find_map(|p| Some(p.choices()?.0.first()?.value))
            .expect("a region");
        page.type_into("region", region);
        page.type_into("account", "abc123");
        page.leave();
        page.reload();
        assert_eq!(page.value("region"), region);
        assert_eq!(page.value("account"), "abc123");

        // Forms start with them.
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            for (path, param) in crate::inputs::leaves(op) {
                let expected = match param.control {
                    tieline_catalog::Control::Region => region,
                    tieline_catalog::Control::Account => "abc123",
                    _ => continue,
                };
                assert_eq!(page.value(&path), expected, "{} {path}", op.name);
            }
        }
    });
}
