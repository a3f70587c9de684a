//! Command lines: curl, aliyun, hcloud.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::Control;
use tieline_catalog::{creations, Operation};

use crate::http::Request;
use crate::reading::{Format, Found};
use crate::shell::{commands, value as shell_value, EXPANDED};
use crate::tree::Pairs;

/// The command of a script that creates what was asked for, or else the first that creates anything.
pub fn command(operation: &'static Operation, text: &str) -> Option<Found> {
    // A program's lines are no commands, and reading them as such costs time.
    let names = ["curl", "aliyun", "hcloud"];
    if !names.iter().any(|name| text.contains(name)) {
        return None;
    }
    // The more of a creation, the better: what else has a name of an operation is a stranger.
    let rank = |found: &Found| match found.action.as_deref() {
        Some(action) if action == operation.name => 3,
        Some(action) if creations().any(|op| op.name == action) => 2,
        Some(_) => 1,
        None => 0,
    };
    let mut best: Option<(u8, Found)> = None;
    for found in commands(text).into_iter().filter_map(one) {
        let rank = rank(&found);
        if best.as_ref().is_none_or(|(most, _)| rank > *most) {
            best = Some((rank, found));
        }
    }
    best.map(|(_, found)| found)
}

/// A command, if it is one of these.
fn one(words: Vec<String>) -> Option<Found> {
    // What a prompt and variables put before it.
    let before = |word: &String| matches!(&**word, "$" | "sudo" | "time") || word.contains('=');
    let mut words = words.into_iter().skip_while(before);
    let name = words.next()?;
    let words: Vec<String> = words.collect();
    match name.rsplit('/').next()?.trim_end_matches(".exe") {
        "curl" => Some(curl(words)),
        "aliyun" => Some(aliyun(&words)),
        "hcloud" => Some(hcloud(&words)),
        _ => None,
    }
}

/// The short options of curl that take a word of their own.
const SHORT: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";

/// The long options of curl that take a word of their own and say nothing of the request.
const OTHERS: [&str; 45] = [
    "--aws-sigv4",
    "--cacert",
    "--capath",
    "--cert",
    "--cert-type",
    "--ciphers",
    "--config",
    "--connect-timeout",
    "--connect-to",
    "--cookie",
    "--cookie-jar",
    "--dump-header",
    "--form",
    "--interface",
    "--keepalive-time",
    "--key",
    "--key-type",
    "--limit-rate",
    "--local-port",
    "--max-redirs",
    "--max-time",
    "--netrc-file",
    "--noproxy",
    "--oauth2-bearer",
    "--output",
    "--output-dir",
    "--pass",
    "--proto",
    "--proxy",
    "--proxy-user",
    "--range",
    "--referer",
    "--resolve",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--speed-limit",
    "--speed-time",
    "--stderr",
    "--trace",
    "--trace-ascii",
    "--unix-socket",
    "--user",
    "--user-agent",
    "--write-out",
];

fn curl(words: Vec<String>) -> Found {
    let mut request = Request::default();
    let (mut body, mut get) = (Vec::new(), false);
    let mut addresses = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if !word.starts_with('-') {
            addresses.push(word);
            continue;
        }
        for (name, own) in split(&word) {
            let mut value = || own.clone().or_else(|| words.next()).unwrap_or_default();
            match &*name {
                "-X" | "--request" => request.method = value(),
                "-H" | "--header" => request.header(&value()),
                "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => {
                    body.push(value())
                }
                "--data-urlencode" => body.push(encoded(&value())),
                "-G" | "--get" => get = true,
                "--url" => addresses.push(value()),
                "--url-query" => request.add_query(&encoded(&value())),
                name if OTHERS.contains(&name) => drop(value()),
                name if name
                    .strip_prefix('-')
                    .is_some_and(|name| SHORT.contains(name)) =>
                {
                    drop(value())
                }
                _ => {}
            }
        }
    }
    // A word without a scheme may be the value of an option that is not known here.
    addresses.retain(|word| is_address(word));
    let whole = addresses.iter().find(|word| word.contains("://"));
    if let Some(address) = whole.or(addresses.first()) {
        request.address(address);
    }
    let body = body.join("&");
    match get {
        true => request.add_query(&body),
        false => request.body = body,
    }
    request.found(Format::Curl)
}

/// Whether a word can be an address: what a shell would have put in is none, unless a path follows it.
fn is_address(word: &str) -> bool {
    match word.strip_prefix(EXPANDED) {
        Some(expanded) => {
            let path = expanded.split_once(EXPANDED);
            path.is_some_and(|(_, path)| path.starts_with('/'))
        }
        None => true,
    }
}

