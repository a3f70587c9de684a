use super::*;
use crate::operations::entries;

fn item(fields: &[(&'static str, &str)]) -> Item {
    Item {
        id: "the-id".into(),
        status: None,
        fields: fields
            .iter()
            .map(|(name, text)| (*name, text.to_string()))
            .collect(),
    }
}

#[test]
fn what_an_operation_declares_it_has() {
    for entry in entries() {
        let (op, read) = (&entry.create, &entry.read_back);
        let ways = read.reconcile.ways;
        let replayed = ways.iter().any(|way| matches!(way, Way::Replay));
        assert_eq!(replayed, op.token.is_some(), "{}", op.name);
        let named = ways.iter().any(|way| matches!(way, Way::NameAndTime));
        assert_eq!(named, read.by_name_operation.is_some(), "{}", op.name);
        assert!(read.reconcile.console.url.starts_with("https://"));
        let mut raw = Raw::example(op);
        if let Some(account) = op.param_with(crate::model::Control::Account) {
            raw.set(account, "d");
        }
        let searched = ways.iter().any(|way| !matches!(way, Way::Replay));
        assert_eq!(look_up(op, &raw).is_some(), searched, "{}", op.name);
        assert_eq!(look_up(op, &Raw::new()), None, "{}", op.name);
    }
}

#[test]
fn a_list_of_everything_is_read_page_by_page_and_sifted_by_the_address() {
    let found = entries().iter().find_map(|entry| {
        let raw = Raw::example(&entry.create);
        let found = look_up(&entry.create, &raw)?;
        found.is_by_address().then_some((entry, raw, found))
    });
    let (entry, raw, found) = found.expect("an operation with an address");
    let LookUp::Address(pages, address) = &found else {
        panic!("by an address");
    };
    let ours = item(&[(address.field, &address.value)]);
    let other = item(&[(address.field, "203.0.113.99")]);
    let items = Vec::from([ours.clone(), other, item(&[])]);
    assert_eq!(found.candidates(items), std::slice::from_ref(&ours));
    let full = vec![ours.clone(); pages.size];
    let second = pages.after(1, &full).unwrap();
    assert_eq!(second.parsed().get("PageNumber").as_deref(), Some("2"));
    assert_eq!(pages.after(1, &full[1..]), None);
    let told = evidence(&entry.create, &raw, &ours);
    assert!(told.len() == 1 && told[0].agrees(), "{told:?}");
}

/// A page of this size, numbered from 0.
fn page(number: usize, size: usize) -> Vec<Item> {
    let items = number * size..(number + 1) * size;
    let item = |n| Item {
        id: format!("id-{n}"),
        ..item(&[])
    };
    items.map(item).collect()
}

#[test]
fn a_look_up_reads_on_until_the_end_and_says_so_when_it_does_not_come_to_it() {
    let mut looks = 0;
    for entry in entries() {
        let op = &entry.create;
        let Some(look_up) = look_up(op, &known(op)) else {
            continue;
        };
        looks += 1;
        let size = look_up.pages().size;
        assert!(size >= 50, "{}", op.name);
        let found = |looking: Looking| match &look_up {
            LookUp::Name(_) => Some(looking.found().len()),
            LookUp::Address(..) => None,
        };
        // The one that was made is on the third page.
        let mut looking = Looking::new(look_up.clone());
        for number in 0..2 {
            let after = looking.read(page(number, size));
            let AfterPage::Read(next) = after else {
                panic!("{}: {after:?}", op.name);
            };
            assert_ne!(next, look_up.first());
        }
        assert_eq!(looking.read(page(9, size)[..3].to_vec()), AfterPage::All);
        assert!(
            found(looking).is_none_or(|count| count == 2 * size + 3),
            "{}",
            op.name
        );
        // There is no end.
        let mut looking = Looking::new(look_up.clone());
        for number in 1..MAX_PAGES as usize {
            assert!(matches!(
                looking.read(page(number, size)),
                AfterPage::Read(_)
            ));
        }
        assert_eq!(looking.read(page(0, size)), AfterPage::Part, "{}", op.name);
        // The cloud gives the same page again and again.
        let mut looking = Looking::new(look_up.clone());
        assert!(matches!(looking.read(page(0, size)), AfterPage::Read(_)));
        assert_eq!(looking.read(page(0, size)), AfterPage::Part, "{}", op.name);
        assert!(
            found(looking).is_none_or(|count| count == size),
            "{}",
            op.name
        );
    }
    assert!(looks > 3);
}

/// Input with which everything about an operation can be asked.
fn known(op: &'static Operation) -> Raw {
    let mut raw = Raw::example(op);
    if let Some(account) = op.param_with(crate::model::Control::Account) {
        raw.set(account, "d");
    }
    raw
}

#[test]
fn every_list_is_read_page_by_page_in_the_scope_that_it_wants() {
    let mut markers = 0;
    for entry in entries() {
        let op = &entry.create;
        let Some(listing) = &entry.read_back.all else {
            continue;
        };
        let raw = known(op);
        let scope = scope(op, &raw);
        let pages = Pages::of_all(op, &scope).unwrap_or_else(|| panic!("{}", op.name));
        let items: Vec<Item> = (0..pages.size)
            .map(|n| Item {
                id: format!("id-{n}"),
                ..item(&[])
            })
            .collect();
        let next = pages.after(3, &items).expect("another page");
        let changed = |path: &str| next.parsed().get(path);
        match listing.paging {
            Paging::Number { number, .. } => assert_eq!(changed(number).as_deref(), Some("4")),
            Paging::Marker { marker, .. } => {
                markers += 1;
                assert_eq!(changed(marker), items.last().map(|item| item.id.clone()));
            }
        }
        assert_eq!(pages.after(3, &items[1..]), None);
        assert_eq!(pages.after(3, &[]), None);
        // What is told of an item is input of the creation, with the scope in it.
        let read = pages.first.parsed().operation();
        let fields = item_fields(read).iter();
        let echoes = fields.filter_map(|field| match field.value {
            FieldValue::Echo(parameter) => Some((field.path, raw.get(parameter)?)),
            _ => None,
        });
        let echoes: Vec<_> = echoes.filter(|(_, text)| !text.is_empty()).collect();
        let all = told(op, &scope, &item(&echoes));
        for (path, text) in all.leaves() {
            assert_eq!(raw.get(&path), Some(text), "{} {path}", op.name);
        }
        assert!(
            all.leaves().len() >= echoes.len(),
            "{} {all:?} {echoes:?}",
            op.name
        );
        assert!(may_be(op, &raw, (0, 0), &item(&echoes)), "{}", op.name);
    }
    assert!(markers > 0);
}

#[test]
fn several_are_asked_about_together_where_a_document_says_so() {
    let mut some = 0;
    for entry in entries() {
        let op = &entry.create;
        let together = together(op, &known(op));
        assert_eq!(together.is_some(), entry.read_back.by_ids.is_some());
        let Some(together) = together else {
            continue;
        };
        some += 1;
        let ids: Vec<String> = (0..together.most + 3).map(|n| format!("id-{n}")).collect();
        let read = together
            .about(ids.iter().map(String::as_str))
            .expect(op.name);
        let raw = read.parsed().to_raw();
        let asked = raw.leaves();
        let asked = asked.iter().filter(|(_, text)| text.starts_with("id-"));
        assert_eq!(asked.count(), together.most, "{}", op.name);
    }
    assert!(some > 1);
}

#[test]
fn what_may_be_a_lost_request_s_is_told_from_what_cannot() {
    let op = crate::operations::find("CreateCen").unwrap();
    let asked = |name: &str| {
        let mut raw = Raw::new();
        raw.set("Name", name);
        raw
    };
    let at =
        |name: &'static str, time: &'static str| item(&[("Name", name), ("CreationTime", time)]);
    let is = |raw: &Raw, item: &Item| may_be(op, raw, (3_600_000, 3_600_000), item);
    assert!(is(&asked("a"), &at("a", "1970-01-01T01:00:02Z")));
    assert!(
        is(&asked("a"), &at("a", "1970-01-03T01:00:02Z")),
        "it took its time"
    );
    assert!(!is(&asked("a"), &at("b", "1970-01-01T01:00:02Z")));
    assert!(
        !is(&asked("a"), &at("a", "1970-01-01T00:00:00Z")),
        "it was there before"
    );
    assert!(!is(&asked("a"), &item(&[])));
    assert!(is(&asked("a"), &item(&[("Name", "a")])), "no time is told");
    // Without a name the time has to be near.
    assert!(is(&Raw::new(), &at("", "1970-01-01T01:00:02Z")));
    assert!(!is(&Raw::new(), &at("", "1970-01-03T01:00:02Z")));
    assert!(!is(&Raw::new(), &at("b", "1970-01-01T01:00:02Z")));
}

#[test]
fn a_moment_is_read_as_the_clouds_write_it() {
    let moment = |text: &str| moment(text, Zone::Written);
    assert_eq!(moment("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(moment("2000-02-29T00:00Z"), Some(951_782_400_000));
    assert_eq!(moment("2024-02-29T23:59:59.500Z"), Some(1_709_251_199_000));
    for odd in [
        "",
        "2023-09-20",
        "2023-13-20T08:28:28Z",
        "-T:Z",
        "0000-01-01T00:00:00Z",
    ] {
        assert_eq!(moment(odd), None, "{odd}");
    }
    let told = entries().iter().find_map(|entry| {
        let field = entry
            .reads
            .iter()
            .flat_map(|read| read.response.list)
            .find_map(|list| {
                list.fields
                    .iter()
                    .find(|field| matches!(field.value, FieldValue::CreatedUtc(_)))
            })?;
        created_at(
            &entry.create,
            &item(&[(field.path, "1970-01-01T00:01:00Z")]),
        )
    });
    assert_eq!(told, Some(60_000));
}

#[test]
fn a_time_without_a_zone_is_utc_only_where_the_document_writes_it_so() {
    let bare = "2023-09-20T08:28:28";
    assert_eq!(moment(bare, Zone::MayBeMissing), Some(1_695_198_508_000));
    assert_eq!(moment(bare, Zone::Written), None);
    let fraction = "2023-09-20T08:28:28.5";
    assert_eq!(
        moment(fraction, Zone::MayBeMissing),
        moment(bare, Zone::MayBeMissing)
    );
    for other in [
        "2023-09-20T08:28:28+08:00",
        "2023-09-20T08:28+08:00",
        "2023-09-20T08:28:28.123+08:00",
    ] {
        assert_eq!(moment(other, Zone::MayBeMissing), None, "{other}");
    }
    let op = crate::operations::find("CreateCloudConnection").unwrap();
    let mut asked = Raw::new();
    asked.set("cloud_connection.name", "a");
    let found = item(&[("name", "a"), ("created_at", bare)]);
    assert_eq!(created_at(op, &found), Some(1_695_198_508_000));
    let a_day_later = 1_695_198_508_000 + 24 * 3_600_000;
    let sent = (a_day_later, a_day_later);
    assert!(!may_be(op, &asked, sent, &found), "it was there before");
}
