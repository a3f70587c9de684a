//! What a portal changes while an element is there, and what it must not do to its own page.

use crate::boundary::{version, GATEWAY};
use crate::stage::{stage, BARE};

/// Stores of two tenants; a write to the first can be held, or refused.
const STORES: &str = "
    const tenant = () => {
      const records = new Map(), calls = [];
      let hold, refusing = false;
      const store = {
        load: async () => [...records.values()],
        put: async (list) => {
          calls.push(structuredClone(list));
          await hold;
          if (refusing) throw new Error('full');
          for (const record of list) records.set(record.id, record);
        },
        delete: async (ids) => ids.forEach((id) => records.delete(id)),
      };
      return { records, calls, store, set hold(promise) { hold = promise; }, set refusing(on) { refusing = on; } };
    };
    const outcomes = (tenant) => [...tenant.records.values()].map((r) => [r.params.Name, r.outcome]);";

#[test]
fn another_store_is_another_history() {
    stage("tenants", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORES}
             const [a, b] = [tenant(), tenant()];
             const element = add('tieline-console', {{ operation: 'CreateCen', sandbox: '', lang: 'en' }},
               {{ values: {{ Name: 'of a' }}, historyStore: a.store }});
             await shown(element);
             const first = await element.submit();
             same(first.outcome, 'created');
             const find = (selector) => element.shadowRoot.querySelector(selector);
             const submitted = async (name) => {{
               type(element, 'Name', name);
               await sleep(100);
               return element.submit();
             }};
             // One is on its way to the first tenant's store when the second one's comes.
             let release;
             a.hold = new Promise((done) => (release = done));
             const under = submitted('under way');
             await until(() => a.calls.some(([record]) => record.params.Name == 'under way'));
             element.historyStore = b.store;
             await sleep(300);
             a.hold = undefined;
             release();
             same((await under).outcome, 'created');
             await until(() => outcomes(a).every(([, outcome]) => outcome == 'created'));
             same(outcomes(a), [['of a', 'created'], ['under way', 'created']]);
             same(outcomes(b), []);
             await sleep(1100);
             same((await submitted('of b')).outcome, 'created');
             same([outcomes(a).length, outcomes(b)], [2, [['of b', 'created']]]);
             // The page of the history and the export show the present one's, and only that.
             find('a[href=\"#/history\"]').click();
             await until(() => element.shadowRoot.textContent.includes('of b'));
             holds(!element.shadowRoot.textContent.includes(first.resourceId), 'the other tenant is not in sight');
             holds(!(await element.exportHistory()).includes(first.resourceId), 'nor exported');
             element.historyStore = a.store;
             await until(() => element.shadowRoot.textContent.includes(first.resourceId));
             await until(() => !element.shadowRoot.textContent.includes('of b'));
             // Nowhere at all, by the attribute.
             element.history = 'none';
             await until(() => !element.shadowRoot.textContent.includes(first.resourceId));
             find('a[href=\"#/create/CreateCen\"]').click();
             await shown(element);
             same((await submitted('of nobody')).outcome, 'created');
             same([outcomes(a).length, outcomes(b).length], [2, 1]);"
        ));
    });
}

#[test]
fn a_slow_store_is_not_overtaken_and_a_refusing_one_stops_the_request() {
    stage("slow-store", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{STORES} {GATEWAY}
                 const a = tenant();
                 const errors = [];
                 const element = form({{ endpoint: '/gateway', history: 'host' }}, {{ values: {{ Name: 'slow' }}, historyStore: a.store }});
                 element.removeAttribute('sandbox');
                 element.addEventListener('tieline-error', ({{ detail }}) => errors.push(detail));
                 await shown(element);
                 let release;
                 a.hold = new Promise((done) => (release = done));
                 const slow = element.submit();
                 await until(() => a.calls.length == 1);
                 await sleep(5000);
                 same(creations(), [], 'nothing leaves before its record is there');
                 a.hold = undefined;
                 release();
                 same((await slow).outcome, 'created');
                 same(creations().length, 1);
                 // What is refused is not sent, and is no request that may have made something.
                 await sleep(1100);
                 a.refusing = true;
                 type(element, 'Name', 'refused');
                 await sleep(100);
                 const refused = await element.submit();
                 same(refused.outcome, 'not-executed');
                 holds(/history/.test(refused.message.en), refused.message.en);
                 same(creations().length, 1);
                 await until(() => errors.some(({{ kind }}) => kind == 'history'));
                 same(outcomes(a), [['slow', 'created']]);
                 // It takes records again: so does the request.
                 a.refusing = false;
                 const again = await element.submit();
                 same(again.outcome, 'created');
                 same(outcomes(a).filter(([name]) => name == 'refused'), [['refused', 'created']]);"
            ),
            version(),
        );
    });
}

#[test]
fn an_id_that_the_store_refuses_is_given_again_until_it_is_taken() {
    stage("refused-id", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORES}
             const a = tenant();
             const element = form({{ history: 'host' }}, {{ values: {{ Name: 'kept' }}, historyStore: a.store }});
             await shown(element);
             const put = a.store.put;
             let refuse = true;
             a.store.put = async (list) => {{
               if (refuse && list.some((record) => record.outcome == 'created')) throw new Error('full');
               return put(list);
             }};
             const told = once(element, 'error');
             const outcome = await element.submit();
             same([outcome.outcome, outcomes(a)], ['created', [['kept', 'pending']]]);
             same((await told).detail.kind, 'history');
             holds((await element.exportHistory()).includes(outcome.resourceId), 'it is not lost');
             refuse = false;
             await until(() => [...a.records.values()].some((r) => r.resource_id == outcome.resourceId), 'it is written by itself');"
        ));
    });
}

