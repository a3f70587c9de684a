//! Notations as people write them, beyond what `tieline-code` does: whose values are taken, and which are none.

use tieline_catalog::{find, Operation, Raw};
use tieline_paste::{read, Reading, Why};

fn op(name: &str) -> &'static Operation {
    find(name).expect("in the catalog")
}

/// A value of the reading, or nothing.
fn value<'a>(reading: &'a Reading, path: &str) -> &'a str {
    reading.raw.get(path).unwrap_or_default()
}

/// Whether this parameter is told to stand in a variable.
fn is_variable(reading: &Reading, path: &str) -> bool {
    let mut left = reading.left.iter();
    left.any(|left| left.name == path && left.why == Why::Variable)
}

const GATEWAY: &str =
    "resource \"alicloud_vpn_customer_gateway\" \"x\" {\n  ip_address = \"203.0.113.1\"\n";
const BLOCKS: &str =
    "provider \"aws\" {\n  region = \"us-east-1\"\n}\nprovider \"alicloud\" {\n  region = \"cn-beijing\"\n}\n";
const ALIASED: &str = "provider \"alicloud\" {\n  alias = \"bj\"\n  region = \"cn-shanghai\"\n}\n";

#[test]
fn a_resource_takes_the_region_of_its_own_provider() {
    let gateway = op("CreateCustomerGateway");
    let region = |text: &str| {
        let reading = read(gateway, text);
        assert_eq!(value(&reading, "IpAddress"), "203.0.113.1", "{text}");
        assert!(
            !reading.left.iter().any(|left| left.name == "provider"),
            "{text}"
        );
        let told = is_variable(&reading, "RegionId");
        (value(&reading, "RegionId").to_string(), told)
    };
    let known = |region: &str| (region.to_string(), false);
    let unknown = (String::new(), true);
    assert_eq!(region(&format!("{BLOCKS}{GATEWAY}}}")), known("cn-beijing"));
    assert_eq!(
        region(&format!("{BLOCKS}{ALIASED}{GATEWAY}}}")),
        known("cn-beijing")
    );
    for provider in ["alicloud.bj", "\"alicloud.bj\""] {
        let chosen = format!("{GATEWAY}  provider = {provider}\n}}");
        assert_eq!(
            region(&format!("{BLOCKS}{ALIASED}{chosen}")),
            known("cn-shanghai")
        );
        // The block that it means is somewhere else.
        assert_eq!(region(&format!("{BLOCKS}{chosen}")), unknown);
    }
    assert_eq!(region(&format!("{BLOCKS}{BLOCKS}{GATEWAY}}}")), unknown);
    assert_eq!(region(&format!("{GATEWAY}}}")), known(""));
    let other = "provider \"aws\" {\n  region = \"us-east-1\"\n}\n";
    assert_eq!(region(&format!("{other}{GATEWAY}}}")), known(""));
}

