//! Two languages, themes, addresses.

use serde_json::json;
use tieline_catalog::creations;

use crate::inputs::{created, send, valid};
use crate::page::{journey, Named, Page, TestConfig};

fn root(page: &Page, attribute: &str) -> Option<String> {
    let script = "return document.documentElement.getAttribute(arguments[0])";
    let value = page.done(page.browser().run(script, json!([attribute])));
    value.as_str().map(str::to_string)
}

/// Every text on the page, names and descriptions for screen readers included, that has English
/// words and no Chinese character. What is code, typed, or marked as another language is left out.
const ENGLISH: &str = "
    const out = [];
    const foreign = text => /[a-z]{2,}/.test(text) && !/\\p{Script=Han}/u.test(text);
    const exempt = e => e.closest('code, pre, cite, kbd, samp, option, datalist, title, script, style, [lang=en], [translate=no]');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) {
      const text = node.data.trim();
      if (foreign(text) && !exempt(node.parentElement)) out.push(text);
    }
    for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder']) {
        const text = e.getAttribute(name);
        if (text && foreign(text) && !exempt(e)) out.push(text);
      }
    for (const e of document.querySelectorAll('option'))
      if (foreign(e.textContent) && e.textContent != e.value) out.push(e.textContent);
    return out;";

/// Every text and name on the page in which a half-width mark or a blank stands where a full-width mark does it all.
/// What is code, or where it is from, stands apart by a blank.
const HALF: &str = "
    const half = /\\p{Script=Han}[,;:]|, \\p{Script=Han}|[。，：；！？] +\\p{Script=Han}/u;
    const said = e => {
      const copy = e.cloneNode(true);
      copy.querySelectorAll('code, pre, cite, small, kbd, [lang=en], [translate=no]').forEach(e => e.replaceWith('x'));
      return copy.textContent;
    };
    const texts = Array.from(document.querySelectorAll('p, li, dt, dd, h1, h2, h3, label, button, td, th'), said);
    for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder'])
        if (!e.closest('code, cite, [lang=en]')) texts.push(e.getAttribute(name) ?? '');
    return texts.map(text => text.replace(/\\s+/g, ' ').trim()).filter(text => half.test(text));";

/// What may stay in Latin letters on a Chinese page: names and values of the wire.
pub fn wire_words() -> Vec<String> {
    fn walk(params: &[tieline_catalog::Param], words: &mut Vec<String>) {
        use tieline_catalog::{Example, Kind};
        for param in params {
            words.push(param.name.into());
            if let Example::Usable(text) | Example::Masked(text) = param.example {
                words.push(text.into());
            }
            for choice in param.choices().map_or(&[][..], |(all, _)| all) {
                words.push(choice.value.into());
                words.push(choice.label.zh.into());
                words.push(format!("{} — {}", choice.value, choice.label.zh));
            }
            words.extend(param.default.map(str::to_string));
            match param.kind {
                Kind::Object(members) => walk(members, words),
                Kind::List { item, .. } => walk(std::slice::from_ref(item), words),
                _ => {}
            }
        }
    }
    let own = ["Tieline", "English", "true", "false", "/api"];
    let mut words: Vec<String> = own.map(str::to_string).to_vec();
    // The proxy's own error codes.
    let codes = tieline_protocol::problem::ALL.iter();
    words.extend(codes.filter_map(|kind| kind.uri.rsplit(['/', ':']).next().map(str::to_string)));
    for op in creations() {
        words.push(op.name.into());
        words.push(op.document.title.zh.into());
        words.push(op.service.product.zh.into());
        words.extend(
            op.simulation()
                .iter()
                .flat_map(|s| s.states)
                .map(|(_, s)| s.to_string()),
        );
        words.extend(
            op.read_back()
                .iter()
                .filter_map(|r| r.when_present)
                .map(str::to_string),
        );
        walk(op.params, &mut words);
    }
    words
}

/// A part of the request as it is shown, or the proxy's own words about itself.
pub fn of_the_wire(text: &str) -> bool {
    let header = text.ends_with(':') && !text.contains(' ');
    let begins = ["http", "?", "&", "\"", "application/", "tieline-proxy "];
    header || text.contains('%') || begins.iter().any(|start| text.starts_with(start))
}

#[track_caller]
fn no_english(page: &Page, place: &str, typed: &[String]) {
    let mut allowed = wire_words();
    allowed.extend_from_slice(typed);
    let found = page.done(page.browser().run(ENGLISH, json!([])));
    let left: Vec<&str> = found
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|text| text.as_str())
        .filter(|text| !allowed.iter().any(|word| word == text) && !of_the_wire(text))
        .collect();
    assert!(left.is_empty(), "English left at {place}: {left:#?}");
    no_half_width(page, place);
}

#[track_caller]
fn no_half_width(page: &Page, place: &str) {
    let found = page.done(page.browser().run(HALF, json!([])));
    assert_eq!(found, json!([]), "half-width marks at {place}");
}

