import { isObject } from '../domain/is-object.ts';
import type { Usage } from '../domain/model.ts';
import { asObject } from './as-object.ts';
import { unreadFields } from './join-usage.ts';

/** A provider's usage in the terms of this library, and what it had to leave out. */
export interface ReadUsage {
  readonly usage: Usage | undefined;
  /** One phrase for each detail that cannot be true. */
  readonly warnings: readonly string[];
}

/** Reads a field of a provider's usage, or of an object within it. Absent is `undefined`; 0 stays 0. */
export type CountTokens = (name: string, within?: unknown) => number | undefined;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * Converts a provider's usage. A paid answer does not fail by its usage: a field that is not a number of tokens, such as
 * −1, and a part above its total are left out with a warning.
 */
export const readUsage = (
  reported: unknown,
  convert: (count: CountTokens) => Usage | undefined,
): ReadUsage => {
  if (reported === undefined || reported === null) return { usage: undefined, warnings: [] };
  const warnings: string[] = isObject(reported) ? [] : ['dropped the usage, which is not an object'];
  const usage = convert((name, within = reported) => {
    const value = asObject(within)[name] ?? undefined;
    if (value === undefined || isCount(value)) return value;
    warnings.push(`dropped "${name}" of the usage, which is not a number of tokens`);
    return undefined;
  });
  const unread = unreadFields(reported).map((name) =>
    name === ''
      ? 'dropped a usage that is not an object'
      : `dropped "${name}" of a usage, which is not a number of tokens`,
  );
  return { usage: usage && withinTotals(usage, warnings), warnings: [...warnings, ...unread] };
};

/** The parts of a usage in words, what they are parts of, and that in words. */
const PARTS = [
  ['cached tokens', ['cachedInputTokens', 'cacheWriteTokens'], 'inputTokens', 'input'],
  ['cached tokens of longer times', ['longCacheWriteTokens'], 'cacheWriteTokens', 'cached tokens'],
  ['audio tokens', ['audioInputTokens'], 'inputTokens', 'input'],
  ['reasoning tokens', ['reasoningTokens'], 'outputTokens', 'output'],
  ['audio and image tokens', ['audioOutputTokens', 'imageOutputTokens'], 'outputTokens', 'output'],
] as const;

/** Leaves out the parts of a usage that are above their total. */
const withinTotals = (usage: Usage, warnings: string[]): Usage => {
  let kept = usage;
  for (const [words, parts, total, of] of PARTS) {
    const sum = parts.reduce((tokens, part) => tokens + (kept[part] ?? 0), 0);
    if (sum <= (kept[total] ?? Number.POSITIVE_INFINITY)) continue;
    warnings.push(`dropped the ${words} of the usage, which are above its ${of}`);
    kept = { ...kept, ...Object.fromEntries(parts.map((part) => [part, undefined])) };
  }
  return kept;
};
