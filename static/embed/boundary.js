// The boundary between JavaScript and the WebAssembly: what a page hands over is looked at here, so that
// nothing gets in that is no text, number, truth value, list or object of them, nor more than there is
// room for.

// So deep, so many values, and so many characters may be handed over.
const DEEPEST = 16;
const MOST = 10_000;
const LONGEST = 1_000_000;
const LONGEST_OPTION = 2048;
// So many of what was left out are named.
const NAMED = 10;

/** An error with a reason code: `ErrorCode` in tieline.d.ts. */
export function fault(code, message) {
  return Object.assign(new Error(message), { code });
}

// So many contexts are kept.
const MOST_CONTEXTS = 1_000;

/** The context of each request: what it was when that was submitted. */
export class Contexts {
  #kept = new Map();

  /** The context of an event; `present` is what is set now. */
  of(name, { idempotencyKey }, present) {
    const known = this.#kept.has(idempotencyKey);
    if (name === "before-submit" || (name === "outcome" && !known)) this.#keep(idempotencyKey, present);
    if (this.#kept.has(idempotencyKey)) return this.#kept.get(idempotencyKey);
    // The status of what was made for another order, which is forgotten by now, is not of the present one.
    return name === "status" ? undefined : present;
  }

  #keep(of, context) {
    this.#kept.delete(of);
    this.#kept.set(of, context);
    if (this.#kept.size > MOST_CONTEXTS) this.#kept.delete(this.#kept.keys().next().value);
  }
}

/** A copy of a value that is JSON and nothing else, and what had to be left out of it, as texts. */
export function copied(value, name) {
  const odd = [];
  const within = [];
  let [values, characters] = [0, 0];
  const full = () => values > MOST || characters > LONGEST;
  const leave = (path, why) => {
    if (odd.length <= NAMED) odd.push(`${path.slice(0, 64)} (${why})`);
  };
  const copy = (value, path) => {
    if (typeof value === "string") characters += value.length;
    if (full()) return undefined;
    if (value == null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return value;
    if (typeof value !== "object") return leave(path, typeof value === "number" ? String(value) : typeof value);
    if (within.includes(value)) return leave(path, "a circle");
    if (within.length >= DEEPEST) return leave(path, "too deep");
    within.push(value);
    try {
      if (Array.isArray(value)) {
        values += value.length;
        const list = [];
        for (let at = 0; at < value.length && !full(); at++) list.push(copy(value[at], `${path}.${at + 1}`));
        return list;
      }
      // Also without a prototype, and from another window.
      const kind = Object.prototype.toString.call(value).slice(8, -1);
      if (kind !== "Object") return leave(path, kind);
      const object = {};
      const keys = Object.keys(value);
      values += keys.length;
      for (const key of keys) {
        characters += key.length;
        if (full()) break;
        const member = copy(value[key], path === name ? key : `${path}.${key}`);
        // Like any other name, which `__proto__` is not to an assignment.
        if (member !== undefined) Object.defineProperty(object, key, { value: member, enumerable: true });
      }
      return object;
    } catch (error) {
      return leave(path, "not readable");
    } finally {
      within.pop();
    }
  };
  const whole = copy(value, name);
  if (full()) return { copy: undefined, odd: [`${name} (more than ${MOST} values or ${LONGEST} characters)`] };
  return { copy: whole, odd };
}

/** The values of a call as JSON. Throws when some of them cannot be handed over. */
export function json(values) {
  const { copy, odd } = copied(values, "values");
  if (odd.length > 0) throw fault("argument", `These values cannot be read: ${odd.join(", ")}.`);
  return JSON.stringify(copy) ?? "null";
}

/** The operation of a call. Throws when it is no name. */
export function named(operation) {
  if (typeof operation === "string" && operation.length <= LONGEST_OPTION) return operation;
  throw fault("argument", "The operation is not a name.");
}

const text = (value) => typeof value === "string" && value.length <= LONGEST_OPTION;
const texts = (value) => Array.isArray(value) && value.length <= MOST && value.every(text);
const OPTIONS = {
  account: text,
  endpoint: text,
  getToken: (value) => typeof value === "function",
  history: (value) => ["host", "local", "none"].includes(value),
  lang: text,
  locked: texts,
  operation: text,
  operations: texts,
  profile: text,
  region: text,
};
// Without these a request would go elsewhere, or as somebody else: with what is taken instead none goes.
const INSTEAD = { endpoint: "?", getToken: () => undefined, profile: "?\n" };

/**
 * An element's options as the WebAssembly takes them, without what it could not; `odd` has the details of
 * the errors that say so.
 */
export function handed(options) {
  const { copy, odd } = copied(options.values, "values");
  const taken = { ...options, values: copy };
  const wrong = Object.keys(OPTIONS).filter((name) => taken[name] !== undefined && !OPTIONS[name](taken[name]));
  wrong.forEach((name) => (taken[name] = INSTEAD[name]));
  const told = { values: odd, options: wrong };
  return { taken, odd: Object.keys(told).filter((kind) => told[kind].length > 0).map((kind) => left(kind, told[kind])) };
}

function left(kind, names) {
  const message = {
    en: `These could not be taken and were left out: ${names.join(", ")}.`,
    zh: `以下内容无法使用，已忽略：${names.join("、")}。`,
  };
  return { kind, code: "argument", message };
}
