import { UnsubscriptionError } from 'rxjs';
import { expect, test } from 'vitest';
import { namesOf } from '../../src/domain/teardown.ts';

const hostile = Object.assign(new RangeError('4'), {
  errors: new Proxy([], {
    get: () => {
      throw new Error('no');
    },
  }),
});

test.each<readonly [string, unknown, string]>([
  ['an error', new RangeError('4'), 'RangeError'],
  [
    'the errors of several teardowns',
    new UnsubscriptionError([new RangeError('4'), 7]),
    'RangeError, a value that is not an error',
  ],
  ['an error with a list that cannot be read', hostile, 'RangeError'],
  ['nothing', undefined, 'a value that is not an error'],
])('names %s', (_, error, names) => {
  expect(namesOf(error)).toBe(names);
});
