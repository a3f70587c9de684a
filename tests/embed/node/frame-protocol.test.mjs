// What the two ends of a frame's port make of each other, and of what is no message at all.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Channel, read, readOptions, VERSION } from "../../../static/embed/frame-protocol.js";

const HOSTILE = [
  undefined, null, 0, 1n, "", "tieline", true, [], [1], {}, new Date(), new Map([["tieline", 1]]),
  { tieline: 1 }, { tieline: "1", type: "check" }, { tieline: 0, type: "check" }, { tieline: NaN, type: "check" },
  { tieline: 1.5, type: "check" }, { tieline: -1, type: "check" }, { tieline: 1, type: "" }, { tieline: 1, type: 7 },
  { tieline: 1, type: null }, { tieline: 1, type: {} }, { tieline: 1, type: "x".repeat(33) },
  { tieline: 1, type: "check", id: "1" }, { tieline: 1, type: "check", id: -1 }, { tieline: 1, type: "check", id: 2 ** 53 },
  { tieline: 1, type: "check", id: {} }, { tieline: 1, type: "check", id: null },
  new Uint8Array(8), new ArrayBuffer(8), new Error("x"), /x/, { length: 3, 0: "tieline" },
];

/** A channel whose other end is a bare port. */
function bare(handlers) {
  const { port1, port2 } = new MessageChannel();
  const heard = [];
  port2.onmessage = (event) => heard.push(event.data);
  const channel = new Channel(port1, handlers);
  return { channel, heard, port: port2, end: () => (channel.close(), port2.close()) };
}

async function until(holds) {
  for (let turn = 0; turn < 500 && !holds(); turn++) await new Promise((done) => setTimeout(done, 2));
  assert.ok(holds());
}

test("only messages are read", () => {
  for (const data of HOSTILE) assert.equal(read(data), undefined, String(data));
  const message = { tieline: 1, type: "check", id: 0, value: { a: 1 }, more: 1 };
  assert.deepEqual(read(message), { tieline: 1, type: "check", id: 0, value: { a: 1 } });
});

test("what is no message is ignored, and what comes after is heard", async () => {
  let asked = 0;
  const { heard, port, end } = bare({ check: () => ++asked });
  for (const data of HOSTILE) port.postMessage(data);
  port.postMessage({ tieline: 1, type: "check", id: 5 });
  await until(() => heard.length > 0);
  assert.deepEqual(heard, [{ tieline: VERSION, type: "answer", id: 5, value: 1 }]);
  end();
});

test("unknown versions and types are answered with an error", async () => {
  const { heard, port, end } = bare({ check: () => assert.fail("not to be called") });
  port.postMessage({ tieline: 2, type: "check", id: 1 });
  port.postMessage({ tieline: 1, type: "steal", id: 2 });
  port.postMessage({ tieline: 1, type: "constructor", id: 3 });
  port.postMessage({ tieline: 1, type: "__proto__", id: 4 });
  port.postMessage({ tieline: 1, type: "toString" });
  await until(() => heard.length === 5);
  assert.deepEqual(heard.map(({ type, id, value }) => [type, id, value.code]), [
    ["error", 1, "version"],
    ["error", 2, "type"],
    ["error", 3, "type"],
    ["error", 4, "type"],
    ["error", undefined, "type"],
  ]);
  end();
});

test("answers that nobody waits for, and errors, are not answered", async () => {
  const { heard, port, end } = bare({ check: () => "here" });
  port.postMessage({ tieline: 1, type: "answer", id: 99, value: 1 });
  port.postMessage({ tieline: 1, type: "answer" });
  port.postMessage({ tieline: 1, type: "error", id: 99 });
  port.postMessage({ tieline: 1, type: "error", value: { message: {} } });
  port.postMessage({ tieline: 7, type: "error" });
  port.postMessage({ tieline: 1, type: "check", id: 1 });
  await until(() => heard.length > 0);
  assert.deepEqual(heard.map((message) => message.value), ["here"]);
  end();
});

test("a question gets its answer, a failure its reason, and a closed port an end", async () => {
  const { port1, port2 } = new MessageChannel();
  const one = new Channel(port1, { double: (n) => n * 2, fail: () => assert.fail("because"), wait: () => new Promise(() => {}) });
  const other = new Channel(port2, {});
  const answers = await Promise.all([1, 2, 3].map((n) => other.ask("double", n)));
  assert.deepEqual(answers, [2, 4, 6]);
  await assert.rejects(other.ask("fail"), /because/);
  await assert.rejects(other.ask("unknown"), /no message unknown/);
  await assert.rejects(other.ask("double", () => 1), /could not be cloned/);
  const waiting = other.ask("wait");
  other.close();
  one.close();
  await assert.rejects(waiting, /not connected/);
  await assert.rejects(other.ask("double", 1), /not connected/);
  other.tell("double", 1);
});

test("an error without a question goes to who handles errors", async () => {
  const reasons = [];
  const { port, end } = bare({ error: (reason) => reasons.push(reason) });
  port.postMessage({ tieline: 1, type: "error", value: { code: "version", message: "old" } });
  port.postMessage({ tieline: 1, type: "error", value: null });
  await until(() => reasons.length === 2);
  assert.deepEqual(reasons.map(({ code, message }) => [code, message]), [
    ["version", "old"],
    ["failed", "the other end refused"],
  ]);
  end();
});

test("of options only those that are what they must be are taken", () => {
  const values = { Name: "x", Tag: [{ Key: "k", Value: "v" }] };
  assert.deepEqual(
    readOptions({ operation: "A", operations: ["A", "B"], sandbox: true, theme: "dark", history: "host", values, locked: ["Name"] }),
    { history: "host", locked: ["Name"], operation: "A", operations: ["A", "B"], sandbox: true, theme: "dark", values },
  );
  const wrong = {
    account: 1, endpoint: {}, history: "elsewhere", lang: ["en"], locked: "Name", operation: null, operations: [1],
    region: "x".repeat(3000), sandbox: "yes", theme: 3, values: [], getToken: "x", innerHTML: "<img>", onclick: "x",
  };
  assert.deepEqual(readOptions(wrong), {});
  for (const data of HOSTILE) assert.deepEqual(readOptions(data), {});
  assert.deepEqual(readOptions(Object.create({ operation: "inherited" })), {});
});
