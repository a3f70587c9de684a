//! Each request is what was set when it was submitted, whatever is set meanwhile.

use crate::boundary::{version, GATEWAY};
use crate::stage::{stage, BARE};

/// A host page's store in memory.
const STORE: &str = "const store = (more = {}) => {
               const records = [];
               const put = async (list) => {
                 for (const r of list) { const at = records.findIndex((o) => o.id == r.id); at < 0 ? records.push(r) : (records[at] = r); }
               };
               return { records, load: async () => [...records], put, delete: async () => {}, ...more };
             };
             const soon = (promise, what) => Promise.race([promise, sleep(30000).then(() => { throw new Error('never: ' + what); })]);";

#[test]
fn an_outcome_has_the_context_of_its_own_request() {
    stage("context", |stage| {
        stage.show(BARE);
        stage.js(
            "const element = form({}, { values: { Name: 'order-one' }, context: { order: 1 } });
             await shown(element);
             const told = [];
             for (const name of ['before-submit', 'outcome']) {
               element.addEventListener('tieline-' + name, ({ detail }) => told.push([name, detail.context?.order]));
             }
             const next = () => { element.context = { order: 2 }; };
             element.addEventListener('tieline-before-submit', next, { once: true });
             same((await element.submit()).context, { order: 1 });
             same(told, [['before-submit', 1], ['outcome', 1]]);
             // A press, likewise.
             element.values = { Name: 'order-two' };
             await until(() => control(element, 'Name').value == 'order-two');
             const later = () => { element.context = { order: 3 }; };
             element.addEventListener('tieline-before-submit', later, { once: true });
             const outcome = once(element, 'outcome');
             element.shadowRoot.querySelector('button[type=submit]').click();
             same((await outcome).detail.context, { order: 2 });",
        );
    });
}

#[test]
fn what_is_set_after_a_submit_is_not_submitted() {
    stage("set-after", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORE}
             const [a, b] = [store(), store()];
             const element = form({{ history: 'host' }}, {{ historyStore: a, values: {{ Name: 'first' }} }});
             // While it is loaded, too.
             const early = element.submit();
             element.values = {{ Name: 'second' }};
             same((await soon(early, 'early')).reason, 'changed');
             const all = [];
             for (let i = 0; i < 5; i++) {{
               element.values = {{ Name: `n-${{i}}` }};
               all.push(element.submit());
             }}
             const settled = await soon(Promise.all(all), 'all');
             same(settled.map(({{ outcome, reason }}) => reason ?? outcome), ['changed', 'changed', 'changed', 'changed', 'created']);
             same(a.records.map((r) => r.params.Name), ['n-4']);
             element.values = {{ Name: 'for a' }};
             const moved = element.submit();
             element.historyStore = b;
             same((await soon(moved, 'moved')).reason, 'changed');
             same([a.records.length, b.records.length], [1, 0]);"
        ));
    });
}

#[test]
fn what_is_taken_away_at_once_creates_nothing() {
    stage("veto", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORE}
             const own = store();
             document.addEventListener('tieline-before-submit', (e) => e.preventDefault());
             for (const wait of [0, 1, 2, 3, 4, 5]) {{
               const element = form({{ history: 'host' }}, {{ historyStore: own, values: {{ Name: 'vetoed' }} }});
               await shown(element);
               await element.check();
               const submit = element.submit().catch((error) => error.code);
               for (let i = 0; i < wait; i++) await 0;
               element.remove();
               const settled = await soon(submit, wait);
               holds(settled === 'removed' || settled.reason === 'prevented', JSON.stringify(settled));
             }}
             await sleep(500);
             same(own.records, []);"
        ));
    });
}

#[test]
fn what_one_store_refused_is_given_to_it_again_although_another_is_set() {
    stage("given-again", |stage| {
        stage.show(BARE);
        stage.forgive("history");
        stage.js(&format!(
            "{STORE}
             let puts = 0;
             const a = store();
             const put = a.put;
             a.put = async (list) => {{ puts++; if (puts == 2 || puts == 3) throw new Error('full'); await put(list); }};
             const element = form({{ history: 'host' }}, {{ historyStore: a, values: {{ Name: 'kept' }} }});
             await shown(element);
             const {{ resourceId }} = await soon(element.submit(), 'the creation');
             element.historyStore = store();
             await until(() => a.records[0].resource_id == resourceId, 'the id');"
        ));
    });
}

