//! What a page hands to an element or a function, however odd: it is taken or told of, and nothing breaks.

use serde_json::json;

use crate::stage::{stage, BARE};

/// A proxy in the page, at `/gateway`: `seen` has the requests, `health` is how it is.
pub const GATEWAY: &str = "
    const [version] = args;
    const seen = [];
    let [up, mode] = [true, 'sandbox'];
    // What the answers wait for.
    let [health, creation] = [undefined, undefined];
    const real = window.fetch;
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith('/gateway/')) return real(input, init);
      seen.push([request.method, pathname, request.headers.get('authorization'), request.headers.get('tieline-profile'), request.headers.get('tieline-mode')]);
      if (!up) throw new TypeError('Failed to fetch');
      const answer = (body) => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', 'tieline-relayed': 'alibaba' } });
      if (pathname.endsWith('/healthz')) {
        await health;
        return answer({ name: 'tieline-proxy', version, mode, credentials: { alibaba: true, huawei: true } });
      }
      const id = 'cen-' + seen.length;
      await creation;
      return answer({ CenId: id, RequestId: 'R' });
    };
    const healths = () => seen.filter(([, path]) => path.endsWith('/healthz')).length;
    const creations = () => seen.filter(([method, path]) => method == 'POST' && path.endsWith('/CreateCen'));";

/// The argument of [`GATEWAY`].
pub fn version() -> serde_json::Value {
    json!([env!("CARGO_PKG_VERSION")])
}

#[test]
fn values_of_every_kind_are_taken_or_told_of() {
    stage("boundary", |stage| {
        stage.forgive("/api/healthz");
        stage.show(BARE);
        let longest = stage.js(
            "const { check, preview, ready } = await import('/embed/tieline.js');
             await ready();
             const thrown = (call) => { try { call(); } catch (error) { return error; } };
             const frame = add('iframe', { title: 'Another realm' });
             const bare = Object.assign(Object.create(null), { Name: 'bare' });
             const foreign = frame.contentWindow.eval(`({ Name: 'foreign', Tag: [{ Key: 'k', Value: 'v' }] })`);
             const circle = { Name: 'x' };
             circle.Tag = [circle];
             let deep = {};
             for (let turn = 0; turn < 100000; turn++) deep = { deep };
             const wide = Object.fromEntries(Array.from({ length: 200000 }, (_, at) => ['k' + at, 'v']));
             let dag = ['leaf'];
             for (let turn = 0; turn < 40; turn++) dag = [dag, dag];
             const hostile = new Proxy({}, { ownKeys() { throw new Error('no'); } });
             const getter = { get Name() { throw new Error('no'); } };
             const endless = new Proxy([], { get: (_, name) => (name === 'length' ? 2 ** 32 - 1 : {}) });
             // What is an object like any other is taken.
             for (const values of [bare, foreign, new (class { Name = 'of a class' })(), new Proxy({ Name: 'proxy' }, {})]) {
               same(check('CreateCen', values), []);
               holds(preview('CreateCen', values).url.includes(values.Name.split(' ')[0]), values.Name);
             }
             // What is not is refused with a reason, in time.
             const odd = { circle, deep, wide, dag, hostile, getter, endless, big: { Name: 5n }, map: { Name: new Map() },
               set: new Set(), date: { Name: new Date() }, function: () => 1, symbol: { Name: Symbol('x') },
               number: { Name: NaN }, long: { Name: 'x'.repeat(2e6) }, bigint: 7n };
             const measured = await slowness();
             let longest = [0];
             for (const [name, values] of Object.entries(odd)) {
               const began = performance.now();
               for (const call of [() => check('CreateCen', values), () => preview('CreateCen', values)]) {
                 const error = thrown(call);
                 same([error instanceof Error, error?.code], [true, 'argument'], name);
               }
               const took = performance.now() - began;
               if (took > longest[0]) longest = [took, name];
             }
             const slower = await measured();
             holds(longest[0] < 1000 * slower, `${longest} on a machine ${slower} times slower`);
             for (const operation of [5, null, undefined, {}, [], Symbol('x'), 1n, 'Nothing', '', 'x'.repeat(5000)]) {
               for (const call of [() => check(operation, {}), () => preview(operation, {})]) same(thrown(call)?.code, 'argument');
             }
             // An element says so, and works.
             const heard = [];
             document.addEventListener('tieline-error', ({ detail }) => heard.push(detail));
             for (const [name, values] of Object.entries(odd)) {
               heard.length = 0;
               const element = form({}, { values });
               await shown(element);
               await until(() => heard.length > 0, 'a word about ' + name);
               same([heard[0].kind, heard[0].code], ['values', 'argument'], name);
               holds(/left out/.test(heard[0].message.en) && /已忽略/.test(heard[0].message.zh), name);
               element.values = { Name: 'right' };
               await until(() => control(element, 'Name').value == 'right');
               element.remove();
             }
             heard.length = 0;
             const taken = form({}, { values: foreign });
             same((await shown(taken)).value, 'foreign');
             taken.values = bare;
             await until(() => control(taken, 'Name').value == 'bare');
             same(heard, []);
             // A place that there is not, in a list that is too long.
             const long = form({}, { values: { Tag: Array.from({ length: 300 }, () => ({ Key: 'k', Value: 'v' })) } });
             await shown(long);
             await until(() => heard.some(({ message }) => message.en.includes('Tag.201')));
             // Other options of a kind that they cannot be.
             heard.length = 0;
             const wrong = form({}, { endpoint: {}, locked: 'Name', getToken: 'a token', values: { Name: 'still' } });
             same((await shown(wrong)).value, 'still');
             await until(() => heard.length > 0);
             same([heard[0].kind, heard[0].code], ['options', 'argument']);
             for (const name of ['endpoint', 'locked', 'getToken']) holds(heard[0].message.en.includes(name), name);
             same((await wrong.submit()).outcome, 'created');
             // Without them a request would go elsewhere, or as somebody else.
             wrong.remove();
             for (const properties of [{ endpoint: {} }, { endpoint: 'x'.repeat(5000) }, { getToken: 'a token' }]) {
               const element = form({}, { values: { Name: 'x' }, ...properties });
               element.removeAttribute('sandbox');
               await shown(element);
               same((await element.submit()).outcome, 'not-executed', JSON.stringify(properties).slice(0, 40));
               element.remove();
             }
             return longest;",
        );
        println!("measured: the longest that an odd value took, in milliseconds: {longest}");
    });
}

