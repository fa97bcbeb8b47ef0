import { CrucibleError, type ModelError } from '../domain/errors.ts';
import { guarding, readSafely } from '../domain/foreign.ts';
import { quotedName } from '../domain/quoting.ts';
import type { SpendingCap } from '../policies/spending-cap.ts';
import { formatUsd } from '../rendering/amounts.ts';

/**
 * A cap of the option `budget` leaves too little for the next call. Ends an experiment before it spends more. `cause` is the
 * refusal of that call.
 */
export class SpendingLimitError extends CrucibleError {
  override readonly name = 'SpendingLimitError';
  /** The cap, in USD. */
  readonly maxUsd: number;
  /** What was spent until then, in USD. */
  readonly spentUsd: number;

  constructor(model: string, cap: SpendingCap, worstUsd: number, cause: ModelError, isRecorded: boolean) {
    const maxUsd = amount(readSafely(cap, 'maxUsd'));
    const spentUsd = guarding(
      () => amount(cap.spentUsd()),
      () => Number.NaN,
    );
    const again = isRecorded ? 'run it again to continue: the other calls are recorded' : 'run it again';
    super(
      `the limit of ${formatUsd(maxUsd)} is reached: ${formatUsd(spentUsd)} is spent, and a call of ${quotedName(model)} may cost ${formatUsd(amount(worstUsd))}. The experiment stopped before it asked the other questions. Raise the limit, or lower "maxOutputTokens", and ${again}`,
      { cause },
    );
    this.maxUsd = maxUsd;
    this.spentUsd = spentUsd;
  }
}

/** Errors take any value: an error about an error would hide it. */
const amount = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
