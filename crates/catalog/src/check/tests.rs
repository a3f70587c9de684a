use super::*;
use crate::operations::find;

mod documents;

/// Checks the operation's example with some leaves changed (`=`), or removed (`-Name`), and
/// compares what is reported, one `parameter: rule` a line, warnings with a `?`.
fn reports(op: &str, changes: &[&str], expected: &[&str]) {
    let op = find(op).unwrap();
    let mut raw = Raw::example(op);
    if op.name == "CreateCloudConnection" {
        raw.set("domain_id", "0d8b1f0a5e8026e30f1ac01cd5d7a5c8");
    }
    for change in changes {
        match (change.split_once('='), change.strip_prefix('-')) {
            (Some((path, text)), _) => assert!(raw.set(path, text), "{path}"),
            (None, Some(path)) => raw.remove(path),
            _ => panic!("{change}"),
        }
    }
    let found: Vec<String> = check(op, &raw)
        .violations
        .iter()
        .map(|v| {
            let mark = if v.severity == Severity::Warning {
                "?"
            } else {
                ""
            };
            format!("{}: {}{mark}", v.parameter, v.rule)
        })
        .collect();
    assert_eq!(found, expected, "{} {changes:?}", op.name);
}

#[test]
fn names_of_the_smartag_and_vpc_documents() {
    for op in [
        "CreateCloudConnectNetwork",
        "CreateExpressCloudConnection",
        "CreateCustomerGateway",
    ] {
        for good in ["ab", "网关", "a1._-", "Gateway", "é1"] {
            let warned: &[&str] = match good {
                "é1" => &["Name: first-character?"],
                _ => &[],
            };
            reports(op, &[&format!("Name={good}")], warned);
        }
        reports(op, &["Name=a"], &["Name: length"]);
        reports(op, &["Name=1a"], &["Name: first-character"]);
        reports(op, &["Name=_a"], &["Name: first-character"]);
        reports(op, &["Name=a b"], &["Name: characters"]);
        reports(op, &["Name=a😀"], &["Name: characters"]);
        reports(
            op,
            &["Name=http://a"],
            &["Name: characters", "Name: forbidden-prefix"],
        );
        reports(op, &["Name="], &["Name: length"]);
        reports(
            op,
            &["Description=1"],
            &["Description: length", "Description: first-character"],
        );
        reports(
            op,
            &["Description=https://a"],
            &["Description: forbidden-prefix"],
        );
        reports(op, &["Description=a http://b 😀"], &[]);
        reports(
            op,
            &["Description=HTTP://a"],
            &["Description: forbidden-prefix?"],
        );
    }
}

#[test]
fn lengths_count_characters_not_bytes() {
    let han = |n: usize| "网".repeat(n);
    reports(
        "CreateExpressCloudConnection",
        &[&format!("Name={}", han(128))],
        &[],
    );
    reports(
        "CreateExpressCloudConnection",
        &[&format!("Name={}", han(129))],
        &["Name: length"],
    );
    reports("CreateCen", &[&format!("Name={}", "😀".repeat(128))], &[]);
    // A combining mark is a character of its own, as the documents count.
    reports(
        "CreateCen",
        &[&format!("Name={}", "e\u{301}".repeat(64))],
        &[],
    );
    reports(
        "CreateCen",
        &[&format!("Name={}", "e\u{301}".repeat(65))],
        &["Name: length"],
    );
    reports(
        "CreateExpressCloudConnection",
        &[&format!("Description={}", han(256))],
        &[],
    );
    reports(
        "CreateExpressCloudConnection",
        &[&format!("Description={}", han(257))],
        &["Description: length"],
    );
}

#[test]
fn lower_limits_of_today_are_warnings() {
    let han = |n: usize| "网".repeat(n);
    for (op, path, max) in [
        ("CreateCloudConnectNetwork", "Name", 100),
        ("CreateCloudConnectNetwork", "Description", 128),
        ("CreateCustomerGateway", "Name", 100),
        ("CreateCustomerGateway", "Description", 100),
        ("CreateCloudConnection", "cloud_connection.name", 64),
        ("CreateCloudConnection", "cloud_connection.description", 255),
    ] {
        reports(op, &[&format!("{path}={}", han(max))], &[]);
        reports(
            op,
            &[&format!("{path}={}", han(max + 1))],
            &[&format!("{path}: length?")],
        );
    }
}

#[test]
fn messages_carry_the_rule_s_numbers_and_the_source() {
    let op = find("CreateCustomerGateway").unwrap();
    let mut raw = Raw::example(op);
    raw.set("Name", "a");
    let violations = check(op, &raw).violations;
    assert_eq!(violations[0].message.en, "2–128 characters; this has 1.");
    assert_eq!(violations[0].message.zh, "2–128 个字符，当前 1 个。");
    assert_eq!(
        violations[0].source,
        Message::new(
            "Alibaba Cloud, CreateCustomerGateway (Vpc), line 32",
            "阿里云，专有网络 CreateCustomerGateway，第 32 行"
        )
    );
}

#[test]
fn what_is_chosen_is_not_asked_to_be_entered_and_ceilings_have_a_unit() {
    let op = find("CreateExpressCloudConnection").unwrap();
    let missing = check(op, &Raw::new()).violations;
    let said = |path: &str| {
        let found = missing.iter().find(|v| v.parameter == path);
        found.map(|v| (v.message.en.clone(), v.message.zh.clone()))
    };
    let text = |en: &str, zh: &str| Some((en.to_string(), zh.to_string()));
    assert_eq!(
        said("Bandwidth"),
        text("Required. Choose a value.", "必填，请选择。")
    );
    assert_eq!(
        said("PeerLocation"),
        text("Required. Enter a value.", "必填，请填写。")
    );
    let mut raw = Raw::example(op);
    raw.set("PortType", "100Base-T");
    raw.set("Bandwidth", "200");
    let violations = check(op, &raw).violations;
    let ceiling = violations.iter().find(|v| v.rule == "port-speed").unwrap();
    assert!(ceiling
        .message
        .en
        .contains("at most 100 Mbit/s; Bandwidth is 200 Mbit/s"));
    assert!(ceiling.message.zh.contains("上限为 100 Mbps"));
}

#[test]
fn a_birth_date_is_named_by_the_digits_where_it_stands() {
    let op = find("CreateExpressCloudConnection").unwrap();
    for (number, digits) in [("11010519491331002X", "7–14"), ("110105491331002", "7–12")] {
        let mut raw = Raw::example(op);
        raw.set("IDCardNo", number);
        let violations = check(op, &raw).violations;
        let date = violations.iter().find(|v| v.rule == "resident-id").unwrap();
        assert!(date.message.en.contains(digits), "{date:?}");
        assert!(date.message.zh.contains(digits), "{date:?}");
    }
}

#[test]
fn a_server_accepts_what_the_vendor_s_own_clients_omit() {
    let op = find("CreateCloudConnectNetwork").unwrap();
    assert_eq!(check_as_server(op, &Raw::new()).violations, []);
}

#[test]
fn an_empty_client_token_is_none() {
    for op in crate::operations::creations() {
        let Some(token) = op.token else { continue };
        let mut raw = Raw::example(op);
        raw.set(token, "");
        let report = check(op, &raw);
        assert_eq!(report.parsed.get(token), None, "{}", op.name);
        assert!(report.violations.iter().all(|v| v.parameter != token));
    }
}
