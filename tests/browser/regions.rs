//! The region as a combobox: by id, by name, by pinyin, misspelled; by keys, by finger, with an input method; and
//! never in the way of what is typed.

use serde_json::{json, Value};
use tieline_catalog::{creations, Control, Operation};

use crate::input_methods::{commit, compose, enter};
use crate::inputs::count;
use crate::lazy_loading::delay;
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::webdriver::{key, Element};

/// Every operation with a region, and its wire path.
fn with_region() -> impl Iterator<Item = (&'static Operation, &'static str)> {
    let region = |op: &'static Operation| Some((op, op.param_with(Control::Region)?));
    creations().filter_map(region)
}

/// The region's input, once it is a combobox of the console's own.
#[track_caller]
fn combobox(page: &Page, op: &'static Operation, path: &str) -> Element {
    page.open(&format!("#/create/{}", op.name));
    page.until("the combobox", || {
        let own = "const e = document.getElementsByName(arguments[0])[0];
            return e?.getAttribute('role') == 'combobox' && !e.hasAttribute('list')";
        Ok(page.browser().run(own, json!([path]))? == json!(true))
    });
    page.control(path)
}

/// Whether the list is open, what is in it, and which of it is marked, as the references of the input lead there.
fn list(page: &Page, path: &str) -> (bool, Vec<String>, Option<String>) {
    let script = "const e = document.getElementsByName(arguments[0])[0];
        const by = (name) => document.getElementById(e.getAttribute(name) ?? '');
        const list = by('aria-controls'), marked = by('aria-activedescendant');
        const value = (option) => option.querySelector('code').textContent;
        const options = list ? [...list.querySelectorAll('[role=option]')] : [];
        if (marked && marked.getAttribute('aria-selected') != 'true') throw new Error('the mark is not shown');
        return [e.getAttribute('aria-expanded') == 'true' && list?.getAttribute('role') == 'listbox',
            options.map(value), marked ? value(marked) : null]";
    let found = page.done(page.browser().run(script, json!([path])));
    let options = found[1].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().map(str::to_string);
    (
        found[0] == json!(true),
        options.filter_map(text).collect(),
        text(&found[2]),
    )
}

#[track_caller]
fn marked(page: &Page, path: &str, value: &str) {
    page.until(format!("{value} to be marked"), || {
        Ok(list(page, path).2.as_deref() == Some(value))
    });
}

#[track_caller]
fn closed(page: &Page, path: &str) {
    page.until("the list to be closed", || Ok(!list(page, path).0));
}

#[track_caller]
fn holds(page: &Page, path: &str, value: &str) {
    page.until(format!("{path} to hold {value:?}"), || {
        Ok(page.value(path) == value)
    });
}

#[test]
fn a_region_is_found_by_any_of_its_names_and_taken_by_enter_without_sending() {
    journey("regions", TestConfig::default(), |page| {
        for (op, path) in with_region() {
            println!("{}", op.name);
            let input = combobox(page, op, path);
            let param = op.params.iter().find(|p| p.name == path);
            let (choices, _) = param.and_then(|p| p.choices()).expect("regions");
            for (query, value) in [
                ("香港", "cn-hongkong"),
                ("xianggang", "cn-hongkong"),
                ("zgxg", "cn-hongkong"),
                ("hong kong", "cn-hongkong"),
                ("tokyo", "ap-northeast-1"),
                ("riben", "ap-northeast-1"),
                ("singapore", "ap-southeast-1"),
            ] {
                assert!(choices.iter().any(|choice| choice.value == value));
                page.type_over(&input, query);
                marked(page, path, value);
                page.done(page.browser().press(&[key::ENTER]));
                holds(page, path, value);
                closed(page, path);
            }
            // In spite of an error, and only if it is chosen.
            page.type_over(&input, "singaproe");
            page.until("what was meant", || {
                Ok(list(page, path).1.first().map(String::as_str) == Some("ap-southeast-1"))
            });
            assert_eq!(list(page, path).2, None);
            page.done(page.browser().press(&[key::DOWN, key::TAB]));
            holds(page, path, "ap-southeast-1");
            assert!(!page.has("alert", "The request was not sent."));
            assert_eq!(count(page, op, &crate::inputs::valid(op)), 0);

            // Any other id can be typed, and is warned about as before.
            page.type_over(&input, "cn-newtown-7");
            page.done(page.browser().press(&[key::TAB]));
            page.until("the warning", || {
                Ok(page.description(path).contains("Check:"))
            });
            assert_eq!(page.value(path), "cn-newtown-7");
        }
    });
}

