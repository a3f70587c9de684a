//! What an element leaves to the host page: the history, and the token for a proxy.

use serde_json::json;

use crate::stage::{stage, BARE};

/// A store whose writes wait until `release` is called, and `records` as they would last.
const STORE: &str = "
    const records = new Map(), written = [];
    let waiting = [], held = true;
    const release = () => { held = false; waiting.forEach((go) => go()); };
    const listeners = new Set();
    const store = {
      load: async () => [...records.values()],
      put: async (list) => {
        for (const record of list) written.push(structuredClone(record));
        if (held) await new Promise((go) => waiting.push(go));
        for (const record of list) records.set(record.id, record);
        listeners.forEach((changed) => changed());
      },
      delete: async (ids) => ids.forEach((id) => records.delete(id)),
      subscribe: (changed) => { listeners.add(changed); return () => listeners.delete(changed); },
    };";

#[test]
fn nothing_is_sent_before_the_hosts_store_has_it() {
    stage("host-history", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORE}
             const element = add('tieline-console', {{ operation: 'CreateCen', sandbox: '', lang: 'en' }},
               {{ values: {{ Name: 'kept by the host' }}, historyStore: store }});
             const errors = [];
             element.addEventListener('tieline-error', (event) => errors.push(event.detail.message.en));
             await shown(element);
             let outcome;
             const submit = element.submit().then((found) => (outcome = found));
             await until(() => written.length > 0);
             await sleep(700);
             same(outcome, undefined, 'the request waits');
             same(errors, [], 'a store that takes its time');
             same([written[0].operation, written[0].outcome, written[0].params.Name],
               ['CreateCen', 'pending', 'kept by the host']);
             release();
             await submit;
             same(outcome.outcome, 'created');
             await until(() => [...records.values()].some((r) => r.resource_id == outcome.resourceId));
             const [record] = records.values();
             same([record.outcome, record.key], ['created', outcome.idempotencyKey]);
             holds(Number.isSafeInteger(record.id) && record.updated >= record.created, JSON.stringify(record));
             const exported = await element.exportHistory();
             holds(exported.includes(outcome.resourceId), exported);
             // The browser itself keeps none of it.
             same((await indexedDB.databases()).map((db) => db.name), []);
             holds(!JSON.stringify(localStorage).includes(outcome.idempotencyKey), 'nor the local storage');
             // The history's page shows what somebody else has put there.
             [...element.shadowRoot.querySelectorAll('a')].find((a) => a.getAttribute('href') == '#/history').click();
             await until(() => element.shadowRoot.textContent.includes(outcome.resourceId));
             await store.put([{{ ...record, id: record.id + 1, key: 'another', params: {{ Name: 'from a colleague' }},
               resource_id: 'cen-colleague' }}]);
             await until(() => element.shadowRoot.textContent.includes('cen-colleague'));
             element.remove();
             await until(() => listeners.size == 0, 'the subscription ends');"
        ));
    });
}

#[test]
fn what_the_hosts_store_refuses_is_not_sent_and_that_is_said() {
    stage("host-refuses", |stage| {
        stage.show(BARE);
        stage.js(
            "let refusing = true;
             const records = new Map();
             const store = {
               load: async () => [...records.values()],
               put: async (list) => {
                 if (refusing) throw new Error('full');
                 for (const record of list) records.set(record.id, record);
               },
               delete: async (ids) => ids.forEach((id) => records.delete(id)),
             };
             const element = add('tieline-console', { operation: 'CreateCen', sandbox: '', lang: 'en' },
               { values: { Name: 'refused' }, historyStore: store });
             await shown(element);
             const told = once(element, 'error');
             const outcome = await element.submit();
             same(outcome.outcome, 'not-executed', 'nothing has left');
             same(records.size, 0);
             same((await told).detail.kind, 'history');
             await until(() => /did not record the request/.test(element.shadowRoot.textContent), 'why');
             refusing = false;
             const again = await element.submit();
             same(again.outcome, 'created', 'it can be sent again');
             await until(() => [...records.values()].some((r) => r.resource_id == again.resourceId));",
        );
    });
}

/// A store that tells nobody of changes, for each tab one, of the same `records`; and what presses a button.
const TABS: &str = "
    const records = new Map(), taken = [];
    const open = () => ({
      load: async () => structuredClone([...records.values()]),
      put: async (list) => {
        for (const record of list) {
          if (records.get(record.id)?.resource_id && !record.resource_id) taken.push(record);
          if (!(records.get(record.id)?.updated > record.updated)) records.set(record.id, structuredClone(record));
        }
      },
      delete: async (ids) => ids.forEach((id) => records.delete(id)),
    });
    const press = (element, text) => until(() => {
      const all = [...element.shadowRoot.querySelectorAll('button')];
      const found = all.find((button) => button.textContent.includes(text) && !button.disabled);
      found?.click();
      return found;
    }, text);";

