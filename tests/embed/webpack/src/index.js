import { check, ready } from "tieline-console";

await ready();
document.title = `${check("CreateCen", { Name: "http://x" }).length} found`;
