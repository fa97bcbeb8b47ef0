import { lazily } from '../../domain/lazily.ts';

const ALTERNATIVES = [
  'or|and|and/or|vs\\.?|versus|either|alternatively|maybe|perhaps|possibly|oder|und|ou|et|o|y|e|и|или|或者?|または|또는',
  '(?:an)?other(?: (?:possible|valid))? (?:option|answer|possibility|solution|alternative|candidate)s?(?: (?:is|would be|could be))?',
  '(?:the )?alternative|(?:option|answer|candidate|alternative|possibility|version|item|result|solution|response|choice|case|part|question|problem|teil|partie|parte)s? #?\\(?(?:\\d{1,2}|[a-j])',
].join('|');

/** What is between the values of a list, or between alternatives. */
const BESIDE = lazily(
  () =>
    new RegExp(
      `^(?:[\\s,;|/&*_:\`()\u2022>#+\u2013-]|\\.(?=[\\r\\n])|\\d{1,2}[.)]|(?![oeyи])[a-z][.)]|(?<![\\p{L}\\p{N}])(?:${ALTERNATIVES})(?![\\p{L}\\p{N}]))*$`,
      'iu',
    ),
);

/** Whether what is between two answers makes them items of a list or alternatives, of which none corrects the other. */
export const standBeside = (between: string): boolean => BESIDE().test(between);
