//! Frames that go away, that lack what they need, and that are hostile.

use serde_json::json;

use crate::boundary::{version, GATEWAY};
use crate::frame::{inside, sites, CONNECT};
use crate::stage::stage;

/// A page on the right origin that says far too much: it greets, tells events, writes records and sends
/// large messages without an end.
pub const FLOOD: &str = "<!doctype html><meta charset=utf-8><title>Flood</title><script>
    const hello = () => parent.postMessage({ tieline: 1, type: 'hello' }, '*');
    hello();
    const large = Array.from({ length: 200000 }, (_, at) => ({ id: at, text: 'x'.repeat(20) }));
    addEventListener('message', ({ ports: [port] }) => {
      if (!port) return;
      let id = 1;
      const say = (type, value, asks) => port.postMessage({ tieline: 1, type, value, id: asks ? id++ : undefined });
      say('connected', { partitioned: true }); say('shown');
      const record = (id) => ({ id, updated: 1, params: { Name: 'x'.repeat(60000) }, operation: 'CreateCen' });
      for (let turn = 0; turn < 300; turn++) say('put', [record(turn)], true);
      const flood = () => {
        for (let turn = 0; turn < 20000; turn++) say('event', { name: 'status', detail: { turn } });
        for (let turn = 0; turn < 5; turn++) say('put', large, true);
        for (let turn = 0; turn < 1000; turn++) hello();
        if (id < 100000) setTimeout(flood, 50);
      };
      setTimeout(flood, window.name == 'records' ? 60000 : 0);
    });
    </script>";

const SOON: &str = "const soon = (promise, what) =>
      Promise.race([promise, sleep(100000).then(() => { throw new Error('never: ' + what); })]);
    const code = (promise, what) => soon(promise.then(() => 'settled', (error) => error.code), what);
    // A submit that waits for as long as its listener does.
    const waiting = () => {
      const asked = new Promise((done) => iframe.addEventListener('tieline-before-submit', done, { once: true }));
      return [connection.submit(), asked];
    };";

#[test]
fn what_is_asked_of_a_frame_that_goes_away_settles() {
    stage("frame-gone", |stage| {
        let sites = sites(stage, str::to_string);
        stage.js_with(
            &format!(
                "{CONNECT} {SOON}
                 // The store never answers, so that a submit is under way until the frame goes away.
                 const store = {{ load: async () => [], put: () => new Promise(() => {{}}), delete: async () => {{}} }};
                 const open = async () => {{
                   attach({{ historyStore: store, patience: 60000 }});
                   await connection.ready;
                 }};
                 await open();
                 // Connected twice, also by another copy of the script.
                 let [lost, asked] = waiting();
                 await asked;
                 const second = await import('/embed/frame-host.js?second');
                 const first = connection;
                 window.connection = second.connect(iframe, {{ form: true, operation: 'CreateCen', sandbox: true, lang: 'en',
                   values: {{ Name: 'framed' }}, historyStore: store, patience: 60000 }});
                 same(await code(lost, 'connected twice'), 'replaced');
                 same(await code(first.check(), 'the first connection'), 'replaced');
                 await soon(connection.ready, 'the second connection');
                 // Disconnected.
                 [lost, asked] = waiting();
                 await asked;
                 connection.disconnect();
                 same(await code(lost, 'disconnected'), 'closed');
                 // Navigated to another page.
                 await open();
                 [lost, asked] = waiting();
                 await asked;
                 iframe.src = 'about:blank';
                 same(await code(lost, 'navigated'), 'silent');
                 same(await code(connection.check(), 'after that'), 'closed');
                 // Removed.
                 iframe.src = frame + '/embed/embed.html';
                 connection.disconnect();
                 await sleep(500);
                 await open();
                 [lost, asked] = waiting();
                 await asked;
                 iframe.remove();
                 same(await code(lost, 'removed'), 'removed');
                 same(await code(connection.exportHistory(), 'after that'), 'closed');
                 // It never was there.
                 attach({{ patience: 300 }});
                 same(await code(connection.ready, 'never there'), 'silent');
                 same(await code(connection.check(), 'never there'), 'silent');"
            ),
            json!([sites.frame]),
        );
    });
}

#[test]
fn a_frame_without_what_it_needs_says_so() {
    stage("frame-sandbox", |stage| {
        let sites = sites(stage, str::to_string);
        stage.forgive("Blocked form submission");
        stage.forgive("sandboxed");
        stage.forgive("from origin 'null'");
        stage.js_with(
            &format!(
                "{CONNECT} {SOON}
                 // What is no frame at all is a mistake of the page's, at once.
                 const mistake = (call) => {{ try {{ call(); }} catch (error) {{ return error.code; }} }};
                 for (const none of [null, undefined, 'frame', document.body]) same(mistake(() => connect(none)), 'argument');
                 iframe.remove();
                 const tried = async (sandbox) => {{
                   window.iframe = create('iframe', {{ src: frame + '/embed/embed.html', title: 'Tieline', sandbox }});
                   document.body.append(iframe);
                   attach({{ patience: 60000 }});
                   const found = await code(connection.ready, sandbox);
                   const outcome = found == 'settled' && (await connection.submit()).outcome;
                   iframe.remove();
                   return outcome || found;
                 }};
                 same(await tried('allow-scripts allow-same-origin'), 'sandbox');
                 same(await tried('allow-scripts allow-forms'), 'sandbox');
                 same(await tried('allow-same-origin allow-forms'), 'sandbox');
                 same(await tried(''), 'sandbox');
                 // These are the ones that the guide names.
                 same(await tried('allow-scripts allow-same-origin allow-forms'), 'created');"
            ),
            json!([sites.frame]),
        );
    });
}

