import type { ReadVerdict } from '../domain/decider.ts';
import type { Group } from '../domain/grouping.ts';
import type { Outcome, Vote } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';

/** The outcomes with the answer for which each vote counted. */
export const inGroups = <Answer>(
  outcomes: readonly Outcome<Answer>[],
  groups: readonly Group<Answer>[],
): readonly Outcome<Answer>[] => {
  const speakers = new Map(groups.flatMap((group) => group.map(({ key }) => [key, (group[0] as Vote).key])));
  return outcomes.map((outcome) => {
    const group = outcome.status === 'answered' && outcome.role === undefined && speakers.get(outcome.key);
    return typeof group === 'string' ? { ...outcome, group } : outcome;
  });
};

/** The tally with the answer of a verdict as its leader. */
export const decidedBy = <Answer>(
  verdict: ReadVerdict<Answer>,
  tally: Tally<Answer>,
  outcomes: readonly Outcome<Answer>[],
): Tally<Answer> => {
  const { votes, total, successes } = tally;
  if (!('key' in verdict))
    return { ...tally, votes, leader: verdict.answer, leadingVote: undefined, confidence: undefined };
  const { key } = verdict;
  const cast = outcomes.filter(
    (outcome): outcome is Vote<Answer> =>
      outcome.status === 'answered' && outcome.role === undefined && (outcome.group ?? outcome.key) === key,
  );
  const leadingVote = cast.find((vote) => vote.key === key);
  // A voter of its own kind need not count under this key.
  const [lead, of] = Object.hasOwn(votes, key) ? [votes[key] as number, total] : [cast.length, successes];
  const confidences = cast.flatMap(({ confidence }) => confidence ?? []);
  return {
    ...tally,
    votes,
    leader: leadingVote?.answer,
    leadingVote,
    lead,
    consensus: of === 0 ? 0 : lead / of,
    confidence: confidences.length === 0 ? undefined : Math.max(...confidences),
  };
};
