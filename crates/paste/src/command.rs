//! Command lines: curl, aliyun, hcloud.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::Control;
use tieline_catalog::{creations, Operation};

use crate::http::Request;
use crate::reading::{Format, Found};
use crate::shell::{commands, value as shell_value, EXPANDED};
use crate::tree::Pairs;

/// The first command of a script that is one of these.
pub fn command(text: &str) -> Option<Found> {
    // A program's lines are no commands, and reading them as such costs time.
    let names = ["curl", "aliyun", "hcloud"];
    if !names.iter().any(|name| text.contains(name)) {
        return None;
    }
    commands(text).into_iter().find_map(|words| {
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
    })
}

/// The options of curl that take a word of their own and say nothing of the request.
const OTHERS: [&str; 22] = [
    "-o",
    "--output",
    "-u",
    "--user",
    "-A",
    "--user-agent",
    "-m",
    "--max-time",
    "-x",
    "--proxy",
    "-b",
    "--cookie",
    "-w",
    "--write-out",
    "--connect-timeout",
    "-e",
    "--referer",
    "--cacert",
    "--cert",
    "--key",
    "--retry",
    "--resolve",
];

fn curl(words: Vec<String>) -> Found {
    let mut request = Request::default();
    let (mut body, mut get) = (Vec::new(), false);
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (name, own) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => {
                (name.to_string(), Some(value.to_string()))
            }
            _ => short(&word),
        };
        let mut value = || own.clone().or_else(|| words.next()).unwrap_or_default();
        match &*name {
            "-X" | "--request" => request.method = value(),
            "-H" | "--header" => request.header(&value()),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => {
                body.push(value())
            }
            "--data-urlencode" => body.push(encoded(&value())),
            "-G" | "--get" => get = true,
            "--url" => request.address(&value()),
            name if OTHERS.contains(&name) => drop(value()),
            name if name.starts_with('-') => {}
            // Whatever a shell would have put in here, it is no address that could be read.
            name if name.starts_with(EXPANDED) => {}
            _ => request.address(&word),
        }
    }
    let body = body.join("&");
    match get {
        true => request.add_query(&body),
        false => request.body = body,
    }
    request.found(Format::Curl)
}

/// A short option with what stands right behind it: `-XPOST`.
fn short(word: &str) -> (String, Option<String>) {
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some('-'), Some(letter)) if "XHd".contains(letter) && letters.clone().next().is_some() => {
            (["-", &letter.to_string()].concat(), Some(letters.collect()))
        }
        _ => (word.to_string(), None),
    }
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

fn plain(words: &[String], nth: usize) -> Option<&String> {
    words.iter().filter(|word| !word.starts_with('-')).nth(nth)
}

/// `aliyun cbn CreateCen --Name …`.
fn aliyun(words: &[String]) -> Found {
    let action = plain(words, 1);
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
    let action =
        plain(words, 1).map(|action| action.split('/').next().unwrap_or(action).to_string());
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
