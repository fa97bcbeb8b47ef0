import { type Form, INFINITY, intervalOf, MINUS_INFINITY } from './form.ts';
import { isLabel } from './labels.ts';
import type { Node } from './node.ts';
import type { Reading } from './reading.ts';
import { NOTATION, stop } from './unreadable.ts';

const closes = (sign: string | undefined): boolean => sign === '≤' || sign === '≥';

/** Returns the interval of an inequality for one name: `x > 4`, `-1 < x ≤ 5`. */
export function inequalityForm(relations: string, sides: readonly Node[], reading: Reading): Form {
  if (!/^(?:[<≤]{1,2}|[>≥]{1,2})$/.test(relations)) stop(NOTATION);
  const isRising = /[<≤]/.test(relations);
  const ordered = isRising ? sides : sides.toReversed();
  const signs = isRising ? [...relations] : [...relations].reverse();
  const isChain = sides.length > 2;
  const at = isChain ? 1 : ordered.findIndex(isLabel);
  const [low, name, high] = [ordered[at - 1], ordered[at], ordered[at + 1]];
  // An end that is a name alone may be the name of the answer. A missing end, as in `< x < 3`, is an empty name.
  const isUnclear = [low, high].some((end) => end?.kind === 'name' && !(isChain && end.value !== ''));
  if (name === undefined || !isLabel(name) || isUnclear || sides.length > 3) stop(NOTATION);
  return intervalOf(
    low === undefined ? MINUS_INFINITY : reading.form(low),
    high === undefined ? INFINITY : reading.form(high),
    (closes(signs[0]) ? '[' : '(') + (closes(signs.at(-1)) ? ']' : ')'),
  );
}
