// Starts the page. Trunk would write this as an inline script, which a strict
// Content-Security-Policy forbids, so it is a file. The hashed names of the glue and of the
// WebAssembly come from the links that the build writes into index.html.
const glue = document.querySelector('link[rel="modulepreload"]').href;
const wasm = document.querySelector('link[rel="preload"][as="fetch"]').href;
const later = document.querySelector('link[rel="later"]');
const started = import(glue).then(({ default: init }) => init({ module_or_path: wasm }));

// A release build is two WebAssembly files. The second one takes the exports of the first as its
// imports and puts its functions into the first one's table; src/later.rs asks for it. A failed
// attempt is forgotten, so that the next one tries anew.
let loading;
globalThis.tielineLater = () =>
  (loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  }));
async function load() {
  if (!later) return;
  const [first, answer] = await Promise.all([started, fetch(later.href)]);
  if (!answer.ok) throw new Error(`${later.href}: ${answer.status}`);
  await WebAssembly.instantiate(await answer.arrayBuffer(), { first });
}

await started;
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
