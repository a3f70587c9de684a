// The public interface of the package `tieline-console`. docs/embedding.md has its reference from
// this file (`cargo xtask embed` writes it).

/** A text in both languages. */
export interface Message {
  /** In English. */
  en: string;
  /** In Simplified Chinese. */
  zh: string;
}

/** One rule that a value breaks. */
export interface Violation {
  /** The wire path of the parameter, such as `Tag.2.Key`; empty for the input as a whole. */
  parameter: string;
  /** The rule's id, such as `length` or `required`. */
  rule: string;
  /** An error stops the request. A warning is allowed by the vendor's document, but likely wrong. */
  severity: "error" | "warning";
  /** What is wrong and what to do. */
  message: Message;
  /** Who says so, in English: a line of the vendor's document, or a decision of this project. */
  source: string;
  /** The other parameter, of a rule over two. */
  also?: string;
}

/** Parameters by their wire names, nested as on the wire: `{ Name: "x", Tag: [{ Key: "k", Value: "v" }] }`. */
export type Values = Record<string, unknown>;

/** One operation and its parameters, as the catalog describes them. */
export interface Operation {
  /** The wire name, as in the attribute `operation`. */
  name: string;
  /** What it does, in a few words. */
  title: Message;
  /** What it does, in a sentence. */
  summary: Message;
  /** Whose cloud. */
  provider: Message;
  /** Which product of that cloud. */
  product: Message;
  /** What it takes, in the order of the form. */
  parameters: Parameter[];
}

/** One parameter of an operation. */
export interface Parameter {
  /** The wire name. Of the item of a list it means nothing. */
  name: string;
  /** What a form calls it. */
  label: Message;
  /** What it means. */
  help: Message;
  /** Whether it must be given. */
  required: boolean;
  /** What its value is. */
  kind: "text" | "integer" | "boolean" | "list" | "object";
  /** Whether it is personal data or a secret, which no event, preview or history has. */
  private: boolean;
  /** What the cloud takes when it is absent. */
  default?: string;
  /** The values that there are to choose from. */
  choices?: { value: string; label: Message }[];
  /** Whether other values than the choices are taken as well. */
  open?: boolean;
  /** Its rules in words. */
  hints?: Message[];
  /** How many items a list can have. */
  maxItems?: number;
  /** The members of an object, or the one kind of item of a list. */
  parameters?: Parameter[];
}

/** The request that would be sent, before it is signed. */
export interface Preview {
  /** The HTTP method. */
  method: string;
  /** The URL with its query. Personal data is masked. */
  url: string;
  /** The headers by name. */
  headers: Record<string, string>;
  /** The body; empty for none. */
  body: string;
}

/**
 * Why a function or method of this package failed: the member `code` of the `Error` that it throws or
 * rejects with. `argument`: it was given what it does not take. `early`: `ready` was not awaited. `load`:
 * a file of the package could not be loaded, or not within 60 seconds. `detached`: the element is in no
 * document. `removed`: the element or frame was taken away meanwhile. `history`: the history could not be read within 60 seconds. None
 * of these says that nothing was sent: look into the history, as after `unknown`. `full`: there is no room for
 * more of it in `localHistoryStore`. Of frames: `closed`: there is no connection any more. `replaced`: it was connected anew. `silent`: it does not answer.
 * `flood`: it said too much and is not listened to any more. `sandbox`: its `sandbox` attribute lacks
 * something. `version`: it is of another version. `failed`: it, or its host page, failed.
 */
export type ErrorCode =
  | "argument"
  | "early"
  | "load"
  | "detached"
  | "removed"
  | "history"
  | "full"
  | "closed"
  | "replaced"
  | "silent"
  | "flood"
  | "sandbox"
  | "version"
  | "failed";

/** What a function or method of this package throws or rejects with. */
export interface TielineError extends Error {
  /** The reason. */
  code: ErrorCode;
}

/**
 * Loads the WebAssembly. The elements call it themselves; who calls `check`, `preview`, `code` or
 * `operations` in a browser awaits it first. It rejects when a file cannot be loaded, and the next
 * call tries again. In Node everything is there at once.
 */
export function ready(): Promise<void>;

/** All operations that create something. */
export function operations(): Operation[];

/**
 * Checks values by the operation's rules, as the form does. What does not fit the operation's
 * parameters is a violation like others. Throws a `TielineError` for an operation that there is not, and
 * for values that are no JSON: a `Map`, a `BigInt`, a function, an object that holds itself, more than 16
 * levels, 10,000 values or 1,000,000 characters.
 */
export function check(operation: string, values: Values): Violation[];

/**
 * The request that these values would become, also when they break rules. Throws as `check` does, and
 * when the values do not fit the operation's parameters.
 */
export function preview(operation: string, values: Values): Preview;

/** What code can be had for. */
export type Target = "curl" | "python" | "typescript" | "go" | "java" | "aliyun" | "hcloud" | "terraform";

/**
 * The code that sends these values, or declares what they create, also when they break rules. Credentials and
 * personal data are read from the environment by it. Throws as `preview` does, and when the target has nothing
 * for the operation, such as another vendor's command line.
 */
