import type { Grouping } from '../../src/domain/grouping.ts';
import type { Vote } from '../../src/domain/outcome.ts';

/** Returns a vote of a panel's member for an answer. */
const voteFor = (answer: unknown, index: number): Vote => ({
  status: 'answered',
  model: `model-${index}`,
  index,
  latencyMs: 0,
  costUsd: undefined,
  costSource: 'unknown',
  response: { text: String(answer) },
  answer,
  key: typeof answer === 'string' ? answer : JSON.stringify(answer),
  confidence: undefined,
});

/** Returns the state of a grouping after answers, which arrive in their order or in another one. */
export const stateAfter = (
  grouping: Grouping,
  question: string,
  answers: readonly unknown[],
  arrival: readonly number[] = [...answers.keys()],
): unknown => {
  const state: unknown = grouping.init({ question });
  return arrival.reduce((before, index) => grouping.add(before, voteFor(answers[index], index)), state);
};

/** Returns the answers of each group, groups in the order of their first members. */
export const grouped = (...parameters: Parameters<typeof stateAfter>): unknown[][] =>
  parameters[0]
    .groups(stateAfter(...parameters))
    .toSorted(([a], [b]) => (a?.index ?? 0) - (b?.index ?? 0))
    .map((group) => group.map(({ answer }) => answer));
