// What a frame and its host page say to each other, over a port that only they have.
//
// A message is `{ tieline: 1, type, id?, value? }`. One with an `id` is a question, and gets one
// answer: `{ type: "answer", id, value }`, or `{ type: "error", id, value: { code, message } }`. What
// is not such a message is ignored; a version or a type that is not known is answered with an error.
import { fault } from "./boundary.js";

/** The version of the protocol. */
export const VERSION = 1;

const LONGEST_TYPE = 32;
const LONGEST_REASON = 1000;

// Who asks looks this often, in milliseconds, whether the other end still answers anything at all, and gives
// up when it was silent for this many looks. A page that was asleep for a while gets all of them anew.
const LOOK_MS = 5_000;
const LOOKS = 4;

// An end that says so much in so many milliseconds, or takes so many of them to read, is hostile or broken.
const WINDOW_MS = 5_000;
const MOST_MESSAGES = 1_500;
const MOST_READING_MS = 1_500;

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

/** How much another end may say. */
export class Budget {
  #begun = 0;
  #messages = 0;
  #reading = 0;

  /** Takes note of some messages that took so long to be read; whether that was too much. */
  exceeded(messages, reading, now = performance.now()) {
    if (now - this.#begun > WINDOW_MS) [this.#begun, this.#messages, this.#reading] = [now, 0, 0];
    this.#messages += messages;
    this.#reading += reading;
    return this.#messages > MOST_MESSAGES || this.#reading > MOST_READING_MS;
  }
}

/**
 * One end of a port. `handlers` has a function for each type of message that this end takes; `gone` is called
 * when the other end says too much, or nothing any more, with the reason. `budget` is for several channels
 * to the same end.
 */
export class Channel {
  #port;
  #handlers;
  #budget;
  #gone;
  #look;
  #silent = 0;
  #waiting = new Map();
  #next = 0;

  constructor(port, handlers, { budget = new Budget(), gone, lookMs = LOOK_MS } = {}) {
    this.#port = port;
    this.#handlers = { alive: () => true, closed: (code) => this.#end(code === "replaced" ? code : "closed"), ...handlers };
    this.#budget = budget;
    this.#gone = gone;
    this.#look = { ms: lookMs };
    port.onmessage = (event) => this.#hear(event);
    // What cannot be read is no message either.
    port.onmessageerror = () => this.#spend(0);
  }

  /** Says something. */
  tell(type, value) {
    this.#send({ type, value });
  }

  /** Asks something, and waits for the answer. */
  ask(type, value) {
    return new Promise((resolve, reject) => {
      if (!this.#port) return reject(unconnected("closed"));
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      try {
        this.#send({ type, id, value });
        this.#watch();
      } catch (error) {
        // Such as a function in the value, which cannot be sent.
        this.#waiting.delete(id);
        if (this.#waiting.size === 0) this.#rest();
        reject(error);
      }
    });
  }

  /** Ends the connection when the other end does not answer in this time, in milliseconds. */
  probe(ms) {
    if (!this.#port) return;
    let answered = false;
    // What it said before is no sign of life, and a refusal is one.
    const heard = () => (answered = true);
    this.ask("alive").then(heard, heard);
    setTimeout(() => answered || this.#end("silent"), ms);
  }

  /** Ends the connection; who waits for an answer hears of it, and so does the other end. */
  close(code = "closed") {
    this.#port?.postMessage({ tieline: VERSION, type: "closed", value: code });
    this.#close(code);
  }

  #rest() {
    clearInterval(this.#look.timer);
    this.#look.timer = undefined;
  }

  #close(code) {
    this.#rest();
    if (this.#port) this.#port.onmessage = null;
    this.#port?.close();
    this.#port = undefined;
    this.#waiting.forEach(({ reject }) => reject(unconnected(code)));
    this.#waiting.clear();
  }

  /** The other end is gone, or is not to be listened to any more. */
  #end(code) {
    this.#close(code);
    this.#gone?.(code);
  }

  // As long as somebody waits: the other end may have gone without a word.
  #watch() {
    if (this.#look.timer) return;
    this.#silent = 0;
    this.#look.timer = setInterval(() => {
      if (++this.#silent > LOOKS) {
        this.#end("silent");
      } else {
        this.#send({ type: "alive", id: this.#next++ });
      }
    }, this.#look.ms);
  }

  #send(message) {
    this.#port?.postMessage({ tieline: VERSION, ...message });
  }

  #spend(reading) {
    if (this.#port && this.#budget.exceeded(1, reading)) this.#end("flood");
  }

  #hear(event) {
    this.#silent = 0;
    const began = performance.now();
    // What was sent is made here from what came, which takes its time.
    const message = read(event.data);
    this.#spend(performance.now() - began);
    if (this.#port) this.#take(message);
  }

  async #take(message) {
    if (!message) return;
    const { tieline, type, id, value } = message;
    if (type === "answer" || type === "error") {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#rest();
      if (type === "answer") waiting?.resolve(value);
      else if (id !== undefined) waiting?.reject(reason(value));
      else this.#handlers.error?.(reason(value));
      return;
    }
    if (tieline !== VERSION) return this.#refuse(id, "version", `this end speaks version ${VERSION}`);
    if (!Object.hasOwn(this.#handlers, type)) return this.#refuse(id, "type", `there is no message ${type}`);
    try {
      const answer = await this.#handlers[type](value);
      if (id !== undefined) this.#send({ type: "answer", id, value: answer });
    } catch (error) {
      const { code, message } = error instanceof Error ? error : { message: String(error) };
      this.#refuse(id, typeof code === "string" ? code : "failed", message);
    }
  }

  #refuse(id, code, message) {
    this.#send({ type: "error", id, value: { code, message } });
  }
}

const UNCONNECTED = {
  closed: "the frame is not connected any more",
  flood: "the frame said too much, and is not listened to any more",
  removed: "the frame was removed",
  replaced: "the frame was connected anew",
  silent: "the frame does not answer any more",
};

/** What who waits for an answer hears when none can come. */
export function unconnected(code) {
  return fault(code, UNCONNECTED[code]);
}

function reason(value) {
  const text = (name) => plain(value) && typeof value[name] === "string" ? value[name].slice(0, LONGEST_REASON) : undefined;
  return fault(text("code") ?? "failed", text("message") ?? "the other end refused");
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
  skipReview: flag,
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
