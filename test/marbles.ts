import { configure } from 'rxjs-marbles';
import { expect } from 'vitest';

/**
 * A test in virtual time: one character of a diagram is one millisecond. Of an error that an Observable ends
 * with, its name and message are compared.
 */
export const { marbles } = configure({
  run: true,
  frameworkMatcher: true,
  assertDeepEqual: (actual, expected) => expect(actual).toStrictEqual(expected),
});
