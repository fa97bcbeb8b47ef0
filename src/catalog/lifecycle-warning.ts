import { reading } from '../options.ts';
import { findModel, fullName } from './parse-name.ts';

const DAY_MS = 86_400_000;
const NOTICE_DAYS = 90;

/**
 * Returns a warning if a model has been shut down or will be within 90 days, with its replacement. Returns `undefined`
 * for other models and for models that the catalog does not know.
 *
 * @param today the current day, in UTC.
 *
 * @example
 * ```ts
 * import { lifecycleWarning } from 'crucible-ensemble/auto';
 *
 * lifecycleWarning('openai/gpt-5', new Date('2026-12-01'));
 * // => 'openai/gpt-5 shuts down on 2026-12-11, in 10 days: use openai/gpt-6.1-sol'
 * lifecycleWarning('openai_gpt4o_mini', new Date('2026-12-01')); // => undefined
 * ```
 */
export const lifecycleWarning = (name: string, today: Date): string | undefined => {
  return reading('lifecycleWarning', () => {
    const { shutdownDate, replacement } = findModel(name) ?? {};
    if (shutdownDate === undefined) return undefined;
    const daysLeft = Math.ceil((Date.parse(shutdownDate) - today.getTime()) / DAY_MS);
    if (daysLeft > NOTICE_DAYS) return undefined;
    const state =
      daysLeft > 0
        ? `shuts down on ${shutdownDate}, in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`
        : `was shut down on ${shutdownDate}`;
    return `${fullName(name)} ${state}${replacement === undefined ? '' : `: use ${replacement}`}`;
  });
};
