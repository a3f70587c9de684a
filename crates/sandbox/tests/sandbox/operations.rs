//! The sandbox seen through the catalog: every creation of the registry and its reads.

use crate::cloud::{another, example, name_path, valid, Cloud, NOW};
use tieline_catalog::answer::{decode, decode_read, read_back, read_by_name, Answer, Found};
use tieline_catalog::model::{Check, Control, Param, Privacy, Provider, When};
use tieline_catalog::operations::{creations, entries, find};
use tieline_catalog::wire::encode;
use tieline_catalog::{check, Parsed, Raw};
use tieline_sandbox::{Fault, Settings, Store, FAULTS};

#[test]
fn every_creation_creates_and_reads_back() {
    for op in creations() {
        let mut cloud = Cloud::new(Settings::default());
        let raw = example(op);
        let id = cloud.created(op, &raw);
        let simulation = op.simulation().expect("a creation");
        assert!(id.starts_with(simulation.id_prefix), "{id}");
        let length = match simulation.id_length {
            0 => 36,
            n => n,
        };
        assert_eq!(id.len() - simulation.id_prefix.len(), length, "{id}");

        let read = read_back(op, &id, &raw).expect("a read");
        let items = cloud.read(&read);
        assert_eq!(items.len(), 1, "{}", op.name);
        assert_eq!(items[0].id, id);
        let first = simulation.states.first().map(|s| s.1.to_string());
        if read
            .parsed()
            .operation()
            .response()
            .resource_status
            .is_some()
        {
            assert_eq!(items[0].status, first, "{}", op.name);
        }
        let other = id.replace(|c: char| c.is_ascii_digit(), "x") + "x";
        let absent = read_back(op, &other, &raw).expect("a read");
        assert_eq!(cloud.read(&absent), Vec::new(), "{}", op.name);
        if let Some(by_name) = read_by_name(op, &raw) {
            assert_eq!(cloud.read(&by_name)[0].id, id, "{}", op.name);
        }
    }
}

#[test]
fn a_status_changes_with_time_and_the_scale_shortens_it() {
    let mut seen = 0;
    for op in creations() {
        let simulation = op.simulation().expect("a creation");
        for scale in [1.0, 0.5, 0.0] {
            let settings = Settings {
                time_scale: scale,
                ..Settings::default()
            };
            let mut cloud = Cloud::new(settings);
            let raw = example(op);
            let id = cloud.created(op, &raw);
            let read = read_back(op, &id, &raw).expect("a read");
            if read
                .parsed()
                .operation()
                .response()
                .resource_status
                .is_none()
            {
                continue;
            }
            for (after, status) in simulation.states {
                cloud.now = NOW + (f64::from(*after) * scale) as u64;
                let expected = match scale == 0.0 {
                    true => simulation.states.last().expect("a state").1,
                    false => status,
                };
                assert_eq!(cloud.read(&read)[0].status.as_deref(), Some(expected));
                seen += 1;
            }
        }
    }
    assert!(seen > 6, "no operation with two statuses was seen");
}

#[test]
fn a_client_token_replays_and_a_changed_body_is_refused() {
    for op in creations().filter(|op| op.token.is_some()) {
        let mut cloud = Cloud::new(Settings::default());
        let raw = example(op);
        let id = cloud.created(op, &raw);
        cloud.now += 60_000;
        assert_eq!(cloud.created(op, &raw), id);
        let mut changed = raw.clone();
        assert!(changed.set(&name_path(op), "Another"));
        assert_eq!(cloud.refused(op, &changed), "IdempotentParameterMismatch");
        assert_ne!(cloud.created(op, &another(op)), id);
    }
}

#[test]
fn a_unique_value_is_taken_within_its_scope_only() {
    for op in creations() {
        let Some((unique, scope)) = op.simulation().and_then(|s| s.unique) else {
            continue;
        };
        let mut cloud = Cloud::new(Settings::default());
        cloud.created(op, &example(op));
        let mut again = another(op);
        let first = example(op);
        again.set(unique, first.get(unique).expect("a value"));
        let documented = op.errors().iter().find(|e| e.when == When::Taken);
        let code = documented.expect("a code").code;
        assert_eq!(cloud.refused(op, &again), code);
        let mut elsewhere = again.clone();
        elsewhere.set(scope, "cn-beijing");
        cloud.created(op, &elsewhere);
        if let Some(account) = op.param_with(Control::Account) {
            again.set(account, "another");
            cloud.created(op, &again);
        }
    }
}