#[test]
fn the_keys_are_those_of_the_pattern_and_the_documented_come_first() {
    journey("regions-keys", TestConfig::default(), |page| {
        for (op, path) in with_region() {
            println!("{}", op.name);
            let input = combobox(page, op, path);
            let param = op.params.iter().find(|p| p.name == path);
            let (choices, _) = param.and_then(|p| p.choices()).expect("regions");
            page.type_over(&input, "");
            page.done(page.browser().press(&[key::DOWN]));
            page.until("the list", || Ok(list(page, path).0));
            let (_, all, first) = list(page, path);
            assert_eq!(all.len(), choices.len());
            assert_eq!(first.as_ref(), all.first());
            // What the operation's document lists comes before what it does not.
            let warned = |value: &String| {
                let mut raw = tieline_catalog::Raw::new();
                raw.set(path, value);
                let said = tieline_catalog::check(op, &raw).violations;
                said.iter().any(|v| v.parameter == path)
            };
            assert!(all.is_sorted_by_key(warned), "{all:?}");
            let last = all.last().expect("a region");
            page.done(page.browser().press(&[key::END]));
            marked(page, path, last);
            page.done(page.browser().press(&[key::DOWN]));
            marked(page, path, &all[0]);
            page.done(page.browser().press(&[key::UP]));
            marked(page, path, last);
            page.done(page.browser().press(&[key::HOME, key::DOWN]));
            marked(page, path, &all[1]);
            // Escape leaves what was there.
            page.done(page.browser().press(&[key::ESCAPE]));
            closed(page, path);
            assert_eq!(page.value(path), "");
            page.done(page.browser().press(&[key::DOWN, key::DOWN, key::ENTER]));
            holds(page, path, &all[1]);
            // Opened again it is at the present value; Alt opens without moving.
            page.done(page.browser().press(&[key::DOWN]));
            marked(page, path, &all[1]);
            page.done(page.browser().press(&[key::ESCAPE]));
            page.type_over(&input, "");
            page.done(page.browser().keys(&input, key::ALT_DOWN));
            page.until("the list", || Ok(list(page, path).0));
            assert_eq!(list(page, path).2, None);
            // The language is the page's.
            page.done(page.browser().press(&[key::ESCAPE]));
            speak(page, "zh-CN");
            page.find("button", Named::Has("展开列表"));
            speak(page, "en");
        }
    });
}

#[test]
fn a_list_is_pressed_by_mouse_and_finger_and_closes_when_the_field_is_left() {
    let narrow = TestConfig {
        window: (500, 800),
        ..TestConfig::default()
    };
    journey("regions-touch", narrow, |page| {
        let (op, path) = with_region().next().expect("an operation with a region");
        let touch = json!({ "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": true });
        page.done(
            page.browser()
                .devtools("Emulation.setDeviceMetricsOverride", touch),
        );
        let finger = json!({ "enabled": true, "maxTouchPoints": 1 });
        page.done(
            page.browser()
                .devtools("Emulation.setTouchEmulationEnabled", finger),
        );
        combobox(page, op, path);
        page.click("button", Named::Has("Show the list"));
        let options = page.wait("the list", || {
            Ok(list(page, path).0.then(|| list(page, path).1))
        });
        let tap = "const option = [...document.querySelectorAll('[role=option]')]
                .find(e => e.querySelector('code').textContent == arguments[0]);
            option.scrollIntoView({ block: 'nearest' });
            const { x, y, width, height } = option.getBoundingClientRect();
            return [x + width / 2, y + height / 2, height]";
        let at = page.done(page.browser().run(tap, json!([options[2]])));
        assert!(at[2].as_f64() >= Some(44.0), "too low for a finger: {at}");
        for (kind, points) in [
            ("touchStart", json!([{ "x": at[0], "y": at[1] }])),
            ("touchEnd", json!([])),
        ] {
            let event = json!({ "type": kind, "touchPoints": points });
            page.done(page.browser().devtools("Input.dispatchTouchEvent", event));
        }
        holds(page, path, &options[2]);
        closed(page, path);
        // Left, it closes and takes nothing.
        let input = page.control(path);
        page.type_over(&input, "tokyo");
        page.until("the list", || Ok(list(page, path).0));
        page.leave();
        closed(page, path);
        assert_eq!(page.value(path), "tokyo");
    });
}

