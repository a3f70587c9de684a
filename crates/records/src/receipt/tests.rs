use super::*;
use proptest::prelude::*;

fn chain(entries: &[u64]) -> Chain {
    let mut head = Head::genesis("6f1d", 1_000);
    let receipts = entries
        .iter()
        .map(|records| head.append(Entry::exported(*records, false), 2_000 + records))
        .collect();
    Chain {
        chain: head.chain,
        since: head.since,
        head: head.hash,
        receipts,
    }
}

#[test]
fn a_chain_holds_and_is_continued_from_its_head() {
    let whole = chain(&[1, 2, 3]);
    let mut head = whole.verify().unwrap();
    assert_eq!((head.count, &head.hash), (3, &whole.head));
    let mut longer = whole.clone();
    longer
        .receipts
        .push(head.append(Entry::exported(4, true), 9_000));
    longer.head = head.hash;
    assert_eq!(longer.verify().unwrap().count, 4);
    assert!(whole.is_beginning_of(&longer) && !longer.is_beginning_of(&whole));
    assert_eq!(chain(&[]).verify().unwrap().count, 0);
    // Two histories never continue each other.
    let other = Chain {
        chain: "another".into(),
        ..whole
    };
    assert_eq!(other.verify(), Err(Broken::Link(0)));
}

#[test]
fn the_first_broken_link_is_named() {
    let mut changed = chain(&[1, 2, 3, 4, 5]);
    changed.receipts[1].0.insert("records".into(), 7.into());
    changed.receipts[3].0.insert("records".into(), 7.into());
    assert_eq!(changed.verify(), Err(Broken::Link(2)));
    let mut removed = chain(&[1, 2, 3, 4, 5]);
    removed.receipts.remove(2);
    assert_eq!(removed.verify(), Err(Broken::Place(2)));
    let mut cut = chain(&[1, 2, 3]);
    cut.receipts.pop();
    assert_eq!(cut.verify(), Err(Broken::Head(2)));
}

#[test]
fn what_a_newer_version_put_into_a_receipt_is_hashed_too() {
    let mut head = Head::genesis("6f1d", 1_000);
    let mut entry = Entry::exported(1, false);
    entry.put("colour", Some("green".to_string()));
    let receipt = head.append(entry, 1);
    let json = serde_json::to_string(&receipt).unwrap();
    let read: Receipt = serde_json::from_str(&json.replace("green", "red")).unwrap();
    assert_ne!(read.hash(), head.hash);
    assert_eq!(
        serde_json::from_str::<Receipt>(&json).unwrap().hash(),
        head.hash
    );
}

/// A change of a chain, by numbers that are taken modulo what there is.
#[derive(Clone, Debug)]
enum Change {
    Member(usize, usize, String),
    NewMember(usize, String),
    Remove(usize),
    Swap(usize, usize),
    Repeat(usize, usize),
    Insert(usize, u64),
    Since(u64),
    Id(String),
}

fn any_change() -> impl Strategy<Value = Change> {
    let at = 0usize..64;
    prop_oneof![
        (at.clone(), at.clone(), "[a-z0-9]{0,4}").prop_map(|(a, b, t)| Change::Member(a, b, t)),
        (at.clone(), "[a-z]{1,4}").prop_map(|(a, t)| Change::NewMember(a, t)),
        at.clone().prop_map(Change::Remove),
        (at.clone(), at.clone()).prop_map(|(a, b)| Change::Swap(a, b)),
        (at.clone(), at.clone()).prop_map(|(a, b)| Change::Repeat(a, b)),
        (at, 0u64..9).prop_map(|(a, n)| Change::Insert(a, n)),
        (0u64..2_000).prop_map(Change::Since),
        "[a-f0-9]{4}".prop_map(Change::Id),
    ]
}

fn apply(chain: &mut Chain, change: &Change) {
    let count = chain.receipts.len();
    match change {
        Change::Member(at, member, text) => {
            let receipt = &mut chain.receipts[at % count].0;
            let names: Vec<String> = receipt.keys().cloned().collect();
            let name = names[member % names.len()].clone();
            receipt.insert(name, text.as_str().into());
        }
        Change::NewMember(at, name) => {
            chain.receipts[at % count]
                .0
                .insert(name.clone(), Value::Null);
        }
        Change::Remove(at) => drop(chain.receipts.remove(at % count)),
        Change::Swap(a, b) => chain.receipts.swap(a % count, b % count),
        Change::Repeat(a, b) => {
            let again = chain.receipts[a % count].clone();
            chain.receipts.insert(b % (count + 1), again);
        }
        Change::Insert(at, records) => {
            let at = at % (count + 1);
            // As good as it can be forged without rewriting what follows.
            let before = Chain {
                receipts: chain.receipts[..at].to_vec(),
                ..chain.clone()
            };
            let mut head = Head::genesis(&before.chain, before.since);
            for receipt in &before.receipts {
                head.hash = receipt.hash();
                head.count += 1;
            }
            let forged = head.append(Entry::exported(*records, true), 5);
            chain.receipts.insert(at, forged);
        }
        Change::Since(since) => chain.since = *since,
        Change::Id(id) => chain.chain = id.clone(),
    }
}

