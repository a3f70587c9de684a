// Tieline as custom elements, and its functions without a page. tieline.d.ts describes what is
// exported here.
import { Contexts, fault, handed, json, named } from "./boundary.js";
import init, * as glue from "./tieline_glue.js";

// In this form browsers, Vite and webpack find the files that belong to this one.
const WASM = installed(new URL("./tieline_glue_bg.wasm", import.meta.url));
const LATER = installed(new URL("./tieline_glue_later.wasm", import.meta.url));
const STYLES = installed(new URL("./tieline.css", import.meta.url));
const LATER_STYLES = installed(new URL("./tieline_later.css", import.meta.url));

// Vite's development server moves a dependency's JavaScript, but not the files beside it.
function installed(url) {
  return url.href.replace("/.vite/deps/", "/tieline-console/");
}

// What an element needs at first and is not there after so many milliseconds could not be loaded: a server that
// never answers keeps no promise waiting for ever.
const LOADING_MS = 60_000;

/** Loads all that the functions need, once. */
export async function ready() {
  await begun();
  await glue.complete();
}

/**
 * Loads what an element needs at first, once for all copies of this file that use the same WebAssembly; a
 * failed attempt is forgotten, so that the next one tries anew.
 */
function begun() {
  return (init.started ??= start().catch((error) => {
    init.started = undefined;
    throw fault("load", error instanceof Error ? error.message : String(error));
  }));
}

async function start() {
  const first = await init({ module_or_path: fetch(WASM, { signal: AbortSignal.timeout(LOADING_MS) }) });
  init.there = true;
  glue.loader(async () => {
    // Without their later styles the elements are plain, and work: nothing waits for those.
    dressed();
    const answer = await fetch(LATER, { signal: AbortSignal.timeout(LOADING_MS) });
    if (!answer.ok) throw new Error(`${LATER}: ${answer.status}`);
    await WebAssembly.instantiate(await answer.arrayBuffer(), { first });
  });
}

// The elements in sight, and whether they have the styles of what is loaded later.
const roots = new Set();
let dressing = false;

function dressed() {
  const bare = dressing ? [] : [...roots];
  dressing = true;
  return bare.map((root) => sheet(root, LATER_STYLES));
}

/** Gives a shadow root a style sheet; settled when that is there, or cannot be. */
function sheet(root, url) {
  const link = document.createElement("link");
  const styled = new Promise((done) => {
    link.onload = link.onerror = () => done();
    setTimeout(done, LOADING_MS);
  });
  link.rel = "stylesheet";
  link.crossOrigin = "anonymous";
  link.href = url;
  root.append(link);
  return styled;
}

/** What the WebAssembly exports; without it its functions would fail for reasons of their own. */
function loaded() {
  if (!init.there) throw fault("early", "Await ready() first.");
  return glue;
}

export function operations() {
  return loaded().operations();
}

export function check(operation, values) {
  return loaded().check(named(operation), json(values));
}

export function preview(operation, values) {
  return loaded().preview(named(operation), json(values));
}

export function code(operation, values, target) {
  return loaded().code(named(operation), json(values), named(target));
}

const PROPERTIES = ["context", "endpoint", "getToken", "historyStore", "locked", "values"];
const ATTRIBUTES = ["account", "endpoint", "history", "lang", "operation", "operations", "profile", "region", "sandbox", "skip-review"];

// What a frame asks its host before something is sent; see frame.js.
const ASK = Symbol.for("tieline.ask");

// Where there are no elements, in a worker, the functions work all the same.
const Base = globalThis.HTMLElement ?? class {};

class TielineElement extends Base {
  static observedAttributes = ATTRIBUTES;

