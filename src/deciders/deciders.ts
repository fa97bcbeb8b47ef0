/** The public deciders, listed by name: the step between the votes and the prediction. */

export { type DebateOptions, debate } from './debate.ts';
