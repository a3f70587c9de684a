//! embed.html in a frame of another site: what it does for a page that may use it, and what others
//! cannot make it do.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::frame_faults::FLOOD;
use crate::stage::{elsewhere, file, page, stage, Stage};
use tieline_test_support::servers::Reply;

/// The host page of a frame.
const HOST: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Host</title>\
    </head><body><h1>A portal</h1></body></html>";

/// A page that a frame on the right origin should never be.
const EVIL: &str = "<!doctype html><meta charset=utf-8><title>Evil</title><script>
    parent.postMessage({ tieline: 1, type: 'hello' }, '*');
    for (const junk of [null, 1, 'hello', [], {}, { tieline: {}, type: 'hello' }]) parent.postMessage(junk, '*');
    addEventListener('message', ({ data, ports: [port] }) => {
      if (!port) return;
      port.onmessage = ({ data }) => (window.heard = [...(window.heard ?? []), data]);
      const say = (type, value, id) => port.postMessage({ tieline: 1, type, value, id });
      say('connected', { partitioned: true }); say('shown');
      for (const junk of [null, 7, 'x', [], { tieline: 1 }, { type: 'event' }]) port.postMessage(junk);
      for (const height of [NaN, Infinity, '1px', {}, -5, 1e12]) say('height', height);
      for (const value of [null, {}, { name: 'click', detail: {} }, { name: 'outcome' }, { name: 'outcome', detail: 1 },
        { name: '__proto__', detail: {} }, { name: 'ready', detail: [] }]) say('event', value);
      say('before-submit', 'junk', 1); say('put', 'junk', 2); say('delete', null, 3);
      say('constructor', 1, 4); say('token', 1, 5); say('event', { name: 'status', detail: { last: true } });
    });
    </script>";

/// The two sites: where the host is, and where the frame is.
pub struct Sites {
    /// The origin of the host.
    pub host: String,
    /// The origin of the frame.
    pub frame: String,
}

/// Serves a host and a frame whose page lists the hosts that `listed` makes of the host's origin.
pub fn sites(stage: &Stage, listed: impl Fn(&str) -> String) -> Sites {
    let hosts = Arc::new(Mutex::new(String::new()));
    let embed = stage.embed.clone();
    let content = hosts.clone();
    let frame = stage.serve(move |path| match path {
        "/embed/embed.html" => {
            let html = file(&embed, "embed.html")?;
            let html = String::from_utf8(html.body).ok()?;
            let mark = "name=\"tieline-hosts\" content=\"\"";
            assert!(html.contains(mark), "{html}");
            let hosts = content.lock().expect("no panic").clone();
            page(&html.replace(mark, &format!("name=\"tieline-hosts\" content=\"{hosts}\"")))
        }
        "/embed/evil.html" => page(EVIL),
        "/embed/flood.html" => page(FLOOD),
        _ => None,
    });
    let host = stage.serve(|path| match path {
        "/" => page(HOST),
        "/favicon.ico" => Some(Reply::new(204, "image/x-icon", "")),
        _ => None,
    });
    *hosts.lock().expect("no panic") = listed(&host);
    stage.open(&host);
    Sites {
        host,
        frame: elsewhere(&frame),
    }
}

/// Puts a frame into the page and connects to it, as `connection`.
pub const CONNECT: &str = "
    const [frame] = args;
    const { connect } = await import('/embed/frame-host.js');
    window.events = [];
    for (const name of ['ready', 'change', 'before-submit', 'outcome', 'status', 'error', 'click']) {
      document.addEventListener('tieline-' + name, (e) => events.push([name, e.detail]));
    }
    window.iframe = create('iframe', { src: frame + '/embed/embed.html', title: 'Tieline', id: 'frame' });
    iframe.style.width = '100%';
    document.body.append(iframe);
    window.attach = (options) => window.connection = connect(iframe, { form: true, operation: 'CreateCen', sandbox: true,
      lang: 'en', values: { Name: 'framed' }, context: { order: 1, f() {} }, ...options });
";

