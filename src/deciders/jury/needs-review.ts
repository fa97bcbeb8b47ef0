import { between, checked, reading, trueOrFalse } from '../../options.ts';
import type { ReviewRule } from './jury-verdict.ts';

/** Options of {@link needsReview}. Scores are those of `JurorGrade`: 0, the worst, to 1, the best. */
export interface NeedsReviewOptions {
  /** Marks what has no verdict. Default true. */
  readonly withoutVerdict?: boolean;
  /** Marks grades of two jurors that are at least this far apart, 0..1. Default 0.5: half of the scale. */
  readonly spread?: number;
  /** Marks grades on both sides of this score, 0..1, such as that of a pass. A score at it is above. Default: none. */
  readonly threshold?: number;
}

/**
 * Returns a rule that marks the disagreements of a jury that matter, for the option `review`. The first reason that applies is
 * `review` of the verdict.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { needsReview } from 'crucible-ensemble/deciders';
 *
 * const rule = needsReview({ threshold: 0.6 });
 * const juror = (id: string, score: number) => ({ juror: id, grade: 5 * score, score });
 * rule({ grade: 3, score: 0.6, support: 1, jurors: [juror('a', 0.5), juror('b', 0.7)] });
 * // => 'b is not below 0.6, and a is'
 * rule({ grade: 4, score: 0.8, support: 1, jurors: [juror('a', 0.7), juror('b', 0.9)] }); // => undefined
 * ```
 */
export const needsReview = (options: NeedsReviewOptions = {}): ReviewRule =>
  reading('needsReview', () => {
    const { withoutVerdict, spread, threshold } = checked('needsReview', options, {
      withoutVerdict: [trueOrFalse, true],
      spread: [between(0, 1), 0.5],
      threshold: between(0, 1),
    });
    const rule: ReviewRule = ({ fault, jurors }) => {
      if (withoutVerdict && fault !== undefined) return fault;
      const scores = jurors.flatMap(({ score }) => score ?? []);
      const at = (score: number) => jurors.find((juror) => juror.score === score);
      const [lowest, highest] = [at(Math.min(...scores)), at(Math.max(...scores))];
      if (lowest?.score === undefined || highest?.score === undefined || lowest === highest) return undefined;
      if (threshold !== undefined && lowest.score < threshold && highest.score >= threshold)
        return `${highest.juror} is not below ${threshold}, and ${lowest.juror} is`;
      return highest.score - lowest.score >= spread && highest.score > lowest.score
        ? `${lowest.juror} says ${lowest.grade}, and ${highest.juror} says ${highest.grade}`
        : undefined;
    };
    return (verdict) => reading('the rule of needsReview', () => rule(verdict));
  });
