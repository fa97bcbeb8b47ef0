import { briefly, type Expectation, kindOf, readSafely } from './foreign.ts';
import { isObject } from './is-object.ts';
import { quotedName } from './quoting.ts';

/** Accepts a function. */
export const aFunction =
  (expected: string): Expectation =>
  (value) =>
    typeof value === 'function' ? undefined : expected;

/**
 * Returns one sentence for each fault of the options. Tells what is expected, but not what was probably meant, so that the
 * smallest bundles need no list of words.
 */
export const plainFaults = (
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, Expectation>>,
): string[] => {
  if (!isObject(options)) return [`${owner}: expected options, but got ${kindOf(options)}`];
  const names = Object.keys(checks);
  const unknown: string[] = [];
  // Inherited names as well, such as those of an AbortSignal in place of overrides.
  for (const name in options) if (!names.includes(name)) unknown.push(name);
  return [
    ...unknown.map(
      (name) => `${owner}: there is no option ${quotedName(name)}; the options are ${names.join(', ')}`,
    ),
    ...names.flatMap((name) => {
      const value = readSafely(options, name);
      const expected = checks[name]?.(value);
      return expected === undefined
        ? []
        : [`${owner}: option "${name}" must be ${expected}, but got ${briefly(value)}`];
    }),
  ];
};
