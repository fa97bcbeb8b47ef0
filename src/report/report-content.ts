import type { Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { ReliabilityCurve } from '../experiment/statistics/reliability-curve.ts';

/** The content of a report. */
export interface ReportContent {
  readonly title: string;
  /** The origin of the figures: simulated models, recorded or live answers, and which questions. */
  readonly basis?: string;
  readonly scorecard: Scorecard;
  /** The accuracy of panels of each size. If it is missing, its chart is left out. */
  readonly reliability?: ReliabilityCurve;
}
