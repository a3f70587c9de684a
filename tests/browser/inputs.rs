//! Input for any operation, right or wrong on purpose, out of its tables, and the hands that put it
//! into a form.

use std::net::IpAddr;

use serde_json::json;
use tieline_catalog::model::{Chars, Check, Control, Operation, Param, Privacy, Rule, Severity};
use tieline_catalog::{answer, check, Kind, Raw};
pub use tieline_test_support::inputs::{leaves, name_path, valid};

use crate::page::{Named, Page};
pub use tieline_test_support::inputs::allowed;
use tieline_test_support::webdriver::{agent, Element};

/// Gives the parameter that may be used only once a value of its own: the nth.
pub fn distinguish(op: &'static Operation, raw: &mut Raw, nth: usize) {
    if let Some((path, _)) = op.simulation().and_then(|s| s.unique) {
        let before = raw.get(path).unwrap_or_default();
        // A name can order a fault, and a test looks for it.
        let own = match before.parse::<IpAddr>() {
            Ok(_) => format!("203.0.113.{}", nth % 250 + 1),
            Err(_) => format!("{before}-{nth}"),
        };
        assert!(raw.set(path, &own));
        let errors: Vec<_> = check(op, raw).errors().cloned().collect();
        assert!(errors.is_empty(), "{} {errors:?}", op.name);
    }
}

/// Valid input with personal data and credentials in it, and the paths and values of those.
pub fn private(op: &'static Operation) -> (Raw, Vec<(String, String)>) {
    let mut raw = valid(op);
    let mut secrets = Vec::new();
    for (path, param) in leaves(op) {
        if param.privacy != Privacy::Public {
            let value = allowed(param);
            raw.set(&path, &value);
            secrets.push((path, value));
        }
    }
    assert_eq!(check(op, &raw).errors().count(), 0, "{}", op.name);
    (raw, secrets)
}

/// A text that breaks a rule, if a person can type one into its control.
fn breaking(rule: &Rule) -> Option<String> {
    Some(match rule.check {
        Check::Length { max, .. } => "a".repeat(max + 1),
        Check::FirstLetter | Check::FirstLatinOrHan => "1abc".into(),
        Check::Chars(Chars::WordsAnd(_)) => "a b!".into(),
        Check::Chars(Chars::AllBut(none)) => format!("ab{}", none.chars().next()?),
        Check::NotPrefix(prefixes) => format!("{}x", prefixes.first()?),
        Check::NotContains(parts) => format!("x{}y", parts.first()?),
        Check::NotPrefixAnyCase(prefixes) => prefixes.first()?.to_ascii_uppercase(),
        Check::NotContainsAnyCase(parts) => parts.first()?.to_ascii_uppercase(),
        Check::Prefix(_) | Check::Floor | Check::EnterpriseProject => "zzz".into(),
        Check::AsnBut(number) => number.to_string(),
        Check::VisibleAsciiBut(_) => "a b".into(),
        // A key press gives no control character.
        Check::NoControl => return None,
        Check::OneOf(_) => "zz-nowhere-1".into(),
        Check::Range { max, .. } => max.checked_add(1)?.to_string(),
        Check::Cidr | Check::Ip | Check::Ipv4 => "nowhere".into(),
        Check::NoHostBits => "192.168.7.9/24".into(),
        Check::PrivateCidr => "8.8.8.0/24".into(),
        Check::NotWithin(networks) => networks.first()?.0.addr().to_string(),
        Check::Ascii => "令牌".into(),
        Check::Email | Check::Telephone | Check::ResidentId => "nobody".into(),
        Check::ResidentId18 => return None,
        Check::RegionLabel => "no region!".into(),
        Check::PathSegment => "..".into(),
        Check::HeaderValue => "schlüssel".into(),
        Check::UniqueKeys(_) => return None,
    })
}

/// Whether a person can type any text into a parameter's control.
fn typed(param: &Param) -> bool {
    !matches!(param.kind, Kind::Boolean) && !matches!(param.choices(), Some((_, false)))
}

/// For every field that takes typing and has a rule, a text that breaks it, by wire path.
pub fn wrong(op: &'static Operation) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (path, param) in leaves(op).into_iter().filter(|(_, p)| typed(p)) {
        let texts = param
            .rules
            .iter()
            .filter(|rule| rule.severity == Severity::Error)
            .filter_map(breaking);
        let breaks = |text: &String| {
            let mut raw = valid(op);
            raw.set(&path, text);
            let report = check(op, &raw);
            let met = report.errors().any(|v| v.parameter == path);
            met
        };
        if let Some(text) = texts.into_iter().find(breaks) {
            out.push((path, text));
        }
    }
    out
}

/// For every field that takes typing, a text that is warned about and stops nothing.
pub fn doubtful(op: &'static Operation) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (path, param) in leaves(op).into_iter().filter(|(_, p)| typed(p)) {
        let texts = param
            .rules
            .iter()
            .filter(|rule| rule.severity == Severity::Warning)
            .filter_map(breaking);
        let warned = |text: &String| {
            let mut raw = valid(op);
            raw.set(&path, text);
            let report = check(op, &raw);
            let met = report.errors().count() == 0
                && report.violations.iter().any(|v| v.parameter == path);
            met
        };
        if let Some(text) = texts.into_iter().find(warned) {
            out.push((path, text));
        }
    }
    out
}

/// Opens the section in which the control of a wire path is, or its list.
#[track_caller]
pub fn reveal(page: &Page, path: &str) {
    let list = path.split(".1").next().unwrap_or(path);
    page.until(format!("{path} to be in sight"), || {
        let open = "const [path, list] = arguments;
            const e = document.getElementsByName(path)[0] ?? document.getElementById('f-' + list);
            const section = e?.closest('form details');
            if (section && !section.open) section.querySelector('summary').click();
            return e != null && (!section || section.open)";
        Ok(page.browser().run(open, json!([path, list]))? == json!(true))
    });
}

