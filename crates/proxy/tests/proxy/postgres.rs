//! The journal in a PostgreSQL server, by the whole program.

use std::collections::BTreeMap;

use crate::cluster::Cluster;
use crate::journal::create;
use crate::server::{self, Server};
use crate::PROGRAM;

/// The program's exit code and all that it prints.
fn run(args: &[&str], variables: &BTreeMap<&str, &str>) -> (Option<i32>, String) {
    let output = server::command(PROGRAM)
        .args(args)
        .envs(variables)
        .output()
        .expect("the program");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (output.status.code(), text)
}

#[test]
fn two_proxies_share_a_journal_by_tls_and_send_nothing_once_it_is_gone() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]);
    let made = made.expect("a certificate");
    let certificate = made.cert.pem();
    cluster.secure(&certificate, &made.signing_key.serialize_pem());
    cluster.sql("ALTER USER tieline PASSWORD 'CANARY'");
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("cert.pem").display().to_string();
    std::fs::write(&trusted, &certificate).expect("written");
    let cloud = Server::start(PROGRAM, &["sandbox"]);
    let endpoint = format!("http://{}", cloud.address);
    let secret = "5e".repeat(32);
    let port = cluster.port;
    let url = format!("postgres://tieline:CANARY@localhost:{port}/postgres?sslmode=require");
    let mut variables = BTreeMap::from([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("TIELINE_ENDPOINTS__SMARTAG", &endpoint),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_ENDPOINTS__VPC", &endpoint),
        ("TIELINE_JOURNAL__KIND", "postgres"),
        ("TIELINE_JOURNAL__URL_ENV", "THE_URL"),
        ("THE_URL", &url),
        ("TIELINE_JOURNAL_SECRET", &secret),
    ]);
    // The certificate must be one that the proxy trusts, and without a journal there is nothing to list.
    let (code, text) = run(&["journal"], &variables);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("PostgreSQL server failed while connecting"),
        "{text}"
    );
    assert!(!text.contains("CANARY"), "{text}");
    variables.insert("SSL_CERT_FILE", &trusted);
    let (code, text) = run(&["journal"], &variables);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("no journal at the PostgreSQL server"),
        "{text}"
    );
    let (_, text) = run(&["doctor"], &variables);
    assert!(
        text.contains("note:  [journal] the server holds none yet"),
        "{text}"
    );

    let given: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, *value))
        .collect();
    let proxies = [(); 2].map(|()| Server::start_with(PROGRAM, &[], &given));
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'tieline-proxy'";
    assert_ne!(cluster.sql(encrypted), "0");
    let body = "{\"Name\":\"a\"}";
    let made = create(&proxies[0].address, "CreateCen", "made", body);
    assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
    let id = made.split("\"CenId\":").nth(1).expect("an id").to_string();
    for proxy in &proxies {
        let again = create(&proxy.address, "CreateCen", "made", body);
        assert!(again.contains("idempotency-replayed: true"), "{again}");
        assert!(again.contains(&id), "{again}");
    }
    let lost = "{\"Name\":\"fault-lost\"}";
    let unknown = create(&proxies[0].address, "CreateCen", "lost", lost);
    assert!(unknown.contains("outcome-unknown"), "{unknown}");
    let (code, text) = run(&["journal"], &variables);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("1 with an unknown outcome"), "{text}");
    let (_, text) = run(&["doctor"], &variables);
    let identity = cluster.sql("SELECT identity FROM tieline_journal");
    let well = format!("ok:    [journal] the server holds journal {identity}");
    assert!(text.contains(&well), "{text}");
    let (_, text) = run(&["--print-config"], &variables);
    assert!(
        !text.contains("CANARY") && text.contains("THE_URL"),
        "{text}"
    );

    cluster.set("synchronous_commit", "off");
    let (code, text) = run(&["--listen", "127.0.0.1:0"], &variables);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("synchronous_commit on"), "{text}");
    cluster.set("synchronous_commit", "on");
    // As if the address led to another server.
    cluster.sql("DROP TABLE tieline_journal; DROP TABLE tieline_journal_entries; DROP TABLE tieline_journal_writers");
    for (proxy, key) in proxies.iter().zip(["made", "new"]) {
        let refused = create(&proxy.address, "CreateCen", key, body);
        assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
        assert!(refused.contains("journal-unavailable"), "{refused}");
    }
    variables.insert("TIELINE_JOURNAL__IDENTITY", &identity);
    let (code, text) = run(&["--listen", "127.0.0.1:0"], &variables);
    assert_eq!(code, Some(2), "{text}");
    let told = format!("holds journal (none), and the configuration names {identity}");
    assert!(text.contains(&told), "{text}");
}
