// In the host page of a frame: connects to embed.html in it. frame-host.d.ts describes what is
// exported here.
import { Contexts, copied, fault, handed } from "./boundary.js";
import { Budget, Channel, EVENTS, OPTION_NAMES, plain, read, unconnected, VERSION } from "./frame-protocol.js";

const PATIENCE_MS = 15_000;
const TALLEST = 100_000;
// A frame that has gone is missed after so long, in milliseconds: the browser does not tell of it.
const LOOK_MS = 500;
const PROBE_MS = 3_000;
// A page on its way out can still answer for a moment: it is asked once more after so long.
const UNLOADING_MS = 2_000;
// A greeting costs as much as so many messages.
const GREETING = 50;
// So many records at once, and so many characters of one, are what a history has; so many earlier stores
// may still be written to by what is under way.
const MOST_RECORDS = 10_000;
const LONGEST_RECORD = 65_536;
const MOST_STORES = 8;

// What a `sandbox` attribute has to leave the frame.
const NEEDED = ["allow-scripts", "allow-same-origin", "allow-forms"];

// The connection of an iframe, also that of another copy of this file.
const CONNECTION = Symbol.for("tieline.connection");

/** Connects to the frame; what happens there arrives as events of the `<iframe>`. */
export function connect(iframe, options) {
  // Of whatever window it is.
  if (iframe?.localName !== "iframe") throw fault("argument", "connect needs an <iframe>");
  options ??= {};
  const origin = options.origin ?? new URL(iframe.src, document.baseURI).origin;
  iframe[CONNECTION]?.replaced();
  const connection = new Connection(iframe, origin, options);
  Object.defineProperty(iframe, CONNECTION, { value: connection, configurable: true });
  return connection;
}

