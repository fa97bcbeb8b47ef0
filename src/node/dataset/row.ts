import { ConfigError } from '../../domain/errors.ts';
import { shownPath } from '../../domain/quoting.ts';

/** One record of a dataset file, in any format. */
export interface Row {
  /** The place of the record for messages, such as `line 3`. */
  readonly place: string;
  /** The number in that place, from 1. */
  readonly number: number;
  /** The names of the fields. */
  readonly fields: readonly string[];
  /** The delimiter of the fields, if the file has one. */
  readonly separator?: string;
  /** Returns a field; `undefined` if the record does not have it. */
  get(field: string): unknown;
}

/** Refuses a file, with the place in it. Faults never quote the content of the file. */
export type Refuse = (place: string, faults: readonly string[]) => never;

/** Returns the faults at a place of the file at this path. */
export const placed = (path: string, place: string, faults: readonly string[]): readonly string[] =>
  faults.map((fault) => `${shownPath(path)}${place && `, ${place}`}: ${fault}`);

/** Returns a function that refuses the file at this path. */
export const refuseIn =
  (path: string): Refuse =>
  (place, faults) => {
    throw new ConfigError(placed(path, place, faults));
  };

/** The maximum number of bytes held in memory at a time, of a JSON file or of one record: 100 MiB. */
export const MAX_HELD_BYTES = 104_857_600;