  #properties = {};
  #root;
  #unlisten;
  #mounted;
  // Settled when the element takes input, or cannot.
  #shown = promise();
  // Whether it is in a page, and how often it was put there: what an earlier time loaded is nothing
  // to go by.
  #begun = false;
  #attempt = 0;
  #leaving;
  #stale = false;
  #drawn;
  // How often its options have changed.
  #changes = 0;
  // The submit that waits for its outcome, if there is one.
  #submit;
  #contexts = new Contexts();
  // What was wrong with the options last.
  #odd = "";

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    for (const name of [...PROPERTIES, "operation", "operations", "history", "theme", "sandbox", "skipReview"]) {
      // Set before the element was defined, so it hides what the class defines.
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      // Attributes must not appear while an element is being constructed by a script; one that
      // has properties of its own was there before.
      this[name] = value;
    }
  }

  connectedCallback() {
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
    if (!this.#begun) this.#begin();
  }

  disconnectedCallback() {
    // An element that is moved comes back in the same task and keeps what was typed into it.
    this.#leaving = setTimeout(() => this.#end());
  }

  // Without it a `moveBefore` would be a removal and an insertion.
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#changed();
  }

  async check() {
    return (await this.#current()).check();
  }

  async submit() {
    const { context } = this;
    const changes = this.#changes;
    const mounted = await this.#current();
    // What is set after the call was not meant.
    if (changes !== this.#changes) return refused("changed");
    if (this.#submit) return refused("busy");
    // What is left of the values is not what was meant.
    if (this.#odd.includes('"values"')) return refused("left-out");
    const submit = (this.#submit = Object.assign(promise(), { context }));
    submit.violations = mounted.check();
    // Also when there are errors, because the form shows them then.
    mounted.submit();
    if (submit.violations.some((violation) => violation.severity === "error")) this.#decline("invalid");
    return submit.promise;
  }

  async exportHistory() {
    return (await this.#current()).exportHistory();
  }

  /** What is mounted, with the latest attributes and properties. */
  async #current() {
    if (!this.isConnected) throw fault("detached", `<${this.localName}> is in no document`);
    await this.#shown.promise;
    await glue.complete();
    let drawn;
    do {
      this.#update();
      drawn = this.#drawn;
      await drawn;
    } while (this.#stale || drawn !== this.#drawn);
    // It may have been taken away meanwhile.
    if (!this.#mounted || !this.isConnected) throw removed(this);
    return this.#mounted;
  }

  async #begin() {
    this.#begun = true;
    const attempt = ++this.#attempt;
    // Who asked during a failed attempt has heard of that.
    if (this.#shown.failed) this.#shown = promise();
    const base = document.createElement("div");
    base.setAttribute("part", "base");
    const root = this.shadowRoot;
    root.replaceChildren();
    const styled = [sheet(root, STYLES)];
    if (dressing) styled.push(sheet(root, LATER_STYLES));
    root.append(base);
    roots.add(root);
    this.#root = base;
    this.#unlisten = recorded(base);
    base.append(notice(paragraph("en", "Loading…"), paragraph("zh", "加载中…")));
    try {
      await Promise.all([begun(), ...styled]);
      if (attempt !== this.#attempt) return;
      base.replaceChildren();
      this.#stale = false;
      const options = this.#options();
      this.#mounted = glue.mount(base, options.taken, (...event) => this.#emit(...event));
      this.#tell(options.odd);
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(error);
    }
  }

  #end() {
    this.#begun = false;
    this.#attempt++;
    const mounted = this.#mounted;
    this.#mounted = undefined;
    const gone = removed(this);
    this.#shown.reject(gone);
    this.#shown = promise();
    this.#submit?.reject(gone);
    this.#submit = undefined;
    mounted?.unmount();
    this.#unlisten?.();
    // A sheet that is taken away while it loads is never heard of again, and nobody is to wait for it.
    this.shadowRoot.querySelectorAll("link").forEach((link) => link.onload());
    this.shadowRoot.replaceChildren();
    roots.delete(this.shadowRoot);
  }

  // Nothing of Tieline is there to say it, so it is said in both languages.
  #fail(error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = {
      en: `Tieline could not be loaded (${reason}). Check the connection, and that the package's files are all beside tieline.js.`,
      zh: `Tieline 未能加载（${reason}）。请检查网络，并确认软件包的所有文件与 tieline.js 位于同一目录。`,
    };
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again · 重试";
    again.onclick = () => this.#begin();
    const failure = notice(paragraph("en", message.en), paragraph("zh", message.zh), again);
    failure.setAttribute("role", "alert");
    failure.setAttribute("part", "failure");
    this.#root.replaceChildren(failure);
    this.#shown.reject(fault("load", message.en));
    this.#shown.failed = true;
    this.#emit("error", { kind: "load", code: "load", message });
  }

  // What was said already is not said again.
  #tell(odd) {
    const now = JSON.stringify(odd);
    if (now !== this.#odd) odd.forEach((detail) => this.#emit("error", detail));
    this.#odd = now;
  }

  // `by` is the number of the form that an event of a request comes from: an earlier form can still be sending.
  #emit(name, detail, by) {
    if (name === "error") detail.code ??= detail.kind === "values" ? "argument" : detail.kind;
    // Nobody but who submitted has to know.
    if (name === "taken") return this.#take(by);
    if (name === "declined") return this.#decline(detail, by);
    if (name === "focus") return this.#sparesFocus();
    // Nobody around it could prevent that.
    if (name === "before-submit" && !this.isConnected) return false;
    const own = this.#submit && this.#submit.by === by;
    const { context: present } = name === "before-submit" && own ? this.#submit : this;
    const event = new CustomEvent(`tieline-${name}`, {
      bubbles: true,
      composed: true,
      cancelable: name === "before-submit",
      detail: { ...detail, context: this.#contexts.of(name, detail, present) },
    });
    let go = this.dispatchEvent(event);
    if (name === "ready") this.#shown.resolve();
    if (name === "outcome" && own && !detail.late) this.#settle(event.detail);
    if (name !== "before-submit") return go;
    if (go && this[ASK]) go = this[ASK](event.detail);
    const cancelled = (go) => {
      if (!go) this.#decline("prevented", by);
      return go;
    };
    return go instanceof Promise ? go.then(cancelled) : cancelled(go);
  }

  // The focus may be taken from the element itself or from nobody; in a frame it may be in the page around.
  #sparesFocus() {
    const { activeElement, body } = document;
    const free = this.shadowRoot.activeElement || !activeElement || activeElement === body;
    return free && (window.parent === window || document.hasFocus());
  }

  #take(by) {
    if (this.#submit) this.#submit.by ??= by;
  }

  #decline(reason, by) {
    if (by === undefined || this.#submit?.by === by) this.#settle(refused(reason, this.#submit?.violations));
  }

  #settle(outcome) {
    // Not before the form has heard of it, too: who submits again is not to find it busy.
    const submit = this.#submit;
    if (submit) setTimeout(() => submit.resolve(outcome));
    this.#submit = undefined;
  }

  // Several changes in a row are one update.
  #changed() {
    this.#changes++;
    if (!this.#mounted || this.#stale) return;
    this.#stale = true;
    queueMicrotask(() => this.#update());
  }

  #update() {
    if (!this.#stale) return;
    this.#stale = false;
    const { taken, odd } = this.#options();
    // What is asked of the form from here on is asked of the one with these options.
    this.#drawn = this.#mounted?.update(taken);
    this.#tell(odd);
  }

  #options() {
    const { historyStore } = this;
    return handed({
      form: this instanceof TielineForm,
      operation: this.operation || undefined,
      operations: this.operations,
      lang: language(this),
      history: this.history ?? (historyStore ? "host" : "local"),
      store: historyStore,
      endpoint: this.endpoint,
      sandbox: this.sandbox,
      skipReview: this.skipReview,
      getToken: this.getToken,
      values: this.values,
      locked: this.locked,
      region: this.getAttribute("region") ?? undefined,
      account: this.getAttribute("account") ?? undefined,
      profile: this.getAttribute("profile") ?? undefined,
    });
  }

  get endpoint() {
    return this.#properties.endpoint ?? this.getAttribute("endpoint") ?? undefined;
  }
  set endpoint(value) {
    this.#set("endpoint", value ?? undefined);
  }

  get operations() {
    return words(this.getAttribute("operations"));
  }
  set operations(value) {
    reflect(this, "operations", Array.isArray(value) ? value.join(" ") : value);
  }

  #set(name, value) {
    this.#properties[name] = value;
    this.#changed();
  }

  static {
    for (const [name, attribute] of [["sandbox", "sandbox"], ["skipReview", "skip-review"]]) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get() {
          return (this.getAttribute(attribute) ?? "false") !== "false";
        },
        set(value) {
          reflect(this, attribute, value === "" || (value && value !== "false") ? "" : null);
        },
      });
    }
    for (const name of ["context", "getToken", "historyStore", "locked", "values"]) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get() {
          return this.#properties[name];
        },
        set(value) {
          this.#set(name, value ?? undefined);
        },
      });
    }
    for (const name of ["history", "operation", "theme"]) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get() {
          return this.getAttribute(name) ?? undefined;
        },
        set(value) {
          reflect(this, name, value);
        },
      });
    }
  }
}

