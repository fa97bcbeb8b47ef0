import { answerKey } from '../../domain/answer-key.ts';
import { ModelError } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Draw } from '../../models/random.ts';

/** The confidences that votes may have: some are equal, so that answers tie. */
const CONFIDENCES = [undefined, undefined, 0, 0.5, 0.9, 1] as const;

const pick = <T>(values: readonly T[], draw: Draw): T => values[Math.floor(draw() * values.length)] as T;

/** Makes the vote of a model for an answer. */
export const voteOf = (model: string, index: number, answer: unknown, confidence?: number): Outcome => {
  const key = answerKey(answer);
  const response = confidence === undefined ? { text: key } : { text: key, confidence };
  return { ...account(model, index), status: 'answered', response, answer, key, confidence };
};

const account = (model: string, index: number) =>
  ({ model, index, latencyMs: 1, costUsd: undefined, costSource: 'unknown' }) as const;

/** Makes one outcome for a model: a vote, sometimes an abstention or a failure. */
const outcomeOf = (model: string, index: number, answers: readonly unknown[], draw: Draw): Outcome => {
  const kind = draw();
  if (kind < 0.1) {
    const reason = 'found no answer';
    return { ...account(model, index), status: 'abstained', response: { text: '' }, reason };
  }
  if (kind < 0.2) {
    return { ...account(model, index), status: 'failed', error: new ModelError(model, 'unreachable') };
  }
  return voteOf(model, index, pick(answers, draw), pick(CONFIDENCES, draw));
};

/** Makes one outcome for each model, in the order of the panel. Few answers are given at once, so that ties are frequent. */
export const ballotOf = (panel: readonly string[], answers: readonly unknown[], draw: Draw): Outcome[] => {
  const some = shuffled(answers, draw).slice(0, 1 + Math.floor(draw() * answers.length));
  return panel.map((model, index) => outcomeOf(model, index, some, draw));
};

/** Returns a copy in random order. */
export const shuffled = <T>(values: readonly T[], draw: Draw): T[] =>
  values
    .map((value) => ({ value, priority: draw() }))
    .sort((a, b) => a.priority - b.priority)
    .map(({ value }) => value);

/** Describes outcomes for a message, such as `m0: 4, m1: failed`. */
export const described = (outcomes: readonly Outcome[]): string =>
  outcomes
    .map((outcome) => {
      if (outcome.status !== 'answered') return `${outcome.model}: ${outcome.status}`;
      const { confidence, key, model } = outcome;
      return `${model}: ${key}${confidence === undefined ? '' : ` (${confidence})`}`;
    })
    .join(', ');
