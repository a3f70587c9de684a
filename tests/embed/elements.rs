//! The elements in a plain page: their life, their attributes, their events.

use serde_json::json;

use crate::stage::{page, stage, BARE};
use tieline_test_support::servers::Reply;
use tieline_test_support::webdriver::Element;

#[test]
fn a_form_in_a_plain_page_creates_something() {
    stage("plain", |stage| {
        stage.show(BARE);
        let input = stage.js(
            "const element = form({ id: 'it' });
             window.events = [];
             for (const name of ['ready', 'change', 'before-submit', 'outcome', 'status', 'error']) {
               document.addEventListener('tieline-' + name, (e) => events.push([name, e.detail]));
             }
             return shown(element);",
        );
        let input = Element::of(&input).expect("the control");
        stage.done(stage.browser().keys(&input, "backbone"));
        let button = stage.js(
            "return [...it.shadowRoot.querySelectorAll('button')].find((b) => b.type == 'submit')",
        );
        stage.done(
            stage
                .browser()
                .click(&Element::of(&button).expect("the button")),
        );
        stage.js(
            "await until(() => events.some(([name]) => name == 'outcome'));
             const last = (name) => events.filter(([n]) => n == name).at(-1)[1];
             // After it was created the form is empty for the next one.
             const typed = events.filter(([n], at) => n == 'change' && events.slice(at).some(([n]) => n == 'before-submit'));
             same(typed.at(-1)[1].values.Name, 'backbone');
             same(last('before-submit').values.Name, 'backbone');
             same(last('before-submit').operation, 'CreateCen');
             const outcome = last('outcome');
             same(outcome.outcome, 'created');
             holds(outcome.resourceId.startsWith('cen-'), outcome.resourceId);
             same(outcome.idempotencyKey, last('before-submit').idempotencyKey);
             holds(events.every(([, d]) => Object.getPrototypeOf(d) == Object.prototype), 'plain objects');
             same(events.filter(([n]) => n == 'error'), []);
             await until(() => it.shadowRoot.textContent.includes(outcome.resourceId));",
        );
        stage.picture("plain");
    });
}

#[test]
fn events_bubble_out_of_shadows_and_a_submit_can_be_cancelled() {
    stage("events", |stage| {
        stage.show(BARE);
        stage.js(
            "const outer = add('div').attachShadow({ mode: 'open' });
             const element = create('tieline-form', { operation: 'CreateCen', sandbox: '', history: 'none' },
               { context: { ticket: 7 }, values: { Name: 'a name' } });
             const heard = [];
             const hear = (e) => heard.push(e);
             for (const name of ['ready', 'before-submit', 'outcome']) {
               document.addEventListener('tieline-' + name, hear);
             }
             outer.append(element);
             await shown(element);
             const stop = (e) => e.preventDefault();
             element.addEventListener('tieline-before-submit', stop);
             same(await element.submit(), { outcome: 'refused', reason: 'prevented', violations: [] });
             await sleep(500);
             same(heard.map((e) => e.type), ['tieline-ready', 'tieline-before-submit']);
             element.removeEventListener('tieline-before-submit', stop);
             const outcome = await element.submit();
             same(outcome.outcome, 'created');
             same(heard.map((e) => e.type).slice(2), ['tieline-before-submit', 'tieline-outcome']);
             for (const e of heard) {
               holds(e.bubbles && e.composed, e.type);
               same(e.cancelable, e.type == 'tieline-before-submit');
               same(e.detail.context, { ticket: 7 });
               same(e.target, outer.host);
             }",
        );
    });
}

