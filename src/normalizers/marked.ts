import { type Abstention, type AnswerContext, abstain, type Normalizer } from '../domain/normalizer.ts';
import { reading, refuse, shown } from '../options.ts';
import { handOnJsonSchema, hasSchema } from './answer-schema.ts';
import { readAnswer } from './final-answer.ts';
import { noJson } from './json/find-json.ts';
import { markedJson } from './json/json-normalizer.ts';
import type { AnswerReader, Reading } from './marks/answer-reader.ts';
import { normalizerWith, readerOf } from './normalizer-readers.ts';
import { unwrapped } from './reading/plain-text.ts';

/**
 * Returns a normalizer that reads only an answer in a mark or after an announcement: `<answer>`, `{"answer": …}`,
 * `\boxed{…}`, `#### …`, "the answer is …". For JSON, a text with only JSON and a fence count as marks, too. Abstains from a
 * text without any, which the other normalizers read if it is short.
 *
 * @throws {ConfigError} if `normalizer` is not a function.
 *
 * @example
 * ```ts
 * import { marked, numeric } from 'crucible-ensemble';
 *
 * marked(numeric)('The answer is 42.'); // 42
 * marked(numeric)('42 apples'); // abstains
 * ```
 */
export function marked<Answer>(
  normalizer: Normalizer<Answer>,
): (text: string, context?: AnswerContext) => Answer | Abstention {
  return reading('marked', () => {
    if (typeof normalizer !== 'function')
      refuse([`marked: expected a normalizer, such as marked(numeric), but got ${shown(normalizer)}`]);
    const own = readerOf<Answer>(normalizer);
    const json = markedJson(normalizer as (text: string) => Answer);
    if (own === undefined && json === undefined)
      return (text: string, context?: AnswerContext) =>
        readAnswer(text, { ...readerFor(normalizer, context), unmarked });
    const reader = { ...(own ?? readerFor(normalizer, undefined)), unmarked };
    if (json === undefined) return normalizerWith(() => reader);
    const read = (text: string): Answer | Abstention => {
      const answer = json(text);
      return (answer as unknown) === noJson ? readAnswer(text, reader) : answer;
    };
    return hasSchema(normalizer) ? handOnJsonSchema(normalizer, read) : read;
  });
}

const UNMARKED = 'the text marks or announces no answer';

const unmarked = (): Abstention => abstain(UNMARKED);

const UNREAD = 'the normalizer found no answer in the marked text';

/** Reads what marks hold with a normalizer of the user. */
const readerFor = <Answer>(
  normalizer: Normalizer<Answer>,
  context: AnswerContext | undefined,
): AnswerReader<Answer> => {
  // Without a context a normalizer is called by hand, as one of a text alone.
  const read = (part: string): Reading<Answer> =>
    normalizer(part, context as AnswerContext) ?? abstain(UNREAD);
  return {
    sought: 'what the normalizer reads',
    readsProse: true,
    readsAnyProse: true,
    field: read,
    phrase: (text, start, end) => read(unwrapped(text, start, end)),
    unmarked: () => undefined,
  };
};
