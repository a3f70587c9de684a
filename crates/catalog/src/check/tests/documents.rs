//! Each operation against its document.

use super::*;

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
    // The SDK has a host for it, and the document one value only.
    let eu = check(find(op).unwrap(), &{
        let mut raw = Raw::example(find(op).unwrap());
        raw.set("RegionId", "eu-central-1");
        raw
    });
    let [warned] = eu.violations.as_slice() else {
        panic!("{eu:?}")
    };
    assert!(warned.source.en.ends_with("line 38"), "{warned:?}");
    reports(op, &["RegionId=xx-nowhere-1"], &["RegionId: value?"]);
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
    reports(op, &["-Tag.1.Value"], &["Tag.1.Value: expected?"]);
    reports(
        op,
        &["Tag.2.Key=tagtest", "Tag.2.Value=b"],
        &["Tag.2.Key: unique?"],
    );
    reports(
        op,
        &["Tag.1.Key=Aliyunx", "Tag.1.Value=ACS:x"],
        &[
            "Tag.1.Key: forbidden-prefix?",
            "Tag.1.Value: forbidden-prefix?",
        ],
    );
    reports(
        op,
        &["Tag.1.Key=xHTTP://", "Name=HTTP://x"],
        &["Name: forbidden-prefix?", "Tag.1.Key: forbidden-substring?"],
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
    let many: Vec<String> = (1..=21)
        .flat_map(|i| [format!("Tag.{i}.Key=k{i}"), format!("Tag.{i}.Value=")])
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    reports(op, &many[..40], &[]);
    reports(op, &many, &["Tag: items"]);
    reports(op, &["ClientToken=令牌"], &["ClientToken: ascii"]);
    reports(
        op,
        &["ClientToken=a\u{7}b"],
        &["ClientToken: control-character?"],
    );
    reports(
        op,
        &["Name=a\nb", "Description=a\0b", "Tag.1.Value=\u{85}"],
        &[
            "Name: control-character?",
            "Description: control-character?",
            "Tag.1.Value: control-character?",
        ],
    );
    // An area is written in lines.
    reports(op, &["Description=a\r\n\tb"], &[]);
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
    for place in ["杭州", "Foshan City", "XX大厦3号楼"] {
        reports(
            op,
            &[&format!("PeerLocation={place}")],
            &["PeerLocation: floor?"],
        );
    }
    for place in ["Level 5, XX Tower", "3/F, XX Building", "XX大厦5层"] {
        reports(op, &[&format!("PeerLocation={place}")], &[]);
    }
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
            &["ContactMail: email?"],
        );
    }
    for good in [
        "15200000000",
        "+86 571-8502-2088",
        "(0571) 85022088",
        "0571-88888888转8001",
        "+86 571 8888 8888 ext. 12",
        "（0571）88888888",
    ] {
        reports(op, &[&format!("ContactTel={good}")], &[]);
    }
    for bad in [
        "152XXXXXXXX",
        "1234",
        "+",
        "123456789012345678901",
        "1+23456",
        "0571-88888888转",
        "0571-88888888转八千",
    ] {
        reports(
            op,
            &[&format!("ContactTel={bad}")],
            &["ContactTel: telephone?"],
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
            &["IDCardNo: resident-id?"],
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
    // For connections of the private network type.
    for private in ["10.1.1.1", "192.168.0.1", "172.31.0.1"] {
        reports(op, &[&format!("IpAddress={private}")], &[]);
    }
    for special in [
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "224.0.0.1",
        "239.255.255.255",
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
    reports(op, &["RegionId=cn-shanghai-finance-1"], &[]);
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
    for (project, expected) in [
        ("0", &[][..]),
        ("2759da7b-8015-404c-ae0a-a389007b0e2a", &[]),
        (
            "default",
            &["cloud_connection.enterprise_project_id: enterprise-project?"],
        ),
        (
            "2759da7b8015404cae0aa389007b0e2a",
            &["cloud_connection.enterprise_project_id: enterprise-project?"],
        ),
    ] {
        let change = format!("cloud_connection.enterprise_project_id={project}");
        reports(op, &[&change], expected);
    }
    reports(
        op,
        &["cloud_connection.tags=x"],
        &["cloud_connection.tags: unknown"],
    );
}

#[test]
fn what_the_document_lacks_is_taken_and_stops_nothing_by_its_form() {
    let op = find("CreateCustomerGateway").unwrap();
    let newer: Vec<&str> = op
        .params
        .iter()
        .filter(|p| p.is_newer_than_the_document())
        .map(|p| p.name)
        .collect();
    assert_eq!(newer, ["Asn", "AuthKey", "ResourceGroupId", "Tags"]);
    let name = op.name;
    reports(
        name,
        &[
            "Asn=123.456",
            "AuthKey=key-1",
            "ResourceGroupId=rg-1",
            "Tags.1.Key=k",
            "Tags.1.Value=",
        ],
        &[],
    );
    reports(
        name,
        &[
            "Asn=45104",
            "AuthKey=a b?",
            "Tags.1.Key=Aliyunx",
            "Tags.1.Value=http://",
        ],
        &[
            "Asn: asn?",
            "AuthKey: visible-ascii?",
            "Tags.1.Key: forbidden-prefix?",
            "Tags.1.Value: forbidden-substring?",
        ],
    );
    let twice = [
        "Tags.1.Key=k",
        "Tags.1.Value=a",
        "Tags.2.Key=k",
        "Tags.2.Value=b",
    ];
    reports(name, &twice, &["Tags.2.Key: unique?"]);
    reports(
        name,
        &["Tags.1.Key=", "Tags.1.Value=v"],
        &["Tags.1.Key: length?"],
    );
    reports(name, &["Tags.1.Key=k"], &["Tags.1.Value: expected?"]);
    reports(name, &["Tags.1.Value=v"], &["Tags.1.Key: expected?"]);
    // What has no member has no place on the wire.
    let gap = ["Tags.2.Key=k", "Tags.2.Value="];
    reports(name, &gap, &["Tags.1.Key: required"]);
    let many: Vec<String> = (1..=21)
        .flat_map(|n| [format!("Tags.{n}.Key=k{n}"), format!("Tags.{n}.Value=")])
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    reports(name, &many, &["Tags: items?"]);
    reports(name, &many[..40], &[]);
}

#[test]
fn an_error_past_what_is_told_of_a_long_list_stops_it_all_the_same() {
    let op = find("CreateCustomerGateway").unwrap();
    let mut items = vec!["{\"Key\":\"k\"}"; 300];
    items.push("{}");
    let json = format!(
        "{{\"RegionId\":\"cn-shanghai\",\"IpAddress\":\"100.1.1.2\",\"Tags\":[{}]}}",
        items.join(",")
    );
    let raw = Raw::from_json(op, &json).expect("a shape");
    let report = check(op, &raw);
    assert_eq!(report.errors().count(), 1, "{:?}", report.violations.last());
    assert!(report.violations.len() < 2 * MOST_TOLD);
}

#[test]
fn a_tag_key_without_a_value_is_another_one_than_a_key_with_an_empty_value() {
    let op = find("CreateCen").unwrap();
    let mut raw = Raw::new();
    raw.set("Tag.1.Key", "k");
    let mut given = raw.clone();
    given.set("Tag.1.Value", "");
    assert_eq!(check(op, &given).violations, []);
    for report in [check(op, &raw), check_as_server(op, &raw)] {
        let [missing] = &report.violations[..] else {
            panic!("one remark: {:?}", report.violations)
        };
        assert_eq!(missing.severity, Severity::Warning);
        for line in ["line 161", "line 167"] {
            assert!(missing.source.en.contains(line), "{missing:?}");
        }
        let sent = |raw: &Raw| {
            let valid = check(op, raw).valid().expect("no errors");
            crate::wire::encode(valid.parsed())
        };
        assert_eq!(sent(&raw).query_string(), "Tag.1.Key=k");
        assert_eq!(sent(&given).query_string(), "Tag.1.Key=k&Tag.1.Value=");
        for raw in [&raw, &given] {
            let back = crate::wire::parse(&sent(raw)).unwrap().1;
            assert_eq!(check(op, &back).parsed, check(op, raw).parsed);
        }
    }
}
