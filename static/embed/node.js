// The functions without a page, for Node: the WebAssembly is read from the disk, and nothing of a
// browser is touched.
import { readFileSync } from "node:fs";
import { check, complete, initSync, loader, operations, preview } from "./tieline_glue.js";

const read = (name) => readFileSync(new URL(name, import.meta.url));
const first = initSync({ module: read("./tieline_glue_bg.wasm") });
loader(() => WebAssembly.instantiate(read("./tieline_glue_later.wasm"), { first }));
await complete();

export { check, operations, preview };

/** As in the browser; here everything is there already. */
export async function ready() {}
