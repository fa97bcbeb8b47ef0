import { isA, returned } from '../../domain/foreign.ts';
import { UserCodeError } from '../../domain/no-prediction.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { Voter } from '../../domain/voter.ts';
import { toUnits } from '../../domain/weight-units.ts';

export const ceilingOf = (voter: Voter, model: string): number => {
  if (voter.ceiling === undefined) return toUnits(1);
  const most = voter.ceiling(model);
  return toUnits(typeof most === 'number' && most >= 0 ? most : returned(most, aWeight));
};

const aWeight = (): string => 'a number of at least 0, as its ceiling';

export const ceilingOfAll = (voter: Voter, panel: readonly string[]): number =>
  voter.ceiling === undefined
    ? panel.length * toUnits(1)
    : panel.reduce((sum, model) => sum + ceilingOf(voter, model), 0);

export const userCodeError = ({ name }: Voter, cause: unknown): UserCodeError =>
  isA(cause, UserCodeError) ? cause : new UserCodeError(`the voting strategy ${quotedName(name)}`, { cause });

/** Whether a schedule emitted an outcome. It may emit anything. */
const isOutcome = (value: Outcome): boolean => {
  if (typeof value?.model !== 'string') return false;
  const { status } = value;
  return status === 'answered' || status === 'abstained' || status === 'failed' || status === 'cancelled';
};

/** Refuses what a schedule emitted if it is no outcome. */
export const refuseNoOutcome = (value: Outcome): void => {
  if (!isOutcome(value)) returned(value, () => 'an Observable of outcomes');
};