/// Puts a text into the control of a wire path, whatever control it is; adds list items as needed.
#[track_caller]
pub fn put(page: &Page, op: &'static Operation, path: &str, text: &str) {
    reveal(page, path);
    if let Some((list, _)) = path.split_once(".1") {
        let there = format!("return document.getElementsByName({}).length", json!(path));
        if page.done(page.browser().run(&there, json!([]))) == json!(0) {
            let param = op.params.iter().find(|p| p.name == list).expect("a list");
            let button = format!("Add: {}", param.label.en);
            page.click("button", Named::Is(&button));
        }
    }
    let control = page.control(path);
    let kind = page.done(page.browser().property(&control, "type"));
    match kind.as_str() {
        "select-one" => {
            let option = page.done(page.browser().run(
                "return Array.from(arguments[0].options).find(o => o.value == arguments[1])",
                json!([control.json(), text]),
            ));
            let option =
                Element::of(&option).unwrap_or_else(|| panic!("{path} does not offer {text:?}"));
            page.click_on(&option);
        }
        "radio" => {
            let radio = page.done(page.browser().run(
                "return Array.from(document.getElementsByName(arguments[0])).find(e => e.value == arguments[1])",
                json!([path, text]),
            ));
            let radio =
                Element::of(&radio).unwrap_or_else(|| panic!("{path} does not offer {text:?}"));
            page.click_on(&radio);
        }
        "checkbox" => {
            if page.value(path) != text {
                page.click_on(&control);
            }
        }
        _ => page.type_over(&control, text),
    }
    page.until(format!("{path} to hold {text:?}"), || {
        Ok(page.value(path) == text)
    });
}

/// Fills the form with all of the input.
#[track_caller]
pub fn fill(page: &Page, op: &'static Operation, raw: &Raw) {
    for (path, text) in raw.leaves() {
        put(page, op, &path, text);
    }
}

/// Fills the form with what breaks a rule in every field that takes typing, submits it and waits for
/// the summary of the errors.
#[track_caller]
pub fn fail(page: &Page, op: &'static Operation) {
    let mut raw = valid(op);
    for (path, text) in wrong(op) {
        raw.set(&path, &text);
    }
    fill(page, op, &raw);
    page.click("button", "Create");
    page.focused("alert", "The request was not sent.");
}

/// Opens an operation's form, fills it and submits it.
#[track_caller]
pub fn send(page: &Page, op: &'static Operation, raw: &Raw) {
    page.open(&format!("#/create/{}", op.name));
    fill(page, op, raw);
    page.click("button", "Create");
}

/// The id in the answer of a creation, by the shape that the operation's ids have.
#[track_caller]
pub fn created(page: &Page, op: &'static Operation) -> String {
    page.focused("heading", "Created");
    let answer = page.text_of("region", "Answer");
    id_in(op, &answer).unwrap_or_else(|| panic!("the answer shows no id:\n{answer}"))
}

/// A text that looks like an id of this operation.
pub fn id_in(op: &'static Operation, text: &str) -> Option<String> {
    let simulation = op.simulation().expect("a creation");
    let length = match simulation.id_length {
        0 => 36,
        length => simulation.id_prefix.len() + length,
    };
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .find(|word| word.len() == length && word.starts_with(simulation.id_prefix))
        .map(str::to_string)
}

/// The status that a created resource ends with.
pub fn final_status(op: &'static Operation) -> &'static str {
    let states = op.simulation().map_or(&[][..], |s| s.states);
    let present = op.read_back().and_then(|r| r.when_present);
    states
        .last()
        .map(|(_, status)| *status)
        .or(present)
        .expect("a status")
}

/// How many resources of this input's name the cloud has, by a read that lists them.
pub fn count(page: &Page, op: &'static Operation, raw: &Raw) -> usize {
    let entries = tieline_catalog::entries().iter();
    let reads = entries
        .filter(|e| e.create == *op)
        .flat_map(|e| e.reads)
        .map(|read| &read.operation);
    let read = reads
        .into_iter()
        .find(|read| read.response().list.is_some());
    let read = read.expect("every creation has a read that lists");
    let mut question = Raw::new();
    for param in read.params {
        // The creation may call its region or account otherwise.
        let own = match param.control {
            control @ (Control::Region | Control::Account) => op.param_with(control),
            _ => Some(param.name),
        };
        match own.and_then(|name| raw.get(name)) {
            Some(text) if param.required => question.set(param.name, text),
            _ if param.name == "PageSize" => question.set(param.name, "50"),
            _ => continue,
        };
    }
    let url = format!("{}/api/v1/{}", page.origin, read.name);
    let mut reply = agent(std::time::Duration::from_secs(60))
        .post(&url)
        .content_type("application/json")
        .send(check(read, &question).parsed.to_json().to_string())
        .expect("the proxy answers");
    let kind = reply.headers().get("content-type").cloned();
    let response = tieline_catalog::wire::Response {
        status: reply.status().as_u16(),
        content_type: kind
            .and_then(|v| Some(v.to_str().ok()?.into()))
            .unwrap_or_default(),
        headers: Vec::new(),
        body: reply.body_mut().read_to_string().expect("a body"),
    };
    let name = raw.get(&name_path(op)).expect("valid input has a name");
    let named = |item: &answer::Item| item.fields.iter().any(|(_, text)| text == name);
    match answer::decode_read(read, &response) {
        answer::Found::Items(items) => items.iter().filter(|item| named(item)).count(),
        answer::Found::Refused(refusal) => panic!("{}: {}", refusal.code, refusal.message),
    }
}