#[test]
fn a_tab_that_knows_less_does_not_take_an_id_out_of_the_hosts_store() {
    stage("host-stale", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{TABS}
             const tab = () => form({{ history: 'host' }}, {{ historyStore: open(), values: {{ Name: 'a-fault-lost' }} }});
             const one = tab();
             await shown(one);
             same((await one.submit()).outcome, 'unknown');
             const two = tab();
             await shown(two);
             void two.submit();
             await press(two, 'Look it up by name');
             await press(two, 'Use this resource');
             const record = () => [...records.values()][0];
             await until(() => record().resource_id, 'the resource');
             const {{ resource_id, updated }} = record();
             await sleep(20);
             await press(one, 'Repeat with the same token');
             await until(() => record().updated > updated && record().outcome == 'created', 'what the first tab writes');
             same([record().resource_id, records.size, taken], [resource_id, 1, []]);
             holds(record().events.some((e) => e.event == 'adopted'), JSON.stringify(record().events));"
        ));
    });
}

/// A console with the page of its history open, and what somebody does there to the record of this name.
const HISTORY: &str = "
    const opened = async (Name) => {
      const element = add('tieline-console', { operation: 'CreateCen', sandbox: '', lang: 'en' },
        { historyStore: open(), values: { Name } });
      await shown(element);
      return element;
    };
    const details = async (element, name) => {
      element.shadowRoot.querySelector('a[href=\"#/history\"]').click();
      const row = await until(() => [...element.shadowRoot.querySelectorAll('tbody tr')]
        .find((row) => row.textContent.includes(name)), 'the row of ' + name);
      row.querySelector('button').click();
      await until(() => element.shadowRoot.querySelector('textarea'), 'the details');
    };";

#[test]
fn an_undo_takes_no_id_out_of_the_hosts_store() {
    stage("host-undo", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{TABS}{HISTORY}
             const one = await opened('a-fault-lost');
             same((await one.submit()).outcome, 'unknown');
             const two = await opened('another');
             await details(two, 'a-fault-lost');
             await press(two, 'Delete the record');
             const sure = await until(() => two.shadowRoot.querySelector('dialog[open] .danger'), 'the question');
             sure.click();
             await until(() => records.size == 0, 'the deletion');
             await press(one, 'Repeat with the same token');
             const {{ resource_id }} = await until(() => [...records.values()].find((r) => r.resource_id), 'the answer');
             await press(two, 'Undo');
             await until(() => two.shadowRoot.textContent.includes('The record is there again.'), 'the undo');
             same([[...records.values()].map((r) => r.resource_id), taken], [[resource_id], []]);
             await until(() => two.shadowRoot.textContent.includes(resource_id), 'the row with its id');"
        ));
    });
}

#[test]
fn what_somebody_has_deleted_from_the_hosts_store_comes_back_with_an_answer_alone() {
    stage("host-deleted", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{TABS}{HISTORY}
             const one = await opened('deleted elsewhere');
             same((await one.submit()).outcome, 'created');
             await until(() => [...records.values()].some((r) => r.resource_id), 'the record');
             await details(one, 'deleted elsewhere');
             records.clear();
             const note = one.shadowRoot.querySelector('textarea');
             note.value = 'written too late';
             note.dispatchEvent(new InputEvent('input', {{ bubbles: true, composed: true }}));
             note.dispatchEvent(new Event('change', {{ bubbles: true, composed: true }}));
             await until(() => !one.shadowRoot.textContent.includes('deleted elsewhere'), 'the row to go');
             await sleep(500);
             same(records.size, 0);"
        ));
    });
}

#[test]
fn of_two_elements_that_ask_about_the_same_request_one_sends_anyway() {
    stage("host-anyway", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{TABS}
             const store = open();
             const add = (Name) => form({{ history: 'host' }}, {{ historyStore: store, values: {{ Name }} }});
             const lost = add('a-fault-lost');
             await shown(lost);
             same((await lost.submit()).outcome, 'unknown');
             const [a, b] = [add('twin'), add('twin')];
             await shown(a);
             await shown(b);
             const asked = (element) => until(() => element.shadowRoot.textContent.includes('Send it anyway'));
             void a.submit();
             void b.submit();
             await asked(a);
             await asked(b);
             await press(b, 'Send it anyway');
             const twins = () => [...records.values()].filter((record) => record.params.Name == 'twin');
             await until(() => twins().some((record) => record.resource_id), 'the first');
             await press(a, 'Send it anyway');
             // It is asked about what has been made meanwhile.
             await sleep(1500);
             same(twins().length, 1);
             holds(a.shadowRoot.textContent.includes('Send it anyway'), 'the question');"
        ));
    });
}