/// Also of a field at the lower edge of the window.
#[test]
fn an_opened_list_is_in_sight_as_a_whole() {
    journey("regions-edge", TestConfig::default(), |page| {
        for (op, path) in with_region() {
            let input = combobox(page, op, path);
            let edge = "arguments[0].scrollIntoView({ block: 'end' })";
            page.done(page.browser().run(edge, json!([input.json()])));
            page.done(page.browser().run(
                "arguments[0].focus({ preventScroll: true })",
                json!([input.json()]),
            ));
            page.done(page.browser().keys(&input, key::ALT_DOWN));
            page.until("the whole list", || {
                let seen = "const list = document.querySelector('[role=listbox]');
                    const { top, bottom } = list?.getBoundingClientRect() ?? {};
                    return top > 0 && bottom <= innerHeight";
                Ok(page.browser().run(seen, json!([]))? == json!(true))
            });
        }
    });
}

#[test]
fn what_has_the_focus_is_not_exchanged_and_what_is_composed_is_not_disturbed() {
    journey("regions-early", TestConfig::default(), |page| {
        let (op, path) = with_region().next().expect("an operation with a region");
        delay(page, true);
        page.open(&format!("#/create/{}", op.name));
        let input = page.control(path);
        page.type_over(&input, "cn-hang");
        delay(page, false);
        page.find("heading", "Request");
        // The second part is there, and the browser's own list is still the input's.
        let own = "const e = arguments[0];
            return [e.isConnected, document.activeElement == e, e.value, e.list?.options.length > 5, e.getAttribute('role')]";
        let now = page.done(page.browser().run(own, json!([input.json()])));
        assert_eq!(now, json!([true, true, "cn-hang", true, null]));
        page.leave();
        page.until("the combobox", || {
            Ok(page.browser().attribute(&input, "role")?.as_deref() == Some("combobox"))
        });
        assert_eq!(page.value(path), "cn-hang");

        // The keys of an input method are its own.
        page.type_over(&input, "");
        for stage in ["h", "hang", "hang zhou"] {
            compose(page, stage);
            holds(page, path, stage);
            assert!(!list(page, path).0, "a list over the input method's window");
        }
        enter(page, 229);
        assert_eq!(page.value(path), "hang zhou");
        commit(page, "杭州");
        marked(page, path, "cn-hangzhou");
        // Some browsers report its Enter after the end.
        enter(page, 229);
        assert_eq!(page.value(path), "杭州");
        enter(page, 13);
        holds(page, path, "cn-hangzhou");
        assert!(!page.has("alert", "The request was not sent."));
    });
}

#[test]
fn the_settings_have_the_same_list() {
    journey("regions-settings", TestConfig::default(), |page| {
        page.open("#/settings");
        let input = page.control("region");
        page.type_over(&input, "beijing");
        marked(page, "region", "cn-beijing");
        page.done(page.browser().press(&[key::TAB]));
        holds(page, "region", "cn-beijing");
        let op = with_region().next().expect("an operation with a region");
        page.open(&format!("#/create/{}", op.0.name));
        page.until("the default", || Ok(page.value(op.1) == "cn-beijing"));
    });
}
