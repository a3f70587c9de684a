// Starts the page. Trunk would write this as an inline script, which a strict
// Content-Security-Policy forbids, so it is a file. The hashed names of the glue and of the
// WebAssembly come from the links that the build writes into index.html.
const glue = document.querySelector('link[rel="modulepreload"]').href;
const wasm = document.querySelector('link[rel="preload"][as="fetch"]').href;
const later = [...document.querySelectorAll('link[rel="later"]')];
const started = import(glue).then(({ default: init }) => init({ module_or_path: wasm }));

// A release build has WebAssembly and styles that are loaded when src/platform/lazy.rs asks for them. That
// WebAssembly takes the exports of the first as its imports and puts its functions into the first
// one's table. A failed attempt is forgotten, so that the next one tries anew; without its styles
// a page still works.
let loading;
globalThis.tielineLater = () =>
  (loading ??= Promise.all(later.map(load)).catch((error) => {
    loading = undefined;
    throw error;
  }));
async function load(link) {
  if (link.href.endsWith(".css")) {
    if (link.rel !== "later") return;
    const styled = new Promise((done) => (link.onload = link.onerror = done));
    link.rel = "stylesheet";
    return styled;
  }
  const [first, answer] = await Promise.all([started, fetch(link.href)]);
  if (!answer.ok) throw new Error(`${link.href}: ${answer.status}`);
  return WebAssembly.instantiate(await answer.arrayBuffer(), { first });
}

await started;
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
