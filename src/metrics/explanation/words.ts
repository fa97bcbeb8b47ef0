import { formatVotes } from '../../rendering/amounts.ts';
import { printable } from '../../rendering/printable.ts';

const MAX_ANSWER = 60;
const MAX_NAME = 60;
/** The longest reason of a decider. */
export const MAX_REASON = 200;
const MAX_LISTED = 8;

/** Formats untrusted text: on one line, without control characters, and of bounded length. */
export const quoted = (text: string, most = MAX_ANSWER): string =>
  `“${printable(text, most).replace(/[“”]/g, '"')}”`;
export const named = (text: string): string => printable(text, MAX_NAME);

/** "1 vote", "2 votes", "0.7 votes". */
export const counted = (amount: number, noun: string): string =>
  `${formatVotes(amount)} ${noun}${amount === 1 ? '' : 's'}`;

/** Formats a list for a sentence: each item once, and truncated if it is long. */
export const listed = (items: readonly string[]): string => {
  const each = [...new Set(items)];
  const rest = each.length - MAX_LISTED;
  if (rest > 1) return `${each.slice(0, MAX_LISTED).join(', ')} and ${rest} more`;
  return each.length < 2 ? each.join('') : `${each.slice(0, -1).join(', ')} and ${each.at(-1)}`;
};
