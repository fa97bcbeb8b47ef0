/** Every stop rule, for the namespace `stop`. */
export { adaptive } from './adaptive.ts';
export { allOf } from './all-of.ts';
export { anyOf } from './any-of.ts';
export { confident } from './confident.ts';
export { consensus } from './consensus.ts';
export { decided } from './decided.ts';
export { firstAnswer } from './first-answer.ts';
export { never } from './never.ts';