#[test]
fn the_language_switches_and_leaves_no_english_behind() {
    journey("chinese", TestConfig::default(), |page| {
        page.open("#/");
        assert_eq!(root(page, "lang").as_deref(), Some("en"));
        page.click("button", Named::Has("中文"));
        page.until("the language", || {
            Ok(root(page, "lang").as_deref() == Some("zh-CN"))
        });
        page.reload();
        assert_eq!(root(page, "lang").as_deref(), Some("zh-CN"), "kept");
        no_english(page, "#/", &[]);
        for place in [
            "#/history",
            "#/settings",
            "#/errors",
            "#/permissions",
            "#/nowhere",
        ] {
            page.open(place);
            page.find("heading", Named::Any);
            no_english(page, place, &[]);
        }
        for op in creations() {
            let place = format!("#/create/{}", op.name);
            page.open(&place);
            page.find("heading", Named::Has(op.title.zh));
            // A generated token is nobody's language.
            let token: Vec<String> = op.token.map(|path| page.value(path)).into_iter().collect();
            no_english(page, &place, &token);
            page.click("button", "填入示例");
            let wrong = crate::inputs::wrong(op);
            for (path, text) in &wrong {
                crate::inputs::put(page, op, path, text);
            }
            page.click("button", "创建");
            page.focused("alert", "请求未发送。");
            let typed: Vec<String> = wrong
                .into_iter()
                .map(|(_, text)| text)
                .chain(token)
                .collect();
            no_english(page, &format!("{place} with errors"), &typed);
        }
        page.click("button", "English");
        page.until("the language", || {
            Ok(root(page, "lang").as_deref() == Some("en"))
        });
        page.find("button", "Create");
    });
}

#[test]
fn themes_switch_and_last() {
    journey("themes", TestConfig::default(), |page| {
        let paper = |page: &Page| {
            let script = "const of = e => getComputedStyle(e);
                return of(document.documentElement).backgroundColor + of(document.body).backgroundColor + of(document.body).color";
            page.done(page.browser().run(script, json!([]))).to_string()
        };
        // The colour of the browser's frame around the page.
        let frame = |page: &Page| {
            let script = "return Array.from(document.querySelectorAll('meta[name=theme-color]'))
                .find(e => matchMedia(e.media).matches)?.content";
            page.done(page.browser().run(script, json!([]))).to_string()
        };
        page.open("#/settings");
        page.click("radio", "Light");
        page.until("the theme", || {
            Ok(root(page, "data-theme").as_deref() == Some("light"))
        });
        let light = paper(page);
        let light_frame = frame(page);
        page.click("radio", "Dark");
        page.until("the theme", || {
            Ok(root(page, "data-theme").as_deref() == Some("dark"))
        });
        page.until("another colour", || Ok(paper(page) != light));
        assert_ne!(frame(page), light_frame);
        page.reload();
        assert_eq!(root(page, "data-theme").as_deref(), Some("dark"), "kept");
        assert_ne!(paper(page), light);

        // Following the system, in both of its moods.
        page.click("radio", "System");
        page.until("no theme of its own", || {
            Ok(root(page, "data-theme").is_none())
        });
        for (mood, is_light) in [("light", true), ("dark", false)] {
            let feature =
                json!({ "features": [{ "name": "prefers-color-scheme", "value": mood }] });
            page.done(
                page.browser()
                    .devtools("Emulation.setEmulatedMedia", feature),
            );
            page.until(format!("the system's {mood}"), || {
                Ok((paper(page) == light) == is_light)
            });
        }
    });
}

#[test]
fn every_address_leads_somewhere_and_the_search_finds_the_way() {
    journey("addresses", TestConfig::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            page.find("heading", Named::Has(op.title.en));
            let title = page.done(page.browser().get("title")).to_string();
            assert!(title.contains(op.title.en), "{title}");
            let current = page.find("link", Named::Has(op.name));
            let current = page.done(page.browser().attribute(&current, "aria-current"));
            assert_eq!(current.as_deref(), Some("page"), "{}", op.name);
        }
        page.open("#/no/such/page");
        page.find("heading", "There is no such page");
        page.shows("#/no/such/page");

        page.open("#/");
        for op in creations() {
            let search = page.find("searchbox", "Search");
            page.type_over(&search, op.title.zh);
            page.click("link", Named::Has(op.name));
            page.find("button", "Create");
            page.find("heading", Named::Has(op.title.en));
            let search = page.find("searchbox", "Search");
            page.type_over(&search, "");
        }
        let search = page.find("searchbox", "Search");
        page.type_over(&search, "no such thing");
        page.shows("No operations match");
        // Nothing in the address changes a setting.
        page.open("#/settings?endpoint=https://evil.example/api");
        page.reload();
        assert_eq!(page.value("endpoint"), "/api");
    });
}

#[test]
fn a_chinese_journey_reaches_the_history() {
    journey("chinese-journey", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        send(page, op, &valid(op));
        let id = created(page, op);
        page.click("button", Named::Has("中文"));
        page.find("heading", "已创建");
        page.click("link", "历史记录");
        page.row(&[&id, "已创建", op.title.zh]);
        no_half_width(page, "the history");
        // An import says several sentences, as does a look-up that fails.
        let file = page.downloads().join("private.json");
        std::fs::write(
            &file,
            crate::history::many(1).replace("\"records\":[", "\"records\":[{},"),
        )
        .expect("a file");
        crate::history::choose_file(page, &file);
        page.shows("首条被拒绝的记录");
        no_half_width(page, "an import");
        page.click("button", Named::Has(op.title.zh));
        page.shows("幂等键");
        no_half_width(page, "the details");
        page.kill_proxy();
        page.click("link", "设置");
        page.click("button", "检查连接");
        page.shows("代理未响应。");
        no_half_width(page, "no proxy");
    });
}
