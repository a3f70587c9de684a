// What every history store must do, as checks for any test runner. history-store-contract.d.ts
// describes what is exported here.

let count = 0;

/** A record as Tieline writes it, with a new id. */
function record(changes) {
  const id = 1_795_000_000_000 * 1024 + count++;
  return {
    id,
    operation: "CreateSomething",
    params: { Name: "骨干网 – backbone", Tag: [{ Key: "team", Value: "network" }] },
    created: 1_795_000_000_000,
    updated: 1_795_000_000_000,
    key: `key-${id}`,
    outcome: "pending",
    endpoint: "/api",
    ...changes,
  };
}

/** The checks, by name. `open` gives an empty store each time; `reopen` gives the same one anew. */
export function historyStoreContract({ open, reopen }) {
  const checks = {
    async "an empty store loads an empty list"(store) {
      same(await store.load(), []);
    },
    async "what was put is loaded, with every member"(store) {
      const records = [record(), record({ outcome: "created", resource_id: "cen-1", later: { a: [null] } })];
      await store.put(records);
      same(sorted(await store.load()), records);
    },
    async "an empty put and an empty delete change nothing"(store) {
      const kept = record();
      await store.put([kept]);
      await store.put([]);
      await store.delete([]);
      same(await store.load(), [kept]);
    },
    async "a newer version replaces an older one"(store) {
      const old = record();
      const newer = { ...old, updated: old.updated + 1, outcome: "created", resource_id: "cen-2" };
      await store.put([old]);
      await store.put([newer]);
      same(await store.load(), [newer]);
    },
    async "an older version does not replace a newer one"(store) {
      const old = record();
      const newer = { ...old, updated: old.updated + 1, outcome: "unknown" };
      await store.put([newer]);
      await store.put([old]);
      same(await store.load(), [newer]);
    },
    async "of two versions in one put the newer one is kept"(store) {
      const old = record();
      const newer = { ...old, updated: old.updated + 1, outcome: "rejected" };
      await store.put([newer, old]);
      same(await store.load(), [newer]);
    },
    async "records put at the same time are all kept"(store) {
      const records = Array.from({ length: 20 }, () => record());
      await Promise.all(records.map((record) => store.put([record])));
      same(sorted(await store.load()), records);
    },
    async "delete removes what it names, and nothing else"(store) {
      const [a, b, c] = [record(), record(), record()];
      await store.put([a, b, c]);
      await store.delete([a.id, c.id, 7]);
      same(await store.load(), [b]);
    },
    async "ids up to 2^53 - 1 are exact"(store) {
      const [a, b] = [record({ id: Number.MAX_SAFE_INTEGER }), record({ id: Number.MAX_SAFE_INTEGER - 1 })];
      await store.put([a, b]);
      await store.delete([b.id]);
      same(await store.load(), [a]);
    },
    async "a change to what was put or loaded does not change the store"(store) {
      const put = record();
      const before = structuredClone(put);
      await store.put([put]);
      put.params.Name = "changed";
      const [loaded] = await store.load();
      loaded.params.Name = "changed as well";
      same(await store.load(), [before]);
    },
    async "what a resolved put wrote is there when the store is opened again"(store) {
      if (!reopen) return;
      const [kept, gone] = [record(), record()];
      await store.put([kept, gone]);
      await store.delete([gone.id]);
      same(await (await reopen(store)).load(), [kept]);
    },
    async "a subscriber hears of a put, and after it has left of none"(store) {
      if (!store.subscribe) return;
      let heard = 0;
      const leave = store.subscribe(() => heard++);
      await store.put([record()]);
      await until(() => heard > 0, "the subscriber heard nothing of a put");
      leave();
      const before = heard;
      await store.put([record()]);
      await pause(50);
      same(heard, before);
    },
  };
  return Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => check(await open()),
  }));
}

function sorted(records) {
  return [...records].sort((a, b) => a.id - b.id);
}

function same(found, expected) {
  const [a, b] = [text(found), text(expected)];
  if (a !== b) throw new Error(`expected ${b}, found ${a}`);
}

/** JSON with the members of each object in one order. */
function text(value) {
  const ordered = (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(value, ordered);
}

async function until(holds, complaint) {
  for (let turn = 0; turn < 200; turn++) {
    if (holds()) return;
    await pause(10);
  }
  throw new Error(complaint);
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