#[test]
fn what_no_header_can_carry_is_not_sent_and_spoils_nothing() {
    stage("headers", |stage| {
        stage.show(BARE);
        stage.js_with(
            &format!(
                "{GATEWAY}
                 const heard = [];
                 document.addEventListener('tieline-error', ({{ detail }}) => heard.push(detail));
                 const gateway = (attributes, properties) => {{
                   const element = form({{ endpoint: '/gateway', ...attributes }}, {{ values: {{ Name: 'x' }}, ...properties }});
                   element.removeAttribute('sandbox');
                   return element;
                 }};
                 for (const profile of ['团队', 'two words', 'a\\nb', 'x'.repeat(9000)]) {{
                   heard.length = 0;
                   const element = gateway({{ profile }});
                   await shown(element);
                   same((await element.submit()).outcome, 'not-executed', profile);
                   await until(() => heard.length > 0, 'a word about ' + profile);
                   element.remove();
                 }}
                 for (const token of ['a\\nb', 'a\\r\\nx: y', '令牌', 'a b', '\\0', 'x'.repeat(9000), '', undefined, null, 7, {{}}]) {{
                   const element = gateway({{}}, {{ getToken: async () => token }});
                   await shown(element);
                   const outcome = await element.submit();
                   same(outcome.outcome, 'not-executed', String(token));
                   holds(outcome.message.en && outcome.message.zh, 'why');
                   element.remove();
                 }}
                 same(creations(), []);
                 // The next form knows of no earlier request.
                 const next = gateway({{ profile: 'team-a' }}, {{ getToken: async () => 'token' }});
                 await shown(next);
                 same((await next.submit()).outcome, 'created');
                 same(creations().map(([,, token]) => token), ['Bearer token']);"
            ),
            version(),
        );
    });
}

#[test]
fn two_copies_that_begin_together_load_once() {
    stage("copies", |stage| {
        stage.show("<!doctype html><meta charset=utf-8><title>Copies</title>");
        stage.js(
            "let made = 0;
             for (const name of ['instantiate', 'instantiateStreaming']) {
               const real = WebAssembly[name];
               WebAssembly[name] = (...all) => (made++, real.apply(WebAssembly, all));
             }
             const copies = await Promise.all(['', '?a', '?b'].map((query) => import('/embed/tieline.js' + query)));
             await Promise.all(copies.map((copy) => copy.ready()));
             same(made, 2, 'the first part and the second');
             for (const copy of copies) same(copy.check('CreateCen', {}), []);",
        );
    });
}
