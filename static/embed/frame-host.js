// In the host page of a frame: connects to embed.html in it. frame-host.d.ts describes what is
// exported here.
import { Channel, EVENTS, OPTION_NAMES, plain, read, VERSION } from "./frame-protocol.js";

const PATIENCE_MS = 15_000;
const TALLEST = 100_000;

/** Connects to the frame; what happens there arrives as events of the `<iframe>`. */
export function connect(iframe, options = {}) {
  const origin = options.origin ?? new URL(iframe.src, document.baseURI).origin;
  return new Connection(iframe, origin, options);
}

class Connection {
  #iframe;
  #origin;
  #options;
  #channel;
  #partitioned = false;
  #unsubscribe;
  #settle;
  #listener = (event) => this.#hear(event);

  constructor(iframe, origin, options) {
    this.#iframe = iframe;
    this.#origin = origin;
    this.#options = { ...options };
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.ready.catch(() => {});
    this.#settle.timer = setTimeout(() => {
      const hint = `is ${location.origin} in the meta "tieline-hosts" of its page, and may it be framed here?`;
      this.#settle.reject(new Error(`the frame of ${origin} does not answer: ${hint}`));
    }, options.patience ?? PATIENCE_MS);
    addEventListener("message", this.#listener);
    // The frame may be there already. Nobody but a page of its own makes anything of this.
    iframe.contentWindow?.postMessage({ tieline: VERSION, type: "hello" }, "*");
  }

  update(options) {
    Object.assign(this.#options, options);
    this.#send();
  }

  async check() {
    return (await this.#current()).ask("check");
  }

  async submit() {
    return (await this.#current()).ask("submit");
  }

  async exportHistory() {
    return (await this.#current()).ask("exportHistory");
  }

  disconnect() {
    clearTimeout(this.#settle.timer);
    removeEventListener("message", this.#listener);
    this.#unsubscribe?.();
    this.#channel?.close();
    this.#settle.reject(new Error("the frame was disconnected"));
  }

  async #current() {
    await this.ready;
    return this.#channel;
  }

  // A frame says hello when it starts, also after it was reloaded, and when it is greeted.
  #hear(event) {
    const frame = this.#iframe.contentWindow;
    if (!frame || event.source !== frame || event.origin !== this.#origin) return;
    if (read(event.data)?.type !== "hello") return;
    const { port1, port2 } = new MessageChannel();
    this.#channel?.close();
    this.#channel = new Channel(port1, this.#handlers());
    frame.postMessage({ tieline: VERSION, type: "connect" }, this.#origin, [port2]);
  }

  #handlers() {
    const store = () => this.#store() ?? refuse("this page keeps no history");
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
        this.#dispatch(value.name, value.detail);
      },
      "before-submit": async (detail) =>
        plain(detail) && this.#dispatch("before-submit", detail, true),
      token: async () => (this.#options.getToken ?? refuse("this page gives no token"))(),
      load: () => store().load(),
      put: async (records) => void (await store().put(records)),
      delete: async (ids) => void (await store().delete(ids)),
      height: (height) => {
        if (this.#options.autoHeight === false || !Number.isFinite(height)) return;
        this.#iframe.style.height = `${Math.min(Math.max(height, 0), TALLEST)}px`;
      },
      error: (reason) => this.#settle.reject(new Error(`the frame refused: ${reason}`)),
    };
  }

  #dispatch(name, detail, cancelable = false) {
    const { context } = this.#options;
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

  #send() {
    if (!this.#channel) return;
    const store = this.#store();
    this.#unsubscribe?.();
    this.#unsubscribe = store?.subscribe?.(() => this.#channel?.tell("changed"));
    const crossing = OPTION_NAMES.filter((name) => this.#options[name] !== undefined);
    this.#channel.tell("options", {
      ...Object.fromEntries(crossing.map((name) => [name, this.#options[name]])),
      ask: true,
      lang: this.#options.lang ?? (this.#iframe.closest("[lang]")?.lang || navigator.language),
      form: this.#options.form === true,
      store: store !== undefined,
      token: typeof this.#options.getToken === "function",
    });
  }
}

function refuse(message) {
  throw new Error(message);
}

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
  // The browser tells of what other tabs write.
  const elsewhere = (event) => {
    if (event.key === null || event.key.startsWith(start)) tell();
  };
  return {
    async load() {
      const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at));
      const ids = keys.filter((key) => key?.startsWith(start)).map((key) => key.slice(start.length));
      return ids.map(get).filter(plain);
    },
    async put(records) {
      for (const record of records) {
        if (!((get(record.id)?.updated ?? -1) > record.updated)) {
          storage.setItem(start + record.id, JSON.stringify(record));
        }
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
