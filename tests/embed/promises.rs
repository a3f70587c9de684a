//! Every promise settles, with the reason when nothing comes of it.

use crate::stage::{page, stage, BARE};
use tieline_test_support::servers::Reply;

/// As on a slow machine, each step of a drawing seems to take so long that Yew lets the page work before the
/// next.
const SLOWLY: &str = "const [now, ahead] = [Date.now, { ms: 0 }];
             Date.now = () => now() + (ahead.ms += 20);";

#[test]
fn every_submit_settles_with_its_reason() {
    stage("settles", |stage| {
        stage.show(BARE);
        stage.js(
            "const soon = (promise, what) => Promise.race([promise, sleep(30000).then(() => { throw new Error('never: ' + what); })]);
             const reason = async (promise, what) => { const { outcome, reason } = await soon(promise, what); return outcome == 'refused' ? reason : outcome; };
             const button = (element, text) => until(() => [...element.shadowRoot.querySelectorAll('button')].find((b) => b.textContent.includes(text)), text);
             const element = form({}, { values: { Name: 'twice' } });
             await shown(element);
             // Two at once, and some right after the creation: the time stands still until they have been.
             const [own, began] = [Date.now, performance.now()];
             Date.now = () => Math.round(own() - (performance.now() - began));
             const [first, second] = [element.submit(), element.submit()];
             same(await reason(second, 'the second'), 'busy');
             same(await reason(first, 'the first'), 'created');
             await sleep(300);
             same(await reason(element.submit(), 'a repetition'), 'repeated');
             same(await reason(element.submit(), 'another'), 'repeated');
             Date.now = own;
             // A listener, errors, an input method.
             await sleep(1100);
             const stop = (e) => e.preventDefault();
             element.addEventListener('tieline-before-submit', stop);
             type(element, 'Name', 'stopped');
             await sleep(50);
             same(await reason(element.submit(), 'prevented'), 'prevented');
             element.removeEventListener('tieline-before-submit', stop);
             type(element, 'Name', 'http://wrong');
             await until(async () => (await element.check()).length > 0);
             same(await reason(element.submit(), 'invalid'), 'invalid');
             type(element, 'Name', 'composed');
             control(element, 'Name').dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
             await sleep(50);
             same(await reason(element.submit(), 'composing'), 'composing');
             control(element, 'Name').dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
             await sleep(50);
             same(await reason(element.submit(), 'after that'), 'created');
             // No form in sight.
             const home = add('tieline-console', { sandbox: '', lang: 'en', history: 'none' });
             await until(() => home.shadowRoot.querySelector('a'));
             same(await reason(home.submit(), 'no form'), 'absent');
             // Removed.
             const gone = form();
             await shown(gone);
             gone.addEventListener('tieline-before-submit', () => gone.remove());
             same(await soon(gone.submit().catch((e) => e.code), 'removed'), 'removed');
             same(await soon(gone.check().catch((e) => e.code), 'detached'), 'detached');",
        );
    });
}

#[test]
fn a_question_that_nobody_answers_with_yes_settles_the_submit() {
    stage("question", |stage| {
        stage.show(BARE);
        stage.js(
            "const soon = (promise, what) => Promise.race([promise, sleep(30000).then(() => { throw new Error('never: ' + what); })]);
             const records = [];
             const store = {
               load: async () => records,
               put: async (list) => { for (const r of list) { const at = records.findIndex((o) => o.id == r.id); at < 0 ? records.push(r) : (records[at] = r); } },
               delete: async () => {},
             };
             // The creation of this form is what the other one has to ask about.
             const open = (attributes) => form({ history: 'host', ...attributes }, { historyStore: store, values: { Name: 'same' } });
             const [one, two] = [open(), open()];
             await shown(one);
             await shown(two);
             const button = (text) => until(() => [...two.shadowRoot.querySelectorAll('button')].find((b) => b.textContent == text), text);
             const question = () => two.shadowRoot.querySelector('#answer-question');
             // Not before the last question is gone.
             const submit = () => until(() => !question(), 'its end').then(() => ({ settled: two.submit() }));
             const asked = ({ settled }) => Promise.race([until(question, 'the question'),
               settled.then((settled) => { throw new Error('it was not asked: ' + JSON.stringify(settled)); })]);
             same((await one.submit()).outcome, 'created');
             // What is lost leaves a question.
             one.remove();
             await sleep(500);
             records[0] = { ...records[0], outcome: 'unknown', resource_id: undefined, updated: records[0].updated + 1 };
             let read = false;
             two.historyStore = { ...store, load: async () => { read = true; return records; } };
             await until(() => read, 'the other store');
             const answer = await submit();
             await asked(answer);
             same((await soon(two.submit(), 'while it is asked')).reason, 'busy');
             (await button('Do not send')).click();
             same((await soon(answer.settled, 'do not send')).reason, 'cancelled');
             const changed = await submit();
             await asked(changed);
             type(two, 'Name', 'another');
             same((await soon(changed.settled, 'changed')).reason, 'changed');
             two.values = { Name: 'same again' };
             await until(() => control(two, 'Name').value == 'same again');
             two.values = { Name: 'same' };
             await until(() => control(two, 'Name').value == 'same');
             const left = await submit();
             await asked(left);
             two.operation = 'CreateCloudConnection';
             same((await soon(left.settled, 'left')).reason, 'left');",
        );
    });
}