export function code(operation: string, values: Values, target: Target): string;

/** What came of a request. */
export interface Outcome {
  /** The operation's wire name. */
  operation: string;
  /**
   * `created`: it exists. `rejected`: the cloud refused and will refuse again. `not-executed`:
   * certainly nothing happened. `unknown`: it may have happened; look before you send again.
   */
  outcome: "created" | "rejected" | "not-executed" | "unknown";
  /** The id of what was created. */
  resourceId?: string;
  /** Its status, in the vendor's words. */
  status?: string;
  /** The vendor's id of the request. */
  requestId?: string;
  /** The vendor's or the proxy's error code. */
  code?: string;
  /** What the error means and what to do. */
  message?: Message;
  /** Whether a simulated cloud answered. */
  simulated: boolean;
  /** The answer came after all: `unknown` was told of this request before. It settles no `submit()`. */
  late?: boolean;
  /** The key under which the request was sent; sending again under it creates nothing twice. */
  idempotencyKey: string;
}

/** A submit that sent nothing. */
export interface Refused {
  /** Tells it from an `Outcome`. */
  outcome: "refused";
  /**
   * Why. `invalid`: for the errors among the violations. `prevented`: a listener cancelled it. `cancelled`: the
   * user chose not to send. `changed`: the form was changed while its user was asked, or something else was set
   * after the call. `left`: the form was left, or another took its place. `busy`: an earlier submit is under
   * way. `left-out`: something of `values` or `locked` could not be taken, as `tieline-error` told; the user's own press is
   * taken. `repeated`: it came within a second after a creation, with nothing changed. `composing`: an input
   * method is composing. `absent`: no form is in sight.
   */
  reason:
    | "invalid"
    | "prevented"
    | "cancelled"
    | "changed"
    | "left"
    | "busy"
    | "left-out"
    | "repeated"
    | "composing"
    | "absent";
  /** What `check` says of the values. */
  violations: Violation[];
}

/** What every event's detail has besides its own members. */
export interface Contextual {
  /** The element's property `context`; of a request and its resource, as it was when that was submitted. */
  context?: unknown;
}

/** The details of the events, by name. All of them bubble and are composed. */
export interface TielineEventMap {
  /** The element shows its form and takes input. */
  "tieline-ready": CustomEvent<Contextual>;
  /** The form is filled in or was changed. The values are without personal data and secrets. */
  "tieline-change": CustomEvent<Contextual & { operation: string; values: Values; violations: Violation[] }>;
  /** A request is about to be sent. `preventDefault()` stops it, called before the listener returns. */
  "tieline-before-submit": CustomEvent<Contextual & { operation: string; values: Values; idempotencyKey: string }>;
  /** A request was answered, or was not. */
  "tieline-outcome": CustomEvent<Contextual & Outcome>;
  /**
   * The status of a resource changed that this element has asked for since it is in the page, whichever element or tab
   * has read it.
   */
  "tieline-status": CustomEvent<
    Contextual & {
      operation: string;
      idempotencyKey: string;
      resourceId: string;
      status: string;
    }
  >;
  /**
   * Something does not work. `load`: a file of the package could not be loaded. `connection`: nothing can
   * be sent, because of the endpoint, of what answers there, or of `profile`; it is told once, and again when
   * it is something else. `history`: the history is not stored. The element shows these to the user as well.
   * `values`: `values` or `locked` have what is no parameter of the operation, or no JSON. `options`: another
   * option is not what it must be. What cannot be taken was left out.
   */
  "tieline-error": CustomEvent<
    Contextual & {
      kind: "load" | "connection" | "history" | "values" | "options";
      code: "load" | "connection" | "history" | "argument";
      message: Message;
    }
  >;
}

/** One intent to create something, as the history keeps it: without personal data and secrets. */
export interface HistoryRecord {
  /** The key in the store, below 2^53 and ascending with `created`. */
  id: number;
  /** The operation's wire name. */
  operation: string;
  /** The parameters, as the proxy takes them. */
  params: Values;
  /** When it was written, in milliseconds since 1970. */
  created: number;
  /** When it was last changed, in milliseconds since 1970. */
  updated: number;
  /** The idempotency key. */
  key: string;
  /** What became of it. `pending` that nobody waits for any more is as good as `unknown`. */
  outcome: "pending" | "created" | "rejected" | "not-executed" | "unknown";
  /** Where it was sent. */
  endpoint: string;
  /** Further members; a store keeps them as they are. */
  [member: string]: unknown;
}

/**
 * A history that the page keeps itself, for instance on its server for a whole team. The checks in
 * `tieline-console/history-store-contract.js` say whether one does what it must.
 */