class TielineForm extends TielineElement {}

function removed(element) {
  return fault("removed", `<${element.localName}> was removed`);
}

/** What comes of a submit that sends nothing, and why. */
function refused(reason, violations = []) {
  return { outcome: "refused", reason, violations };
}

function reflect(element, name, value) {
  if (value == null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function words(text) {
  const words = (text ?? "").split(/[\s,]+/).filter(Boolean);
  return words.length > 0 ? words : undefined;
}

/** The element's language, or that of the nearest element around it that has one of the two. */
function language(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const found = /^(en|zh)\b/i.exec(at.getAttribute("lang") ?? "");
    if (found) return found[1].toLowerCase();
  }
  return undefined;
}

/**
 * Takes note of what listens to an element; gives the function that ends it. The framework inside
 * means its listeners to last as long as the page, and each keeps all that it belongs to from being
 * freed, in the glue's way of counting the references to a closure.
 */
function recorded(element) {
  const added = [];
  element.addEventListener = (...listener) => {
    added.push(listener);
    EventTarget.prototype.addEventListener.apply(element, listener);
  };
  return () => {
    for (const listener of added) {
      element.removeEventListener(...listener);
      listener[1]._wbg_cb_unref?.();
    }
  };
}

/** What is said before the console is there, or instead of it; the class gives it its styles. */
function notice(...children) {
  const notice = document.createElement("div");
  notice.className = "tieline";
  notice.append(...children);
  return notice;
}

function paragraph(lang, text) {
  const paragraph = document.createElement("p");
  paragraph.lang = lang;
  paragraph.textContent = text;
  return paragraph;
}

function promise() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  // Who waits hears of it; nobody need.
  parts.promise.catch(() => {});
  return parts;
}

/** Defines an element once: a second copy of the package uses what the first one defined. */
function define(name, element) {
  const { customElements } = globalThis;
  if (customElements && !customElements.get(name)) customElements.define(name, element);
  return customElements?.get(name) ?? element;
}

export const TielineConsoleElement = define("tieline-console", class TielineConsole extends TielineElement {});
export const TielineFormElement = define("tieline-form", TielineForm);
