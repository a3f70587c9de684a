use super::*;
use crate::operations::find;

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
fn cloud_connect_network() {
    let op = "CreateCloudConnectNetwork";
    reports(op, &[], &[]);
    reports(op, &["-IsDefault"], &["IsDefault: required"]);
    reports(op, &["IsDefault=yes"], &["IsDefault: type"]);
    reports(
        op,
        &["CidrBlock=172.16.22.3/24"],
        &["CidrBlock: host-bits?"],
    );
    reports(
        op,
        &["CidrBlock=8.8.8.0/24"],
        &["CidrBlock: private-network?"],
    );
    reports(
        op,
        &["CidrBlock=10.0.0.0/7"],
        &["CidrBlock: private-network?"],
    );
    for bad in [
        "172.16.22.0",
        "172.16.22.0/33",
        "172.16.22.0/",
        "x",
        "",
        " 10.0.0.0/8",
        "010.0.0.0/8",
        "10.0.0.0/08",
    ] {
        reports(op, &[&format!("CidrBlock={bad}")], &["CidrBlock: cidr"]);
    }
    reports(op, &["SnatCidrBlock=172.16.22.3/24"], &[]);
    reports(op, &["RegionId=cn-shanghai"], &[]);
    reports(op, &["RegionId=eu-central-1"], &["RegionId: value?"]);
    reports(
        op,
        &["RegionId=evil.com/#"],
        &["RegionId: region", "RegionId: value?"],
    );
}