#[test]
fn of_several_creations_in_a_program_each_form_takes_its_own() {
    let both = "cbn.create_cen(CreateCenRequest(name=\"a\"))\n\
        vpc.create_customer_gateway(CreateCustomerGatewayRequest(region_id=\"cn-hangzhou\", \
        ip_address=\"203.0.113.1\", name=\"gw\", description=\"branch gateway\"))\n";
    let statements = "r = CreateCenRequest()\nr.set_Name(\"a\")\ncbn.create_cen(r)\n\
        r = CreateCustomerGatewayRequest()\nr.set_Name(\"gw\")\nr.set_Description(\"branch gateway\")\n\
        r.set_IpAddress(\"203.0.113.1\")\nr.set_RegionId(\"cn-hangzhou\")\nvpc.create_customer_gateway(r)\n";
    let assigned = "a = CreateCenRequest()\na.name = \"a\"\n\
        b = CreateCustomerGatewayRequest()\nb.name = \"gw\"\nb.description = \"branch gateway\"\n\
        b.ip_address = \"203.0.113.1\"\nb.region_id = \"cn-hangzhou\"\n";
    // The other way round it is the same.
    let turned: Vec<&str> = both.lines().rev().collect();
    for text in [both, statements, assigned, &turned.join("\n")] {
        let cen = read(op("CreateCen"), text);
        assert_eq!(cen.operation.name, "CreateCen", "{text}");
        let mut expected = Raw::new();
        expected.set("Name", "a");
        assert_eq!(cen.raw, expected, "{text}");
        let gateway = read(op("CreateCustomerGateway"), text);
        assert_eq!(gateway.operation.name, "CreateCustomerGateway", "{text}");
        for (name, text) in [
            ("Name", "gw"),
            ("Description", "branch gateway"),
            ("IpAddress", "203.0.113.1"),
            ("RegionId", "cn-hangzhou"),
        ] {
            assert_eq!(value(&gateway, name), text, "{name}");
        }
    }
    // From a third form it is the first that the text names, with its own values.
    let third = op("CreateCloudConnectNetwork");
    assert_eq!(read(third, both).operation.name, "CreateCen");
    assert_eq!(value(&read(third, both), "Name"), "a");
    let reading = read(third, &turned.join("\n"));
    assert_eq!(reading.operation.name, "CreateCustomerGateway");
    assert_eq!(value(&reading, "Name"), "gw");
    // Members that are set one by one count beside the settings of a client.
    let members = "Config(region_id=\"cn-hangzhou\")\nr = CreateCustomerGatewayRequest()\n\
        r.name = \"gw\"\nr.ip_address = ip\n";
    let reading = read(op("CreateCustomerGateway"), members);
    assert_eq!(value(&reading, "Name"), "gw");
    assert_eq!(value(&reading, "RegionId"), "cn-hangzhou");
    assert!(is_variable(&reading, "IpAddress"), "{reading:?}");
    // Nor is a value that is missing taken from anywhere else.
    let missing = "CreateCenRequest(name=f\"x-{y}\", description=\"d\")\nother(dict(name=\"z\"))";
    let reading = read(op("CreateCen"), missing);
    assert_eq!(value(&reading, "Description"), "d");
    assert_eq!(value(&reading, "Name"), "");
    assert!(is_variable(&reading, "Name"), "{reading:?}");
    // Nor does it take those of a creation that is none of Tieline's.
    let stranger =
        "CreateVpcRequest(name=\"net\", description=\"d\")\nCreateCenRequest(name=\"a\")";
    let reading = read(op("CreateCen"), stranger);
    assert_eq!(value(&reading, "Name"), "a");
    assert_eq!(value(&reading, "Description"), "");
}

#[test]
fn of_a_script_it_is_the_command_that_creates() {
    let cen = op("CreateCen");
    for text in [
        "aliyun configure set --region cn-hangzhou --profile prod\naliyun cbn CreateCen --Name a",
        "aliyun --profile prod cbn CreateCen --Name a",
        "aliyun -p prod --region=cn-hangzhou cbn CreateCen --Name a",
        "aliyun --force --quiet cbn CreateCen --Name a",
        "aliyun ${PROFILE:+--profile \"$PROFILE\"} cbn CreateCen --Name a",
        "aliyun ecs RunInstances --Name b\naliyun cbn CreateCen --Name a",
        "aliyun vpc CreateCustomerGateway --Name b\naliyun cbn CreateCen --Name a",
        "curl -d Name=b http://127.0.0.1/token; curl http://127.0.0.1:8787/v1/CreateCen -d '{\"Name\":\"a\"}'",
    ] {
        let reading = read(cen, text);
        assert_eq!(reading.stranger, None, "{text}");
        assert_eq!(reading.operation, cen, "{text}");
        assert_eq!(value(&reading, "Name"), "a", "{text}");
    }
    let connection = op("CreateCloudConnection");
    let script = "hcloud configure set --cli-profile=p\n\
        hcloud --cli-profile p CC CreateCloudConnection --cloud_connection.name=a";
    let reading = read(cen, script);
    assert_eq!(reading.operation, connection);
    assert_eq!(value(&reading, "cloud_connection.name"), "a");
    let stranger = read(
        cen,
        "aliyun configure set --region x\naliyun ecs RunInstances --Name b",
    );
    assert_eq!(stranger.stranger.as_deref(), Some("RunInstances"));
    assert_eq!(read(cen, "aliyun configure set --region x").stranger, None);
}

