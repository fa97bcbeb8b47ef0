import type { Vote } from '../../src/domain/outcome.ts';
import { drawsFor } from '../../src/models/random.ts';

/** Answers of ten random words and a number, all different. */
export const phrases = (count: number): string[] => {
  const draw = drawsFor('phrases');
  const word = (): string =>
    Array.from({ length: 6 }, () => String.fromCharCode(97 + Math.floor(26 * draw() ** 2))).join('');
  const words = Array.from({ length: 2000 }, word);
  return Array.from(
    { length: count },
    (_, index) =>
      `${Array.from({ length: 10 }, () => words[Math.floor(words.length * draw())]).join(' ')} ${index}`,
  );
};

export const voteOf = (text: string, index: number): Vote<string> => ({
  status: 'answered',
  model: `model-${index}`,
  index,
  answer: text,
  key: text,
  confidence: undefined,
  latencyMs: 1,
  costUsd: 0,
  costSource: 'reported',
  response: { text },
});
