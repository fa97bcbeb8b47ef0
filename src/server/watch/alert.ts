import type { Period } from '../period.ts';

/** The mean consensus of the last predictions of an ensemble is low. */
export interface LowConsensusRule {
  /** The consensus below which an alert is raised, above 0 and up to 1. */
  readonly lowConsensus: number;
  /** How many predictions the mean is of, from 1. Default 20. */
  readonly last?: number;
  /** Default: each ensemble for itself. */
  readonly ensemble?: string;
}

/** Many of the last calls of a member failed. */
export interface FailingMemberRule {
  /** The share of failed calls from which an alert is raised, above 0 and up to 1. */
  readonly failingMember: number;
  /** How many calls the share is of, from 1; cancelled ones do not count. Default 20. */
  readonly last?: number;
  /** Default: those of each ensemble. */
  readonly ensemble?: string;
}

/** Predictions cost much. */
export interface SpendRule {
  /** The known cost from which an alert is raised, in USD. */
  readonly spendUsd: number;
  /** The period of the calendar, in UTC. Default `day`. */
  readonly per?: Period;
  /** The name of a key. Default: all keys together. */
  readonly key?: string;
}

/** When an alert is raised. */
export type AlertRule = LowConsensusRule | FailingMemberRule | SpendRule;

/** A rule that is met, or was met before. It contains no question and no answer. */
export interface Alert {
  /** The same for the alert when it is raised and when it is over. */
  readonly id: string;
  readonly state: 'raised' | 'over';
  readonly kind: 'low-consensus' | 'failing-member' | 'spend';
  /** One sentence. */
  readonly message: string;
  /** When it was raised, in ISO 8601. */
  readonly raisedAt: string;
  /** When it was over, in ISO 8601. */
  readonly overAt?: string;
}
