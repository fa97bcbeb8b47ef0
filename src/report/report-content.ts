import type { Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { ReliabilityCurve } from '../experiment/statistics/reliability-curve.ts';

/** What a report is about. */
export interface ReportContent {
  readonly title: string;
  /** What the figures rest on: simulated models, recorded answers, or live ones, and which questions. */
  readonly basis?: string;
  readonly scorecard: Scorecard;
  /** How good panels of each size are, where it was looked at. */
  readonly reliability?: ReliabilityCurve;
}
