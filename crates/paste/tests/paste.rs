//! What is written is read back: every target of `tieline-code`, every notation of a person, and any text at all.

use proptest::prelude::*;
use tieline_catalog::model::{Control, Example, Privacy};
use tieline_catalog::operations::entries;
use tieline_catalog::path::{join, param_at, without_numbers};
use tieline_catalog::wire::{encode, write_query};
use tieline_catalog::{check, creations, find, Kind, Operation, Param, Parsed, Raw};
use tieline_code::{generate, Context, Target};
use tieline_paste::{read, Format, Reading, Why};

fn context() -> Context<'static> {
    Context {
        proxy: "http://127.0.0.1:8787",
        ..Context::default()
    }
}

/// A text of what some notation takes for its own, and of anything else but what no notation has.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(
        "'\"\\$`{}%#!&|;<>()[]*?~=+,.: \n\r\t\u{1}\u{7f}\u{85}\u{2028}\u{202e}\u{2066}\u{feff}\u{e0041}u0x中א😀-@/"
            .chars()
            .collect::<Vec<_>>(),
    );
    let any = any::<char>().prop_filter("no character", |c| *c != '\0' && *c != '\u{10ffff}');
    let word = prop::sample::select(vec![
        "name", "Name: ", "x=1", "true", "null", "\"a\": ", "/*", "//",
    ]);
    let part = prop_oneof![
        4 => odd.prop_map(String::from),
        2 => any.prop_map(String::from),
        1 => word.prop_map(String::from),
    ];
    prop::collection::vec(part, 0..16).prop_map(|parts| parts.concat())
}

/// Input with a value for each field that is wanted, whether or not the operation would take it.
fn input(op: &'static Operation, texts: &[String], wanted: &[bool]) -> Raw {
    let mut raw = Raw::new();
    let mut nth = 0;
    let mut each = |param: &'static Param, path: &str| {
        nth += 1;
        // An item is never left out whole: what follows it would move up.
        if !wanted[nth % wanted.len()]
            && (!path.contains(".1") && !path.contains(".2")
                || !(param.required || param.expected.is_some()))
        {
            return;
        }
        let text = match (param.kind, param.control, param.choices()) {
            (Kind::Integer, ..) => (texts[nth % texts.len()].len() as i64 - 8).to_string(),
            (Kind::Boolean, ..) => (nth % 2 == 0).to_string(),
            // It chooses a host, and makes a part of an address.
            (_, Control::Region, _) => "cn-hangzhou".to_string(),
            (_, Control::Account, _) => "0a1b2c3d4e5f60718293a4b5c6d7e8f9".to_string(),
            _ => texts[nth % texts.len()].clone(),
        };
        assert!(raw.set(path, &text), "{path}");
    };
    fields(op.params, "", &mut each);
    raw
}

/// Every field of a form whose lists have two items.
fn fields(params: &'static [Param], path: &str, each: &mut impl FnMut(&'static Param, &str)) {
    for param in params {
        let here = join(path, param.name);
        match param.kind {
            Kind::Object(members) => fields(members, &here, each),
            Kind::List { item, .. } => {
                for nth in 1..=2 {
                    let here = join(&here, &nth.to_string());
                    match item.kind {
                        Kind::Object(members) => fields(members, &here, each),
                        _ => each(item, &here),
                    }
                }
            }
            _ => each(param, &here),
        }
    }
}

/// What of a request a target can say, by path.
fn said(parsed: &Parsed, target: Target) -> Vec<(String, String)> {
    let op = parsed.operation();
    let entry = entries().iter().find(|entry| entry.create == *op);
    let terraform = entry.and_then(|entry| entry.tools.terraform.as_ref());
    let public = parsed.public().to_raw();
    let leaves = public.leaves().into_iter();
    let says = |path: &str| match target {
        Target::Terraform => {
            let plain = without_numbers(path);
            let control = param_at(op, path).map(|param| param.control);
            let provider = matches!(control, Some(Control::Region | Control::Account));
            let arguments = terraform.map_or(&[][..], |terraform| terraform.arguments);
            let argument =
                |(own, _): &(&str, &str)| plain == *own || plain.starts_with(&format!("{own}."));
            provider || arguments.iter().any(argument)
        }
        _ => true,
    };
    leaves
        .filter(|(path, _)| says(path))
        .map(|(path, text)| (path, text.to_string()))
        .collect()
}