#[test]
fn an_address_of_curl_is_not_lost_among_its_options() {
    let gateway = op("CreateCustomerGateway");
    let cen = op("CreateCen");
    let address = "http://127.0.0.1:8787/v1/CreateCen";
    let body = "'{\"Name\":\"branch-sites\"}'";
    for text in [
        format!("curl -s {address} -H 'content-type: application/json' -d {body} > cen.json"),
        format!("curl -s {address} -d {body} >cen.json 2>&1"),
        format!("curl -s > cen.json {address} -d {body}"),
        format!("curl -s {address} -d {body} 2>/dev/null"),
        format!("curl -s {address} -d {body} &> cen.json"),
        format!("curl -s {address} --retry-delay 3 -d {body}"),
        format!("curl --retry-delay 3 --limit-rate 1M -s {address} -d {body}"),
        format!("curl --an-option-to-come 3 {address} -d {body}"),
        format!("curl {address} --an-option-to-come 3 -d {body}"),
        format!("curl {address} -d {body} <<EOF\nit's /v1/Other\nEOF\ncurl http://127.0.0.1/x"),
        format!("curl -sd {body} {address}"),
        format!("curl -sSfXPOST {address} -d{body}"),
        format!("curl -sSLo cen.json -d {body} {address}"),
        format!("curl -sSX POST -kH 'X: y' --url {address} -d {body}"),
        format!("curl \"$TIELINE/v1/CreateCen\" -d {body}"),
    ] {
        let reading = read(gateway, &text);
        assert_eq!(reading.operation, cen, "{text}");
        assert_eq!(value(&reading, "Name"), "branch-sites", "{text}");
        assert_eq!(reading.left, [], "{text}");
    }
    // What is quoted is no redirection, nor is a place that is left to be filled.
    let reading = read(cen, "aliyun cbn CreateCen --Name '>x' --Description <text>");
    assert_eq!(value(&reading, "Name"), ">x");
    assert_eq!(value(&reading, "Description"), "<text>");
    let reading = read(cen, "aliyun cbn CreateCen --Name > cen.json x");
    assert_eq!(value(&reading, "Name"), "x");
}

#[test]
fn a_part_of_an_expression_is_no_value() {
    let cen = op("CreateCen");
    let mut texts: Vec<String> = Vec::new();
    for word in [
        "\"$1\"",
        "$1",
        "\"cen-$@\"",
        "$*",
        "$#",
        "$?",
        "$!",
        "$$",
        "x$-",
        "\"${1}\"",
    ] {
        texts.push(format!("aliyun cbn CreateCen --Name {word}"));
    }
    for expression in [
        "\"cen-%s\" % env",
        "\"cen-%s-%s\" % (env, zone)",
        "\"cen-{}\".format(env)",
        "\"cen\".upper()",
        "\"cen\" if env else \"other\"",
        "\"cen\" or env",
        "\"abc\"[0]",
        "\"cen-\" + env",
        "env + \"-cen\"",
        "(\"cen\"\n  if env\n  else \"other\")",
        "\"cen\"\n  if env\n  else \"other\"",
        "open(\"cen.txt\")",
        "str(\"cen\").upper()",
        "names[\"cen\"]",
        "2 * 10",
        "-offset",
        "not_read(lambda: \"cen\")",
    ] {
        texts.push(format!("CreateCenRequest(name={expression})"));
        texts.push(format!(
            "CreateCenRequest(\n  name={expression},\n  client_token=token,\n)"
        ));
        // Outside of parentheses a statement ends with its line.
        if expression.starts_with('(') || !expression.contains('\n') {
            texts.push(format!(
                "Config(endpoint=\"x\")\nrequest = CreateCenRequest()\nrequest.name = {expression}"
            ));
        }
    }
    for expression in [
        "env ? \"cen\" : \"other\"",
        "'cen' + (env ?? name)",
        "env || 'cen'",
        "`cen-${env}`",
        "'cen'.trim()",
        "String(\"cen\").trim()",
        "upper('cen')",
        "a < b",
        "() => 'cen'",
        "!env",
    ] {
        texts.push(format!("new CreateCenRequest({{ name: {expression} }})"));
        texts.push(format!(
            "new CreateCenRequest({{ name: {expression}, clientToken: token }})"
        ));
    }
    for expression in [
        "file(\"cen.txt\")",
        "upper(\"a\")",
        "var.names[\"cen\"]",
        "var.names[*].id",
        "2 * 10",
        "\"a\" == \"b\"",
        "true ? \"a\" : \"b\"",
        "var.x ? \"a\" : \"b\"",
        "!var.x",
        "-var.x",
        "<<EOT\nname = \"cen\"\n}\nEOT",
        "<<-EOT\n    it's a cen\n  EOT",
        "[for x in y : x][0]",
        "coalesce(var.x, \"cen\")",
        "format(\"cen-%s\", var.x)",
    ] {
        texts.push(format!(
            "resource \"alicloud_cen_instance\" \"x\" {{\n  cen_instance_name = {expression}\n}}"
        ));
    }
    for text in texts {
        let reading = read(cen, &text);
        assert!(is_variable(&reading, "Name"), "{text}\n{reading:?}");
        assert_eq!(reading.raw, Raw::new(), "{text}");
        assert_eq!(
            reading.left.len(),
            1 + usize::from(is_variable(&reading, "ClientToken")),
            "{text}\n{reading:?}"
        );
    }
    for tags in [
        "merge(var.tags, { a = \"b\" })",
        "merge({ a = \"b\" }, var.tags)",
        "{ for k, v in x : k => v }",
    ] {
        let text = format!(
            "resource \"alicloud_cen_instance\" \"x\" {{\n  tags = {tags}\n  cen_instance_name = \"a\"\n}}"
        );
        let reading = read(cen, &text);
        assert!(is_variable(&reading, "Tag"), "{text}\n{reading:?}");
        let mut expected = Raw::new();
        expected.set("Name", "a");
        assert_eq!(reading.raw, expected, "{text}");
    }
}