#[test]
fn a_submit_with_errors_is_refused_and_shown() {
    stage("refused", |stage| {
        stage.show(BARE);
        stage.js("const element = form();
             await shown(element);
             type(element, 'Name', 'http://not-allowed');
             await until(async () => (await element.check()).length > 0);
             const refused = await element.submit();
             same([refused.outcome, refused.reason], ['refused', 'invalid']);
             const [violation] = refused.violations.filter((v) => v.severity == 'error');
             same(violation.parameter, 'Name');
             holds(violation.message.en && violation.message.zh && violation.source, 'texts');
             await until(() => element.shadowRoot.querySelector('[aria-invalid=true]'));");
    });
}

#[test]
fn a_move_keeps_what_was_typed_and_a_removal_frees_it() {
    stage("moves", |stage| {
        stage.show(BARE);
        stage.js(
            "const element = form();
             const other = add('section');
             const input = await shown(element);
             type(element, 'Name', 'typed');
             other.append(element);
             await sleep(100);
             holds(control(element, 'Name') === input && input.value == 'typed', 'an append keeps it');
             element.remove();
             document.body.prepend(element);
             await sleep(100);
             holds(control(element, 'Name') === input && input.value == 'typed', 'remove and prepend keep it');
             if (other.moveBefore) {
               other.moveBefore(element, null);
               await sleep(100);
               holds(control(element, 'Name') === input && input.value == 'typed', 'moveBefore keeps it');
             }
             const lost = element.submit().catch((error) => error.message);
             element.remove();
             await until(() => element.shadowRoot.childElementCount == 0, 'an empty shadow');
             holds(/removed|outcome/.test(JSON.stringify(await lost)), 'who waits hears of it: ' + JSON.stringify(await lost));
             same(await element.check().catch((e) => e.message), '<tieline-form> is in no document');
             const ready = once(element, 'ready');
             document.body.append(element);
             await ready;
             const again = await shown(element);
             holds(again !== input, 'it begins anew');
             // Taken away while it loads, and put back, twice.
             for (let turn = 0; turn < 2; turn++) {
               element.remove();
               await sleep(20);
               document.body.append(element);
             }
             await shown(element);
             same(element.shadowRoot.querySelectorAll('[name=Name]').length, 1);",
        );
    });
}

#[test]
fn two_elements_on_one_page_do_not_meet() {
    stage("two", |stage| {
        stage.show(BARE);
        stage.js(
            "const one = form({ lang: 'en' }), two = form({ lang: 'zh', operation: 'CreateCloudConnection' });
             await shown(one);
             await until(() => control(two, 'cloud_connection.name'));
             holds(!control(one, 'cloud_connection.name') && !control(two, 'Name'), 'each its own form');
             type(one, 'Name', 'first');
             type(two, 'cloud_connection.name', 'second');
             await sleep(50);
             same([control(one, 'Name').value, control(two, 'cloud_connection.name').value], ['first', 'second']);
             const heard = [];
             two.addEventListener('tieline-before-submit', (e) => heard.push(e.detail.operation));
             const outcome = await one.submit();
             same([outcome.operation, outcome.outcome], ['CreateCen', 'created']);
             same(heard, []);
             one.remove();
             await sleep(100);
             type(two, 'cloud_connection.name', 'still here');
             await until(async () => (await two.check()).length >= 0);
             same(control(two, 'cloud_connection.name').value, 'still here');",
        );
        stage.picture("two");
    });
}

#[test]
fn what_was_set_before_the_definition_counts() {
    stage("late", |stage| {
        let origin = stage.serve(|path| {
            (path == "/").then(|| {
                page(
                    "<!doctype html><meta charset=utf-8><title>Late</title><body>\
                     <tieline-form id=it operation=CreateCen sandbox history=none></tieline-form>",
                )
            })?
        });
        stage.open(&origin);
        stage.js(
            "const ready = once(document, 'ready');
             it.values = { Name: 'set early' };
             it.context = { early: true };
             it.locked = ['Name'];
             it.theme = 'dark';
             await sleep(50);
             await import('/embed/tieline.js');
             same((await ready).detail.context, { early: true });
             same((await shown(it)).value, 'set early');
             same(it.getAttribute('theme'), 'dark');
             holds(!Object.hasOwn(it, 'values') && !Object.hasOwn(it, 'theme'), 'no own properties stay');
             same(it.values, { Name: 'set early' });
             same(it.locked, ['Name']);",
        );
    });
}

#[test]
fn a_second_copy_does_no_harm() {
    stage("twice", |stage| {
        let embed = stage.embed.clone();
        let origin = stage.serve(move |path| match path {
            "/" => page(BARE),
            _ => crate::stage::file(&embed, path.strip_prefix("/second/embed/")?),
        });
        stage.open(&origin);
        stage.js("const before = form();
             await shown(before);
             const first = await import('/embed/tieline.js');
             const again = await import('/embed/tieline.js?again');
             const second = await import('/second/embed/tieline.js');
             for (const copy of [again, second]) {
               same(copy.TielineFormElement === first.TielineFormElement, true);
               same(copy.TielineConsoleElement === customElements.get('tieline-console'), true);
             }
             new second.TielineFormElement();
             const after = form();
             await shown(after);
             await second.ready();
             await again.ready();
             same(second.check('CreateCen', {}).length, first.check('CreateCen', {}).length);
             same((await after.submit()).outcome, 'created');
             same((await before.submit()).outcome, 'created');");
    });
}

#[test]
fn attributes_and_properties_change_what_is_shown_without_losing_input() {
    stage("attributes", |stage| {
        stage.show(BARE);
        stage.js(
            "const element = form();
             const input = await shown(element);
             type(element, 'Name', 'kept');
             // With the second part there is more to read.
             await (await import('/embed/tieline.js')).ready();
             const english = await settled(() => element.shadowRoot.textContent);
             element.lang = 'zh';
             await until(() => /[\\u4e00-\\u9fff]{4}/.test(element.shadowRoot.textContent), 'Chinese');
             holds(control(element, 'Name') === input && input.value == 'kept', 'the input stays');
             element.removeAttribute('lang');
             document.documentElement.lang = 'en-GB';
             element.setAttribute('lang', '');
             await until(() => element.shadowRoot.textContent == english, 'English again');
             element.values = { Name: 'given' };
             await until(() => control(element, 'Name').value == 'given');
             element.locked = ['Name'];
             await until(() => control(element, 'Name').readOnly || control(element, 'Name').disabled, 'a locked field');
             element.operation = 'CreateCloudConnection';
             same(element.getAttribute('operation'), 'CreateCloudConnection');
             await until(() => control(element, 'cloud_connection.name'));
             element.operations = ['A', 'B'];
             same(element.getAttribute('operations'), 'A B');
             same(element.operations, ['A', 'B']);
             element.operations = null;
             same(element.operations, undefined);
             element.sandbox = false;
             same(element.hasAttribute('sandbox'), false);
             element.sandbox = '';
             same([element.sandbox, element.hasAttribute('sandbox')], [true, true]);
             element.setAttribute('endpoint', '/one');
             same(element.endpoint, '/one');
             element.endpoint = '/two';
             same(element.endpoint, '/two');",
        );
    });
}

#[test]
fn the_whole_console_goes_from_page_to_page() {
    stage("console", |stage| {
        stage.show(BARE);
        stage.js(
            "const before = location.href;
             const element = add('tieline-console', { sandbox: '', lang: 'en', history: 'none', id: 'it' });
             await once(element, 'ready');
             const tieline = await import('/embed/tieline.js');
             await tieline.ready();
             const names = tieline.operations().map((op) => op.name);
             const links = () => [...element.shadowRoot.querySelectorAll('a')];
             const to = (name) => links().find((a) => (a.getAttribute('href') ?? '').endsWith('/' + name));
             await until(() => to('CreateCen'));
             for (const name of names) holds(to(name), name);
             to('CreateCen').click();
             await shown(element);
             same(location.href, before, 'the address is the page\\'s own');
             element.operations = ['CreateCen', names.find((name) => name != 'CreateCen')];
             await until(() => names.filter(to).length == 2, 'two operations');",
        );
        stage.picture("console");
    });
}

#[test]
fn the_users_of_a_portal_get_advice_for_them() {
    stage("advice", |stage| {
        stage.forgive("/healthz");
        stage.show(BARE);
        stage.js(
            "const down = form({ endpoint: '/nothing-there' });
             down.removeAttribute('sandbox');
             const banner = await until(() => down.shadowRoot.querySelector('[part=banner]'));
             const text = await until(() => /tell those who run this page/.test(banner.textContent) && banner.textContent);
             holds(!/Settings|tieline-proxy|cargo/.test(text), text);

             const other = form({ operation: 'CreateCen', operations: 'CreateCustomerGateway' });
             await until(() => other.shadowRoot.textContent.includes('#/create/CreateCen'), 'what was asked for');
             const links = [...other.shadowRoot.querySelectorAll('a')].map((a) => a.getAttribute('href'));
             same(links, ['#/create/CreateCustomerGateway']);",
        );
    });
}

#[test]
fn a_console_gets_narrow_without_the_window() {
    stage("narrow", |stage| {
        stage.show(BARE);
        stage.js(
            "document.body.style.margin = 0;
             const around = document.body.appendChild(document.createElement('div'));
             around.style.width = '1250px';
             const element = create('tieline-console', { operation: 'CreateCen', sandbox: '', lang: 'en', history: 'none' },
               { values: { Name: 'narrow' } });
             around.append(element);
             await shown(element);
             same((await element.submit()).outcome, 'created');
             const find = (selector) => element.shadowRoot.querySelector(selector);
             find('a[href=\"#/history\"]').click();
             (await until(() => find('tbody button'))).click();
             await until(() => find('.history-details'));
             await sleep(200);
             same(find('.history-main').inert, false, 'beside each other,');
             around.style.width = '600px';
             await until(() => find('.history-main').inert, 'the list below the details');
             around.style.width = '1250px';
             await until(() => !find('.history-main').inert, 'both again');",
        );
    });
}

#[test]
fn what_cannot_be_loaded_is_said_and_tried_again() {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::Arc;
    stage("failing", |stage| {
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
            "const heard = [];
             document.addEventListener('tieline-error', (e) => heard.push(e.detail));
             const element = form({ id: 'it' });
             const waiting = element.check().catch((error) => error.message);
             await until(() => heard.length > 0);
             same(heard[0].kind, 'load');
             holds(/could not be loaded/.test(heard[0].message.en) && /未能加载/.test(heard[0].message.zh), 'texts');
             const text = element.shadowRoot.querySelector('[role=alert]').innerText;
             holds(text.includes(heard[0].message.en) && text.includes(heard[0].message.zh), text);
             holds(element.getBoundingClientRect().height > 20, 'it is seen');
             holds(/could not be loaded/.test(await waiting), 'who waits hears of it');",
        );
        broken.store(false, Ordering::Relaxed);
        stage.js("it.shadowRoot.querySelector('[role=alert] button').click();
             await shown(it);
             same(it.shadowRoot.querySelectorAll('[part=failure]').length, 0);
             same((await it.submit()).outcome, 'created');");
    });
}

#[test]
fn without_styles_a_form_works() {
    stage("unstyled", |stage| {
        let origin = stage.serve(|path| match path {
            "/" => page(BARE),
            "/embed/tieline.css" => Some(Reply::new(404, "text/plain", "away")),
            _ => None,
        });
        stage.forgive("tieline.css");
        stage.open(&origin);
        stage.js("const element = form();
             await shown(element);
             same((await element.submit()).outcome, 'created');");
    });
}

#[test]
fn the_functions_need_no_element() {
    stage("functions", |stage| {
        stage.show("<!doctype html><meta charset=utf-8><title>Functions</title>");
        let found = stage.js(
            "const { ready, check, code, preview, operations } = await import('/embed/tieline.js');
             await ready();
             let error;
             try { check('Nothing', {}); } catch (e) { error = e; }
             holds(error instanceof Error && error.message.includes('Nothing'), 'an unknown operation');
             return {
               names: operations().map((op) => op.name),
               good: check('CreateCen', { Name: 'backbone' }),
               bad: check('CreateCen', { Name: 'http://x', Nonsense: 1 }).map((v) => v.parameter),
               preview: preview('CreateCen', { Name: 'backbone' }),
               code: code('CreateCen', { Name: 'backbone' }, 'python'),
               absent: (() => { try { code('CreateCen', {}, 'perl') } catch (e) { return e.message } })(),
             };",
        );
        assert_eq!(found["good"], json!([]));
        assert_eq!(
            found["names"],
            json!(tieline_catalog::creations()
                .map(|op| op.name)
                .collect::<Vec<_>>())
        );
        let bad = found["bad"].as_array().expect("a list");
        assert!(!bad.is_empty(), "{found}");
        let preview = found["preview"].to_string();
        assert!(preview.contains("backbone"), "{preview}");
        let code = found["code"].to_string();
        assert!(
            code.contains("CreateCenRequest") && code.contains("backbone"),
            "{code}"
        );
        let absent = found["absent"].to_string();
        assert!(
            absent.contains("perl") && absent.contains("terraform"),
            "{absent}"
        );
    });
}

/// A second instantiation would make the memory of the second part anew under what lives in it.
#[test]
fn the_second_part_is_loaded_once_whoever_asks() {
    stage("once", |stage| {
        stage.show(BARE);
        stage.js(
            "const { ready } = await import('/embed/tieline.js');
             // The first who asks gets it soon, whoever else asks much later.
             let asked = 0, made = 0;
             const { fetch } = window;
             window.fetch = async (url, ...rest) => {
               if (String(url).endsWith('_later.wasm')) await sleep(asked++ ? 1500 : 100);
               return fetch(url, ...rest);
             };
             const { instantiate } = WebAssembly;
             WebAssembly.instantiate = (source, imports) => {
               if (imports.first) made += 1;
               return instantiate.call(WebAssembly, source, imports);
             };
             const [element, other] = [form({ history: 'local' }), form({ history: 'local' })];
             await Promise.all([shown(element), shown(other)]);
             const all = ready();
             type(element, 'Name', 'backbone');
             const sent = element.submit();
             type(other, 'Name', 'branches');
             await all;
             const first = await sent;
             await sleep(2000);
             const second = await other.submit();
             same([first.outcome, second.outcome], ['created', 'created']);
             const kept = await element.exportHistory();
             for (const { resourceId } of [first, second]) holds(kept.includes(resourceId), resourceId);
             same(made, 1, 'instantiations');",
        );
    });
}
