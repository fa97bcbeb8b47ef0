import { isObject } from '../domain/is-object.ts';
import { asObject } from './as-object.ts';

/** The names of what could not be read in usages that were joined, if another of them says it. */
const unread = Symbol('unread');

/** How deep usages have objects with details in them. */
const MAX_DEPTH = 3;

/**
 * Joins two usages of the same answer, field by field. Counts grow while an answer is written, so the greater one applies:
 * a later usage that is empty, 0 or unreadable takes nothing away. Keeps the names of what could not be read.
 */
export const joinUsages = (earlier: unknown, later: unknown): unknown => {
  if (isObject(earlier) && isObject(later)) return joinFields(earlier, later, { depth: 0, isMoney: false });
  const [kept, other] = isObject(earlier) || (later ?? null) === null ? [earlier, later] : [later, earlier];
  return isObject(kept) && (other ?? null) !== null ? { ...kept, [unread]: [''] } : kept;
};

/** Returns the names of the fields that could not be read in usages that were joined; `''` for a whole usage. */
export const unreadFields = (usage: unknown): readonly string[] =>
  isObject(usage) ? ((Reflect.get(usage, unread) as readonly string[] | undefined) ?? []) : [];

interface Place {
  readonly depth: number;
  /** Whether the fields are amounts, which need not be whole. */
  readonly isMoney: boolean;
}

const joinFields = (earlier: object, later: object, { depth, isMoney }: Place): object => {
  const before = asObject(earlier);
  const names = new Set([...unreadFields(earlier), ...unreadFields(later)]);
  const joined = Object.entries(asObject(later)).map(([name, value]) => {
    const place = { depth: depth + 1, isMoney: isMoney || /cost/i.test(name) };
    const field = joinField(before[name], value, place);
    if (field.isUnread) names.add(name);
    for (const inner of unreadFields(field.value)) names.add(inner);
    return [name, field.value];
  });
  return { ...before, ...Object.fromEntries(joined), ...(names.size > 0 && { [unread]: [...names] }) };
};

const joinField = (
  earlier: unknown,
  later: unknown,
  place: Place,
): { readonly value: unknown; readonly isUnread?: boolean } => {
  const [before, after] = [knowledge(earlier, place), knowledge(later, place)];
  if (before !== after) {
    const isUnread = Math.min(before, after) > 0 && Math.max(before, after) > 1;
    return { value: before > after ? earlier : later, isUnread };
  }
  if (before === COUNT) return { value: Math.max(Number(earlier), Number(later)) };
  const areObjects = isObject(earlier) && isObject(later) && place.depth < MAX_DEPTH;
  return { value: areObjects ? joinFields(earlier, later, place) : later };
};

const COUNT = 3;

/** How much a field of a usage says: nothing, something that cannot be read, details, or a count. */
const knowledge = (value: unknown, { isMoney }: Place): number => {
  if ((value ?? null) === null) return 0;
  if (isObject(value) && !Array.isArray(value)) return 2;
  const isAmount = typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
  return isAmount && (isMoney || Number.isInteger(value)) ? COUNT : 1;
};