/// What stands around an expression is read in spite of it, and what changes nothing is no expression.
#[test]
fn what_is_beside_an_expression_is_still_read() {
    let cen = op("CreateCen");
    for text in [
        "CreateCenRequest(description=\"x-%s\" % env, name=\"a\")",
        "CreateCenRequest(description=f(lambda: \"x\"), name=\"a\")",
        "CreateCenRequest(description=\"x\" if env else \"y\", name=\"a\")",
        "new CreateCenRequest({ description: env ? name : 'b', name: 'a' })",
        "new CreateCenRequest({ description: f(() => 'b'), name: 'a' })",
        "resource \"alicloud_cen_instance\" \"x\" {\n  description = var.x ? \"b\" : \"c\"\n  cen_instance_name = \"a\"\n}",
        "resource \"alicloud_cen_instance\" \"x\" {\n  description = <<EOT\ncen_instance_name = \"b\"\nEOT\n  cen_instance_name = \"a\"\n}",
        "curl http://127.0.0.1:8787/v1/CreateCen -d \"{\\\"Description\\\": $1, \\\"Name\\\": \\\"a\\\"}\"",
    ] {
        let reading = read(cen, text);
        assert_eq!(value(&reading, "Name"), "a", "{text}\n{reading:?}");
        assert!(is_variable(&reading, "Description"), "{text}\n{reading:?}");
        assert_eq!(value(&reading, "Description"), "", "{text}");
    }
    for name in [
        "tea.String(\"a\")",
        "pointer(\"a\")",
        "new String(\"a\")",
        "String.valueOf(\"a\")",
        "str(\"a\")",
        "(\"a\")",
        "(\"\"\n  \"a\")",
    ] {
        let text = format!("CreateCenRequest(name={name})");
        assert_eq!(value(&read(cen, &text), "Name"), "a", "{text}");
    }
    for (word, text) in [
        ("\"$'a'\"", "$'a'"),
        ("$\"a\"", "a"),
        ("a$", "a$"),
        ("\"a $ b\"", "a $ b"),
        ("'$1'", "$1"),
        ("\\$1", "$1"),
    ] {
        let line = format!("aliyun cbn CreateCen --Name {word}");
        assert_eq!(value(&read(cen, &line), "Name"), text, "{line}");
    }
    let express = op("CreateExpressCloudConnection");
    let product = read(
        express,
        "CreateExpressCloudConnectionRequest(bandwidth=2 * 10)",
    );
    assert_eq!(value(&product, "Bandwidth"), "");
    assert!(is_variable(&product, "Bandwidth"));
    let plain = read(
        express,
        "CreateExpressCloudConnectionRequest(bandwidth=int(20))",
    );
    assert_eq!(value(&plain, "Bandwidth"), "20");
}

