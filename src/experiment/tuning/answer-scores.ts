import type { AdditiveVoter } from '../../strategies/voting/additive-voter.ts';
import { confidenceOf, type Row } from './ballot-table.ts';
import type { SetTree } from './set-tree.ts';

/**
 * How the score of an answer grows with the votes: the answer with the highest score wins, ties aside. Makes the function that
 * writes the score of an answer to a row in each node of a tree; -Infinity where the answer has no votes.
 */
export type Scoring = (
  tree: SetTree,
  models: number,
) => (row: Row, answer: number, scores: Float64Array) => void;

/** The scores of all sets of so many models are in a table that stays in the nearest cache of a processor. */
export const FEW_MODELS = 11;

/** By the weights of few models that gave the answer, which are the same in all rows: their sums are looked up. */
export const byWeights =
  (weights: readonly number[]): Scoring =>
  ({ parents, added }) => {
    const sums = new Float64Array(2 ** weights.length);
    weights.forEach((weight, model) => {
      const next = 2 ** model;
      for (let set = 0; set < next; set += 1) sums[next + set] = (sums[set] ?? 0) + weight;
    });
    sums[0] = Number.NEGATIVE_INFINITY;
    const sets = new Int32Array(parents.length);
    for (let node = 1; node < sets.length; node += 1)
      sets[node] = (sets[parents[node] ?? 0] ?? 0) | (1 << (added[node] ?? 0));
    return ({ answers }, answer, scores) => {
      let voters = 0;
      for (const [model, given] of answers.entries()) if (given === answer) voters |= 1 << model;
      for (let node = 0; node < sets.length; node += 1) scores[node] = sums[(sets[node] ?? 0) & voters] ?? 0;
    };
  };

/** By the sum of what each vote adds to each answer. Each node continues the sum of its parent. */
export const bySum =
  (voter: AdditiveVoter): Scoring =>
  ({ parents, added }, models) => {
    const sums = new Float64Array(parents.length);
    const hasVotes = new Uint8Array(parents.length);
    const units = new Float64Array(models);
    const isFor = new Uint8Array(models);
    return ({ answers, keys, outcomes }, answer, scores) => {
      const key = keys[answer] ?? '';
      for (let model = 0; model < models; model += 1) {
        const outcome = outcomes[model];
        units[model] = outcome?.status === 'answered' ? voter.unitsFor(outcome, key) : 0;
        isFor[model] = answers[model] === answer ? 1 : 0;
      }
      sums[0] = voter.unitsAtStart(key);
      for (let node = 1; node < sums.length; node += 1) {
        const parent = parents[node] ?? 0;
        const member = added[node] ?? 0;
        const sum = (sums[parent] ?? 0) + (units[member] ?? 0);
        const has = (hasVotes[parent] ?? 0) | (isFor[member] ?? 0);
        sums[node] = sum;
        hasVotes[node] = has;
        scores[node] = has === 1 ? sum : Number.NEGATIVE_INFINITY;
      }
    };
  };

/** By the highest confidence of a vote, then by the number of votes, as in `bestConfidence`. */
export const byBest: Scoring = ({ parents, added }) => {
  const highest = new Float64Array(parents.length);
  const counts = new Float64Array(parents.length);
  return ({ answers, outcomes }, answer, scores) => {
    const confidences = outcomes.map(confidenceOf);
    const ascending = [...new Set(confidences)].sort((a, b) => a - b);
    // The level of a confidence counts more than all votes.
    const levels = Float64Array.from(confidences, (confidence, model) =>
      answers[model] === answer ? (1 + ascending.indexOf(confidence)) * (answers.length + 1) : 0,
    );
    for (let node = 1; node < scores.length; node += 1) {
      const [parent, member] = [parents[node] ?? 0, added[node] ?? 0];
      const level = levels[member] ?? 0;
      highest[node] = Math.max(highest[parent] ?? 0, level);
      counts[node] = (counts[parent] ?? 0) + (level > 0 ? 1 : 0);
      scores[node] =
        counts[node] === 0 ? Number.NEGATIVE_INFINITY : (highest[node] ?? 0) + (counts[node] ?? 0);
    }
  };
};