#[test]
fn a_store_that_cannot_be_read_sends_nothing_until_it_can() {
    stage("unread-store", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORES}
             const a = tenant();
             const load = a.store.load;
             a.store.load = async () => {{ throw new Error('away'); }};
             const element = form({{ history: 'host' }}, {{ values: {{ Name: 'unread' }}, historyStore: a.store }});
             await shown(element);
             same((await element.submit()).outcome, 'not-executed');
             same(a.calls, []);
             // Also what is no list of records, or has some that are none.
             a.store.load = async () => [{{ id: 5n }}, 7, null];
             same((await element.submit()).outcome, 'not-executed');
             a.store.load = load;
             same((await element.submit()).outcome, 'created');"
        ));
    });
}

#[test]
fn twenty_elements_ask_a_proxy_that_is_down_once_and_ever_more_seldom() {
    stage("many-down", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{GATEWAY}
                 up = false;
                 const heard = [];
                 document.addEventListener('tieline-error', ({{ detail }}) => heard.push(detail.kind));
                 const elements = Array.from({{ length: 20 }}, () => form({{ endpoint: '/gateway' }}));
                 elements.forEach((element) => element.removeAttribute('sandbox'));
                 await Promise.all(elements.map((element) => shown(element)));
                 await until(() => heard.length >= 20);
                 await sleep(11000);
                 holds(healths() <= 4, healths() + ' requests');
                 same(heard.length, 20, 'each element says it once');
                 // Another function for the token, as a framework makes one with each drawing, is no other proxy.
                 const before = healths();
                 for (let turn = 0; turn < 20; turn++) {{
                   elements.forEach((element) => (element.getToken = async () => 'token'));
                   await sleep(20);
                 }}
                 holds(healths() <= before + 1, 'a new getToken asks for nothing: ' + (healths() - before));
                 // It comes back, and everybody notices.
                 up = true;
                 const banner = (element) => element.shadowRoot.querySelector('[part=banner]');
                 await until(() => elements.every((element) => !banner(element)), 'no banner');"
            ),
            version(),
        );
    });
}

#[test]
fn each_element_tells_of_its_own_resources_whichever_one_has_read_the_status() {
    stage("own-statuses", |stage| {
        stage.show(BARE);
        stage.js(
            "const element = (order) => form({ history: 'local' }, { values: { Name: 'of ' + order }, context: { order } });
             const [a, b] = [element('a'), element('b')];
             const told = [];
             for (const [who, element] of [['a', a], ['b', b]]) {
               element.addEventListener('tieline-status', ({ detail }) =>
                 told.push([who, detail.context?.order, detail.resourceId, detail.idempotencyKey, detail.status]));
             }
             await shown(a);
             await shown(b);
             const made = { a: await a.submit(), b: await b.submit() };
             // What comes next is another order, which none of this was made for.
             a.context = { order: 'next' };
             b.context = { order: 'next' };
             const active = (of) => told.some(([who, , , , status]) => who == of && status == 'Active');
             await until(() => active('a') && active('b'), 'both hear: ' + JSON.stringify(told));
             await sleep(1000);
             for (const [who, order, id, key] of told) {
               same([order, id, key], [who, made[who].resourceId, made[who].idempotencyKey], JSON.stringify(told));
             }
             same(new Set(told.map(String)).size, told.length, 'nothing is told twice');",
        );
    });
}

#[test]
fn elements_with_one_store_ask_for_a_status_once() {
    stage("one-store", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{STORES}
                 {GATEWAY}
                 const {{ store }} = tenant();
                 const elements = Array.from({{ length: 6 }}, () => form({{ endpoint: '/gateway', history: 'host', 'skip-review': '' }},
                   {{ values: {{ Name: 'one' }}, historyStore: store }}));
                 elements.forEach((element) => element.removeAttribute('sandbox'));
                 await Promise.all(elements.map((element) => shown(element)));
                 same((await elements[3].submit()).outcome, 'created');
                 const asked = () => seen.filter(([, path]) => path.endsWith('/DescribeCens')).length;
                 await until(() => asked() > 0);
                 await sleep(5000);
                 // After 1 s, 2 s and 4 s.
                 holds(asked() <= 3, asked() + ' questions');
                 // Another one asks when that is gone.
                 const before = asked();
                 elements.forEach((element, nth) => nth == 3 || element.remove());
                 await until(() => asked() > before, 'whoever is left asks');"
            ),
            version(),
        );
    });
}

#[test]
fn an_answer_never_takes_the_focus_from_the_portals_own_field() {
    stage("focus", |stage| {
        stage.show(BARE);
        stage.js(
            "const own = add('input', { id: 'own' });
             const element = form({}, { values: { Name: 'x' } });
             await shown(element);
             own.focus();
             for (const outcome of ['created', 'refused']) {
               same((await element.submit()).outcome, outcome);
               await sleep(500);
               same(document.activeElement, own, 'after ' + outcome);
               type(element, 'Name', 'http://wrong');
               own.focus();
               await sleep(200);
             }
             // From inside, and from nowhere, it comes to the answer.
             type(element, 'Name', 'right');
             await sleep(1100);
             own.blur();
             element.shadowRoot.querySelector('[part=submit]').focus();
             element.shadowRoot.querySelector('[part=submit]').click();
             await until(() => element.shadowRoot.activeElement?.id == 'answer-title', 'the answer has the focus');",
        );
    });
}
