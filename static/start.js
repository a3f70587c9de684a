// Starts the page. Trunk would write this as an inline script, which a strict
// Content-Security-Policy forbids, so it is a file. The hashed names of the glue and of the
// WebAssembly come from the preload links that Trunk writes into index.html, which also carry the
// hashes that the browser checks them against.
const glue = document.querySelector('link[rel="modulepreload"]').href;
const wasm = document.querySelector('link[rel="preload"][as="fetch"]').href;
const { default: init } = await import(glue);
await init({ module_or_path: wasm });
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
