import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { ConfigError } from '../domain/errors.ts';
import { plainName } from '../domain/quoting.ts';
import { counted, formatUsd } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { CommandContext } from './cli-context.ts';
import { isTerminal } from './output.ts';
import type { RunEstimate } from './run-estimate.ts';

/** What was agreed to before a run. */
export interface Consent {
  /** The cost up to which no question is asked, in USD. Default 1. */
  readonly yesBelow?: number;
  /** Whether any cost is agreed to. */
  readonly yes?: boolean;
  /** A limit that the caller has set for this run, in USD. The run cannot cost more. */
  readonly maxUsd?: number;
}

/** The cost up to which no question is asked, in USD. */
export const YES_BELOW_USD = 1;

/**
 * Says what a run may cost. If that is more than was agreed to, asks on a terminal; resolves with whether the run may begin.
 *
 * @throws {ConfigError} if it is more and there is no terminal to ask on.
 */
export const confirmCost = async (
  estimate: RunEstimate,
  { yesBelow = YES_BELOW_USD, yes = false, maxUsd }: Consent,
  context: Pick<CommandContext, 'stdin' | 'signal' | 'errors'>,
): Promise<boolean> => {
  const { errors, stdin, signal } = context;
  const { calls, mostUsd, unpriced, own } = estimate;
  if (calls > 0)
    errors.print(
      `estimate: ${costOf(mostUsd)} for ${counted(calls, 'call')}${own.size === 0 ? '' : `; without ${counted(sum(own), 'call')} of ${namesOf(own)}, which say what they cost afterwards`}`,
    );
  if (yes || maxUsd !== undefined || (mostUsd <= yesBelow && unpriced.size === 0)) return true;
  const reason =
    unpriced.size > 0
      ? `this run may cost any amount, because the price of ${namesOf(unpriced)} is unknown (${counted(sum(unpriced), 'call')})`
      : `this run may cost ${costOf(mostUsd)}, more than ${formatUsd(yesBelow)}`;
  if (stdin.isTTY !== true || !isTerminal(errors.stream))
    throw new ConfigError([
      `${reason}: pass --yes${unpriced.size > 0 ? ', state its "price"' : ', a higher --yes-below'}, or limit it with --max-usd; no call was made`,
    ]);
  // A terminal in raw mode would send no SIGINT.
  const lines = createInterface({ input: stdin, output: errors.stream, terminal: false });
  try {
    const answered = lines.question(`${reason}. Run it? [y/N] `, { signal });
    // Without more input, the question would wait for ever.
    const answer = await Promise.race([answered, once(lines, 'close').then(() => '')]);
    return /^\s*y(?:es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
};

const costOf = (usd: number): string => `up to ${formatUsd(usd)}`;

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((all, one) => all + one, 0);

const namesOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts.keys()].map((id) => printable(plainName(id), 60)).join(', ');
