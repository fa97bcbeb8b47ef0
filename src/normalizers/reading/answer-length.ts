import { ConfigError } from '../../domain/errors.ts';
import { kindOf } from '../../domain/foreign.ts';
import { type Abstention, abstain } from '../../domain/normalizer.ts';

/** The length of the longest answer that is read, in UTF-16 code units (1 Mi). A longer one abstains. */
export const MAX_ANSWER_LENGTH = 1_048_576;

/**
 * Returns an abstention if a text is longer than {@link MAX_ANSWER_LENGTH}.
 *
 * @throws {ConfigError} for anything but a text. Every normalizer begins with this.
 */
export const tooLong = (text: string): Abstention | undefined => {
  if (typeof text !== 'string') throw new ConfigError([`a normalizer reads a text, but got ${kindOf(text)}`]);
  return text.length > MAX_ANSWER_LENGTH
    ? abstain(`the answer is ${text.length} characters long, more than ${MAX_ANSWER_LENGTH}`)
    : undefined;
};