#[test]
fn a_frame_does_what_an_element_does() {
    stage("frame", |stage| {
        let sites = sites(stage, |host| format!("https://other.example {host}"));
        stage.js_with(
            &format!(
                "{CONNECT}
                 attach({{}});
                 await connection.ready;
                 await until(() => events.some(([name]) => name == 'ready'));
                 same(await connection.check(), []);
                 same(events.at(-1)[1].context.order, 1);
                 await until(() => iframe.getBoundingClientRect().height > 250, 'the height of the form');
                 await sleep(500);"
            ),
            json!([sites.frame]),
        );
        stage.picture("frame");
        stage.js(
            "const stop = (e) => e.preventDefault();
             iframe.addEventListener('tieline-before-submit', stop);
             same(await connection.submit(), { outcome: 'refused', reason: 'prevented', violations: [] });
             iframe.removeEventListener('tieline-before-submit', stop);
             const outcome = await connection.submit();
             same(outcome.outcome, 'created');
             const heard = (name) => events.filter(([n]) => n == name).map(([, detail]) => detail);
             same(heard('outcome').map((d) => d.resourceId), [outcome.resourceId]);
             same(heard('outcome')[0].context.order, 1);
             same(heard('before-submit').map((d) => d.values.Name), ['framed', 'framed']);
             // The history is this page's, because the frame is of another site.
             const kept = Object.keys(localStorage).filter((key) => key.startsWith('tieline-history:'));
             same(kept.length, 1);
             const record = JSON.parse(localStorage[kept[0]]);
             same([record.outcome, record.resource_id], ['created', outcome.resourceId]);
             holds((await connection.exportHistory()).includes(outcome.resourceId), 'the export has it');
             // Another console in the frame, in another language.
             connection.update({ form: false, lang: 'zh', theme: 'dark' });
             await until(() => heard('ready').length == 2);",
        );
        let text = inside(
            stage,
            "return document.querySelector('tieline-console').shadowRoot.textContent",
        );
        assert!(text.as_str().is_some_and(|t| t.contains("历史")), "{text}");
        let kept = inside(
            stage,
            "return [document.documentElement.lang, (await indexedDB.databases()).length]",
        );
        assert_eq!(kept, json!(["zh", 0]));
        // A reload of the frame connects it again.
        stage.js(
            "const before = events.filter(([n]) => n == 'ready').length;
             iframe.src = iframe.src + '?again';
             await until(() => events.filter(([n]) => n == 'ready').length > before);
             connection.update({ form: true });
             await until(async () => (await connection.check()).length == 0);
             connection.disconnect();
             same(await connection.check().catch((e) => e.message), 'the frame is not connected any more');",
        );
        assert!(sites.host != sites.frame);
    });
}

/// Runs a script in the frame.
pub fn inside(stage: &Stage, script: &str) -> serde_json::Value {
    let frame = stage.js("return document.getElementById('frame')");
    stage.done(stage.browser().post("frame", &json!({ "id": frame })));
    let found = stage.js(script);
    stage.done(stage.browser().post("frame", &json!({ "id": null })));
    found
}

#[test]
fn a_page_that_is_not_listed_gets_nothing() {
    stage("frame-unlisted", |stage| {
        let sites = sites(stage, |host| {
            format!("{host}0 https://portal.example null *")
        });
        stage.js_with(
            &format!(
                "{CONNECT}
                 attach({{ patience: 1500 }});
                 const why = await connection.ready.catch((error) => error.message);
                 holds(why.includes(`list ${{location.origin}} as a host`), why);
                 same(events, []);
                 same(iframe.style.height, '');"
            ),
            json!([sites.frame]),
        );
        let found = inside(
            stage,
            "await until(() => document.body.innerText.includes('tieline-hosts'));
             return document.querySelectorAll('tieline-form, tieline-console').length",
        );
        assert_eq!(found, json!(0));
    });
}

#[test]
fn hostile_messages_and_siblings_change_nothing() {
    stage("frame-hostile", |stage| {
        let sites = sites(stage, str::to_string);
        stage.js_with(
            &format!(
                "{CONNECT}
                 attach({{}});
                 await connection.ready;
                 const target = iframe.contentWindow;
                 // From the page itself, but no messages.
                 const hostile = [null, undefined, 0, 'connect', [], {{}}, {{ tieline: 1 }}, {{ tieline: 'x', type: 'connect' }},
                   {{ tieline: 1, type: 'connect' }}, {{ tieline: 1, type: 'eval', value: 'alert(1)' }},
                   {{ tieline: 1, type: '__proto__' }}, {{ tieline: 1, type: 'x'.repeat(99) }}];
                 for (const data of hostile) target.postMessage(data, '*');
                 const two = new MessageChannel();
                 target.postMessage({{ tieline: 1, type: 'connect' }}, '*', [two.port1, two.port2]);
                 // Of a later version: it is told so, and the connection that there is stays.
                 const later = new MessageChannel();
                 const told = new Promise((done) => (later.port1.onmessage = (e) => done(e.data)));
                 target.postMessage({{ tieline: 2, type: 'connect' }}, '*', [later.port2]);
                 const answer = await told;
                 same([answer.type, answer.value.code], ['error', 'version']);
                 // From a frame beside it, of this very origin, which is listed, but not the host page.
                 const sibling = create('iframe', {{ srcdoc: '<p>beside</p>', title: 'Beside' }});
                 document.body.append(sibling);
                 await new Promise((done) => (sibling.onload = done));
                 const stolen = sibling.contentWindow.eval(`(target) => {{
                   const {{ port1, port2 }} = new MessageChannel();
                   window.got = [];
                   port1.onmessage = (e) => window.got.push(e.data);
                   target.postMessage({{ tieline: 1, type: 'hello' }}, '*');
                   target.postMessage({{ tieline: 1, type: 'connect' }}, '*', [port2]);
                   port1.postMessage({{ tieline: 1, type: 'exportHistory', id: 1 }});
                 }}`);
                 stolen(target);
                 await sleep(500);
                 same(sibling.contentWindow.got, []);
                 // Options that are not what they must be do nothing, and that is said.
                 connection.update({{ operations: 7, locked: 'x', endpoint: {{}}, theme: ['a'], lang: 'en' }});
                 const outcome = await connection.submit();
                 same(outcome.outcome, 'created');
                 const errors = events.filter(([name]) => name == 'error').map(([, detail]) => detail);
                 same(errors.map((error) => error.code), ['argument']);
                 holds(errors[0].message.en.includes('endpoint, locked, operations'), JSON.stringify(errors));"
            ),
            json!([sites.frame]),
        );
    });
}