/// The options in a word. Several short ones may share one, and the last may have its value there: `-sXPOST`.
fn split(word: &str) -> Vec<(String, Option<String>)> {
    if word.starts_with("--") {
        return [match word.split_once('=') {
            Some((name, value)) => (name.to_string(), Some(value.to_string())),
            None => (word.to_string(), None),
        }]
        .into();
    }
    let mut options = Vec::new();
    let mut letters = word.chars();
    letters.next();
    while let Some(letter) = letters.next() {
        let takes = SHORT.contains(letter);
        let rest = letters.as_str();
        let own = (takes && !rest.is_empty()).then(|| rest.to_string());
        options.push((["-", &letter.to_string()].concat(), own));
        if takes {
            break;
        }
    }
    options
}

/// `name=value` with the value encoded, as curl does it.
fn encoded(text: &str) -> String {
    let encode = tieline_catalog::wire::percent_encode;
    match text.split_once('=') {
        Some((name, value)) => [name, "=", &encode(value)].concat(),
        None => encode(text),
    }
}

/// The values of options: `--name=value`, `--name value`, or `--name` alone.
fn options(words: &[String]) -> Pairs {
    let mut pairs = Pairs::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let Some(option) = word.strip_prefix("--") else {
            continue;
        };
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (
                option,
                words
                    .get(at)
                    .map(String::as_str)
                    .filter(|next| !next.starts_with("--")),
            ),
        };
        at += usize::from(value.is_some() && !option.contains('='));
        if let Some(value) = value {
            pairs.push((name.to_string(), shell_value(value)));
        }
    }
    pairs
}

/// Turns the tool's own options into the parameters that say the same, and drops the others.
fn tool(pairs: Pairs, action: Option<&String>, own: &[&str], same: &[(&str, Control)]) -> Pairs {
    let op = |op: &&'static Operation| Some(op.name) == action.map(String::as_str);
    let op = creations().find(op);
    let given = |name: &str| pairs.iter().any(|(other, _)| other == name);
    let pairs = pairs.iter().filter_map(|(name, tree)| {
        let control = same.iter().find(|(option, _)| option == name);
        match control {
            Some((_, control)) => {
                let name = op?.param_with(*control).filter(|name| !given(name))?;
                Some((name.to_string(), tree.clone()))
            }
            None if own.contains(&&**name) => None,
            None => Some((name.clone(), tree.clone())),
        }
    });
    pairs.collect()
}

/// The options of the vendors' command lines that take no word of their own.
const SWITCHES: [&str; 9] = [
    "debug",
    "dryrun",
    "force",
    "help",
    "insecure",
    "q",
    "quiet",
    "secure",
    "skip-secure-verify",
];

/// The product and the operation of a command, which options may stand before and between.
fn action(words: &[String]) -> Option<&String> {
    let mut plain = Vec::new();
    let mut value = false;
    for word in words {
        if let Some(option) = word.strip_prefix('-') {
            let name = option.trim_start_matches('-');
            value = !word.contains('=') && !SWITCHES.contains(&name);
        } else if !core::mem::take(&mut value) && !word.starts_with(EXPANDED) {
            plain.push(word);
        }
    }
    match plain[..] {
        // The tool's own settings.
        [product, ..] if product == "configure" => None,
        [_, action, ..] => Some(action),
        _ => None,
    }
}

/// `aliyun cbn CreateCen --Name …`.
fn aliyun(words: &[String]) -> Found {
    let action = action(words);
    let own = [
        "profile",
        "endpoint",
        "version",
        "force",
        "mode",
        "language",
        "access-key-id",
        "access-key-secret",
        "sts-token",
        "config-path",
        "output",
        "waiter",
        "pager",
        "header",
        "secure",
        "dryrun",
        "quiet",
    ];
    let pairs = tool(options(words), action, &own, &[("region", Control::Region)]);
    Found {
        action: action.cloned(),
        groups: [pairs].into(),
        ..Found::of(Format::Aliyun)
    }
}

/// `hcloud CC CreateCloudConnection --cloud_connection.name=…`.
fn hcloud(words: &[String]) -> Found {
    let action = action(words).map(|action| action.split('/').next().unwrap_or(action).to_string());
    let same = [
        ("cli-domain-id", Control::Account),
        ("cli-region", Control::Region),
    ];
    let mut pairs = tool(options(words), action.as_ref(), &[], &same);
    pairs.retain(|(name, _)| !name.starts_with("cli-"));
    Found {
        action,
        groups: [pairs].into(),
        ..Found::of(Format::Hcloud)
    }
}
