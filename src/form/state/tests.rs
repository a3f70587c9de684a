//! Tests of the form's state.

use tieline_catalog::{check, Control};

use super::*;
use crate::form::field_paths::field_of;

fn prefill() -> Prefill {
    Prefill {
        token: "token-1".into(),
        region: "cn-hangzhou".into(),
        account: "account-1".into(),
        ..Prefill::default()
    }
}

fn form(op: &str) -> Rc<Form> {
    let op = tieline_catalog::find(op).expect("the catalog has it");
    Rc::new(Form::new(op, &prefill()).checked(Some(check)))
}

fn after(form: Rc<Form>, acts: Vec<Act>) -> Rc<Form> {
    acts.into_iter().fold(form, |form, act| form.reduce(act))
}

fn example(op: &'static Operation) -> Act {
    Act::Example(Raw::example(op))
}

fn edit(path: &str, text: &str) -> Act {
    Act::Edit(path.into(), text.into())
}

#[test]
fn every_operation_starts_with_what_its_controls_ask_for() {
    for op in tieline_catalog::creations() {
        let form = Form::new(op, &prefill());
        for (path, param) in leaves(op, &form.raw) {
            let expected = match param.control {
                Control::Token => Some("token-1"),
                Control::Region => Some("cn-hangzhou"),
                Control::Account => Some("account-1"),
                _ => param.start(),
            };
            assert_eq!(form.raw.get(&path), expected, "{} {path}", op.name);
        }
    }
}

#[test]
fn the_example_fills_every_form_so_that_it_shows_no_error_of_its_own() {
    for op in tieline_catalog::creations() {
        let form = after(
            Rc::new(Form::new(op, &prefill()).checked(Some(check))),
            vec![example(op)],
        );
        let left: Vec<_> = form
            .report
            .iter()
            .flat_map(|report| report.errors())
            .filter(|v| v.rule != "required")
            .collect();
        assert!(left.is_empty(), "{} {left:?}", op.name);
    }
}

#[test]
fn a_field_is_checked_on_leaving_and_then_live_until_it_is_right() {
    let form = after(form("CreateCen"), vec![edit("Name", "http://x")]);
    assert!(form.shown("Name").is_empty(), "not before leaving");
    let form = after(form, vec![Act::Leave("Name".into())]);
    assert_eq!(form.shown("Name").len(), 1);
    let form = after(form, vec![edit("Name", "https://x")]);
    assert_eq!(form.shown("Name").len(), 1, "live");
    let form = after(form, vec![edit("Name", "x")]);
    assert!(form.shown("Name").is_empty());
    let form = after(form, vec![edit("Name", "http://")]);
    assert!(form.shown("Name").is_empty(), "not live any more");
}

#[test]
fn without_its_checks_a_form_takes_input_and_says_nothing() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    let form = after(
        Rc::new(Form::new(op, &prefill())),
        vec![
            edit("Name", "http://x"),
            Act::Leave("Name".into()),
            edit("Description", "fine"),
            Act::Leave("Description".into()),
        ],
    );
    assert_eq!(form.raw.get("Name"), Some("http://x"));
    assert!(form.report.is_none() && form.shown("Name").is_empty());
    let form = after(form, vec![Act::Checks(check)]);
    assert_eq!(form.shown("Name").len(), 1, "it was left before");
    let form = after(form, vec![edit("Description", "http://x")]);
    assert!(
        form.shown("Description").is_empty(),
        "it was right when it was left"
    );
}

/// Who sends waits for `submitted` to change. Where a second press came between that and the next drawing,
/// nobody took it, and the button said "Sending…" for ever.
#[test]
fn the_same_input_submitted_twice_is_two_submits() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    let form = Rc::new(Form::new(op, &prefill()));
    let form = after(form, vec![Act::Checks(check), example(op), Act::Submit]);
    let first = form.submitted.clone();
    let form = after(form, vec![Act::Taken, Act::Submit]);
    assert!(first.is_some() && form.submitted.is_some());
    assert_ne!(form.submitted, first);
}

