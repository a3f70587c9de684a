//! `tieline-proxy doctor`: tries the configuration out and says what is wrong, a sentence each.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use tieline_catalog::answer::{decode_read, Found, Refusal};
use tieline_catalog::model::{Action, Operation, Provider, Service};
use tieline_catalog::operations::operations;
use tieline_catalog::wire::{self, Response};
use tieline_catalog::{check, Raw};
use tokio::time::Instant;

use crate::config::{accounts, ignored_names, Account, ConfigError, Configuration, Environment};
use crate::journal;
use crate::observe::audit;
use crate::platform;
use crate::upstream::{account_param, is_of_the_keys, system_roots, SendError, Upstream};

/// The most seconds that the clock may be off. The clouds refuse at 900; before that it is time to act.
const SKEW: u64 = 300;

/// The kind of a line of the report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Well,
    /// Nothing is wrong with it, but it may not be what was meant.
    Note,
    Wrong,
}

/// The doctor's report.
#[derive(Default)]
pub struct Report {
    lines: Vec<(Mark, String)>,
}

impl Report {
    /// The configuration itself cannot be used.
    pub fn unusable(why: ConfigError) -> Report {
        let mut report = Report::default();
        report.wrong(why.0);
        report
    }

    /// Whether nothing is wrong.
    pub fn is_well(&self) -> bool {
        self.lines.iter().all(|(mark, _)| *mark != Mark::Wrong)
    }

    fn well(&mut self, what: impl Into<String>) {
        self.lines.push((Mark::Well, what.into()));
    }

    fn wrong(&mut self, what: impl Into<String>) {
        let what = what.into();
        // Several profiles and services can have the same problem.
        if !self.lines.iter().any(|(_, line)| *line == what) {
            self.lines.push((Mark::Wrong, what));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mark, line) in &self.lines {
            let mark = match mark {
                Mark::Well => "ok:   ",
                Mark::Note => "note: ",
                Mark::Wrong => "wrong:",
            };
            writeln!(f, "{mark} {line}")?;
        }
        Ok(())
    }
}

/// Examines a configuration: the files it names, the keys, and by signed reads the endpoints, the
/// keys' validity and the clock. Nothing is created.
pub async fn examine(configuration: &Configuration, environment: &Environment) -> Report {
    let mut report = Report::default();
    report.well("the configuration is understood.");
    if let Some(names) = ignored_names(environment) {
        report.lines.push((Mark::Note, names));
    }
    if !configuration.listen.ip().is_loopback() && !configuration.auth.required() {
        report.wrong(format!(
            "listen = \"{}\" lets other machines in, and nobody has to log in: configure [auth].",
            configuration.listen
        ));
    }
    if let Some(folder) = &configuration.console {
        if !folder.join("index.html").is_file() {
            let folder = folder.display();
            report.wrong(format!("the console's folder {folder} has no index.html."));
        }
    }
    if let Some(file) = &configuration.audit.file {
        if let Err(error) = audit::examine(file) {
            let file = file.display();
            report.wrong(format!(
                "[audit] {file} cannot be written: {error}; nothing would be created."
            ));
        }
    }
    if configuration.journal.kind.is_on_a_server() {
        match journal::look(configuration, environment).await {
            Ok(Some(identity)) => report.well(format!(
                "[journal] the server holds journal {identity}, and keeps what it acknowledges."
            )),
            Ok(None) => report.lines.push((
                Mark::Note,
                "[journal] the server holds none yet; the proxy begins one when it starts.".into(),
            )),
            Err(why) => report.wrong(why.0),
        }
    }
    if system_roots().is_empty() {
        report.wrong("the system trusts no certificate authority: install its CA certificates or name a file in SSL_CERT_FILE.");
    }
    let accounts = match accounts(configuration, environment) {
        Ok(accounts) => accounts,
        Err(why) => {
            report.wrong(why.0);
            return report;
        }
    };
    if accounts.values().all(Account::is_empty) {
        report.wrong("no profile has keys for any cloud: set the variables of the vendors' tools or name a file of keys.");
        return report;
    }
    let upstream = match Upstream::live(configuration, accounts.clone()) {
        Ok(upstream) => upstream,
        Err(why) => {
            report.wrong(why.0);
            return report;
        }
    };
    let timeout = Duration::from_secs(configuration.limits.upstream_timeout);
    for (name, account) in &accounts {
        if account.huawei.is_some() && account.account_id.is_none() {
            match upstream.look_up_account_id(name).await {
                Ok(_) => report.well(format!("profile {name}: IAM tells the account id.")),
                Err(why) => report.wrong(format!(
                    "profile {name}: the account id is missing, and {why}; set domain_id."
                )),
            }
        }
        for op in reads() {
            let has_keys = match op.service.provider {
                Provider::Alibaba => account.alibaba.is_some(),
                Provider::Huawei => account.huawei.is_some(),
            };
            if has_keys {
                let deadline = Instant::now() + timeout;
                read(&upstream, name, op, deadline, &mut report).await;
            }
        }
    }
    report
}