#[test]
fn a_frame_sends_no_token_that_is_none() {
    stage("frame-token", |stage| {
        let sites = sites(stage, str::to_string);
        stage.forgive("/gateway/healthz");
        stage.js_with(
            &format!(
                "{CONNECT}
                 window.token = 'right';
                 attach({{ sandbox: false, endpoint: '/gateway', history: 'none', getToken: async () => token }});
                 await connection.ready;"
            ),
            json!([sites.frame]),
        );
        let prepare = format!(
            "const args = [{}]; {GATEWAY} window.creations = creations;",
            version()[0]
        );
        inside(stage, &prepare);
        stage.js("same((await connection.submit()).outcome, 'created');
             for (const odd of [undefined, null, '', 7, {}, 'a\\nb']) {
               await sleep(1100);
               window.token = odd;
               connection.update({ values: { Name: 'token ' + String(odd).length } });
               await sleep(200);
               same((await connection.submit()).outcome, 'not-executed', String(odd));
             }");
        let tokens = inside(stage, "return creations().map(([,, token]) => token)");
        assert_eq!(tokens, json!(["Bearer right"]));
    });
}

#[test]
fn a_hostile_frame_cannot_block_its_host_or_fill_its_storage() {
    stage("frame-flood", |stage| {
        let sites = sites(stage, str::to_string);
        let longest = stage.js_with(
            &format!(
                "{CONNECT} {SOON}
                 // How long the page could do nothing else at most.
                 const measured = await slowness();
                 let longest = 0, last = performance.now();
                 setInterval(() => {{
                   longest = Math.max(longest, performance.now() - last);
                   last = performance.now();
                 }}, 20);
                 iframe.src = frame + '/embed/flood.html';
                 attach({{ patience: 60000 }});
                 await soon(connection.ready, 'it is connected');
                 await until(async () => (await code(connection.check(), 'cut off')) == 'flood', 'it is cut off');
                 await sleep(3000);
                 const slower = await measured();
                 holds(longest < 4000 * slower, `the host was blocked for ${{longest}} ms, on a machine ${{slower}} times slower`);
                 holds(events.length < 2000, events.length + ' events');
                 // Nothing more is heard of it.
                 const heard = events.length;
                 await sleep(1000);
                 same(events.length, heard);
                 // Records alone, slowly enough, fill half of the storage at most.
                 connection.disconnect();
                 iframe.remove();
                 localStorage.clear();
                 iframe.name = 'records';
                 document.body.append(iframe);
                 attach({{ patience: 60000 }});
                 await soon(connection.ready, 'it is connected again');
                 const stored = () => Object.entries(localStorage).reduce((sum, [key, text]) => sum + key.length + text.length, 0);
                 await until(() => stored() > 100000, 'the first records');
                 const full = await settled(stored);
                 holds(full > 100000 && full <= 2500000, full + ' characters are stored');
                 localStorage.setItem('own', 'x'.repeat(1000000));
                 return longest;"
            ),
            json!([sites.frame]),
        );
        println!("measured: the longest that the host was blocked, in milliseconds: {longest}");
    });
}

#[test]
fn another_store_of_the_host_is_another_history_in_the_frame() {
    stage("frame-tenants", |stage| {
        let sites = sites(stage, str::to_string);
        stage.js_with(
            &format!(
                "{CONNECT}
                 const tenant = () => {{
                   const records = new Map();
                   let hold;
                   return {{ records, set hold(promise) {{ hold = promise; }}, store: {{
                     load: async () => [...records.values()],
                     put: async (list) => {{ await hold; for (const record of list) records.set(record.id, record); }},
                     delete: async () => {{}},
                   }} }};
                 }};
                 const outcomes = (tenant) => [...tenant.records.values()].map((r) => r.outcome);
                 const [a, b] = [tenant(), tenant()];
                 attach({{ historyStore: a.store }});
                 await connection.ready;
                 same((await connection.submit()).outcome, 'created');
                 // What is under way stays with the store that it began in.
                 await sleep(1100);
                 let release;
                 a.hold = new Promise((done) => (release = done));
                 const asked = new Promise((done) => iframe.addEventListener('tieline-before-submit', done, {{ once: true }}));
                 connection.update({{ values: {{ Name: 'under way' }} }});
                 await sleep(300);
                 const under = connection.submit();
                 await asked;
                 connection.update({{ historyStore: b.store }});
                 await sleep(500);
                 a.hold = undefined;
                 release();
                 same((await under).outcome, 'created');
                 await until(() => outcomes(a).join() == 'created,created');
                 same(outcomes(b), []);
                 await sleep(1100);
                 connection.update({{ values: {{ Name: 'of b' }} }});
                 await sleep(300);
                 const outcome = await connection.submit();
                 same([outcome.outcome, outcomes(a).length, outcomes(b)], ['created', 2, ['created']]);
                 // Values that cannot cross are told of, and the rest goes on.
                 events.length = 0;
                 connection.update({{ values: {{ Name: () => 1 }} }});
                 await until(() => events.some(([name, detail]) => name == 'error' && detail.code == 'argument'));
                 same(await connection.check(), []);"
            ),
            json!([sites.frame]),
        );
    });
}
