import { type Abstention, abstain } from '../domain/normalizer.ts';
import { checked, oneOf, reading } from '../options.ts';
import type { AnswerMarks } from './marks/answer-marks.ts';
import type { AnswerReader, Reading } from './marks/answer-reader.ts';
import { normalizerWith } from './normalizer-readers.ts';
import { withoutFence } from './reading/code-fences.ts';
import { withoutEndTokens } from './reading/end-tokens.ts';
import { unwrapped } from './reading/plain-text.ts';
import { isRefusal } from './reading/refusal.ts';

/** What readers of texts look for, in messages. */
export const SOUGHT_TEXT = 'a text';

/** The options of {@link text}: which differences between answers count. */
export interface TextOptions {
  /** `keep`: `Polish` and `polish` are two answers. Default: `fold`, which yields lower case. */
  readonly case?: 'keep' | 'fold';
  /**
   * `keep` yields the answer unchanged, with its line breaks, its indentation, its quotation marks and its full stop, as for
   * programs. Default: `collapse`, which makes one blank of all white space in a row and unwraps the answer.
   */
  readonly blanks?: 'keep' | 'collapse';
  /** Whether an empty text is an answer, for example the output of a program that prints nothing. Default: `abstain`. */
  readonly empty?: 'answer' | 'abstain';
  /**
   * `abstain`: a text that opens by saying that it cannot answer is no answer, unless it continues with an answer: "I'm sorry, but I
   * couldn't find any information about it". In English. Default: `keep`, which takes it as an answer like any other.
   */
  readonly refusals?: 'keep' | 'abstain';
}

/**
 * Returns a normalizer that yields the answer of a text as text. A delimited answer (`<answer>`, `{"answer": …}`,
 * `\boxed{…}`, `#### …`) is read without the rest of the text. So is the rest of a line that begins with "Answer:" or "So
 * the answer is", and the content of the only code fence. Within a sentence these words are prose.
 *
 * @throws {ConfigError} if an option is unknown or has another value.
 *
 * @example
 * ```ts
 * import { text } from 'crucible-ensemble';
 *
 * text({ case: 'keep' })('The answer is **New   York**.'); // 'New York'
 * text({ case: 'keep', blanks: 'keep' })('```py\nif x:\n    y()\n```'); // 'if x:\n    y()'
 * ```
 */
export const text = (options: TextOptions = {}): ((text: string) => string | Abstention) =>
  reading('text', () => {
    const {
      case: letters,
      blanks,
      empty,
      refusals,
    } = checked('text', options, {
      case: [oneOf(['keep', 'fold'], ''), 'fold'],
      blanks: [oneOf(['keep', 'collapse'], ''), 'collapse'],
      empty: [oneOf(['answer', 'abstain'], ''), 'abstain'],
      refusals: [oneOf(['keep', 'abstain'], ''), 'keep'],
    });
    const inCase = (answer: string): string => (letters === 'fold' ? answer.toLowerCase() : answer);
    const nothing = (): Reading<string> => (empty === 'answer' ? '' : undefined);
    const accept = (answer: string): Reading<string> => {
      if (answer === '') return nothing();
      return refusals === 'abstain' && isRefusal(answer) ? abstain('it says that it cannot answer') : answer;
    };
    const reader: AnswerReader<string> = {
      sought: SOUGHT_TEXT,
      readsProse: true,
      empty: nothing,
      ...(blanks === 'keep' ? verbatim(inCase, accept) : plain(inCase, accept)),
    };
    return normalizerWith(() => reader, inCase);
  });

/** Takes a text as the answer, or says why it is none. */
type Accept = (answer: string) => Reading<string>;

type Places = Pick<AnswerReader<string>, 'field' | 'phrase' | 'unmarked'>;

/** Reads texts without their wrapping. */
function plain(inCase: (answer: string) => string, accept: Accept): Places {
  const read = (content: string, from: number, to: number): Reading<string> =>
    accept(collapsed(inCase(unwrapped(content, from, to))));
  const whole = (content: string): Reading<string> => read(content, 0, content.length);
  return {
    field: whole,
    phrase: read,
    unmarked: (content, { from, to }) => whole(withoutFence(content.slice(from, to))),
  };
}

/** Reads texts unchanged, except for the line breaks around them. */
function verbatim(inCase: (answer: string) => string, accept: Accept): Places {
  const read = (content: string): Reading<string> => accept(inCase(withoutBlankEdges(content)));
  return {
    field: (_content, raw) => read(withoutFence(raw)),
    phrase: (content, start, end) => read(unwrapped(content, start, end)),
    unmarked: (content, { from, to }: AnswerMarks) =>
      read(withoutFence(content.slice(from, withoutEndTokens(content, from, to)))),
  };
}

/** Without blank lines before, and white space after. The indentation of the first line stays. */
const withoutBlankEdges = (content: string): string => content.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();

/** Replaces every run of white space by one blank. */
const collapsed = (content: string): string =>
  unevenSpace.test(content) ? content.replace(unevenSpaces, ' ') : content;

const unevenSpace = /[^\S ]| {2}/;
const unevenSpaces = /[^\S ]\s*| \s+/g;
