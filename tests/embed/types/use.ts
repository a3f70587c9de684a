// What TypeScript must make of the package. It is compiled, and never run.
import { check, code, operations, preview, ready, TielineFormElement, type HistoryStore } from "tieline-console";
import { connect, localHistoryStore } from "tieline-console/frame-host.js";
import { historyStoreContract } from "tieline-console/history-store-contract.js";

const form = document.querySelector("tieline-form")!;
form.values = { Name: "x" };
form.operations = "A B";
form.operations = ["A", "B"];
export const offered: string[] | undefined = form.operations;
form.addEventListener("tieline-outcome", (event) => event.detail.resourceId?.startsWith("cen-"));
form.addEventListener("click", (event) => event.clientX);
document.body.addEventListener("tieline-before-submit", (event) => event.preventDefault());

const outcome = await form.submit();
if (outcome.outcome === "refused") console.log(outcome.violations[0]?.message.zh);
else console.log(outcome.idempotencyKey);

await ready();
console.log(check("CreateCen", {})[0]?.rule, operations()[0]?.parameters[0]?.kind, preview("CreateCen", {}).url, code("CreateCen", {}, "go").length);

const store: HistoryStore = localHistoryStore();
const frame = connect(document.createElement("iframe"), { form: true, operation: "CreateCen", historyStore: store });
await frame.ready;
for (const { name, run } of historyStoreContract({ open: () => store })) console.log(name, await run());
export const made: TielineFormElement = new TielineFormElement();

// @ts-expect-error: an operation is a name.
check(1, {});
// @ts-expect-error: there are three places for a history.
form.history = "elsewhere";
// @ts-expect-error: a store must be able to delete.
form.historyStore = { load: async () => [], put: async () => {} };