#[test]
fn a_submit_waits_for_the_checks_with_the_input_of_then() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    let unchecked = || Rc::new(Form::new(op, &prefill()));
    let form = after(
        unchecked(),
        vec![
            example(tieline_catalog::find("CreateCen").expect("in the catalog")),
            Act::Submit,
        ],
    );
    assert!(form.waits() && form.submitted.is_none());
    assert_eq!((form.submits, form.refusals), (1, 0));
    let sent = form.raw.clone();
    let form = after(form, vec![edit("Name", "http://x"), Act::Checks(check)]);
    assert_eq!(form.submitted.as_ref().map(|s| s.raw.clone()), Some(sent));
    assert_eq!(
        (form.submits, form.refusals),
        (1, 0),
        "it is the same submit"
    );

    let form = after(unchecked(), vec![edit("Name", "http://x"), Act::Submit]);
    assert!(form.waits() && form.summary.is_empty());
    let form = after(form, vec![Act::Checks(check)]);
    assert!(!form.waits() && form.submitted.is_none());
    assert_eq!((form.summary.len(), form.refusals), (1, 1));

    let form = after(
        unchecked(),
        vec![Act::Submit, Act::Taken, Act::Checks(check)],
    );
    assert!(!form.waits(), "it is not sent later unasked");
    assert_eq!(form.refusals, 0);
}

#[test]
fn a_choice_is_checked_at_once() {
    let choose = Act::Choose("ProtectionLevel".into(), "NONE".into());
    let form = after(form("CreateCen"), vec![choose]);
    assert_eq!(form.shown("ProtectionLevel").len(), 1);
}

#[test]
fn nothing_is_checked_while_an_input_method_composes() {
    let left = vec![
        edit("Name", "http://x"),
        Act::Leave("Name".into()),
        Act::Compose(true),
        edit("Name", "x"),
    ];
    let form = after(form("CreateCen"), left);
    assert_eq!(form.shown("Name").len(), 1, "as before the composition");
    let form = after(form, vec![Act::Compose(false)]);
    assert!(form.shown("Name").is_empty());
}

#[test]
fn a_list_grows_shrinks_and_moves_up() {
    let acts = vec![
        Act::Add("Tag".into()),
        Act::Add("Tag".into()),
        edit("Tag.1.Key", "a"),
        edit("Tag.2.Key", "b"),
        edit("Tag.2.Value", "x"),
        edit("Tag.2.Value", ""),
    ];
    let form = after(form("CreateCen"), acts);
    assert_eq!(items(&form.raw, "Tag"), 2);
    assert_eq!(form.raw.get("Tag.2.Value"), Some(""));
    let form = after(form, vec![Act::Remove("Tag.1".into())]);
    assert_eq!(items(&form.raw, "Tag"), 1);
    assert_eq!(form.raw.get("Tag.1.Key"), Some("b"));
    let form = after(form, vec![Act::Remove("Tag.1".into())]);
    assert!(form
        .report
        .as_ref()
        .is_some_and(|r| r.parsed.get("Tag.1.Key").is_none()));
}

#[test]
fn a_refused_submit_shows_everything_and_forgets_what_gets_fixed() {
    let form = after(form("CreateCustomerGateway"), vec![Act::Refuse]);
    assert!(form.summary.iter().any(|v| v.parameter == "IpAddress"));
    assert!(!form.shown("IpAddress").is_empty());
    let form = after(form, vec![edit("IpAddress", "8.8.8.8")]);
    assert!(!form.summary.iter().any(|v| v.parameter == "IpAddress"));
}

fn told(form: &Form) -> Vec<(&str, &str)> {
    let each = form.summary.iter();
    each.map(|v| (v.parameter.as_str(), v.rule)).collect()
}

#[test]
fn the_summary_follows_the_input_in_the_order_of_the_form() {
    let acts = vec![
        Act::Add("Tag".into()),
        Act::Add("Tag".into()),
        Act::Add("Tag".into()),
        edit("Tag.1.Key", "acs:x"),
        edit("Tag.2.Key", "other"),
        edit("Tag.3.Key", "aliyun"),
        edit("Tag.3.Value", "http://"),
        edit("Name", "http://x"),
        Act::Refuse,
    ];
    let form = after(form("CreateCen"), acts);
    let params: Vec<&str> = told(&form).iter().map(|(p, _)| *p).collect();
    assert_eq!(params, ["Name", "Tag.1.Key", "Tag.3.Key", "Tag.3.Value"]);
    // Another error at the same place replaces the first.
    let long = "a".repeat(200);
    let form = after(form, vec![edit("Name", &long)]);
    assert_eq!(told(&form)[0], ("Name", "length"));
    assert!(form.summary[0].message.en.contains("200"));
    // The items move up, and with them what is said about them.
    let form = after(form, vec![Act::Remove("Tag.2".into())]);
    assert_eq!(
        told(&form)[1..],
        [
            ("Tag.1.Key", "forbidden-prefix"),
            ("Tag.2.Key", "forbidden-prefix"),
            ("Tag.2.Value", "forbidden-substring")
        ]
    );
    assert!(!form.shown("Tag.2.Value").is_empty());
    let form = after(form, vec![Act::Remove("Tag.2".into())]);
    assert_eq!(told(&form).len(), 2);
}

