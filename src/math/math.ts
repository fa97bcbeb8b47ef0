export type { MathAnswer } from './math-answer.ts';
export { mathKey } from './math-key.ts';
export { type MathOptions, math } from './math-normalizer.ts';
