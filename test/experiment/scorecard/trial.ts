import type { Trial } from '../../../src/experiment/trial.ts';
import { call, failure, type PredictionSketch, prediction } from '../../metrics/predictions.ts';

/** A trial of a question whose right answer is 4; without an answer, its calls failed. */
export const trial = (
  condition: string,
  id: string,
  answer: string | undefined,
  more: PredictionSketch & { readonly category?: string; readonly score?: number } = {},
): Trial => {
  const { category, score = Number(answer === '4'), ...sketch } = more;
  return {
    condition,
    question: {
      id,
      question: 'What is 2 + 2?',
      expected: '4',
      ...(category !== undefined && { category }),
    },
    result: answer === undefined ? failure() : prediction({ answer, calls: [call('m')], ...sketch }),
    score,
  };
};
