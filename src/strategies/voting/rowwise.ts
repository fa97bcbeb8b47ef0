import { answerKey } from '../../domain/answer-key.ts';
import type { FieldStandings } from '../../domain/field-standing.ts';
import { calledAs, returned } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { Vote } from '../../domain/outcome.ts';
import { ownName } from '../../domain/own-name.ts';
import { quotedName } from '../../domain/quoting.ts';
import { toRecord } from '../../domain/record.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { checked, ofType, reading, required, suchThat } from '../../options.ts';
import type { FieldRule } from './fields/field-rule.ts';
import { saidOf } from './fields/said-of.ts';
import { fieldwise } from './fieldwise.ts';
import { aMinimum, isShared } from './set-vote.ts';
import { voterOfAll } from './voter-of-all.ts';

/** Options of {@link rowwise}. */
export interface RowwiseOptions {
  /**
   * What makes two rows the same: the name of a field, names of several, or a function of a row, such as
   * `(row) => row.sku.toUpperCase()`. A row without a key is the same as an equal row.
   */
  readonly key: string | readonly string[] | ((row: Readonly<Record<string, unknown>>) => unknown);
  /** The rules of the fields of a row, as of {@link fieldwise}. Default: the value that most rows have. */
  readonly fields?: Readonly<Record<string, FieldRule>>;
  /** The share of the votes that a row needs, above 0 up to 1. Default: more than half. */
  readonly min?: number;
}

/** The rows with one key, by the vote that has each. */
type Aligned = ReadonlyMap<Vote, unknown>;

/**
 * Votes on lists of objects, such as the items of an invoice: rows of the same key are aligned, in any order, and each of their
 * fields is voted on separately, as by {@link fieldwise}. The answer has the rows that enough votes name. An answer that is
 * no list is a list of one; `null` is an empty one. A key that a list has several times stands for as many rows.
 *
 * `metadata.votes` counts the rows by key, and `metadata.fields` has the consensus of each row and of its fields, with the
 * models behind each value. `metadata.consensus` is the share of the votes that agree about the row, or the field of a row, that is the most disputed.
 *
 * Rows are in the order in which the first member of the panel names them. Every vote can change the rows, so that `decided`
 * waits for all. `metadata.warnings` tells of a key that no row has.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, fieldwise, rowwise } from 'crucible-ensemble';
 *
 * const texts = [
 *   '{"items": [{"sku": "A1", "count": 3}, {"sku": "B2", "count": 1}]}',
 *   '{"items": [{"sku": "B2", "count": 1}, {"sku": "A1", "count": 8}]}',
 *   '{"items": [{"sku": "A1", "count": 3}]}',
 * ];
 * const ensemble = createEnsemble({
 *   models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: 'json',
 *   strategy: fieldwise({ items: rowwise({ key: 'sku' }) }),
 * });
 * const { answer, metadata } = await ensemble.predict('Which items are on this invoice?');
 * answer; // => { items: [{ sku: 'A1', count: 3 }, { sku: 'B2', count: 1 }] }
 * metadata.fields?.items?.fields?.A1?.fields?.count?.said[1]; // => { value: 8, models: ['model-1'] }
 * ```
 */
