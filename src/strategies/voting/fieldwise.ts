import { answerKey } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Voter } from '../../domain/voter.ts';
import { byWeight, Poll } from './poll.ts';

/** The count of every field, and of whole answers, so that the winning side can be quoted. */
interface FieldCount {
  cast: number;
  readonly fields: Map<string, Poll>;
  readonly spokesmen: Map<string, Vote>;
}

/** How the most votes for one field stand against its second value, or against leaving the field out. */
const standingOf = (poll: Poll, cast: number): { lead: number; runnerUp: number } => ({
  lead: poll.lead,
  runnerUp: Math.max(poll.runnerUp, cast - poll.total),
});

const fieldsOf = (answer: unknown): [string, unknown][] =>
  typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? Object.entries(answer) : [];

/**
 * Each field of an object is an election of its own: the answer is put together from the values that most
 * models gave, so it may be one that no single model gave. For `json` and `schema(...)` answers; an answer
 * that is no object supports no field. A field that most answers leave out is left out. Ties as in
 * {@link majority}.
 *
 * `metadata.consensus` is that of the least agreed field, and `metadata.votes` counts `field=value`.
 *
 * @example
 * ```ts
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
      const standings = Array.from(fields, ([field, poll]) => ({ field, poll, ...standingOf(poll, cast) }));
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
        // One more vote may bring a field that nobody has named yet, but never enough of them to keep it.
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