#[test]
fn a_hostile_frame_cannot_do_more_than_a_frame() {
    stage("frame-evil", |stage| {
        let sites = sites(stage, str::to_string);
        stage.js_with(
            &format!(
                "{CONNECT}
                 const original = location.href;
                 iframe.src = frame + '/embed/evil.html';
                 let tokens = 0;
                 attach({{ getToken: undefined }});
                 await until(() => events.some(([name]) => name == 'status'));
                 await sleep(200);
                 same(events.map(([name]) => name), ['status']);
                 same(iframe.style.height, '100000px');
                 same(location.href, original);
                 same(tokens, 0);"
            ),
            json!([sites.frame]),
        );
        let heard = inside(stage, "return window.heard");
        let errors: Vec<_> = heard
            .as_array()
            .expect("messages")
            .iter()
            .filter(|m| m["type"] == "error")
            .map(|m| m["value"]["code"].as_str().unwrap_or_default())
            .collect();
        assert!(errors.contains(&"type"), "{heard}");
        assert!(errors.contains(&"failed"), "{heard}");
        // A frame that has gone somewhere else is no frame of ours.
        stage.js("const { connect } = await import('/embed/frame-host.js');
             const other = connect(iframe, { origin: 'https://elsewhere.example', patience: 500 });
             const why = await other.ready.catch((error) => error.message);
             holds(why.includes('https://elsewhere.example'), why);");
    });
}

#[test]
fn a_frame_of_the_same_origin_needs_no_list() {
    stage("frame-own", |stage| {
        let origin = stage.serve(|path| (path == "/").then(|| page(HOST))?);
        stage.open(&origin);
        stage.js_with(
            &format!(
                "{CONNECT}
                 const noise = [];
                 window.addEventListener('message', (e) => noise.push(e.data));
                 attach({{}});
                 await connection.ready;
                 const outcome = await connection.submit();
                 same(outcome.outcome, 'created');
                 // Its storage is this page's as well, so it keeps its history itself.
                 same(Object.keys(localStorage).filter((key) => key.startsWith('tieline-history:')), []);
                 holds((await connection.exportHistory()).includes(outcome.resourceId), 'the export has it');
                 holds(noise.every((data) => Object.keys(data).join() == 'tieline,type'), 'nothing but hello');"
            ),
            json!([origin]),
        );
    });
}

#[test]
fn the_hosts_store_holds_the_contract_through_a_frame() {
    stage("frame-store", |stage| {
        let origin = stage.serve(|path| (path == "/").then(|| page(HOST))?);
        stage.open(&origin);
        let count = stage.js(
            "const { localHistoryStore } = await import('/embed/frame-host.js');
             const { historyStoreContract } = await import('/embed/history-store-contract.js');
             let name, count = 0;
             const checks = historyStoreContract({
               open: () => localHistoryStore((name = 'contract' + count++)),
               reopen: () => localHistoryStore(name),
             });
             for (const check of checks) await check.run();
             return checks.length;",
        );
        assert!(count.as_u64().is_some_and(|n| n > 8), "{count}");
    });
}

#[test]
fn outside_of_a_frame_the_page_says_what_it_is_for() {
    stage("frame-alone", |stage| {
        let origin = stage.serve(|_| None);
        stage.open(&format!("{origin}/embed/embed.html"));
        stage.js("await until(() => document.body.innerText.includes('frame') && document.body.innerText.includes('框架'))");
    });
}