class Connection {
  #iframe;
  #origin;
  #options;
  #channel;
  #partitioned = false;
  #unsubscribe;
  #settle;
  #budget = new Budget();
  // The stores that the history was in, by their numbers; the last is the present one.
  #stores = new Map();
  #number = 0;
  #odd = "";
  #ended;
  #asking = 0;
  // What a submit under way was called with.
  #submitting;
  #contexts = new Contexts();
  #watch;
  #listener = (event) => this.#hear(event);
  // Whatever is in the frame now, it may be another page.
  #loaded = () => {
    const probe = () => this.#channel?.probe(PROBE_MS);
    probe();
    setTimeout(probe, UNLOADING_MS);
  };

  constructor(iframe, origin, options) {
    this.#iframe = iframe;
    this.#origin = origin;
    this.#options = { ...options };
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.ready.catch(() => {});
    this.#settle.timer = setTimeout(() => {
      const hint = `does ${origin} list ${location.origin} as a host, and may it be framed here?`;
      this.#settle.reject(fault("silent", `the frame of ${origin} does not answer: ${hint}`));
    }, options.patience ?? PATIENCE_MS);
    const lacking = iframe.hasAttribute("sandbox") ? NEEDED.filter((word) => !iframe.sandbox.contains(word)) : [];
    if (lacking.length > 0) {
      const message = `the sandbox attribute of the frame lacks ${lacking.join(" ")}`;
      this.#settle.reject(fault("sandbox", message));
    }
    addEventListener("message", this.#listener);
    iframe.addEventListener("load", this.#loaded);
    // The frame may be there already. Nobody but a page of its own makes anything of this.
    iframe.contentWindow?.postMessage({ tieline: VERSION, type: "hello" }, "*");
  }

  update(options) {
    Object.assign(this.#options, options);
    this.#send();
  }

  async check() {
    return this.#ask("check");
  }

  async submit() {
    const { context } = this.#options;
    const own = { context };
    this.#submitting ??= own;
    try {
      return await this.#ask("submit");
    } finally {
      if (own === this.#submitting) this.#submitting = undefined;
    }
  }

  async exportHistory() {
    return this.#ask("exportHistory");
  }

  disconnect() {
    this.#end("closed", new Error("the frame was disconnected"));
  }

  /** Another connection takes this one's place. */
  replaced() {
    this.#end("replaced");
  }

  #end(code, error = unconnected(code)) {
    this.#ended ??= code;
    clearTimeout(this.#settle.timer);
    clearInterval(this.#watch);
    removeEventListener("message", this.#listener);
    this.#iframe.removeEventListener("load", this.#loaded);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#channel?.close(code);
    this.#settle.reject(error.code ? error : Object.assign(error, { code }));
  }

  async #ask(what) {
    await this.ready;
    if (this.#ended) throw unconnected(this.#ended);
    this.#asking += 1;
    this.#look();
    this.#watch ??= setInterval(() => this.#look(), LOOK_MS);
    try {
      return await this.#channel.ask(what);
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) {
        clearInterval(this.#watch);
        this.#watch = undefined;
      }
    }
  }

  // Nobody is told that a frame was removed.
  #look() {
    if (!this.#iframe.contentWindow) this.#channel?.close("removed");
  }

  // A frame says hello when it starts, also after it was reloaded, and when it is greeted.
  #hear(event) {
    const frame = this.#iframe.contentWindow;
    if (!frame || event.source !== frame || event.origin !== this.#origin) return;
    // A frame that does nothing but greet is cut off like one that says too much.
    if (this.#budget.exceeded(GREETING, 0)) return this.#end("flood");
    if (read(event.data)?.type !== "hello") return;
    const { port1, port2 } = new MessageChannel();
    this.#channel?.close();
    const gone = (code) => code === "flood" && this.#end(code);
    this.#channel = new Channel(port1, this.#handlers(), { budget: this.#budget, gone });
    frame.postMessage({ tieline: VERSION, type: "connect" }, this.#origin, [port2]);
  }

  #handlers() {
    return {
      connected: (value) => {
        this.#partitioned = plain(value) && value.partitioned === true;
        this.#send();
      },
      shown: () => {
        clearTimeout(this.#settle.timer);
        this.#settle.resolve();
      },
      event: (value) => {
        if (!plain(value) || !EVENTS.includes(value.name) || !plain(value.detail)) return;
        const { copy, odd } = copied(value.detail, "detail");
        if (odd.length === 0) this.#dispatch(value.name, copy);
      },
      "before-submit": async (detail) => {
        const { copy, odd } = copied(detail, "detail");
        return plain(copy) && odd.length === 0 && this.#dispatch("before-submit", copy, true);
      },
      token: () => this.#token(),
      load: (value) => this.#addressed(value)[0].load(),
      put: async (value) => {
        const [store, records] = this.#addressed(value);
        await store.put(recordsOf(records));
      },
      delete: async (value) => {
        const [store, ids] = this.#addressed(value);
        const right = Array.isArray(ids) && ids.length <= MOST_RECORDS && ids.every(isId);
        await store.delete(right ? ids : refuse("these are no ids"));
      },
      height: (height) => {
        if (this.#options.autoHeight === false || !Number.isFinite(height)) return;
        this.#iframe.style.height = `${Math.min(Math.max(height, 0), TALLEST)}px`;
      },
      error: (error) => this.#settle.reject(fault(error.code, `the frame refused: ${error.message}`)),
    };
  }

  async #token() {
    const token = await (this.#options.getToken ?? refuse("this page gives no token"))();
    return typeof token === "string" && token !== "" ? token : refuse("this page gave no token");
  }

  /** The store that a message is for, and what it is about: `{ store, value }`, or the value for the present one. */
  #addressed(value) {
    const numbered = plain(value) && Object.hasOwn(value, "store");
    const store = this.#stores.get(numbered ? value.store : this.#number);
    return [store ?? refuse("this page keeps no such history"), numbered ? value.value : value];
  }

  #dispatch(name, detail, cancelable = false) {
    const { context: present } = (cancelable && this.#submitting) || this.#options;
    const context = this.#contexts.of(name, detail, present);
    const init = { bubbles: true, composed: true, cancelable, detail: { ...detail, context } };
    return this.#iframe.dispatchEvent(new CustomEvent(`tieline-${name}`, init));
  }

  /** Where the history is kept on this side, if it is. */
  #store() {
    const { history, historyStore } = this.#options;
    if (history !== undefined && history !== "host") return undefined;
    if (historyStore) return historyStore;
    if (history !== "host" && !this.#partitioned) return undefined;
    return (this.#options.historyStore = localHistoryStore());
  }

  /** The number of the present store: another one is another history to the frame. */
  #numbered(store) {
    if (store && this.#stores.get(this.#number) !== store) {
      this.#stores.set(++this.#number, store);
      if (this.#stores.size > MOST_STORES) this.#stores.delete(this.#number - MOST_STORES);
    }
    return store ? this.#number : undefined;
  }

  #send() {
    if (!this.#channel) return;
    const store = this.#store();
    this.#unsubscribe?.();
    this.#unsubscribe = store?.subscribe?.(() => this.#channel?.tell("changed"));
    const { taken, odd } = handed(this.#options);
    const crossing = OPTION_NAMES.filter((name) => taken[name] !== undefined);
    this.#channel.tell("options", {
      ...Object.fromEntries(crossing.map((name) => [name, taken[name]])),
      ask: true,
      lang: taken.lang ?? (this.#iframe.closest("[lang]")?.lang || navigator.language),
      form: taken.form === true,
      store: store !== undefined,
      storeNumber: this.#numbered(store),
      token: taken.getToken !== undefined,
    });
    const now = JSON.stringify(odd);
    if (now !== this.#odd) odd.forEach((detail) => this.#dispatch("error", detail));
    this.#odd = now;
  }
}

function isId(id) {
  return Number.isSafeInteger(id) && id >= 0;
}

/** Records that a frame wants written, if that is what they are. */
function recordsOf(value) {
  const right = (record) => plain(record) && isId(record.id) && JSON.stringify(record).length <= LONGEST_RECORD;
  const all = Array.isArray(value) && value.length <= MOST_RECORDS && value.every(right);
  return all ? value : refuse("these are no records");
}

function refuse(message) {
  throw new Error(message);
}

// So many characters of a history in the local storage; it has room for twice as many, and other use.
const MOST_STORED = 2_500_000;

/** A history in this origin's local storage, an entry for each record. */
export function localHistoryStore(name = "tieline-history", storage = globalThis.localStorage) {
  const start = `${name}:`;
  const listeners = new Set();
  const tell = () => listeners.forEach((changed) => changed());
  const get = (id) => {
    try {
      return JSON.parse(storage.getItem(start + id)) ?? undefined;
    } catch {
      // Written by something else; a record of this id replaces it.
      return undefined;
    }
  };
  const keys = () => {
    const all = Array.from({ length: storage.length }, (_, at) => storage.key(at));
    return all.filter((key) => key?.startsWith(start));
  };
  // The browser tells of what other tabs write.
  const elsewhere = (event) => {
    if (event.key === null || event.key.startsWith(start)) tell();
  };
  return {
    async load() {
      return keys().map((key) => get(key.slice(start.length))).filter(plain);
    },
    async put(records) {
      let stored = keys().reduce((sum, key) => sum + key.length + (storage.getItem(key)?.length ?? 0), 0);
      for (const record of records) {
        if ((get(record.id)?.updated ?? -1) > record.updated) continue;
        const [key, text] = [start + record.id, JSON.stringify(record)];
        stored += text.length - (storage.getItem(key)?.length ?? -key.length);
        if (stored > MOST_STORED) throw fault("full", "the history is full: export it, then delete some of it");
        storage.setItem(key, text);
      }
      tell();
    },
    async delete(ids) {
      ids.forEach((id) => storage.removeItem(start + id));
      tell();
    },
    subscribe(changed) {
      if (listeners.size === 0) globalThis.addEventListener?.("storage", elsewhere);
      listeners.add(changed);
      return () => {
        listeners.delete(changed);
        if (listeners.size === 0) globalThis.removeEventListener?.("storage", elsewhere);
      };
    },
  };
}
