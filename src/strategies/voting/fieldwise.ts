import { answerKey } from '../../domain/answer-key.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Voter } from '../../domain/voter.ts';
import { byWeight, Poll } from './poll.ts';

/** The count of each field, and of whole answers, so that a vote with the elected answer can be quoted. */
interface FieldCount {
  cast: number;
  readonly fields: Map<string, Poll>;
  readonly spokesmen: Map<string, Vote>;
}

const fieldsOf = (answer: unknown): [string, unknown][] =>
  isObject(answer) && !Array.isArray(answer) ? Object.entries(answer) : [];

/**
 * Votes on each field of an object separately. The answer consists of the values that most models gave, so it may be one
 * that no single model gave. For `json` and `schema(...)` answers: an answer that is not an object has no vote for any
 * field. A field that most answers do not have is left out. Ties as in {@link majority}.
 *
 * `metadata.consensus` is that of the least agreed field, and `metadata.votes` counts `field=value`.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, fieldwise } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('a', () => '{"city": "Paris", "country": "France"}'),
 *     defineModel('b', () => '{"city": "Paris", "country": "Texas"}'),
 *     defineModel('c', () => '{"city": "Lyon", "country": "France"}'),
 *   ],
 *   normalization: 'json',
 *   strategy: fieldwise(),
 * });
 * const { answer } = await ensemble.predict('Where is the Louvre?');
 * answer; // => { city: 'Paris', country: 'France' }
 * ```
 */
export const fieldwise = (): Voter => {
  const voter: Voter<FieldCount> = {
    name: 'fieldwise',
    init: () => ({ cast: 0, fields: new Map(), spokesmen: new Map() }),
    add(count, vote) {
      count.cast += 1;
      const spokesman = count.spokesmen.get(vote.key);
      if (spokesman === undefined || vote.index < spokesman.index) count.spokesmen.set(vote.key, vote);
      for (const [field, answer] of fieldsOf(vote.answer)) {
        const poll = count.fields.get(field) ?? new Poll(byWeight);
        count.fields.set(field, poll.add({ ...vote, answer, key: answerKey(answer) }, 1));
      }
      return count;
    },
    tally({ cast, fields, spokesmen }) {
      const standings = Array.from(fields, ([field, poll]) => ({
        field,
        poll,
        lead: poll.lead,
        // The votes for the second value, or those that leave the field out.
        runnerUp: Math.max(poll.runnerUp, cast - poll.total),
      }));
      const kept = standings.filter(({ lead, poll }) => lead >= cast - poll.total);
      const answer =
        kept.length === 0
          ? undefined
          : Object.fromEntries(kept.map(({ field, poll }) => [field, poll.answer]));
      const [weakest] = kept.toSorted((a, b) => a.lead - a.runnerUp - (b.lead - b.runnerUp));
      const lead = Math.min(...kept.map((standing) => standing.lead));
      return {
        answer,
        leadingVote: answer === undefined ? undefined : spokesmen.get(answerKey(answer)),
        consensus: kept.length === 0 ? 0 : lead / cast,
        lead: weakest?.lead ?? 0,
        runnerUp: weakest?.runnerUp ?? 0,
        total: cast,
        // One more vote may name a new field, but one vote is not enough to keep it.
        margin: Math.min(...standings.map((standing) => Math.abs(standing.lead - standing.runnerUp)), cast),
        get votes() {
          return Object.fromEntries(
            standings.flatMap(({ field, poll }) =>
              Object.entries(poll.votes).map(([key, votes]) => [`${field}=${key}`, votes]),
            ),
          );
        },
      };
    },
  };
  return voter;
};