export const rowwise = (options: RowwiseOptions): Voter =>
  reading('rowwise', () => {
    const { key, fields, min } = checked('rowwise', options, {
      key: required(aKey),
      fields: [ofType('object'), {}],
      min: aMinimum,
    });
    const ofRow = fieldwise(fields);
    const keyOf = keyWith(key);
    const tallyOf = (cast: readonly Vote[]): Omit<Standing, 'margin'> => {
      const rows = alignedRows(cast, keyOf);
      const elected = new Map(
        Array.from(rows, ([name, aligned]) => [
          name,
          isShared(aligned.size, cast.length, min) ? electedOf(aligned, ofRow) : undefined,
        ]),
      );
      const answer = [...elected.values()].flatMap((row) => (row === undefined ? [] : [row.answer]));
      const whole = answerKey(answer);
      const shares = new Map(
        Array.from(rows, ([name, { size }]) => {
          const row = elected.get(name);
          return [name, (row === undefined ? cast.length - size : row.consensus * size) / cast.length];
        }),
      );
      const consensus = [...shares.values()].reduce((least, share) => Math.min(least, share), 1);
      return {
        answer,
        leadingVote: cast.find((vote) => vote.key === whole),
        consensus,
        votes: toRecord(rows, ({ size }) => size),
        lead: consensus * cast.length,
        runnerUp: cast.length - consensus * cast.length,
        total: cast.length,
        get fields(): FieldStandings {
          return toRecord(new Map(Array.from(rows, (row) => [row[0], row])), ([name, aligned]) => ({
            ...elected.get(name),
            consensus: shares.get(name) ?? 0,
            ...saidOf(cast.map((vote) => ({ model: vote.model, value: aligned.get(vote) }))),
          }));
        },
      };
    };
    return voterOfAll('rowwise', 'every answer can change the rows', tallyOf, {
      countsNull: true,
      warningsOf: (standings, path = '') => {
        const rows = standings.flatMap((fields) => Object.values(fields));
        const records = rows.flatMap(({ said }) => said.map(({ value }) => value)).filter(isRecord);
        if (records.length === 0) return [];
        const names = typeof key === 'function' ? [] : [key].flat();
        return [
          ...names
            .filter((name) => !records.some((row) => Object.hasOwn(row, name)))
            .map(
              (name) =>
                `rowwise: no row has the key ${quotedName(`${path}${name}`)}, so that only ${names.length > 1 ? 'the other names align rows' : 'equal rows are aligned'}`,
            ),
          ...(ofRow[internal]?.warningsOf?.(
            rows.flatMap(({ fields }) => (fields === undefined ? [] : [fields])),
            path,
            'row of the answer',
          ) ?? []),
        ];
      },
    });
  });

const aKey = suchThat(
  'the name of a field, a list of names, or a function of a row',
  (value) =>
    typeof value === 'function' ||
    isName(value) ||
    (Array.isArray(value) && value.length > 0 && value.every(isName)),
);

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Returns the function that gives the key of a row. */
const keyWith =
  (key: RowwiseOptions['key']) =>
  (row: unknown): string => {
    const found = isRecord(row) ? valueBy(row, key) : undefined;
    return answerKey(found ?? row);
  };

const valueBy = (row: Readonly<Record<string, unknown>>, key: RowwiseOptions['key']): unknown => {
  if (typeof key === 'function') return calledAs(ownName(key, 'key'), () => returned(key(row)));
  if (typeof key === 'string') return Object.hasOwn(row, key) ? row[key] : undefined;
  const values = key.map((name) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null));
  return values.every((value) => value === null) ? undefined : values;
};

/** The rows of all votes by their keys, in the order of the panel. */
const alignedRows = (
  cast: readonly Vote[],
  keyOf: (row: unknown) => string,
): ReadonlyMap<string, Aligned> => {
  const rows = new Map<string, Map<Vote, unknown>>();
  for (const vote of cast) {
    const times = new Map<string, number>();
    for (const row of listOf(vote.answer)) {
      const key = keyOf(row);
      const time = (times.get(key) ?? 0) + 1;
      times.set(key, time);
      const name = time === 1 ? key : answerKey([key, time]);
      const aligned = rows.get(name) ?? new Map<Vote, unknown>();
      rows.set(name, aligned.set(vote, row));
    }
  }
  return rows;
};

const listOf = (answer: unknown): readonly unknown[] =>
  (Array.isArray(answer) ? answer : [answer]).filter((row) => row !== undefined && row !== null);

/** The row that aligned rows come to. A row that is no object has no fields: they are all equal. */
const electedOf = (
  aligned: Aligned,
  ofRow: Voter,
): Pick<Standing, 'consensus' | 'fields'> & { readonly answer: unknown } => {
  const votes = Array.from(aligned, ([vote, answer]) => ({ ...vote, answer, key: answerKey(answer) }));
  const counted = votes.reduce<unknown>((state, vote) => ofRow.add(state, vote), ofRow.init());
  const { answer, consensus, fields } = ofRow.tally(counted, 0, 0);
  if (answer !== undefined) return { answer, consensus, fields };
  const [first] = aligned.values();
  return isRecord(first) ? { answer: {}, consensus, fields } : { answer: first, consensus: 1 };
};
