// The functions without a page, for Node: the WebAssembly is read from the disk, and nothing of a
// browser is touched.
import { readFileSync } from "node:fs";
import { json, named } from "./boundary.js";
import * as glue from "./tieline_glue.js";

const read = (name) => readFileSync(new URL(name, import.meta.url));
const first = glue.initSync({ module: read("./tieline_glue_bg.wasm") });
glue.loader(() => WebAssembly.instantiate(read("./tieline_glue_later.wasm"), { first }));
await glue.complete();

export const { operations } = glue;

export function check(operation, values) {
  return glue.check(named(operation), json(values));
}

export function preview(operation, values) {
  return glue.preview(named(operation), json(values));
}

export function code(operation, values, target) {
  return glue.code(named(operation), json(values), named(target));
}

/** As in the browser; here everything is there already. */
export async function ready() {}
