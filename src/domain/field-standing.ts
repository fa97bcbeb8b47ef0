/** What the members of the panel said of one field of an answer, and what it came to. */
export interface FieldStanding {
  /** The value in the answer. Absent if the answer does not have the field. */
  readonly answer?: unknown;
  /** The share of the votes that agree with that, from 0 to 1, as the rule of the field counts. */
  readonly consensus: number;
  /** Each value that was given, with the ids of the models that gave it, in panel order. The one that most gave comes first. */
  readonly said: readonly FieldValue[];
  /** The models with an answer without the field, in panel order. */
  readonly without: readonly string[];
  /** The fields of the value, if each is voted on separately; of a list of objects, its rows by their keys. */
  readonly fields?: FieldStandings | undefined;
}

/** The standing of each field of an answer. */
export type FieldStandings = Readonly<Record<string, FieldStanding>>;

/** A value of a field, with the ids of the models that gave it. */
export interface FieldValue {
  readonly value: unknown;
  readonly models: readonly string[];
}
