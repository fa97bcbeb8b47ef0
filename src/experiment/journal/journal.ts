import type { ModelResponse } from '../../domain/model.ts';

/** One call that has ended, as it was recorded. */
export interface JournalEntry {
  /** What the call is found by again: see `callKey`. */
  readonly key: string;
  /** The id of the model that was asked. */
  readonly model: string;
  readonly status: 'answered' | 'failed';
  /** From subscription to settlement, in milliseconds. */
  readonly latencyMs: number;
  /** From subscription to the first piece of the answer, in milliseconds, where the model streamed it. */
  readonly firstTokenMs?: number;
  /** What the model said, where the call was answered, as plain JSON. */
  readonly response?: ModelResponse;
  /** What the call failed with, where it did; no cause, no key, no prompt. */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly isRetryable: boolean;
    readonly status?: number;
    readonly costUsd?: number;
  };
}

/**
 * The record of calls that were paid for, found by key. Of several entries under one key the last counts, but
 * a failed call never replaces an answered one.
 */
export interface Journal {
  /** The entry that counts under this key, of those whose `append` has resolved. */
  get(key: string): Promise<JournalEntry | undefined>;
  /** Resolves once it is written (and, with fsync, on the medium). Rejects with JournalWriteError. */
  append(entry: JournalEntry): Promise<void>;
  /** The entries that count, one a key, in the order in which they were written. */
  entries(): AsyncIterable<JournalEntry>;
  /** How many keys have an entry. */
  readonly count: number;
  /** Resolves once everything is written and let go of; what is appended later is refused. */
  close(): Promise<void>;
}