#[test]
fn a_quota_ends_creation_with_the_documented_code() {
    let mut codes = Vec::new();
    for op in creations() {
        let settings = Settings {
            quota: Some(1),
            ..Settings::default()
        };
        let mut cloud = Cloud::new(settings);
        cloud.created(op, &example(op));
        codes.push(cloud.refused(op, &another(op)));
    }
    assert!(codes.contains(&"CcnAmountLimit".to_string()), "{codes:?}");
    assert!(
        codes.contains(&"Resource.QuotaFull".to_string()),
        "{codes:?}"
    );
}

#[test]
fn broken_rules_get_documented_codes() {
    for (name, path, text, code) in [
        ("CreateCloudConnectNetwork", "Name", "1x", "InvalidName"),
        (
            "CreateCloudConnectNetwork",
            "Description",
            "1",
            "InvalidDescription",
        ),
        (
            "CreateCloudConnectNetwork",
            "CidrBlock",
            "x",
            "InvalidCidrBlock.Malformed",
        ),
        ("CreateCen", "Tag.1.Value", "aliyun", "InvalidTagValue"),
        ("CreateCen", "ProtectionLevel", "FULL", "InvalidParameter"),
        (
            "CreateCustomerGateway",
            "IpAddress",
            "1.2.3",
            "InvalidIpAddress.WrongFormat",
        ),
        ("CreateCustomerGateway", "RegionId", "", "MissingRegionId"),
        (
            "CreateExpressCloudConnection",
            "Bandwidth",
            "3",
            "InvalidBandwidth.Malformed",
        ),
        (
            "CreateCloudConnection",
            "cloud_connection.name",
            "",
            "CC.1001",
        ),
    ] {
        let op = find(name).expect("an operation");
        let mut raw = example(op);
        raw.set(path, text);
        // Past the client's own check, as a client without one sends it.
        let request = encode(&check(op, &raw).parsed);
        let response = Cloud::new(Settings::default())
            .send(&request)
            .expect("an answer");
        match decode(op, &response) {
            Answer::Rejected(refusal) => {
                assert_eq!(refusal.code, code, "{name} {path}");
                let provider = op.service.provider;
                let hex = |c: char| c.is_ascii_hexdigit() || c == '-';
                let id = refusal.request_id.expect("a request id");
                assert!(id.chars().all(hex), "{id}");
                assert_eq!(
                    id.len(),
                    if provider == Provider::Alibaba {
                        36
                    } else {
                        32
                    }
                );
            }
            other => panic!("{name} {path}: {other:?}"),
        }
    }
}

#[test]
fn a_seed_example_without_the_required_switch_is_accepted() {
    let op = find("CreateCloudConnectNetwork").expect("an operation");
    let mut raw = Raw::new();
    raw.set("Name", "DocTest");
    let request = encode(&check(op, &raw).parsed);
    let response = Cloud::new(Settings::default())
        .send(&request)
        .expect("an answer");
    assert!(
        matches!(decode(op, &response), Answer::Created(_)),
        "{response:?}"
    );
}

#[test]
fn every_fault_strikes_by_name_and_by_setting() {
    for op in creations() {
        for info in FAULTS {
            let mut raw = example(op);
            raw.set(&name_path(op), &format!("a-{}", info.sentinel));
            let request = encode(valid(op, &raw).parsed());
            let by_name = Cloud::new(Settings::default())
                .sandbox
                .handle(&request, NOW, 1);
            let settings = Settings {
                fault: Some(info.fault),
                ..Settings::default()
            };
            let by_setting = Cloud::new(settings).sandbox.handle(&request, NOW, 1);
            assert_eq!(by_name, by_setting, "{} {}", op.name, info.name);
            assert_eq!(by_name.delay_ms > 0, info.fault == Fault::Slow);
            let answer = by_name.response.as_ref().map(|r| decode(op, r));
            let what = format!("{} {}: {answer:?}", op.name, info.name);
            match (info.fault, answer) {
                (Fault::Throttle, Some(Answer::NotExecuted(_)))
                | (Fault::Error | Fault::Html | Fault::Unavailable, Some(Answer::Unknown(_)))
                | (Fault::Slow, Some(Answer::Created(_)))
                | (Fault::Lost, None) => {}
                (Fault::Forbidden | Fault::Quota, Some(Answer::Rejected(refusal))) => {
                    let known = tieline_catalog::errors::is_known(op, &refusal.code);
                    assert!(known, "{what}");
                }
                _ => panic!("{what}"),
            }
        }
    }
}