fn sorted(raw: &Raw) -> Vec<(String, String)> {
    let leaves = raw.leaves().into_iter();
    let mut leaves: Vec<_> = leaves
        .map(|(path, text)| (path, text.to_string()))
        .collect();
    leaves.sort();
    leaves
}

/// Asserts that what a target writes is read back. Returns whether it writes anything.
fn is_read_back(parsed: &Parsed, target: Target) -> bool {
    let Ok(code) = generate(parsed, target, &context()) else {
        return false;
    };
    let op = parsed.operation();
    // From another form: the text says whose request it is.
    let other = creations().find(|other| other != &op).expect("another");
    let reading = read(other, &code);
    assert_eq!(reading.operation, op, "{target:?}\n{code}");
    let mut expected = said(parsed, target);
    expected.sort();
    assert_eq!(
        sorted(&reading.raw),
        expected,
        "{target:?} {:?}\n{code}",
        reading.left
    );
    // Whatever stands in a variable of the environment is said to.
    for (name, _) in parsed.values() {
        let secret = param_at(op, name).is_some_and(|param| param.privacy != Privacy::Public);
        if secret && code.contains(":?set") {
            let told = reading
                .left
                .iter()
                .any(|left| left.name == *name && left.why == Why::Variable);
            assert!(
                told || !code.contains(&name.to_uppercase()),
                "{name} {:?}\n{code}",
                reading.left
            );
        }
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_target_is_read_back(
        which in 0usize..64,
        texts in prop::collection::vec(text(), 1..6),
        wanted in prop::collection::vec(prop::bool::weighted(0.8), 1..8),
    ) {
        let all: Vec<_> = creations().collect();
        let op = all[which % all.len()];
        let raw = input(op, &texts, &wanted);
        let parsed = check(op, &raw).parsed;
        // Keys that repeat cannot be the names of a map.
        let keys = |path: &str| raw.get(path).unwrap_or_default().to_string();
        for target in Target::ALL {
            let tags = ["Tag", "Tags"].iter().any(|list| {
                let (first, second) = (format!("{list}.1.Key"), format!("{list}.2.Key"));
                raw.at(list).is_some() && (keys(&first) == keys(&second) || raw.get(&first).is_none() || raw.get(&second).is_none()
                    || raw.get(&format!("{list}.1.Value")).is_none() || raw.get(&format!("{list}.2.Value")).is_none())
            });
            if target == Target::Terraform && tags {
                continue;
            }
            is_read_back(&parsed, target);
        }
    }

    #[test]
    fn a_request_is_read_back_as_it_travels(
        which in 0usize..64,
        texts in prop::collection::vec(text(), 1..6),
    ) {
        let all: Vec<_> = creations().collect();
        let op = all[which % all.len()];
        let parsed = check(op, &input(op, &texts, &[true])).parsed;
        let expected = sorted(&parsed.to_raw());
        let json = parsed.to_json().to_string();
        prop_assert_eq!(sorted(&read(op, &json).raw), expected.clone(), "{}", json);
        let request = encode(&parsed);
        let query = write_query(request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if request.body.is_empty() {
            for written in [
                format!("https://{}{}?{query}", request.host, request.path),
                format!("POST {}?{query} HTTP/1.1\nHost: {}", request.path, request.host),
                format!("curl -X POST 'https://{}/?{query}'", request.host),
                format!("curl https://{}/ -d '{query}'", request.host),
                query.clone(),
            ] {
                let reading = read(op, &written);
                prop_assert_eq!(sorted(&reading.raw), expected.clone(), "{}", written);
            }
        }
    }

    #[test]
    fn a_link_and_a_file_are_read_back(
        which in 0usize..64,
        texts in prop::collection::vec(text(), 1..6),
        wanted in prop::collection::vec(any::<bool>(), 1..8),
    ) {
        let all: Vec<_> = creations().collect();
        let op = all[which % all.len()];
        let raw = input(op, &texts, &wanted);
        let leaves = raw.leaves();
        let query = write_query(leaves.iter().map(|(path, text)| (path.as_str(), *text)));
        let link = format!("https://example.com/console/#/create/{}?{query}", op.name);
        let values: Vec<String> = leaves
            .iter()
            .map(|(path, text)| format!("{}:{}", serde_json::json!(path), serde_json::json!(text)))
            .collect();
        let file = format!("{{\"operation\":\"{}\",\"values\":{{{}}}}}", op.name, values.join(","));
        for written in [link, file] {
            let reading = read(all[0], &written);
            prop_assert_eq!(reading.format, Format::Form);
            prop_assert_eq!(reading.operation, op);
            prop_assert_eq!(sorted(&reading.raw), sorted(&raw), "{}", written);
        }
    }

    /// Nothing makes it fail, and nothing comes out that the form has no place for.
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}", which in 0usize..64, cut in any::<prop::sample::Index>()) {
        let all: Vec<_> = creations().collect();
        let op = all[which % all.len()];
        let example = check(op, &Raw::example(op)).parsed;
        let mut texts = vec![text.clone()];
        for target in Target::ALL {
            let Ok(code) = generate(&example, target, &context()) else {
                continue;
            };
            // Cut off, and with something in the middle.
            let mut at = cut.index(code.len());
            while !code.is_char_boundary(at) {
                at -= 1;
            }
            texts.push(code[..at].to_string());
            texts.push([&code[..at], &text, &code[at..]].concat());
        }
        for text in texts {
            let reading: Reading = read(op, &text);
            for (path, _) in reading.raw.leaves() {
                prop_assert!(tieline_catalog::path::is_input_path(reading.operation, &path), "{path}");
            }
        }
    }
}

