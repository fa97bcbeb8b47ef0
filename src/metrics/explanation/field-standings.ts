import { answerKey } from '../../domain/answer-key.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Vote } from '../../domain/outcome.ts';

/** The votes for one field of an answer, if each field is elected by itself. */
export interface FieldStanding {
  readonly field: string;
  /** The key of the value that won, as votes are counted. */
  readonly key: string;
  readonly votes: number;
  /** The votes for the next value, or for a missing field if these are more. */
  readonly runnerUp: number;
}

const hasFields = (value: unknown): value is object => isObject(value) && !Array.isArray(value);

const fieldKey = ({ answer }: Vote, field: string): string | undefined =>
  hasFields(answer) && Object.hasOwn(answer, field) ? answerKey(Reflect.get(answer, field)) : undefined;

/** The standing of every field of an answer, lowest agreement first. */
export const fieldStandings = (answer: unknown, votes: readonly Vote[]): FieldStanding[] =>
  Object.entries(hasFields(answer) ? answer : {})
    .map(([field, value]) => {
      const counts = new Map<string | undefined, number>();
      for (const vote of votes) {
        const key = fieldKey(vote, field);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const key = answerKey(value);
      const own = counts.get(key) ?? 0;
      counts.delete(key);
      return { field, key, votes: own, runnerUp: Math.max(0, ...counts.values()) };
    })
    .toSorted((a, b) => a.votes - a.runnerUp - (b.votes - b.runnerUp));