#[test]
fn a_lost_answer_was_executed_and_the_token_gets_it_back() {
    for op in creations() {
        let mut cloud = Cloud::new(Settings::default());
        let mut raw = example(op);
        raw.set(&name_path(op), "a-fault-lost");
        let request = encode(valid(op, &raw).parsed());
        assert_eq!(cloud.send(&request), None);
        assert_eq!(
            cloud.sandbox.handle(&request, NOW, 2).response.is_some(),
            op.token.is_some()
        );
        if let Some(read) = read_by_name(op, &raw) {
            assert!(!cloud.read(&read).is_empty(), "{}", op.name);
        }
    }
}

#[test]
fn a_gateway_that_gave_up_hides_an_execution_and_the_token_gets_it_back() {
    for op in creations() {
        let mut cloud = Cloud::new(Settings::default());
        let mut raw = example(op);
        raw.set(&name_path(op), "a-fault-unavailable");
        let request = encode(valid(op, &raw).parsed());
        let hidden = cloud.send(&request).expect("an answer");
        assert_eq!(hidden.status, 503);
        assert!(hidden.body.contains("ServiceUnavailable"), "{hidden:?}");
        let answer = decode(op, &hidden);
        assert!(matches!(answer, Answer::Unknown(_)), "{answer:?}");
        if op.token.is_some() {
            let again = decode(op, &cloud.send(&request).expect("an answer"));
            assert!(matches!(again, Answer::Created(_)), "{again:?}");
        }
        if let Some(read) = read_by_name(op, &raw) {
            assert_eq!(cloud.read(&read).len(), 1, "{}", op.name);
        }
    }
}

#[test]
fn older_clients_get_xml_and_every_answer_decodes_from_it() {
    for op in creations().filter(|op| op.service.provider == Provider::Alibaba) {
        let mut cloud = Cloud::new(Settings::default());
        let older = |parsed: &Parsed| {
            let mut request = encode(parsed);
            request.headers.clear();
            let own = [
                ("Action", parsed.operation().name),
                ("Version", op.service.version),
            ];
            let own = own.iter().map(|(n, v)| (n.to_string(), v.to_string()));
            request.query.extend(own);
            request
        };
        let mut raw = example(op);
        raw.set(&name_path(op), "name-一");
        let response = cloud
            .send(&older(valid(op, &raw).parsed()))
            .expect("an answer");
        assert_eq!(response.content_type, "text/xml;charset=utf-8");
        let start = format!("<{}Response>", op.name);
        assert!(response.body.starts_with(&start), "{}", response.body);
        let Answer::Created(created) = decode(op, &response) else {
            panic!("{response:?}")
        };
        let read = read_back(op, &created.id, &raw).expect("a read");
        let response = cloud.send(&older(read.parsed())).expect("an answer");
        match decode_read(read.parsed().operation(), &response) {
            Found::Items(items) => assert_eq!(items[0].id, created.id),
            other => panic!("{}: {other:?} {}", op.name, response.body),
        }
        let mut wrong = raw.clone();
        wrong.set(&name_path(op), "http://x");
        let response = cloud
            .send(&older(&check(op, &wrong).parsed))
            .expect("an answer");
        assert!(
            response.body.starts_with("<Error><RequestId>"),
            "{}",
            response.body
        );
        assert!(matches!(decode(op, &response), Answer::Rejected(_)));
    }
}

