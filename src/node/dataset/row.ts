/** One record of a dataset file, whatever its format. */
export interface Row {
  /** Where it stands, as messages name it, such as `line 3`. */
  readonly place: string;
  /** The number of that place, from 1. */
  readonly number: number;
  /** A field; `undefined` where there is none of that name. */
  get(field: string): unknown;
}

/** Refuses a file, and says where in it. Never quotes what stands there. */
export type Refuse = (place: string, faults: readonly string[]) => void;

/** The most that is held at a time, of a JSON file or of one record: 100 MiB. */
export const MAX_HELD_BYTES = 104_857_600;