proptest! {
    #[test]
    fn any_change_is_found_and_not_before_it(
        entries in proptest::collection::vec(0u64..9, 1..12), change in any_change(),
    ) {
        let whole = chain(&entries);
        let mut changed = whole.clone();
        apply(&mut changed, &change);
        prop_assume!(changed != whole);
        let same = whole.receipts.iter().zip(&changed.receipts).take_while(|(a, b)| a == b).count() as u64;
        match changed.verify() {
            Ok(_) => prop_assert!(false, "{:?} went unseen", change),
            Err(Broken::Head(at)) => prop_assert!(at >= same),
            Err(Broken::Place(at) | Broken::Link(at)) => {
                // The chain's beginning is what its first receipt names.
                let other = (&changed.chain, changed.since) != (&whole.chain, whole.since);
                prop_assert!(at >= same || other && at == 0, "{} before {}", at, same);
                prop_assert!(at <= same + 1, "{} after {}", at, same);
            }
        }
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<Chain>(&json).unwrap().verify().is_ok(), true);
    }
}

#[test]
fn what_gets_a_receipt_is_known_by_its_name() {
    let before = crate::Record::blank();
    let all = [
        r#"{"event":"attempt","endpoint":"/api"}"#,
        r#"{"event":"answer","by":"cloud","outcome":"created"}"#,
        r#"{"event":"look-up","by":"name"}"#,
        r#"{"event":"adopted","id":"a"}"#,
        r#"{"event":"status","id":"a"}"#,
        r#"{"event":"imported"}"#,
        r#"{"event":"note","text":"a"}"#,
        r#"{"event":"before","outcome":"created","endpoint":"/api"}"#,
        r#"{"event":"of a later version"}"#,
    ];
    for json in all {
        let event: Event = serde_json::from_str(json).unwrap();
        let what = event.what();
        assert_eq!(event.may_get_receipt(), what.gets_receipt(), "{json}");
        assert_eq!(Entry::of(&before, &event).is_some(), what.gets_receipt());
        // And what is written is what was read.
        let again = Event::new(&what, event.at(), event.n());
        assert_eq!(again.what(), what, "{json}");
    }
    // A name alone is not enough.
    let unread: Event = serde_json::from_str(r#"{"event":"attempt","endpoint":7}"#).unwrap();
    assert!(unread.may_get_receipt() && !unread.what().gets_receipt());
    assert_eq!(Entry::of(&before, &unread), None);
}

#[test]
fn a_lost_head_is_found_again_from_the_receipts() {
    // As the page begins a chain: its first receipt is of the same moment.
    let begun = |count: u64| {
        let mut head = Head::genesis("one", 1_000);
        let of = |n| Entry::exported(n, false);
        let receipts: Vec<Receipt> = (0..count)
            .map(|n| head.append(of(n), 1_000 + n * 5))
            .collect();
        (head, receipts)
    };
    assert_eq!(Head::found("one", 0, &[]), None);
    for count in 1..4 {
        let (head, mut receipts) = begun(count);
        let mut found = Head::found("one", count, &receipts).unwrap();
        assert_eq!(found, head);
        receipts.push(found.append(Entry::exported(9, false), 9_000));
        let chain = |receipts| Chain {
            chain: found.chain.clone(),
            since: found.since,
            head: found.hash.clone(),
            receipts,
        };
        assert_eq!(chain(receipts.clone()).verify(), Ok(found.clone()));
    }
    // Where the last one is lost, too, its place is not taken by another.
    let (_, mut receipts) = begun(3);
    receipts.pop();
    let mut found = Head::found("one", 3, &receipts).unwrap();
    receipts.push(found.append(Entry::exported(9, false), 9_000));
    let chain = Chain {
        chain: found.chain,
        since: found.since,
        head: found.hash,
        receipts,
    };
    assert_eq!(chain.verify(), Err(Broken::Place(2)));
}