#[test]
fn what_was_set_before_a_submit_is_what_is_submitted() {
    stage("set-before", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{SLOWLY}
             const soon = (promise, what) => Promise.race([promise, sleep(30000).then(() => {{ throw new Error('never: ' + what); }})]);
             const store = () => {{
               const records = [];
               const put = async (list) => {{ records.push(...list); }};
               return {{ records, load: async () => [], put, delete: async () => {{}} }};
             }};
             let last = store();
             const element = form({{ history: 'host' }}, {{ historyStore: last, values: {{ Name: 'first' }} }});
             await shown(element);
             for (let i = 0; i < 6; i++) {{
               const [name, own] = [`name-${{i}}`, store()];
               element.historyStore = own;
               element.values = {{ Name: name }};
               same((await soon(element.submit(), name)).outcome, 'created');
               same(last.records, [], `the store before ${{i}}`);
               same(own.records[0].params.Name, name);
               element.historyStore = last = store();
             }}"
        ));
    });
}

#[test]
fn a_form_that_was_left_takes_no_submit() {
    stage("left-form", |stage| {
        stage.show(BARE);
        stage.js(
            "const soon = (promise, what) => Promise.race([promise, sleep(30000).then(() => { throw new Error('never: ' + what); })]);
             const console = add('tieline-console', { operation: 'CreateCen', sandbox: '', lang: 'en', history: 'none' });
             await shown(console);
             console.operation = undefined;
             same((await soon(console.submit(), 'on the first page')).reason, 'absent');
             console.operation = 'CreateCen';
             same((await soon(console.submit(), 'in the form again')).outcome, 'created');",
        );
    });
}

#[test]
fn whoever_was_refused_may_submit_again_at_once() {
    stage("at-once", |stage| {
        stage.show(BARE);
        stage.js(&format!(
            "{SLOWLY}
             const element = form({{}}, {{ values: {{ Name: 'again' }} }});
             await shown(element);
             element.addEventListener('tieline-before-submit', (e) => e.preventDefault());
             for (let i = 0; i < 40; i++) {{
               type(element, 'Name', `again-${{i}}`);
               same((await element.submit()).reason, 'prevented', `submit ${{i}}`);
             }}"
        ));
    });
}

#[test]
fn after_a_failed_load_who_asks_hears_of_it() {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::Arc;
    stage("load-failed", |stage| {
        let broken = Arc::new(AtomicBool::new(true));
        let there = broken.clone();
        let origin = stage.serve(move |path| match path {
            "/" => page(BARE),
            path if path.ends_with("_bg.wasm") && there.load(Ordering::Relaxed) => {
                Some(Reply::new(503, "text/plain", "away"))
            }
            _ => None,
        });
        stage.forgive("tieline_glue_bg.wasm");
        stage.open(&origin);
        stage.js(
            "const soon = (promise) => Promise.race([promise, sleep(60000).then(() => 'never')]);
             const heard = once(document, 'error');
             window.it = form();
             same((await heard).detail.code, 'load');
             for (const name of ['submit', 'check', 'exportHistory']) {
               same(await soon(it[name]().catch((error) => error.code)), 'load', name);
             }
             const { ready } = await import('/embed/tieline.js');
             same(await soon(ready().catch((error) => error.code)), 'load', 'ready');",
        );
        broken.store(false, Ordering::Relaxed);
        stage.js("it.shadowRoot.querySelector('[role=alert] button').click();
             // Who asks from here on waits for the new attempt.
             same((await it.submit()).outcome, 'created');");
    });
}

#[test]
fn a_server_that_never_answers_keeps_no_promise_waiting() {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::Arc;
    // The minute that a file has is a second here.
    const SOONER: &str = "
        const soon = (promise, what) => Promise.race([promise, sleep(30000).then(() => { throw new Error('never: ' + what); })]);
        const [timeout, later] = [AbortSignal.timeout, setTimeout];
        AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 60);
        window.setTimeout = (work, ms, ...rest) => later(work, ms >= 60000 ? ms / 60 : ms, ...rest);";
    let silent = |stage: &crate::stage::Stage, ending: &'static str| {
        let held = Arc::new(AtomicBool::new(true));
        let hold = held.clone();
        let origin = stage.serve(move |path| match path {
            "/" => page(BARE),
            path => {
                while path.ends_with(ending) && hold.load(Ordering::Relaxed) {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                None
            }
        });
        stage.open(&origin);
        held
    };
    stage("never-answers", |stage| {
        let held = silent(stage, "_bg.wasm");
        stage.js(&format!(
            "{SOONER}
             const heard = once(document, 'error');
             window.it = form();
             same((await soon(heard, 'the failure')).detail.code, 'load');
             for (const name of ['submit', 'check', 'exportHistory'])
               same(await soon(it[name]().catch((error) => error.code), name), 'load', name);"
        ));
        held.store(false, Ordering::Relaxed);
        stage.js("it.shadowRoot.querySelector('[role=alert] button').click();
             same((await it.submit()).outcome, 'created');");
        // Without its styles it is plain, and works.
        let held = silent(stage, "tieline.css");
        stage.js(&format!(
            "{SOONER}
             same((await soon(form().submit(), 'without styles')).outcome, 'created');"
        ));
        held.store(false, Ordering::Relaxed);
    });
}
