import { isObject } from '../domain/is-object.ts';
import { asObject } from './as-object.ts';

/** How deep usages have objects with details in them. */
const MAX_DEPTH = 3;

/**
 * Joins two usages of the same answer, field by field. Counts grow while an answer is written, so the greater one applies:
 * a later usage that is empty, 0 or unreadable takes nothing away.
 */
export const joinUsages = (earlier: unknown, later: unknown, depth = 0): unknown => {
  if (isCount(earlier) && isCount(later)) return Math.max(earlier, later);
  if (!isObject(earlier) || !isObject(later)) return knowledge(later) < knowledge(earlier) ? earlier : later;
  if (depth === MAX_DEPTH) return later;
  const before = asObject(earlier);
  const joined = Object.entries(asObject(later)).map(([name, value]) => [
    name,
    joinUsages(before[name], value, depth + 1),
  ]);
  return { ...before, ...Object.fromEntries(joined) };
};

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;

/** How much a value of a usage says: nothing, something that cannot be read, a count, or several. */
const knowledge = (value: unknown): number => {
  if ((value ?? null) === null) return 0;
  return isObject(value) ? 3 : isCount(value) ? 2 : 1;
};