#[test]
fn an_address_ends_with_its_line_unless_its_query_goes_on() {
    let cen = op("CreateCen");
    let address = "https://cbn.aliyuncs.com/?Action=CreateCen&Name=";
    for (text, name) in [
        (format!("{address}Berlin backbone"), "Berlin backbone"),
        (format!("{address}x\nThanks, Bob"), "x"),
        (format!("{address}x\n\nThanks, Bob\n&Name=y"), "x"),
        (format!("{address}x HTTP/1.1\nHost: y"), "x"),
        (
            format!("{address}a b\r\n  &Description=c d\r\nThanks"),
            "a b",
        ),
        (
            "https://cbn.aliyuncs.com/\n?Action=CreateCen\n&Name=x".into(),
            "x",
        ),
        (
            "https://cbn.aliyuncs.com/?Action=CreateCen&\nName=x\nThanks".into(),
            "x",
        ),
        (
            "POST https://cbn.aliyuncs.com/?Action=CreateCen&Name=a b HTTP/1.1\nHost: y".into(),
            "a b",
        ),
        (
            "POST /?Action=CreateCen&Name=a b\n&Description=c d\nThanks".into(),
            "a b",
        ),
        ("?Action=CreateCen&Name=a b".into(), "a b"),
        (
            "Action=CreateCen\n&Name=a b\n&Description=c d".into(),
            "a b",
        ),
    ] {
        let reading = read(op("CreateCustomerGateway"), &text);
        assert_eq!(reading.operation, cen, "{text}");
        assert_eq!(value(&reading, "Name"), name, "{text}");
        if text.contains("c d") {
            assert_eq!(value(&reading, "Description"), "c d", "{text}");
        }
        assert_eq!(reading.left, [], "{text}");
    }
    // As the documents have them.
    let gateway =
        "https://vpc.aliyuncs.com/?Action=CreateCustomerGateway\n&IpAddress=116.62.222.xxx\n\
        &RegionId=cn-shanghai\n&<公共请求参数>";
    let reading = read(cen, gateway);
    assert_eq!(reading.operation.name, "CreateCustomerGateway");
    assert_eq!(value(&reading, "IpAddress"), "116.62.222.xxx");
    assert_eq!(value(&reading, "RegionId"), "cn-shanghai");
    let network = "https://smartag.cn-shanghai.aliyuncs.com/?Action=CreateCloudConnectNetwork\n\
        &Name=DocTest\n&CommonParameters";
    let reading = read(cen, network);
    assert_eq!(reading.operation.name, "CreateCloudConnectNetwork");
    assert_eq!(value(&reading, "Name"), "DocTest");
    let line = read(cen, "https://cbn.aliyuncs.com/ is its address");
    assert_eq!((line.raw, line.stranger), (Raw::new(), None));
}

/// Four times as much takes about four times as long, and not sixteen times. It is the thread's own time: whatever
/// else the machine does meanwhile is none of it.
#[cfg(unix)]
#[test]
fn the_time_grows_with_the_length_and_not_with_its_square() {
    let cen = op("CreateCen");
    let query = |names: usize| {
        let names: Vec<String> = (0..names).map(|nth| format!("a{nth}.b=")).collect();
        format!("?Action=CreateCen&{}", names.join("&"))
    };
    let worked = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec)
    };
    let time = |text: &str| {
        let once = || {
            let before = worked();
            read(cen, text);
            worked() - before
        };
        (0..5).map(|_| once()).min().expect("five times")
    };
    let (some, many) = (query(4_000), query(16_000));
    assert!(many.len() < tieline_paste::LONGEST);
    let (some, many) = (time(&some), time(&many));
    assert!(many < some * 9, "{some} {many} ns");
}
