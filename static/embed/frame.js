// Inside the frame: waits for the host page, and shows the element that this one asks for.
import { ready } from "./tieline.js";
import { Channel, EVENTS, plain, read, readOptions, VERSION } from "./frame-protocol.js";

// What the element asks before something is sent; see tieline.js.
const ASK = Symbol.for("tieline.ask");

const host = window.parent;
// So long a connection may take before the frame says what may be wrong, in milliseconds.
const PATIENCE_MS = 10_000;
let channel;
let element;
// Whether it is known already why nothing is shown.
let refused = false;

document.body.style.margin = "0";
addEventListener("message", (event) => {
  const message = event.source === host && host !== window ? read(event.data) : undefined;
  if (!message || !allowed(event.origin)) return;
  if (message.type === "hello") hello();
  if (message.type === "connect" && event.ports.length === 1) connect(message, event);
});
if (host === window) {
  say(
    "This page is made to be shown in another page's frame.",
    "本页面用于嵌入其他页面的框架中。",
  );
} else {
  hello();
  setTimeout(() => {
    if (channel || refused) return;
    say(
      "The host page of this frame has not connected. Is its origin among the frame_ancestors of the proxy, or in this page's meta \"tieline-hosts\"?",
      "宿主页面尚未连接。请检查代理配置的 frame_ancestors 或本页面的 meta “tieline-hosts” 是否包含宿主页面的源（origin）。",
    );
  }, PATIENCE_MS);
}

/** Whether pages of this origin may use the frame: its own, and those that embed.html lists. */
function allowed(origin) {
  const listed = document.querySelector('meta[name="tieline-hosts"]')?.content ?? "";
  return origin === location.origin || listed.split(/\s+/).filter((word) => word !== "null").includes(origin);
}

// The host page may have been there first or may come later. It holds nothing, so anyone may read it.
function hello() {
  host.postMessage({ tieline: VERSION, type: "hello" }, "*");
}

function connect(message, event) {
  const [port] = event.ports;
  if (message.tieline !== VERSION) {
    const value = { code: "version", message: `the frame speaks version ${VERSION}` };
    port.postMessage({ tieline: VERSION, type: "error", value });
    return;
  }
  if (!submits()) {
    const message = "the sandbox attribute of the frame lacks allow-forms";
    port.postMessage({ tieline: VERSION, type: "error", value: { code: "sandbox", message } });
    refused = true;
    say("This frame needs allow-forms in its sandbox attribute.", "此框架的 sandbox 属性需要包含 allow-forms。");
    return;
  }
  // The host page was reloaded, or connects anew.
  channel?.close("replaced");
  element?.remove();
  element = undefined;
  const own = new Channel(port, {
    options: (value) => show(own, value),
    check: () => shown().check(),
    submit: () => shown().submit(),
    exportHistory: () => shown().exportHistory(),
    changed: () => listeners.forEach((changed) => changed()),
  });
  channel = own;
  own.tell("connected", { partitioned: event.origin !== location.origin });
  ready().catch(() => {});
}

/** Whether forms can be submitted here, which a frame with a `sandbox` attribute has to be allowed. */
function submits() {
  let submitted = false;
  const form = document.createElement("form");
  form.onsubmit = (event) => {
    submitted = true;
    event.preventDefault();
  };
  document.body.append(form);
  form.requestSubmit();
  form.remove();
  return submitted;
}

function shown() {
  if (!element) throw new Error("the frame was told no options yet");
  return element;
}

function show(own, value) {
  if (own !== channel) return;
  const options = readOptions(value);
  const { form, token, store, storeNumber, ask } = plain(value) ? value : {};
  const name = form === true ? "tieline-form" : "tieline-console";
  const next = element?.localName === name ? element : document.createElement(name);
  for (const option of ["account", "lang", "profile", "region"]) attribute(next, option, options[option]);
  for (const option of ["endpoint", "history", "locked", "operation", "operations", "sandbox", "skipReview", "theme", "values"]) {
    next[option] = options[option];
  }
  // Storage of a frame in another site's page is apart from the rest, and may be gone tomorrow.
  if (store === true && !isHistoryOf(next.historyStore, own, storeNumber)) next.historyStore = historyOf(own, storeNumber);
  if (store !== true) next.historyStore = undefined;
  next.getToken = token === true ? () => own.ask("token") : undefined;
  next[ASK] = ask === true ? async (detail) => (await own.ask("before-submit", bare(detail))) !== false : undefined;
  const root = document.documentElement;
  if (options.lang) root.lang = options.lang;
  root.style.colorScheme = options.theme === "light" || options.theme === "dark" ? options.theme : "";
  if (next === element) return;
  element?.remove();
  element = next;
  for (const event of EVENTS) {
    next.addEventListener(`tieline-${event}`, ({ detail }) => {
      if (event !== "before-submit") own.tell("event", { name: event, detail: bare(detail) });
    });
  }
  document.body.replaceChildren(next);
  own.tell("shown");
  new ResizeObserver(() => own.tell("height", Math.ceil(next.getBoundingClientRect().height))).observe(next);
}

function attribute(element, name, value) {
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

// The context is the host's, and never left it.
function bare({ context, ...detail }) {
  return detail;
}

const listeners = new Set();

/** The host's history of this number, over the port. An older host page has no numbers. */
function historyOf(own, number) {
  const about = (value) => (number === undefined ? value : { store: number, value });
  return {
    own,
    number,
    load: () => own.ask("load", about()),
    put: async (records) => void (await own.ask("put", about(records))),
    delete: async (ids) => void (await own.ask("delete", about(ids))),
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

function isHistoryOf(store, own, number) {
  return store !== undefined && store.own === own && store.number === number;
}

function say(en, zh) {
  const lines = [["en", en], ["zh", zh]].map(([lang, text]) => {
    const line = document.createElement("p");
    line.lang = lang;
    line.textContent = text;
    return line;
  });
  document.body.replaceChildren(...lines);
}