#[test]
fn lists_are_paged_and_filtered() {
    for entry in entries() {
        let op = &entry.create;
        if op.simulation().is_some_and(|s| s.unique.is_some()) {
            continue;
        }
        let mut cloud = Cloud::new(Settings::default());
        for n in 0..12 {
            let mut raw = example(op);
            raw.set(&name_path(op), &format!("name-{n}"));
            if let Some(token) = op.token {
                raw.set(token, &format!("token-{n}"));
            }
            cloud.created(op, &raw);
        }
        let lists = entry.reads.iter().filter(|r| r.response.list.is_some());
        for read in lists.map(|read| &read.operation) {
            let mut raw = example(read);
            raw.remove("Filter");
            let (size, second) = match read.service.provider {
                Provider::Alibaba => ("PageSize", "PageNumber"),
                Provider::Huawei => ("limit", "marker"),
            };
            raw.set(size, "5");
            if let Some(region) = read.param_with(Control::Region) {
                let created = op.param_with(Control::Region);
                let own = created.and_then(|path| example(op).get(path).map(str::to_string));
                raw.set(region, own.as_deref().unwrap_or("cn-hangzhou"));
            }
            let first = cloud.read(&valid(read, &raw));
            assert_eq!(first.len(), 5, "{}", read.name);
            let next = match read.service.provider {
                Provider::Alibaba => "3".to_string(),
                Provider::Huawei => first[4].id.clone(),
            };
            raw.set(second, &next);
            let later = cloud.read(&valid(read, &raw));
            let expected = if next == "3" { 2 } else { 5 };
            assert_eq!(later.len(), expected, "{}", read.name);
            assert!(later.iter().all(|item| !first.contains(item)));
        }
    }
}

/// A value that the rules of a private parameter allow.
fn private_value(param: &Param) -> &'static str {
    let of = |check: &Check| match check {
        Check::Email => Some("canary@example.com"),
        Check::Telephone => Some("13800138000"),
        Check::ResidentId => Some("11010519491231002X"),
        _ => None,
    };
    let found = param.rules.iter().find_map(|rule| of(&rule.check));
    found.unwrap_or("canary-secret")
}

#[test]
fn the_store_survives_json_without_personal_data() {
    for op in creations() {
        let mut cloud = Cloud::new(Settings::default());
        let mut raw = example(op);
        let mut private = Vec::new();
        for param in op.params.iter().filter(|p| p.privacy != Privacy::Public) {
            let value = private_value(param);
            assert!(raw.set(param.name, value));
            private.push(value);
        }
        let id = cloud.created(op, &raw);
        let json = serde_json::to_string(cloud.sandbox.store()).expect("JSON");
        for value in private {
            assert!(!json.contains(value), "{json}");
        }
        let mut later = Cloud::new(Settings::default());
        let kept: Store = serde_json::from_str(&json).expect("a store");
        assert_eq!(&kept, cloud.sandbox.store(), "what is looked up by");
        later.sandbox.restore(kept);
        let read = read_back(op, &id, &raw).expect("a read");
        assert_eq!(later.read(&read)[0].id, id);
    }
}

#[test]
fn another_account_sees_nothing() {
    for op in creations() {
        let Some(account) = op.params.iter().find(|p| p.control == Control::Account) else {
            continue;
        };
        let mut cloud = Cloud::new(Settings::default());
        let mut raw = example(op);
        let id = cloud.created(op, &raw);
        raw.set(account.name, "another");
        let read = read_back(op, &id, &raw).expect("a read");
        assert_eq!(cloud.read(&read), Vec::new());
    }
}

#[test]
fn parameters_of_newer_clients_are_ignored() {
    let op = find("CreateCustomerGateway").expect("an operation");
    let mut request = encode(valid(op, &example(op)).parsed());
    for (name, value) in [
        ("OwnerId", "1"),
        ("Newer.1.Key", "k"),
        ("Newer.1.Value", "v"),
    ] {
        request.query.push((name.into(), value.into()));
    }
    let response = Cloud::new(Settings::default())
        .send(&request)
        .expect("an answer");
    assert!(
        matches!(decode(op, &response), Answer::Created(_)),
        "{response:?}"
    );
}
