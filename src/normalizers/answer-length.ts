import { type Abstention, abstain } from '../domain/normalizer.ts';

/** The longest answer that is read, in UTF-16 code units (1 Mi). Longer ones abstain. */
export const MAX_ANSWER_LENGTH = 1_048_576;

/** The abstention for a text longer than {@link MAX_ANSWER_LENGTH}; `undefined` for one that can be read. */
export const tooLong = (text: string): Abstention | undefined =>
  text.length > MAX_ANSWER_LENGTH
    ? abstain(`the answer is ${text.length} characters long, more than ${MAX_ANSWER_LENGTH}`)
    : undefined;