export interface HistoryStore {
  /** All records, in any order. As long as it rejects nothing is sent: an earlier request may be there. */
  load(): Promise<HistoryRecord[]>;
  /**
   * Writes records, each in place of the one with its id unless that one's `updated` is higher.
   * Resolves when they are durable: a request waits for its record, for 15 seconds, and is not sent when
   * it rejects or takes longer. What is written later, such as the resource's id, the element keeps in memory
   * and gives again until it is taken; it tells of that by `tieline-error`, at the form and in its history.
   */
  put(records: HistoryRecord[]): Promise<void>;
  /** Removes the records with these ids; unknown ids are nothing to it. */
  delete(ids: number[]): Promise<void>;
  /** Calls `changed` after every change, by whomever, until the function it returns is called. */
  subscribe?(changed: () => void): () => void;
}

/** The options that an element takes as attributes and properties, and a frame in `connect`. */
export interface TielineOptions {
  /** The operation whose form is shown, or shown first. Attribute and property. */
  operation?: string;
  /** The operations that are offered; all without it. As an attribute words, separated by spaces. */
  operations?: string[];
  /** `en` or `zh`. Without it the nearest `lang` around the element, then the browser's language. */
  lang?: string;
  /** `light` or `dark`; without it the system's. */
  theme?: string;
  /** `local`: in the browser's storage. `none`: nowhere. `host`: in `historyStore`. */
  history?: "local" | "none" | "host";
  /** Where the proxy answers: an http(s) URL or an absolute path; `/api` without it. With anything else nothing is sent. */
  endpoint?: string;
  /** Send to the simulated cloud inside the page instead of a proxy. */
  sandbox?: boolean;
  /**
   * Send without the review that the form shows before something real is created. Whoever sets it shows its users
   * what will be created and asks them itself. As an attribute `skip-review`.
   */
  skipReview?: boolean;
  /** The region that forms start with. */
  region?: string;
  /** The account that forms start with, where an operation asks for one. */
  account?: string;
  /** Which of the proxy's accounts sends, if it has several. */
  profile?: string;
  /** What the form of `operation` starts with. Property. */
  values?: Values;
  /** The wire paths of whole parameters that the user sees but does not change; a part of a list is none. Property. */
  locked?: string[];
  /**
   * Gives the token for each request to the proxy, sent as `Authorization: Bearer …`. Without a text that a
   * header can carry nothing is sent. Property.
   */
  getToken?: () => Promise<string>;
  /** Where the history is kept with `history="host"`; another object is another history. Property. */
  historyStore?: HistoryStore;
  /** Anything; it comes back in the detail of every event. Property. */
  context?: unknown;
}

/** What both elements have. Attributes and properties may be changed at any time. */
export interface TielineElement extends HTMLElement {
  /** See `TielineOptions`; so are the other properties. */
  operation: string | undefined;
  /** An array, or words separated by spaces; reads as an array. */
  get operations(): string[] | undefined;
  set operations(value: string[] | string | undefined | null);
  /** Reflects the attribute. */
  theme: string | undefined;
  /** Reflects the attribute. */
  history: "local" | "none" | "host" | undefined;
  /** Reflects the attribute. */
  sandbox: boolean;
  /** Reflects the attribute `skip-review`. */
  skipReview: boolean;
  /** Hides the attribute of the same name. */
  endpoint: string | undefined;
  /** Asked anew for each request. */
  getToken: (() => Promise<string>) | undefined;
  /** Another content fills the form anew. */
  values: Values | undefined;
  /** Wire paths. */
  locked: string[] | undefined;
  /** Goes into every event's detail. */
  context: unknown;
  /** Makes `history` be `host` unless the attribute says otherwise. */
  historyStore: HistoryStore | undefined;
  /** What the form's rules say of its values. Waits until the element is ready. */
  check(): Promise<Violation[]>;
  /**
   * Submits the form with what is set at the call, as its button does, and resolves with what came of it, or why
   * nothing did: with `changed` when something else is set before the form is drawn. Where the form asks its user
   * (for a review of what is real, about an earlier request with the same parameters) it waits for the answer.
   * One at a time; others are `busy`. Rejects with a `TielineError` when the element is removed meanwhile, which
   * may have been after it was sent, or could not be loaded.
   */
  submit(): Promise<Outcome | Refused>;
  /** The history as the JSON text that the console's own export writes. */
  exportHistory(): Promise<string>;
  addEventListener<K extends keyof TielineEventMap>(
    type: K,
    listener: (this: this, event: TielineEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: this, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** `<tieline-console>`: the whole console, with its navigation and history. */
export interface TielineConsoleElement extends TielineElement {}
/** The class behind `<tieline-console>`, as it is defined in the page. */
export const TielineConsoleElement: { new (): TielineConsoleElement; prototype: TielineConsoleElement };

/** `<tieline-form>`: the form of one operation, which its attribute `operation` names. */
export interface TielineFormElement extends TielineElement {}
/** The class behind `<tieline-form>`, as it is defined in the page. */
export const TielineFormElement: { new (): TielineFormElement; prototype: TielineFormElement };

declare global {
  interface HTMLElementTagNameMap {
    "tieline-console": TielineConsoleElement;
    "tieline-form": TielineFormElement;
  }
  interface HTMLElementEventMap extends TielineEventMap {}
}
