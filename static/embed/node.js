// The functions without a page, for Node: the WebAssembly is read from the disk, and nothing of a
// browser is touched.
import { readFileSync } from "node:fs";
import { check, initSync, operations, preview } from "./tieline_glue.js";

initSync({ module: readFileSync(new URL("./tieline_glue_bg.wasm", import.meta.url)) });

export { check, operations, preview };

/** As in the browser; here everything is there already. */
export async function ready() {}
