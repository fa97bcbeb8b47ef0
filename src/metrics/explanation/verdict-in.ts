import type { Decision, Prediction } from '../../domain/prediction.ts';

/** The decision of the decider that chose or wrote the answer; `undefined` if the votes decided. */
export const verdictIn = ({ metadata: { decision } }: Prediction): Decision | undefined =>
  decision?.status === 'chosen' || decision?.status === 'written' ? decision : undefined;
