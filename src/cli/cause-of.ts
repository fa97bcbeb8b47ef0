import { CrucibleError } from '../domain/errors.ts';
import { isA, nameOf, readSafely } from '../domain/foreign.ts';
import { withoutKeys } from '../domain/quoting.ts';

/** Describes an error of the user's own module: its name, its message without keys, and its place. */
export const describedFault = (error: unknown): string => {
  const [line = ''] = String(readSafely(error, 'message')).split('\n');
  const place = placeOf(String(readSafely(error, 'stack')).slice(0, LONGEST_STACK));
  return `${nameOf(error)}: ${withoutKeys(line)}${place === undefined ? '' : ` (${withoutKeys(place)})`}`;
};

/** Describes the error of the user's own code that is behind an error of the library, if it has one. */
export const describedCause = (error: unknown): string | undefined => {
  const cause = readSafely(error, 'cause');
  if (isA(cause, CrucibleError)) return describedCause(cause);
  return isA(cause, Error) ? describedFault(cause) : undefined;
};

/** As much of a stack as is read. */
const LONGEST_STACK = 4000;

/** The place of an error, as file:line:column. Node puts that of a syntax error before the stack, with a caret. */
const placeOf = (stack: string): string | undefined => {
  const [, file, line, caret = ''] = /^([^\n]+):(\d+)\n[^^]*?\n( *)\^/.exec(stack) ?? [];
  if (file !== undefined) return `${file}:${line}:${caret.length + 1}`;
  return /^ +at (?:.*\()?(?:file:\/\/)?(\/(?!.*\/node_modules\/)[^\n()]+:\d+:\d+)\)?$/m.exec(stack)?.[1];
};
