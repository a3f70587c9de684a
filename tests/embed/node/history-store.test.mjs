// The contract of history stores, held by three of them, and broken by some that are wrong.
import assert from "node:assert/strict";
import { test } from "node:test";

import { localHistoryStore } from "../../../static/embed/frame-host.js";
import { Channel } from "../../../static/embed/frame-protocol.js";
import { historyStoreContract } from "../../../static/embed/history-store-contract.js";

/** A store in memory, as simple as the contract allows; `kept` is what lasts. */
function memoryStore(kept = new Map()) {
  const listeners = new Set();
  const tell = () => listeners.forEach((changed) => changed());
  return {
    kept,
    load: async () => [...kept.values()].map((text) => JSON.parse(text)),
    async put(records) {
      for (const record of records) {
        const old = kept.get(record.id);
        if (!old || JSON.parse(old).updated <= record.updated) kept.set(record.id, JSON.stringify(record));
      }
      tell();
    },
    async delete(ids) {
      ids.forEach((id) => kept.delete(id));
      tell();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/** Local storage as browsers have it. */
function fakeStorage() {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, String(value)),
    removeItem: (key) => void items.delete(key),
  };
}

/** A store at the other end of a port, as a frame sees its host's. */
function remoteStore(store, ports) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const listeners = new Set();
  const host = new Channel(port1, {
    load: () => store.load(),
    put: async (records) => void (await store.put(records)),
    delete: async (ids) => void (await store.delete(ids)),
  });
  store.subscribe(() => host.tell("changed"));
  const frame = new Channel(port2, { changed: () => listeners.forEach((changed) => changed()) });
  return {
    load: () => frame.ask("load"),
    put: (records) => frame.ask("put", records),
    delete: (ids) => frame.ask("delete", ids),
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

for (const [name, stores] of Object.entries({
  "in memory": {
    open: () => memoryStore(),
    reopen: (store) => memoryStore(store.kept),
  },
  "in local storage": (() => {
    let storage;
    return {
      open: () => localHistoryStore("a", (storage = fakeStorage())),
      reopen: () => localHistoryStore("a", storage),
    };
  })(),
})) {
  for (const { name: check, run } of historyStoreContract(stores)) {
    test(`a store ${name}: ${check}`, run);
  }
}

for (const { name: check } of historyStoreContract({ open: memoryStore })) {
  test(`a store at the host's end of a port: ${check}`, async () => {
    const ports = [];
    const [own] = historyStoreContract({ open: () => remoteStore(memoryStore(), ports) }).filter(
      (other) => other.name === check,
    );
    try {
      await own.run();
    } finally {
      ports.forEach((port) => port.close());
    }
  });
}

test("local storage that something else wrote to does no harm", async () => {
  const storage = fakeStorage();
  storage.setItem("a:1", "no JSON");
  storage.setItem("a:2", "null");
  storage.setItem("b:3", '{"id":3}');
  const store = localHistoryStore("a", storage);
  assert.deepEqual(await store.load(), []);
  await store.put([{ id: 1, updated: 1 }]);
  assert.deepEqual(await store.load(), [{ id: 1, updated: 1 }]);
});

test("a store that is full says so", async () => {
  const storage = { ...fakeStorage(), setItem: () => assert.fail("quota") };
  await assert.rejects(localHistoryStore("a", storage).put([{ id: 1, updated: 1 }]), /quota/);
});

// A contract that lets these through would check nothing.
const wrong = {
  "forgets members": (store) => ({ ...store, load: async () => (await store.load()).map(({ id, updated }) => ({ id, updated })) }),
  "takes older versions": (store) => ({
    ...store,
    put: async (records) => {
      await store.delete(records.map((record) => record.id));
      for (const record of records) {
        await store.delete([record.id]);
        await store.put([record]);
      }
    },
  }),
  "deletes everything": (store) => ({ ...store, delete: async () => store.kept.clear() }),
  "is silent": (store) => ({ ...store, subscribe: () => () => {} }),
  "never leaves": (store) => ({ ...store, subscribe: (changed) => (store.subscribe(changed), () => {}) }),
  "rounds ids": (store) => ({ ...store, put: (records) => store.put(records.map((r) => ({ ...r, id: Math.fround(r.id) }))) }),
};
for (const [name, spoil] of Object.entries(wrong)) {
  test(`the contract finds a store that ${name}`, async () => {
    const results = await Promise.allSettled(
      historyStoreContract({ open: () => spoil(memoryStore()) }).map((check) => check.run()),
    );
    assert.ok(results.some((result) => result.status === "rejected"));
  });
}
test("the contract finds a store that does not last", async () => {
  const checks = historyStoreContract({ open: () => memoryStore(), reopen: () => memoryStore() });
  const results = await Promise.allSettled(checks.map((check) => check.run()));
  assert.equal(results.filter((result) => result.status === "rejected").length, 1);
});