#[test]
fn the_example_fills_only_what_is_empty() {
    for op in tieline_catalog::creations() {
        for (path, _) in Raw::example(op).leaves() {
            let form = after(form(op.name), vec![edit(&path, "mine"), example(op)]);
            assert_eq!(form.raw.get(&path), Some("mine"), "{} {path}", op.name);
        }
    }
}

#[test]
fn a_draft_numbers_no_item_beyond_any_list() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    for path in [
        "Tag.4294967295.Key",
        "Tag.0.Key",
        "Tag.4294967296.Key",
        "Tag.Key",
    ] {
        let draft = format!("{path}=x&Name=kept");
        let form = Form::restore(op, &draft, &prefill()).expect("a draft");
        assert_eq!(form.raw.get("Name"), Some("kept"));
        assert_eq!(form.raw.at("Tag"), None, "{path}");
    }
}

#[test]
fn a_violation_over_two_fields_shows_at_both() {
    for op in tieline_catalog::creations() {
        for cross in op.cross {
            let mut form = Form::new(op, &prefill()).checked(Some(check));
            let v = Violation {
                parameter: cross.params.1.to_string(),
                also: Some(cross.params.0.to_string()),
                rule: cross.rule,
                severity: cross.severity,
                message: tieline_catalog::Message::new("", ""),
                source: tieline_catalog::Message::new("", ""),
            };
            let report = form.report.as_mut().expect("it has its checks");
            Rc::make_mut(report).violations.push(v);
            form.watch(cross.params.0);
            for path in [cross.params.0, cross.params.1] {
                let found = form.shown(path);
                assert!(found.iter().any(|v| v.rule == cross.rule), "{path}");
            }
        }
    }
}

#[test]
fn a_draft_comes_back_without_personal_data_and_secrets() {
    for op in tieline_catalog::creations() {
        let mut form = Rc::new(Form::new(op, &prefill()));
        for (path, param) in leaves(op, &Raw::new()) {
            let text = match param.privacy {
                Privacy::Public => "public",
                _ => "hush",
            };
            form = form.reduce(Act::Edit(path, text.into()));
        }
        let draft = form.draft().expect("something was typed");
        assert!(!draft.contains("hush"), "{draft}");
        let back = Form::restore(op, &draft, &Prefill::default()).expect("a draft");
        assert_eq!(back.draft(), Some(draft));
        assert!(Form::restore(op, "[]", &prefill()).is_none());
        assert!(Form::restore(op, "Nothing=x", &prefill()).is_none());
    }
}

#[test]
fn a_draft_keeps_a_token_only_if_the_user_chose_it() {
    for op in tieline_catalog::creations() {
        let Some(token) = op.token else { continue };
        let form = after(
            Rc::new(Form::new(op, &prefill())),
            vec![Act::Edit("Name".into(), "site".into())],
        );
        let draft = form.draft().expect("something was typed");
        assert!(!draft.contains("token-1"), "{draft}");
        let another = Prefill {
            token: "token-2".into(),
            ..prefill()
        };
        let back = Form::restore(op, &draft, &another).expect("a draft");
        assert_eq!(back.raw.get(token), Some("token-2"));
        let form = after(form, vec![Act::Edit(token.into(), "mine".into())]);
        assert!(form.draft().is_some_and(|draft| draft.contains("mine")));
    }
}

#[test]
fn a_server_names_a_parameter_without_item_numbers() {
    let form = after(form("CreateCen"), vec![Act::Add("Tag".into())]);
    assert_eq!(
        field_of(form.op, &form.raw, "Tag.Value").as_deref(),
        Some("Tag.1.Value")
    );
    assert_eq!(
        field_of(form.op, &form.raw, "Name").as_deref(),
        Some("Name")
    );
    assert_eq!(field_of(form.op, &form.raw, "Nothing"), None);
}

fn given(locked: &[&str]) -> Prefill {
    let mut values = Raw::new();
    values.set("Name", "given");
    values.set("Tag.1.Key", "team");
    values.set("Tag.1.Value", "net");
    values.set("Nothing", "no parameter of this operation");
    Prefill {
        values,
        locked: locked.iter().map(|path| path.to_string()).collect(),
        ..prefill()
    }
}

