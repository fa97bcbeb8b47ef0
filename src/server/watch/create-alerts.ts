import { asyncScheduler } from 'rxjs';
import { sumOf } from '../../domain/cost.ts';
import { isOfMember, type Outcome } from '../../domain/outcome.ts';
import { counted, formatPercent, formatUsd } from '../../rendering/amounts.ts';
import { printable } from '../../rendering/printable.ts';
import { periodIn } from '../period.ts';
import type { ServedEvent } from '../served-event.ts';
import type { Alert, AlertRule } from './alert.ts';
import { outcomesOf } from './outcomes-of.ts';

/** How many alerts are kept, and how many subjects a rule has. */
const MAX_ALERTS = 50;
const MAX_SUBJECTS = 1_000;

/** How long an alert stays raised at least: one that comes and goes is reported at most twice in this time. */
const LEAST_MS = 60_000;

const DEFAULT_LAST = 20;

/** Rules that are applied to what a server does. */
export interface Alerts {
  add(end: ServedEvent & { readonly type: 'end' }): void;
  /** The newest first. */
  list(): readonly Alert[];
}

/** What a rule says of one prediction: a subject, whether the rule is met for it, and why. */
interface Reading {
  readonly subject: string;
  readonly isMet: boolean;
  readonly message: string;
}

type Watch = (end: ServedEvent & { readonly type: 'end' }) => readonly Reading[];

/**
 * Applies rules to each prediction that ends. An alert is raised once for each subject, such as a member, and is over once
 * the rule is no longer met, but not within the first minute.
 *
 * @param onAlert receives each alert when it is raised and when it is over.
 */
export const createAlerts = (rules: readonly AlertRule[], onAlert: (alert: Alert) => void): Alerts => {
  const watches = rules.map((rule) => ({ kind: kindOf(rule), watch: watchOf(rule) }));
  const raised = new Map<string, Alert>();
  let list: readonly Alert[] = [];
  let count = 0;
  const tell = (alert: Alert): void => {
    list = [alert, ...list.filter(({ id }) => id !== alert.id)].slice(0, MAX_ALERTS);
    onAlert(alert);
  };
  return {
    add(end) {
      const now = new Date(asyncScheduler.now());
      for (const [place, { kind, watch }] of watches.entries())
        for (const { subject, isMet, message } of watch(end)) {
          const key = JSON.stringify([place, subject]);
          const alert = raised.get(key);
          if (isMet && alert === undefined && raised.size < MAX_SUBJECTS) {
            count += 1;
            const next = {
              id: `alert-${count}`,
              state: 'raised',
              kind,
              message,
              raisedAt: now.toISOString(),
            } as const;
            raised.set(key, next);
            tell(next);
          }
          if (isMet || alert === undefined) continue;
          if (now.getTime() - Date.parse(alert.raisedAt) < LEAST_MS) continue;
          raised.delete(key);
          tell({ ...alert, state: 'over', overAt: now.toISOString() });
        }
    },
    list: () => list,
  };
};

const kindOf = (rule: AlertRule): Alert['kind'] => {
  if ('lowConsensus' in rule) return 'low-consensus';
  return 'failingMember' in rule ? 'failing-member' : 'spend';
};

const watchOf = (rule: AlertRule): Watch => {
  if ('lowConsensus' in rule) {
    const { lowConsensus, last = DEFAULT_LAST, ensemble } = rule;
    const means = lastMeans(last);
    return ({ served, prediction }) => {
      if (prediction === undefined || (ensemble ?? served.ensemble) !== served.ensemble) return [];
      const mean = means(served.ensemble, prediction.metadata.consensus);
      if (mean === undefined) return [];
      const isMet = mean < lowConsensus;
      const message = `The mean consensus of the last ${counted(last, 'prediction')} of ${printable(served.ensemble)} is ${formatPercent(mean)}, below ${formatPercent(lowConsensus)}.`;
      return [{ subject: served.ensemble, isMet, message }];
    };
  }
  if ('failingMember' in rule) {
    const { failingMember, last = DEFAULT_LAST, ensemble } = rule;
    const means = lastMeans(last);
    return (end) => {
      const { served } = end;
      if ((ensemble ?? served.ensemble) !== served.ensemble) return [];
      return outcomesOf(end)
        .filter(isDone)
        .flatMap(({ model, status }) => {
          const subject = JSON.stringify([served.ensemble, model]);
          const share = means(subject, status === 'failed' ? 1 : 0);
          if (share === undefined) return [];
          const message = `${printable(model)} in ${printable(served.ensemble)} failed in ${formatPercent(share)} of its last ${counted(last, 'call')}.`;
          return [{ subject, isMet: share >= failingMember, message }];
        });
    };
  }
  const { spendUsd, per = 'day', key } = rule;
  const nameOfPeriod = periodIn(per, 'UTC');
  let period = '';
  let spentUsd = 0;
  return (end) => {
    const present = nameOfPeriod(new Date(asyncScheduler.now()));
    if (present !== period) spentUsd = 0;
    period = present;
    if (key === undefined || key === end.served.caller) spentUsd += sumOf(outcomesOf(end)).costUsd ?? 0;
    const of = key === undefined ? '' : ` of the key ${printable(key)}`;
    const message = `Predictions${of} have cost ${formatUsd(spentUsd)} in ${period}, at least ${formatUsd(spendUsd)}.`;
    return [{ subject: '', isMet: spentUsd >= spendUsd, message }];
  };
};

const isDone = (outcome: Outcome): boolean => isOfMember(outcome) && outcome.status !== 'cancelled';

/** Returns the mean of the last values of a subject; `undefined` while there are fewer, and for subjects beyond the bound. */
const lastMeans = (count: number): ((subject: string, value: number) => number | undefined) => {
  const windows = new Map<string, number[]>();
  return (subject, value) => {
    const window = windows.get(subject) ?? [];
    if (windows.size >= MAX_SUBJECTS && !windows.has(subject)) return undefined;
    windows.set(subject, window);
    window.push(value);
    if (window.length > count) window.shift();
    return window.length < count ? undefined : window.reduce((sum, one) => sum + one, 0) / count;
  };
};
