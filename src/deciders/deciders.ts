/** The public deciders, listed by name: the step between the votes and the prediction. */

export { type CouncilOptions, council } from './council.ts';
export { type DebateOptions, debate } from './debate.ts';
export { type FuseOptions, fuse } from './fuse.ts';
export { judge, type ModelJudge, type ModelJudgeOptions } from './judge.ts';
