import type { HistoryStore } from "./tieline.js";

/** One check, for any test runner. */
export interface ContractCheck {
  /** What the store must do. */
  name: string;
  /** Resolves if it does; rejects with an `Error` that says what was expected and found. */
  run(): Promise<void>;
}

/**
 * What every `HistoryStore` must do. `open` gives an empty store for each check. `reopen`, if there
 * is one, opens what a store has written anew, as the next visit does; without it durability is not
 * checked.
 */
export function historyStoreContract(stores: {
  open(): HistoryStore | Promise<HistoryStore>;
  reopen?(store: HistoryStore): HistoryStore | Promise<HistoryStore>;
}): ContractCheck[];