#[test]
fn two_elements_of_one_store_create_the_same_once() {
    stage("one-store", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{STORE}
             const own = store();
             const put = own.put;
             own.put = async (list) => {{ await sleep(300); await put(list); }};
             const open = () => form({{ history: 'host' }}, {{ historyStore: own, values: {{ Name: 'same' }} }});
             const [one, two] = [open(), open()];
             await shown(one);
             await shown(two);
             const asked = () => [one, two].filter((element) => element.shadowRoot.querySelector('#answer-question'));
             // Whichever has the first turn.
             const first = Promise.race([one.submit(), two.submit()]);
             await until(() => asked().length == 1, 'the question');
             same((await first).outcome, 'created');
             same([asked().length, own.records.length], [1, 1]);"
        ));
    });
}

#[test]
fn a_function_that_is_called_too_early_says_so() {
    stage("early", |stage| {
        stage.show(BARE);
        stage.js(
            "const tieline = await import('/embed/tieline.js');
             const told = (ask) => { try { ask(); return 'no error'; } catch (error) { return error.code; } };
             same(told(() => tieline.operations()), 'early');
             same(told(() => tieline.check('CreateCen', {})), 'early');
             same(told(() => tieline.preview('CreateCen', {})), 'early');
             same(told(() => tieline.code('CreateCen', {}, 'curl')), 'early');
             await tieline.ready();
             same(told(() => tieline.check('CreateCen', {})), 'no error');",
        );
    });
}

#[test]
fn what_is_real_is_reviewed_unless_the_page_asks_its_users_itself() {
    stage("review", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{GATEWAY}
                 mode = 'live';
                 const element = form({{ endpoint: '/gateway' }}, {{ values: {{ Name: 'x' }} }});
                 element.removeAttribute('sandbox');
                 await shown(element);
                 const review = () => element.shadowRoot.querySelector('#answer-question');
                 const button = (text) => [...element.shadowRoot.querySelectorAll('button')].find((b) => b.textContent == text);
                 // At once, before the proxy is known.
                 const asked = element.submit();
                 await until(review, 'the review');
                 same(creations().length, 0);
                 button('Create it for real').click();
                 same((await asked).outcome, 'created');
                 element.skipReview = true;
                 same(element.getAttribute('skip-review'), '');
                 element.values = {{ Name: 'y' }};
                 same((await element.submit()).outcome, 'created');
                 holds(!review(), 'nobody is asked');
                 element.setAttribute('skip-review', 'false');
                 same(element.skipReview, false);
                 element.values = {{ Name: 'z' }};
                 const again = element.submit();
                 await until(review, 'the review again');
                 button('Do not send').click();
                 same((await again).reason, 'cancelled');
                 same(creations().length, 2);"
            ),
            version(),
        );
    });
}

#[test]
fn a_portal_hears_of_what_it_has_set_wrong() {
    stage("wrong", |stage| {
        stage.show(BARE);
        // A request to any path of the portal would be logged, and fail the test.
        stage.js(
            "const heard = [];
             document.addEventListener('tieline-error', ({ detail }) => heard.push(detail.kind + ': ' + detail.message.en));
             const hears = (what) => until(() => heard.some((text) => what.test(text)), what);
             const element = form({ endpoint: 'tieline.example' });
             element.removeAttribute('sandbox');
             await hears(/^connection: .*neither an http/);
             await shown(element);
             type(element, 'Name', 'nowhere');
             same((await element.submit()).outcome, 'not-executed');
             const typo = form({}, { values: { Nmae: 'typo', Name: 'site' }, locked: ['Nope'] });
             await hears(/^values: .*CreateCen.* Nmae, Nope\\./);
             // What is left of it is not created, unless somebody who sees it presses.
             same((await typo.submit()).reason, 'left-out');
             typo.values = { Name: 1n };
             await hears(/^values: .*Name \\(bigint\\)/);
             same((await typo.submit()).reason, 'left-out');
             typo.locked = undefined;
             typo.values = { Name: 'site' };
             same((await typo.submit()).outcome, 'created');
             typo.history = 'nowhere';
             await hears(/^options: .*history/);
             form({}, { values: 'text' });
             await hears(/^values: .*text/);",
        );
    });
}

