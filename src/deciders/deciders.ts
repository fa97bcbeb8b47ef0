/** The public deciders, listed by name: the step between the votes and the prediction. */

export { type CouncilOptions, council } from './council.ts';
export { type DebateOptions, debate } from './debate.ts';
export { type FuseOptions, fuse } from './fuse.ts';
export { judge, type ModelJudge, type ModelJudgeOptions } from './judge.ts';
export type { JurorGrade, JuryVerdict, PairGrade, ReviewRule } from './jury/jury-verdict.ts';
export { type NeedsReviewOptions, needsReview } from './jury/needs-review.ts';
export type { Grade, JuryScale, LabelScale, NumberScale } from './jury/scale.ts';
export { type Jury, type JuryOptions, jury } from './jury.ts';
