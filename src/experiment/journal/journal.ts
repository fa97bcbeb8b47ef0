import type { ModelResponse } from '../../domain/model.ts';

/** A recorded call. */
export interface JournalEntry {
  /** Identifies the call: see `callKey`. */
  readonly key: string;
  /** The id of the model. */
  readonly model: string;
  readonly status: 'answered' | 'failed';
  /** From subscription to settlement, in milliseconds. */
  readonly latencyMs: number;
  /** From subscription to the first delta of the answer, in milliseconds, if the model streamed it. */
  readonly firstTokenMs?: number;
  /** The response, as plain JSON, if the call was answered. */
  readonly response?: ModelResponse;
  /** The error, if the call failed; without cause, API key or prompt. */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly isRetryable: boolean;
    readonly status?: number;
    readonly costUsd?: number;
    /** Present if `costUsd` is not billed, as in {@link ModelError}. */
    readonly costSource?: 'estimated' | 'partial';
  };
}

/**
 * The record of paid calls, found by key. If a key has several entries, the last one counts, but a failed call never
 * replaces an answered one.
 */
export interface Journal {
  /** The entry that counts under a key, among those with a resolved `append`. */
  get(key: string): Promise<JournalEntry | undefined>;
  /**
   * Resolves once the entry is written (with fsync, once it is on the medium). Rejects with `JournalWriteError`, and with
   * `ConfigError` if JSON would change the entry; then nothing was written, and the journal continues.
   */
  append(entry: JournalEntry): Promise<void>;
  /** The entries that count, one for each key, in the order of writing. */
  entries(): AsyncIterable<JournalEntry>;
  /** The number of keys that have an entry. */
  readonly count: number;
  /** Resolves once everything is written and released. Later appends are rejected. */
  close(): Promise<void>;
}

/** Whether a later entry replaces an earlier one with the same key: a failed call never replaces an answered one. */
export const replaces = (
  later: Pick<JournalEntry, 'status'>,
  earlier: Pick<JournalEntry, 'status'>,
): boolean => later.status === 'answered' || earlier.status === 'failed';