/// A read of a list for each service, one that needs nothing but a region and an account.
fn reads() -> Vec<&'static Operation> {
    let mut chosen: Vec<&'static Operation> = Vec::new();
    for op in operations().filter(|op| op.action == Action::Read && op.response().list.is_some()) {
        let new = |s: &Service| chosen.iter().all(|other| other.service.id != s.id);
        let mut raw = least(op);
        if let Some(name) = account_param(op) {
            raw.set(name, "any");
        }
        if new(op.service) && check(op, &raw).valid().is_ok() {
            chosen.push(op);
        }
    }
    chosen
}

/// The required parameters with documented values: the operation's own, else those of a creation of
/// the same service, since the documents give examples for creations.
fn least(op: &'static Operation) -> Raw {
    let own = operations().filter(|other| other.service.id == op.service.id);
    let examples: Vec<Raw> = std::iter::once(op).chain(own).map(Raw::example).collect();
    let mut raw = Raw::new();
    for param in op.params.iter().filter(|p| p.required) {
        let documented = examples.iter().find_map(|example| example.get(param.name));
        let choice = || param.choices()?.0.first().map(|choice| choice.value);
        if let Some(text) = documented.or(param.default).or_else(choice) {
            raw.set(param.name, text);
        }
    }
    raw
}

async fn read(
    upstream: &Upstream,
    profile: &str,
    op: &'static Operation,
    deadline: Instant,
    report: &mut Report,
) {
    let mut raw = least(op);
    upstream.complete(op, &mut raw, profile).await.ok();
    // Without an account id, of which the report speaks already, there is nothing to send.
    let Ok(valid) = check(op, &raw).valid() else {
        return;
    };
    let (scheme, host) =
        upstream.scheme_and_host(op.service.id, &wire::encode(valid.parsed()).host);
    let endpoint = format!("{scheme}://{host}");
    let answer = upstream.send_once(&valid, profile, deadline).await;
    match answer {
        Ok(answer) => assess(profile, op, &endpoint, &answer, report),
        Err(SendError::Unreachable) => report.wrong(format!(
            "{endpoint} ({}) cannot be reached: check the name, the network and the certificate (the reason is on the error output).",
            op.service.id
        )),
        Err(SendError::Dropped | SendError::TimedOut) => {
            report.wrong(format!("{endpoint} ({}) does not answer.", op.service.id));
        }
        Err(SendError::NoCredentials) => {}
    }
}

fn assess(
    profile: &str,
    op: &'static Operation,
    endpoint: &str,
    answer: &Response,
    report: &mut Report,
) {
    if let Some(seconds) = skew(answer, platform::now_ms()).filter(|s| s.unsigned_abs() > SKEW) {
        let direction = if seconds > 0 { "behind" } else { "ahead of" };
        let seconds = seconds.unsigned_abs();
        report.wrong(format!(
            "this machine's clock is {seconds} s {direction} that of {endpoint}: set it, or signatures are refused."
        ));
    }
    let service = op.service.id;
    match decode_read(op, answer) {
        Found::Items(_) => report.well(format!(
            "profile {profile}: {service} accepts the key ({}).",
            op.name
        )),
        Found::Refused(refusal) => match key_problem(&refusal) {
            Some(why) => report.wrong(format!("profile {profile}: {service} at {endpoint} {why}")),
            None => report.well(format!(
                "profile {profile}: {service} knows the key, but {} is answered with {}.",
                op.name, refusal.code
            )),
        },
    }
}

/// The problem of the key by a refusal; `None` when the key is right and only this read is not granted.
fn key_problem(refusal: &Refusal) -> Option<String> {
    let code = refusal.code.as_str();
    if code.is_empty() {
        let status = refusal.http;
        return Some(format!(
            "answers {status} in no format of the vendor: something else answers in its place."
        ));
    }
    if code.starts_with("InvalidTimeStamp") || refusal.message.contains("signature expired") {
        return Some(format!(
            "refuses this machine's time ({code}): set the clock."
        ));
    }
    if is_of_the_keys(code) {
        return Some(format!(
            "refuses the key ({code}): check its id and secret."
        ));
    }
    let denied =
        refusal.http == 403 || code.starts_with("Forbidden") || code.starts_with("Unauthorized");
    match denied {
        true => None,
        false => Some(format!("answers with {code}.")),
    }
}

/// The seconds that the answer's clock is ahead of ours.
fn skew(answer: &Response, now_ms: u64) -> Option<i64> {
    let date = httpdate::parse_http_date(answer.header("date")?).ok()?;
    let theirs = date.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let ours = now_ms / 1000;
    i64::try_from(theirs)
        .ok()?
        .checked_sub(i64::try_from(ours).ok()?)
}