#[test]
fn what_a_newer_versions_file_shows_in_an_element_reaches_no_hosts_store() {
    stage("host-newer-file", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{TABS}{HISTORY}
             const element = await opened('of the own history');
             same((await element.submit()).outcome, 'created');
             await until(() => [...records.values()].some((r) => r.resource_id), 'the record');
             const keys = () => [...records.values()].map((record) => record.key);
             const [own] = records.values(), before = keys();
             element.shadowRoot.querySelector('a[href=\"#/history\"]').click();
             const field = await until(() => element.shadowRoot.querySelector('input[type=file]'), 'the field');
             const other = {{ ...own, key: 'of-a-newer', params: {{ Name: 'of a newer version' }}, events: undefined,
               outcome: 'created', resource_id: 'cen-newer' }};
             const text = JSON.stringify({{ format: 'tieline-history', version: 3, records: [other, 7] }});
             const chosen = new DataTransfer();
             chosen.items.add(new File([text], 'newer.json'));
             field.files = chosen.files;
             field.dispatchEvent(new Event('change', {{ bubbles: true }}));
             const says = (words) => element.shadowRoot.textContent.includes(words);
             await until(() => says('cen-newer') && says('does not show: 1.'), 'the file');
             holds(!says(own.resource_id), 'a list of its own');
             await until(() => element.shadowRoot.activeElement?.textContent.includes('newer.json'), 'the focus');
             await details(element, 'of a newer version');
             holds(element.shadowRoot.querySelector('textarea').readOnly, 'no note');
             await press(element, 'Close the file');
             await until(() => says(own.resource_id) && !says('cen-newer'), 'the own history');
             await until(() => element.shadowRoot.activeElement?.textContent.includes('Import JSON'), 'the focus');
             await sleep(700);
             same(keys(), before);"
        ));
    });
}

#[test]
fn without_a_history_nothing_is_kept() {
    stage("host-none", |stage| {
        stage.show(BARE);
        let kept = stage.js(
            "const element = form({ history: 'none' }, { values: { Name: 'not kept' } });
             await shown(element);
             same((await element.submit()).outcome, 'created');
             await sleep(500);
             const keys = Object.keys(localStorage).filter((key) => !key.includes('sandbox'));
             return [keys, (await indexedDB.databases()).map((db) => db.name), document.cookie, { ...sessionStorage }];",
        );
        assert_eq!(kept, json!([[], [], "", {}]));
    });
}

#[test]
fn the_token_is_asked_for_each_request_and_stored_nowhere() {
    stage("host-token", |stage| {
        stage.show(BARE);
        stage.js_with(
            "const [version] = args;
             const seen = [];
             const real = window.fetch;
             window.fetch = async (input, init) => {
               const request = new Request(input, init);
               const { pathname } = new URL(request.url);
               if (!pathname.startsWith('/gateway/')) return real(input, init);
               seen.push([request.method, pathname, request.headers.get('authorization')]);
               const answer = (body) => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', 'tieline-relayed': 'alibaba' } });
               if (pathname.endsWith('/healthz')) {
                 return answer({ name: 'tieline-proxy', version, mode: 'sandbox', credentials: { alibaba: true, huawei: true } });
               }
               return answer({ CenId: 'cen-through-the-gateway', RequestId: 'R' });
             };
             let asked = 0;
             const element = add('tieline-form', { operation: 'CreateCen', endpoint: '/gateway', lang: 'en', history: 'none' },
               { values: { Name: 'with a token' }, getToken: async () => 'token-' + ++asked });
             await shown(element);
             const outcome = await element.submit();
             same([outcome.outcome, outcome.resourceId], ['created', 'cen-through-the-gateway']);
             // A status may be asked for at any time.
             const creations = () => seen.filter(([method, path]) => method == 'POST' && path.endsWith('/CreateCen'));
             const posts = creations();
             same(posts.length, 1);
             holds(/^Bearer token-[0-9]+$/.test(posts[0][2]), posts[0][2]);
             const before = asked;
             await sleep(1200);
             type(element, 'Name', 'once more');
             await sleep(100);
             await element.submit();
             holds(asked > before, 'a new token');
             const tokens = creations().map(([,, token]) => token);
             holds(tokens[0] != tokens[1], tokens.join());
             const stored = JSON.stringify([localStorage, sessionStorage, document.cookie, location.href]);
             holds(!stored.includes('token-'), stored);
             holds(!element.shadowRoot.textContent.includes('token-'), 'and shown nowhere');
             // Without a token nothing is sent.
             element.getToken = async () => { throw new Error('signed out'); };
             const count = creations().length;
             type(element, 'Name', 'signed out');
             await sleep(100);
             const refused = await element.submit();
             same(refused.outcome, 'not-executed');
             same(creations().length, count);",
            json!([env!("CARGO_PKG_VERSION")]),
        );
    });
}
