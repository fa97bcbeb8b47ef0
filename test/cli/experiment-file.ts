import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileOf } from './recording.ts';

const sums = (count: number, wrong = 0): string =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `q${index}`,
      question: `What is ${index} + ${index}?`,
      expected: 2 * index + wrong,
    }),
  ).join('\n');

export const small = { simulated: { id: 'small', accuracy: 0.5, costUsd: 0.001 } };
export const large = { simulated: { id: 'large', accuracy: 1, costUsd: 0.01 } };
export const file = {
  dataset: 'sums.jsonl',
  journal: 'calls.jsonl',
  models: [small, large],
  conditions: {
    small: { models: ['small'], normalization: 'numeric' },
    large: { models: ['large'], normalization: 'numeric' },
  },
};

/** Creates an experiment with its dataset beside it, and returns its path. */
export const experimentOf = (
  experiment: object | string = file,
  count = 20,
  name = 'experiment.json',
): string => {
  const path = fileOf(sums(count), 'sums.jsonl');
  const other = join(dirname(path), name);
  writeFileSync(other, typeof experiment === 'string' ? experiment : JSON.stringify(experiment));
  return other;
};

export const beside = (path: string, name: string): string => join(dirname(path), name);

export const tableOf = (stdout: string) => JSON.parse(stdout);
