// What a frame and its host page say to each other, over a port that only they have.
//
// A message is `{ tieline: 1, type, id?, value? }`. One with an `id` is a question, and gets one
// answer: `{ type: "answer", id, value }`, or `{ type: "error", id, value: { code, message } }`. What
// is not such a message is ignored; a version or a type that is not known is answered with an error.

/** The version of the protocol. */
export const VERSION = 1;

const LONGEST_TYPE = 32;

/** The message in some data, or nothing. Never throws. */
export function read(data) {
  if (!plain(data)) return undefined;
  const { tieline, type, id, value } = data;
  if (!Number.isSafeInteger(tieline) || tieline < 1) return undefined;
  if (typeof type !== "string" || type.length === 0 || type.length > LONGEST_TYPE) return undefined;
  if (id !== undefined && !(Number.isSafeInteger(id) && id >= 0)) return undefined;
  return { tieline, type, id, value };
}

/** Whether a value is an object with properties, and no list. */
export function plain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One end of a port. `handlers` has a function for each type of message that this end takes. */
export class Channel {
  #port;
  #handlers;
  #waiting = new Map();
  #next = 0;

  constructor(port, handlers) {
    this.#port = port;
    this.#handlers = handlers;
    port.onmessage = (event) => this.#take(read(event.data));
    // What cannot be read is no message either.
    port.onmessageerror = () => {};
  }

  /** Says something. */
  tell(type, value) {
    this.#send({ type, value });
  }

  /** Asks something, and waits for the answer. */
  ask(type, value) {
    return new Promise((resolve, reject) => {
      if (!this.#port) return reject(new Error("the frame is not connected any more"));
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      try {
        this.#send({ type, id, value });
      } catch (error) {
        // Such as a function in the value, which cannot be sent.
        this.#waiting.delete(id);
        reject(error);
      }
    });
  }

  /** Ends the connection; who waits for an answer hears of it. */
  close() {
    this.#port?.close();
    this.#port = undefined;
    this.#waiting.forEach(({ reject }) => reject(new Error("the frame is not connected any more")));
    this.#waiting.clear();
  }

  #send(message) {
    this.#port?.postMessage({ tieline: VERSION, ...message });
  }

  async #take(message) {
    if (!message) return;
    const { tieline, type, id, value } = message;
    if (type === "answer" || type === "error") {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (type === "answer") waiting?.resolve(value);
      else if (id !== undefined) waiting?.reject(new Error(reason(value)));
      else this.#handlers.error?.(reason(value));
      return;
    }
    if (tieline !== VERSION) return this.#refuse(id, "version", `this end speaks version ${VERSION}`);
    if (!Object.hasOwn(this.#handlers, type)) return this.#refuse(id, "type", `there is no message ${type}`);
    try {
      const answer = await this.#handlers[type](value);
      if (id !== undefined) this.#send({ type: "answer", id, value: answer });
    } catch (error) {
      this.#refuse(id, "failed", error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(id, code, message) {
    this.#send({ type: "error", id, value: { code, message } });
  }
}

function reason(value) {
  return plain(value) && typeof value.message === "string" ? value.message : "the other end refused";
}

// How an attribute or property of the element arrives in a frame: what it must be to be taken.
const text = (value) => typeof value === "string" && value.length <= 2048;
const texts = (value) => Array.isArray(value) && value.every(text);
const flag = (value) => typeof value === "boolean";
const OPTIONS = {
  account: text,
  endpoint: text,
  history: (value) => ["host", "local", "none"].includes(value),
  lang: text,
  locked: texts,
  operation: text,
  operations: texts,
  profile: text,
  region: text,
  sandbox: flag,
  theme: text,
  values: plain,
};

/** The names of the options that cross over. */
export const OPTION_NAMES = Object.keys(OPTIONS);

/** Of some data the options that are what they must be. */
export function readOptions(data) {
  const known = plain(data) ? data : {};
  const right = OPTION_NAMES.filter((name) => Object.hasOwn(known, name) && OPTIONS[name](known[name]));
  return Object.fromEntries(right.map((name) => [name, known[name]]));
}

/** The names of the events, without `tieline-`. */
export const EVENTS = ["ready", "change", "before-submit", "outcome", "status", "error"];