#[test]
fn every_target_writes_something_that_is_read() {
    let mut seen = 0;
    for op in creations() {
        let mut raw = Raw::example(op);
        fields(op.params, "", &mut |param, path| {
            if raw.get(path).is_none() && param.required && param.example == Example::None {
                raw.set(path, &format!("text {path}"));
            }
        });
        let parsed = check(op, &raw).parsed;
        seen += Target::ALL
            .into_iter()
            .filter(|target| is_read_back(&parsed, *target))
            .count();
    }
    assert!(seen >= 30, "{seen}");
}

/// Deep or long, it ends soon, and says nothing.
#[test]
fn what_is_made_to_exhaust_the_reader_does_not() {
    let op = creations().next().expect("an operation");
    for unit in [
        "[",
        "{",
        "(",
        "((",
        "a.",
        "a(",
        "a=",
        "<a>",
        "{\"a\":",
        "\"",
        "'",
        "`",
        "${",
        "$(",
        "\\",
        "a<",
        "&",
        "x[",
        "{a:",
        "curl $(",
        "a{",
        "new ",
        "resource \"",
        "Tag.1.",
        "a b=",
        "[]",
        "\"a\"+",
    ] {
        let before = std::time::Instant::now();
        read(op, &unit.repeat(190_000 / unit.len()));
        for start in ["curl ", "{", "resource \"x\" \"y\" {", "x = f("] {
            read(
                op,
                &(start.to_string() + &unit.repeat(100_000 / unit.len())),
            );
        }
        assert!(
            before.elapsed().as_secs() < 20,
            "{unit} {:?}",
            before.elapsed()
        );
    }
    assert_eq!(read(op, &"x".repeat(200_001)).format, Format::Unknown);
}

