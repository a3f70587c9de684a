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
    if (channel) return;
    say(
      'The host page of this frame has not connected. Is its origin in the meta "tieline-hosts" of this page?',
      "宿主页面尚未连接。请检查本页面的 meta “tieline-hosts” 是否包含宿主页面的源（origin）。",
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
  // The host page was reloaded, or connects anew.
  channel?.close();
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

function shown() {
  if (!element) throw new Error("the frame was told no options yet");
  return element;
}

function show(own, value) {
  if (own !== channel) return;
  const options = readOptions(value);
  const { form, token, store, ask } = plain(value) ? value : {};
  const name = form === true ? "tieline-form" : "tieline-console";
  const next = element?.localName === name ? element : document.createElement(name);
  for (const option of ["account", "lang", "profile", "region"]) attribute(next, option, options[option]);
  for (const option of ["endpoint", "history", "locked", "operation", "operations", "sandbox", "theme", "values"]) {
    next[option] = options[option];
  }
  // Storage of a frame in another site's page is apart from the rest, and may be gone tomorrow.
  if (store === true && next.historyStore === undefined) next.historyStore = historyOf(own);
  if (store !== true) next.historyStore = undefined;
  next.getToken = token === true ? async () => String(await own.ask("token")) : undefined;
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

/** The host's history, over the port. */
function historyOf(own) {
  return {
    load: () => own.ask("load"),
    put: async (records) => void (await own.ask("put", records)),
    delete: async (ids) => void (await own.ask("delete", ids)),
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
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