/// What a form that is gone is still sending settles no submit of the next one.
#[test]
fn an_earlier_forms_answer_settles_no_later_submit() {
    stage("two-forms", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{GATEWAY}
                 const element = form({{ endpoint: '/gateway' }}, {{ values: {{ Name: 'one' }}, context: 1 }});
                 element.removeAttribute('sandbox');
                 await shown(element);
                 const told = [];
                 for (const name of ['before-submit', 'outcome']) {{
                   element.addEventListener('tieline-' + name, ({{ detail }}) => told.push([name, detail.context, detail.resourceId]));
                 }}
                 let answer;
                 creation = new Promise((done) => (answer = done));
                 element.shadowRoot.querySelector('button[type=submit]').click();
                 await until(() => creations().length == 1, 'the first request');
                 element.values = {{ Name: 'two' }};
                 element.context = 2;
                 const second = element.submit();
                 await sleep(500);
                 answer();
                 const first = await until(() => told.find(([name]) => name == 'outcome'), 'the first answer');
                 same(first.slice(1), [1, 'cen-' + (seen.findIndex(([method]) => method == 'POST') + 1)]);
                 // The first may have to be asked about before the second is sent.
                 const anyway = () => [...element.shadowRoot.querySelectorAll('button')].find((b) => b.textContent == 'Send it anyway');
                 const settled = await Promise.race([second, until(() => creations().length == 2 || anyway(), 'the second')]);
                 anyway()?.click();
                 const outcome = settled?.outcome ? settled : await second;
                 same(outcome.outcome, 'created');
                 holds(outcome.resourceId != first[2], 'its own id');
                 same(told.filter(([name]) => name == 'outcome').map(([, context]) => context), [1, 2]);"
            ),
            version(),
        );
    });
}

#[test]
fn a_review_shows_where_it_was_submitted_to_whatever_is_set_by_now() {
    stage("review-target", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{GATEWAY}
                 mode = 'live';
                 const element = form({{ endpoint: '/gateway', profile: 'test-account' }}, {{ values: {{ Name: 'x' }} }});
                 element.removeAttribute('sandbox');
                 await shown(element);
                 const review = () => element.shadowRoot.querySelector('.review');
                 const asked = element.submit();
                 await until(review, 'the review');
                 element.setAttribute('profile', 'prod-account');
                 await until(() => element.shadowRoot.querySelector('.destination').textContent.includes('prod-account'), 'the new account');
                 holds(review().textContent.includes('test-account') && !review().textContent.includes('prod-account'), 'the submitted account');
                 [...element.shadowRoot.querySelectorAll('button')].find((b) => b.textContent == 'Create it for real').click();
                 same((await asked).outcome, 'created');
                 same(creations().map(([,,, profile, mode]) => [profile, mode]), [['test-account', 'live']]);"
            ),
            version(),
        );
    });
}

#[test]
fn a_submit_that_waits_for_its_proxy_settles_and_is_for_that_proxy() {
    stage("early", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{GATEWAY}
                 let answer;
                 const held = () => (health = new Promise((done) => (answer = done)));
                 held();
                 mode = 'live';
                 const open = () => {{
                   const element = form({{ endpoint: '/gateway' }}, {{ values: {{ Name: 'x' }} }});
                   element.removeAttribute('sandbox');
                   return element;
                 }};
                 const element = open();
                 await shown(element);
                 const early = element.submit();
                 await until(() => healths() > 0, 'the question');
                 await until(() => element.shadowRoot.querySelector('button[type=submit]').textContent.includes('Sending'), 'the wait');
                 // What the page allows from now on is not for what was submitted before.
                 element.skipReview = true;
                 answer();
                 await until(() => element.shadowRoot.querySelector('.review'), 'the review');
                 element.values = {{ Name: 'y' }};
                 same((await early).reason, 'left');
                 element.remove();
                 same(creations(), []);
                 // A sandbox is told that it alone is meant.
                 mode = 'sandbox';
                 const other = form({{ endpoint: '/gateway/b' }}, {{ values: {{ Name: 'z' }} }});
                 other.removeAttribute('sandbox');
                 await shown(other);
                 same((await other.submit()).outcome, 'created');
                 same(creations().map(([,,,, mode]) => mode), ['sandbox']);"
            ),
            version(),
        );
    });
}
