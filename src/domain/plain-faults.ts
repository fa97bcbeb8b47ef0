import { numberlike, readSafely } from './foreign.ts';

/** Returns what is expected if a value is not; `undefined` if the value is valid. */
type Expectation = (value: unknown) => string | undefined;

/**
 * Returns one sentence for each fault of the options. Tells what is expected, but not what was probably meant, so that the
 * smallest bundles need no list of words.
 */
export const plainFaults = (
  owner: string,
  options: object,
  checks: Readonly<Record<string, Expectation>>,
): string[] => {
  const names = Object.keys(checks);
  const unknown = Object.keys(options ?? {}).filter((name) => !names.includes(name));
  return [
    ...unknown.map(
      (name) =>
        `${owner}: there is an unknown option, ${numberlike(name)}; the options are ${names.join(', ')}`,
    ),
    ...names.flatMap((name) => {
      const value = readSafely(options, name);
      const expected = checks[name]?.(value);
      return expected === undefined
        ? []
        : [`${owner}: option "${name}" must be ${expected}, but got ${numberlike(value)}`];
    }),
  ];
};
