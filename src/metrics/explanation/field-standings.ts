import { answerKey } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';

/** How one field of an answer was elected, where each field is an election of its own. */
export interface FieldStanding {
  readonly field: string;
  /** The value that won, as votes are counted. */
  readonly key: string;
  readonly votes: number;
  /** The votes for the next value, or for no such field, whichever are more. */
  readonly runnerUp: number;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldKey = ({ answer }: Vote, field: string): string | undefined =>
  isObject(answer) && Object.hasOwn(answer, field) ? answerKey(Reflect.get(answer, field)) : undefined;

/** The standing of every field of an answer, the least agreed first. */
export const fieldStandings = (answer: unknown, votes: readonly Vote[]): FieldStanding[] =>
  Object.entries(isObject(answer) ? answer : {})
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
