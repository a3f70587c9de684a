//! What is left of elements that were taken away.

use serde_json::{json, Value};

use crate::stage::{stage, Stage, BARE};

/// How often an element is put into the page and taken away again.
const MOUNTS: usize = 200;

/// What the page holds after a collection, in bytes and numbers.
#[derive(Debug, Clone, Copy)]
struct Held {
    heap: f64,
    nodes: f64,
    listeners: f64,
    wasm: f64,
}

fn held(stage: &Stage) -> Held {
    let ask = |command: &str| stage.done(stage.browser().devtools(command, json!({})));
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    // A collection frees what the finalizers of the one before let go of, and those run when the
    // browser has time for them.
    let (mut least, mut rounds) = (f64::INFINITY, 0);
    while rounds < 3 {
        ask("HeapProfiler.collectGarbage");
        stage.js("await sleep(100)");
        let nodes = number(&ask("Memory.getDOMCounters")["nodes"]);
        rounds = if nodes < least { 0 } else { rounds + 1 };
        least = least.min(nodes);
    }
    let heap = ask("Runtime.getHeapUsage");
    let counters = ask("Memory.getDOMCounters");
    let wasm = stage.js(
        "const exports = await (await import('/embed/tieline_glue.js')).default();
         return Object.values(exports).find((e) => e instanceof WebAssembly.Memory).buffer.byteLength;",
    );
    Held {
        heap: number(&heap["usedSize"]),
        nodes: number(&counters["nodes"]),
        listeners: number(&counters["jsEventListeners"]),
        wasm: number(&wasm),
    }
}

/// Puts an element into the page, uses it, and takes it away, this many times.
fn mount(stage: &Stage, times: usize) {
    stage.js_with(
        "const [times] = args;
         for (let turn = 0; turn < times; turn++) {
           const name = turn % 4 == 0 ? 'tieline-console' : 'tieline-form';
           const element = add(name, { operation: 'CreateCen', sandbox: '', lang: 'en', history: 'none' },
             { context: new Array(1000).fill(turn), values: { Name: 'name ' + turn } });
           await shown(element);
           type(element, 'Name', 'typed');
           await element.check();
           element.remove();
           await until(() => element.shadowRoot.childElementCount == 0);
         }",
        json!([times]),
    );
}

#[test]
fn nothing_is_left_after_two_hundred_mounts() {
    stage("memory", |stage| {
        stage.show(BARE);
        mount(stage, 20);
        let before = held(stage);
        for _ in 0..4 {
            mount(stage, MOUNTS / 4);
        }
        let after = held(stage);
        println!("{before:?}\n{after:?}");
        // One console alone has hundreds of nodes and dozens of listeners.
        assert!(
            after.nodes <= before.nodes + 100.0,
            "nodes: {before:?} {after:?}"
        );
        assert!(
            after.listeners <= before.listeners + 20.0,
            "listeners: {before:?} {after:?}"
        );
        let grown = after.heap - before.heap;
        assert!(
            grown < 1_000_000.0,
            "the heap grew by {grown} bytes: {before:?} {after:?}"
        );
        let grown = after.wasm - before.wasm;
        assert!(
            grown <= 131_072.0,
            "the WebAssembly grew by {grown} bytes: {before:?} {after:?}"
        );
    });
}
