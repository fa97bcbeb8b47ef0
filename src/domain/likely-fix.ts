import { readSafely, strayOf } from './foreign.ts';
import { isObject } from './is-object.ts';

/**
 * The likeliest fix of a value that is not what a message says is expected, as the end of that message; `undefined` if none
 * is likely.
 */
export const likelyFix = (value: unknown, expected: string): string | undefined => {
  if (strayOf(value) === 'a promise') return 'await it first';
  if (typeof value === 'string') {
    const isNumber = value.trim() !== '' && !Number.isNaN(Number(value));
    const isBoolean = value === 'true' || value === 'false';
    return (isNumber && expects(expected, 'number')) || (isBoolean && expected === 'true or false')
      ? 'leave out the quotation marks'
      : undefined;
  }
  if (typeof value === 'number') {
    return value >= 5 && value <= 100 && /from 0 to 1\b(?!\d)/.test(expected)
      ? `for ${value} %, give ${value / 100}`
      : undefined;
  }
  return isObject(value) && expected.startsWith('an array') && readSafely(value, 'length') === undefined
    ? 'put it into an array'
    : undefined;
};

const expects = (expected: string, kind: string): boolean => expected.split(' ').slice(1, 3).includes(kind);