#[test]
fn what_the_page_around_gives_is_there_and_can_be_changed() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    let form = Rc::new(Form::new(op, &given(&[])));
    assert_eq!(form.raw.get("Name"), Some("given"));
    assert_eq!(form.raw.get("Tag.1.Key"), Some("team"));
    assert_eq!(form.raw.get("Nothing"), None);
    let form = form.reduce(Act::Edit("Name".into(), "mine".into()));
    assert_eq!(form.raw.get("Name"), Some("mine"));
    let draft = form.draft().expect("a draft");
    let back = Form::restore(op, &draft, &given(&[])).expect("the draft");
    assert_eq!(back.raw.get("Name"), Some("mine"), "a draft is newer");
}

#[test]
fn what_is_locked_stays_whatever_happens() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    let prefill = given(&["Name", "Tag", "Description"]);
    let mut other = Raw::new();
    other.set("Name", "from a record");
    other.set("Tag.1.Key", "other");
    other.set("Description", "x");
    let mut form = Rc::new(Form::with(op, &other, &prefill));
    for act in [
        Act::Edit("Name".into(), "mine".into()),
        Act::Choose("Description".into(), "mine".into()),
        Act::Add("Tag".into()),
        Act::Edit("Tag.1.Key".into(), "mine".into()),
        Act::Remove("Tag.1".into()),
        example(op),
        Act::Clear(prefill.clone()),
        example(op),
    ] {
        form = form.reduce(act);
        assert_eq!(form.raw.get("Name"), Some("given"));
        assert_eq!(form.raw.get("Tag.1.Key"), Some("team"));
        assert_eq!(form.raw.get("Description"), None);
        assert_eq!(items(&form.raw, "Tag"), 1);
    }
}

/// Clear and the example are taken back, one after the other, with all that was in the form.
#[test]
fn what_was_done_at_one_stroke_is_undone() {
    for op in tieline_catalog::creations() {
        let path = leaves(op, &Raw::new())[0].0.clone();
        let typed = after(
            form(op.name),
            vec![edit(&path, "typed"), Act::Leave(path.clone())],
        );
        let cleared = after(typed.clone(), vec![Act::Clear(prefill())]);
        assert_ne!(cleared.raw, typed.raw, "{}", op.name);
        let filled = after(cleared.clone(), vec![example(op)]);
        let back = after(filled, vec![Act::Undo]);
        assert_eq!(
            (&back.raw, back.edited),
            (&cleared.raw, cleared.edited),
            "{}",
            op.name
        );
        let back = after(back, vec![Act::Undo]);
        assert_eq!(back.raw, typed.raw, "{}", op.name);
        assert_eq!(back.shown(&path), typed.shown(&path), "{}", op.name);
        assert!(back.edited && back.before.is_none(), "{}", op.name);
        assert_eq!(after(back.clone(), vec![Act::Undo]).raw, back.raw);
    }
}

/// Undoing never takes away what was typed, nor what is under way.
#[test]
fn nothing_typed_is_undone_and_nothing_under_way() {
    let op = tieline_catalog::find("CreateCen").expect("in the catalog");
    let cleared = || {
        after(
            form("CreateCen"),
            vec![edit("Name", "a"), Act::Clear(prefill())],
        )
    };
    for then in [
        edit("Name", "b"),
        Act::Add("Tag".into()),
        Act::RenewToken("token-2".into()),
    ] {
        let changed = after(cleared(), vec![then]);
        assert_eq!(after(changed.clone(), vec![Act::Undo]).raw, changed.raw);
    }
    // Going through the form changes nothing.
    let back = after(
        cleared(),
        vec![
            Act::Enter("Name".into()),
            Act::Leave("Name".into()),
            Act::Undo,
        ],
    );
    assert_eq!(back.raw.get("Name"), Some("a"));
    // What was submitted between is still to be sent, and its errors do not move the focus again.
    let sent = after(
        form("CreateCen"),
        vec![edit("Name", "http://x"), Act::Submit],
    );
    let sent = after(
        sent,
        vec![Act::Clear(prefill()), example(op), Act::Submit, Act::Undo],
    );
    assert!(sent.submitted.is_some() && sent.refusals == 1);
    // A form that a creation has emptied does not bring back what was sent.
    let raw = form("CreateCen").raw.clone();
    let emptied = Act::ClearUnlessChanged(
        raw,
        Prefill {
            token: "token-3".into(),
            ..prefill()
        },
    );
    assert!(after(form("CreateCen"), vec![emptied]).before.is_none());
}
