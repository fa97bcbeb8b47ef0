import { abstentionReason } from '../domain/normalizer.ts';
import { reading } from '../options.ts';
import type { MathAnswer } from './math-answer.ts';
import { type MathOptions, settingsOf } from './math-normalizer.ts';
import { readMath } from './read-math.ts';

/**
 * Returns the key of a text that is one mathematical answer, for scorers and normalizers of one's own: equal answers have equal
 * keys, and different answers different ones. `undefined` for a text that is not read as an answer. It looks for no mark; {@link math}
 * does.
 *
 * @throws {ConfigError} if `text` is no text, or an option is unknown or has another value.
 *
 * @example
 * ```ts
 * import { mathKey } from 'crucible-ensemble/math';
 *
 * mathKey('\\\\frac{14}{18}') === mathKey('7/9'); // => true
 * mathKey('[1, 2)'); // => '[1, 2)'
 * ```
 */
export const mathKey = (text: string, options: MathOptions = {}): string | undefined =>
  reading('mathKey', () => {
    const answer = readMath(text, settingsOf('mathKey', options));
    return abstentionReason(answer) === undefined ? (answer as MathAnswer).key : undefined;
  });