#[test]
fn cen() {
    let op = "CreateCen";
    reports(
        op,
        &["-Name", "-Description", "-ProtectionLevel", "-Tag"],
        &[],
    );
    reports(op, &["Name=", "Description="], &[]);
    reports(op, &["Name=1 <x>"], &[]);
    reports(
        op,
        &["Name=http://x", "Description=https://x"],
        &["Name: forbidden-prefix", "Description: forbidden-prefix"],
    );
    reports(op, &["ProtectionLevel=FULL"], &["ProtectionLevel: value"]);
    reports(op, &["Tag.1.Key="], &["Tag.1.Key: required"]);
    reports(op, &["Tag.1.Value="], &[]);
    reports(
        op,
        &["Tag.2.Key=tagtest", "Tag.2.Value=b"],
        &["Tag.2.Key: unique"],
    );
    reports(
        op,
        &["Tag.1.Key=aliyunx", "Tag.1.Value=acs:y"],
        &[
            "Tag.1.Key: forbidden-prefix",
            "Tag.1.Value: forbidden-prefix",
        ],
    );
    reports(
        op,
        &["Tag.1.Key=xhttp://", "Tag.1.Value=xhttps://"],
        &[
            "Tag.1.Key: forbidden-substring",
            "Tag.1.Value: forbidden-substring",
        ],
    );
    reports(
        op,
        &[
            &format!("Tag.1.Key={}", "k".repeat(65)),
            &format!("Tag.1.Value={}", "v".repeat(129)),
        ],
        &["Tag.1.Key: length", "Tag.1.Value: length"],
    );
    let many: Vec<String> = (1..=21).map(|i| format!("Tag.{i}.Key=k{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    reports(op, &many[..20], &[]);
    reports(op, &many, &["Tag: items"]);
    reports(op, &["ClientToken=令牌"], &["ClientToken: ascii"]);
}

#[test]
fn express_cloud_connection() {
    let op = "CreateExpressCloudConnection";
    reports(op, &[], &[]);
    reports(
        op,
        &["-Bandwidth", "-IdcSP", "-PeerLocation", "-RegionId"],
        &[
            "RegionId: required",
            "Bandwidth: required",
            "IdcSP: required",
            "PeerLocation: required",
        ],
    );
    reports(op, &["Bandwidth=3"], &["Bandwidth: value"]);
    reports(
        op,
        &["Bandwidth=2.5"],
        &["Bandwidth: type", "Bandwidth: value"],
    );
    reports(
        op,
        &["Bandwidth=１００"],
        &["Bandwidth: type", "Bandwidth: value"],
    );
    reports(op, &["PortType=1GBase"], &["PortType: value"]);
    for (port, fits, exceeds) in [
        ("100Base-T", "100", "200"),
        ("1000Base-T", "1000", "10000"),
        ("1000Base-LX", "1000", "10000"),
        ("10GBase-T", "10000", "40000"),
        ("10GBase-LR", "10000", "40000"),
    ] {
        let port = format!("PortType={port}");
        reports(op, &[&port, &format!("Bandwidth={fits}")], &[]);
        reports(
            op,
            &[&port, &format!("Bandwidth={exceeds}")],
            &["Bandwidth: port-speed?"],
        );
    }
    // The default port type counts where none is given.
    reports(
        op,
        &["-PortType", "Bandwidth=10000"],
        &["Bandwidth: port-speed?"],
    );
    reports(op, &["IdcSP=CT"], &[]);
    reports(op, &["IdcSP=ACME"], &["IdcSP: value?"]);
    reports(op, &["PeerLocation=杭州"], &["PeerLocation: mentions?"]);
    reports(op, &["RedundantEccId=vbr-1"], &["RedundantEccId: prefix?"]);
}

#[test]
fn personal_data() {
    let op = "CreateExpressCloudConnection";
    for good in ["XX@example.com", "a.b+c@mail.example.cn", "名@例子.中国"] {
        reports(op, &[&format!("ContactMail={good}")], &[]);
    }
    for bad in [
        "x",
        "@example.com",
        "a@",
        "a@b",
        "a@b..c",
        "a b@c.d",
        "a@b@c.d",
    ] {
        reports(
            op,
            &[&format!("ContactMail={bad}")],
            &["ContactMail: email"],
        );
    }
    for good in ["15200000000", "+86 571-8502-2088", "(0571) 85022088"] {
        reports(op, &[&format!("ContactTel={good}")], &[]);
    }
    for bad in [
        "152XXXXXXXX",
        "1234",
        "+",
        "123456789012345678901",
        "1+23456",
    ] {
        reports(
            op,
            &[&format!("ContactTel={bad}")],
            &["ContactTel: telephone"],
        );
    }
    // 11010519491231002X is the example of GB 11643-1999 itself.
    for good in [
        "11010519491231002X",
        "11010519491231002x",
        "440524188001010014",
    ] {
        reports(op, &[&format!("IDCardNo={good}")], &[]);
    }
    for bad in [
        "110105194912310021",
        "11010519491331002X",
        "110105190002290028",
        "1101051949123100",
        "32****************",
        "",
    ] {
        reports(
            op,
            &[&format!("IDCardNo={bad}")],
            &["IDCardNo: resident-id"],
        );
    }
    reports(
        op,
        &["IDCardNo=110105491231002"],
        &["IDCardNo: resident-id-generation?"],
    );
}

#[test]
fn customer_gateway() {
    let op = "CreateCustomerGateway";
    reports(
        op,
        &["-IpAddress", "-RegionId"],
        &["RegionId: required", "IpAddress: required"],
    );
    for bad in [
        "116.62.222.xxx",
        "1.2.3",
        "1.2.3.4/32",
        "1.2.3.4 ",
        "01.2.3.4",
        "256.1.1.1",
    ] {
        reports(op, &[&format!("IpAddress={bad}")], &["IpAddress: ip"]);
    }
    for special in [
        "10.1.1.1",
        "192.168.0.1",
        "172.31.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "224.0.0.1",
        "255.1.1.1",
    ] {
        reports(
            op,
            &[&format!("IpAddress={special}")],
            &["IpAddress: special-address?"],
        );
    }
    reports(op, &["IpAddress=2400:3200::1"], &["IpAddress: ipv4?"]);
    reports(op, &[&format!("ClientToken={}", "t".repeat(64))], &[]);
    reports(
        op,
        &[&format!("ClientToken={}", "t".repeat(65))],
        &["ClientToken: length"],
    );
    reports(op, &["RegionId=xx-nowhere-1"], &["RegionId: value?"]);
    for host in [
        "a.b",
        "a@b",
        "a/b",
        "a#b",
        "..",
        "CN-hangzhou",
        "a\r\nb",
        "a。b",
        "-a",
        "",
    ] {
        let change = format!("RegionId={host}");
        let op = find(op).unwrap();
        let mut raw = Raw::example(op);
        let (path, text) = change.split_once('=').unwrap();
        raw.set(path, text);
        assert!(check(op, &raw).errors().next().is_some(), "{host:?}");
    }
}

#[test]
fn huawei_cloud_connection() {
    let op = "CreateCloudConnection";
    reports(op, &[], &[]);
    reports(
        op,
        &["-domain_id", "-cloud_connection"],
        &["domain_id: required", "cloud_connection.name: required"],
    );
    reports(op, &["domain_id=.."], &["domain_id: path-segment"]);
    reports(
        op,
        &["cloud_connection.name="],
        &["cloud_connection.name: required"],
    );
    reports(
        op,
        &["cloud_connection.name=a b"],
        &["cloud_connection.name: characters?"],
    );
    reports(
        op,
        &["cloud_connection.description=a<b"],
        &["cloud_connection.description: characters"],
    );
    reports(op, &["X-Auth-Token=a\nb"], &["X-Auth-Token: header-value"]);
    reports(
        op,
        &["cloud_connection.tags=x"],
        &["cloud_connection.tags: unknown"],
    );
}

#[test]
fn messages_carry_the_rule_s_numbers_and_the_source() {
    let op = find("CreateCustomerGateway").unwrap();
    let mut raw = Raw::example(op);
    raw.set("Name", "a");
    let violations = check(op, &raw).violations;
    assert_eq!(violations[0].message.en, "2–128 characters; this has 1.");
    assert_eq!(violations[0].message.zh, "2–128 个字符，现有 1 个。");
    assert_eq!(
        violations[0].source,
        Message::new(
            "Alibaba Cloud, CreateCustomerGateway (Vpc), line 32",
            "阿里云，CreateCustomerGateway (Vpc)，第 32 行"
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
fn a_server_accepts_what_the_vendor_s_own_clients_omit() {
    let op = find("CreateCloudConnectNetwork").unwrap();
    assert_eq!(check_as_server(op, &Raw::new()).violations, []);
}
