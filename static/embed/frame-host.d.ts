import type { HistoryStore, Outcome, Refused, TielineOptions, Violation } from "./tieline.js";

/** What `connect` takes besides the options of an element. */
export interface FrameOptions extends TielineOptions {
  /** Only the form of `operation`, as `<tieline-form>` shows it, instead of the whole console. */
  form?: boolean;
  /** The origin of the frame; from the `src` of the `<iframe>` without it. */
  origin?: string;
  /** `false`: leave the height of the `<iframe>` alone. */
  autoHeight?: boolean;
  /** How long the frame may take to answer, in milliseconds; 15,000 without it. */
  patience?: number;
}

/** A connection to a frame. */
export interface FrameConnection {
  /** Resolves when the frame shows what it was asked for; rejects with a `TielineError` when it does not answer or refuses. */
  readonly ready: Promise<void>;
  /** Changes some of the options. */
  update(options: FrameOptions): void;
  /** As of the element. */
  check(): Promise<Violation[]>;
  /** As of the element. */
  submit(): Promise<Outcome | Refused>;
  /** As of the element. */
  exportHistory(): Promise<string>;
  /** Ends the connection. The frame stays as it is; who waits for an answer hears that none comes. */
  disconnect(): void;
}

/**
 * Connects to embed.html in a frame. The events of the element arrive as events of the `<iframe>`,
 * with the same names and details, and bubble; `tieline-before-submit` can be cancelled here too.
 *
 * A frame of another origin keeps its history with this page, because the browser separates or
 * forgets what such a frame stores itself: in `historyStore`, or in `localHistoryStore()` without it.
 * `history: "local"` leaves it in the frame.
 *
 * A frame has one connection; another one takes its place. What is asked of a frame that is removed, goes to
 * another page or is silent for 25 seconds rejects. A frame that says too much (1,500 messages in 5 seconds) is
 * not listened to any more, and no record of more than 65,536 characters is taken from it.
 */
export function connect(iframe: HTMLIFrameElement, options?: FrameOptions): FrameConnection;

/**
 * A history in this origin's local storage, under keys that begin with `name`. It takes 2,500,000 characters,
 * some 4,000 records, and rejects more.
 */
export function localHistoryStore(name?: string, storage?: Storage): HistoryStore;