/// What people have lying around.
#[test]
fn notations_of_people_are_recognised() {
    let cen = find("CreateCen").expect("in the catalog");
    let name = |text: &str| {
        let reading = read(cen, text);
        let name = reading.raw.get("Name").unwrap_or_default().to_string();
        (reading.format, reading.operation.name, name)
    };
    for (format, text) in [
        (Format::Http, "https://cbn.aliyuncs.com/?Action=CreateCen&Name=my-cen&Version=2017-09-12&AccessKeyId=k&Signature=s"),
        (Format::Http, "http(s)://[Endpoint]/?Action=CreateCen&Name=my-cen"),
        (Format::Http, "?Action=CreateCen&Name=my-cen"),
        (Format::Http, "POST /?Action=CreateCen HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\nName=my-cen"),
        (Format::Curl, "$ curl 'https://cbn.aliyuncs.com/' -H 'x-acs-action: CreateCen' -d Name=my-cen"),
        (Format::Curl, "curl -sS -XPOST http://localhost:8787/v1/CreateCen -d '{\"Name\": \"my-cen\"}'"),
        (Format::Curl, "curl.exe -G https://cbn.aliyuncs.com --data-urlencode \"Name=my-cen\" -d Action=CreateCen"),
        (Format::Json, "{\"Name\": \"my-cen\"}"),
        (Format::Json, "{\"target\": \"python\", \"parameters\": {\"Name\": \"my-cen\"}}"),
        (Format::Xml, "<?xml version=\"1.0\"?>\n<CreateCenRequest><Name>my-cen</Name></CreateCenRequest>"),
        (Format::Terraform, "resource \"alicloud_cen_instance\" \"x\" {\n  cen_instance_name = \"my-cen\"\n  description = var.text\n}"),
        (Format::Aliyun, "aliyun cbn CreateCen --Name my-cen --region cn-hangzhou --profile prod"),
        (Format::Program, "name=\"my-cen\", description='text'"),
        (Format::Program, "CreateCenRequest(name='my-cen')"),
        (Format::Program, "request = CreateCenRequest()\nrequest.set_Name(\"my-cen\")\nrequest.set_Description('x')"),
        (Format::Program, "request.name = 'my-cen'"),
        (Format::Program, "{'Name': 'my-cen',}"),
        (Format::Program, "request.setName(\"my-cen\");\nrequest.setDescription(\"x\");"),
        (Format::Program, "dict(Name=\"my\" \"-cen\")"),
    ] {
        assert_eq!(name(text), (format, "CreateCen", "my-cen".to_string()), "{text}");
    }
    let cc = find("CreateCloudConnection").expect("in the catalog");
    for text in [
        "POST https://cc.myhuaweicloud.com/v3/0a1b/ccaas/cloud-connections\n\n{\n  \"cloud_connection\": {\"name\": \"mine\"}\n}",
        "hcloud CC CreateCloudConnection --cli-region=\"cn-north-4\" --domain_id=\"0a1b\" --cloud_connection.name=\"mine\"",
        "curl -H 'X-Auth-Token: $t' https://cc.myhuaweicloud.com/v3/0a1b/ccaas/cloud-connections -d '{\"cloud_connection\":{\"name\":\"mine\"}}'",
    ] {
        let reading = read(cen, text);
        assert_eq!(reading.operation, cc, "{text}");
        assert_eq!(reading.raw.get("cloud_connection.name"), Some("mine"), "{text}");
        assert_eq!(reading.raw.get("domain_id"), Some("0a1b"), "{text}");
    }
    let tags = read(
        cen,
        "aliyun cbn CreateCen --Tag.2.Key b --Tag.2.Value 2 --Tag.1.Key a --Tag.1.Value=1",
    );
    assert_eq!(tags.raw.get("Tag.2.Key"), Some("b"));
    let xml = "<CreateCenRequest><Tags><Tag><Key>a</Key></Tag><Tag><Key>b</Key></Tag></Tags></CreateCenRequest>";
    assert!(read(cen, xml).left.iter().any(|left| left.name == "Tags"));
    let xml = xml
        .replace("Tags>", "Tag>")
        .replace("<Tag><Tag>", "<Tag><Item>")
        .replace("</Tag><Tag>", "</Item><Item>")
        .replace("</Tag></Tag>", "</Item></Tag>");
    assert_eq!(read(cen, &xml).raw.get("Tag.2.Key"), Some("b"), "{xml}");
}

#[test]
fn what_was_not_understood_is_told_and_no_secret_with_it() {
    let cen = find("CreateCen").expect("in the catalog");
    let reading = read(
        cen,
        "{\"Name\": \"x\", \"Color\": \"hunter2\", \"Tag\": 7, \"Description\": {}}",
    );
    let left: Vec<(&str, Why)> = reading
        .left
        .iter()
        .map(|left| (&*left.name, left.why))
        .collect();
    assert_eq!(
        left,
        [
            ("Color", Why::Unknown),
            ("Tag", Why::Shape),
            ("Description", Why::Shape)
        ]
    );
    assert!(!format!("{:?}", reading.left).contains("hunter2"));
    let reading = read(cen, "aliyun ecs RunInstances --ImageId x --Name y");
    assert_eq!(reading.stranger.as_deref(), Some("RunInstances"));
    assert_eq!(reading.raw, Raw::new());
    for nothing in [
        "",
        "hello",
        "你好",
        "<",
        "{",
        "resource \"",
        "curl",
        "aliyun",
        "https://",
        "#/create/",
        "http://x/#/create/Nope?Name=x",
    ] {
        assert_eq!(read(cen, nothing).raw, Raw::new(), "{nothing}");
    }
}
