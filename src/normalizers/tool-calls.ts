import { withForm } from '../domain/answer-form.ts';
import { guarding, isArray } from '../domain/foreign.ts';
import { type Abstention, type AnswerContext, abstain, type Normalizer } from '../domain/normalizer.ts';
import { quotedName } from '../domain/quoting.ts';
import type { ModelRequest } from '../domain/request.ts';
import { sentToolName, type ToolCall, type ToolChoice } from '../domain/tools.ts';
import { checked, ofType, reading, trueOrFalse } from '../options.ts';
import { handOnJsonSchema } from './answer-schema.ts';
import { lowercaseTrim } from './lowercase-trim.ts';
import { MAX_ANSWER_LENGTH } from './reading/answer-length.ts';
import { callKey, type FittedCall, fittedCall } from './tool-calls/fitted-call.ts';
import { toolFormsOf } from './tool-calls/tool-forms.ts';
import { asWritten, type Spelling } from './tool-calls/value-key.ts';

/** Options of {@link toolCalls}. */
export interface ToolCallsOptions<Answer = never> {
  /** Whether texts in arguments are the same vote in capitals and in small letters. Default `true`. */
  readonly fold?: boolean;
  /**
   * Whether `May 4, 2031` is the same vote as `2031-05-04`, and `7 pm` as `19:00`. The order of day and month is not
   * guessed: `05/04/2031` is a text. Default `false`.
   */
  readonly dates?: boolean;
  /**
   * Reads the text of a model that calls no tool, such as `numeric`. Default: all of them give one answer, no call, and the
   * commonest of their texts is the text of the prediction. A warning says if at most half of them wrote it.
   */
  readonly orText?: Normalizer<Answer>;
}

/** The key of the answer that no tool is to be called. */
export const NO_CALL = 'no call';

/**
 * Returns a normalizer that yields the tool calls of a response, `[{ toolName, input }]`, and `[]` if the model answers with
 * a text instead. The normalization of every query with tools, if no other is given.
 *
 * Two answers are the same vote if they call the same tools equally often with the same arguments. The order of the calls and
 * of the arguments does not matter, nor whether a number is written `5` or `5.0`. Arguments are brought to the types of the
 * schema if they have exactly one reading: `"5"` becomes 5 for an integer, `"Km"` becomes `"km"` if that is in the `enum`.
 * An optional argument that is `null` is left out. An optional argument counts as left out if it has its default. Among the
 * wordings of the winning answer, the commonest one is the answer.
 *
 * Abstains if a call names another tool, lacks a required argument, has one that is not declared, or has arguments that are
 * no JSON. Abstains as well if the text has the name of a tool and a parenthesis: a call that was written, not made; and if the
 * `toolChoice` of the query asks for a call that the model did not make.
 *
 * @throws {ConfigError} if an option is unknown or has another value.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, toolCalls } from 'crucible-ensemble';
 *
 * const calling = (id: string, input: unknown) =>
 *   defineModel(id, () => ({ text: '', toolCalls: [{ toolName: 'book', input }] }));
 * const ensemble = createEnsemble({
 *   models: [
 *     calling('a', { guests: 4, place: 'Lido' }),
 *     calling('b', '{"place": "lido", "guests": 4.0}'),
 *     calling('c', { guests: 5, place: 'Lido' }),
 *   ],
 *   normalization: toolCalls(),
 * });
 * const properties = { guests: { type: 'integer' }, place: { type: 'string' } };
 * const { answer, metadata } = await ensemble.predict({
 *   messages: [{ role: 'user', content: 'A table for four at Lido.' }],
 *   tools: { book: { inputSchema: { type: 'object', properties, required: ['guests', 'place'] } } },
 * });
 * answer; // => [{ toolName: 'book', input: { guests: 4, place: 'Lido' } }]
 * metadata.consensus.toFixed(2); // => '0.67'
 * ```
 */
export const toolCalls = <Answer = never>(
  options: ToolCallsOptions<Answer> = {},
): ((text: string, context: AnswerContext) => readonly ToolCall[] | Answer | Abstention | null | undefined) =>
  reading('toolCalls', () => {
    const { fold, dates, orText } = checked('toolCalls', options, {
      fold: [trueOrFalse, true],
      dates: [trueOrFalse, false],
      orText: ofType('function'),
    });
    const read: Normalizer<readonly ToolCall[] | Answer> = (text, context) => {
      const { query, response }: Partial<AnswerContext> = context ?? {};
      const calls = response?.toolCalls ?? [];
      if (!isArray(calls)) return NO_ARRAY;
      if (calls.length > 0) {
        const answer = answerOf(calls, query?.tools ?? {}, { fold, dates });
        return isArray(answer) && !fits(query?.toolChoice, answer) ? OTHER_TOOLS : answer;
      }
      if (query?.tools === undefined && orText === undefined) return NO_TOOLS;
      if (query?.tools !== undefined && !fits(query.toolChoice, [])) return NONE_CALLED;
      const written = Object.keys(query?.tools ?? {}).find((name) => isWritten(name, text));
      if (written !== undefined)
        return abstain(`the model wrote a call of ${quotedName(written)} as text instead of making it`);
      if (orText !== undefined)
        return guarding<ReturnType<typeof orText>>(
          () => orText(text, context),
          (fault) => abstain(`orText of toolCalls ${fault}`),
        );
      return text.trim() === '' ? NOTHING : noCallWith(text);
    };
    // Messages name a normalizer.
    Object.defineProperty(read, 'name', { value: 'toolCalls' });
    return orText === undefined ? read : handOnJsonSchema(orText, read);
  });

/** All models that call no tool give the same answer. Among their texts, the commonest one is the text of the prediction. */
const noCallWith = (text: string): readonly ToolCall[] => {
  const wording = lowercaseTrim(text);
  return withForm<readonly ToolCall[]>([], {
    key: NO_CALL,
    wording: typeof wording === 'string' ? wording : text,
    parts: [],
  });
};

const NOTHING = abstain('the model called no tool and wrote no text');
const NONE_CALLED = abstain('the model called no tool, and the query asks for a call');
const OTHER_TOOLS = abstain('the model called other tools than the one that the query asks for');
const NO_ARRAY = abstain('"toolCalls" of the response is not an array');
const NO_TOOLS = abstain('the query has no tools: add { tools }, or use a normalization that reads texts');

/** Whether calls are those that the query asks for. */
const fits = (toolChoice: ToolChoice = 'auto', calls: readonly ToolCall[]): boolean => {
  if (typeof toolChoice === 'string') return toolChoice !== 'required' || calls.length > 0;
  return calls.some(({ toolName }) => toolName === toolChoice.toolName);
};

const isWritten = (name: string, text: string): boolean =>
  text.includes(`${name}(`) || text.includes(`${sentToolName(name)}(`);

const answerOf = (
  calls: readonly unknown[],
  tools: NonNullable<ModelRequest['tools']>,
  spelling: Spelling,
): readonly ToolCall[] | Abstention => {
  const forms = toolFormsOf(tools);
  const room = { left: MAX_ANSWER_LENGTH };
  const fitting: FittedCall[] = [];
  for (const call of calls) {
    const fit = fittedCall(call, forms, room);
    if (!('tool' in fit)) return fit;
    fitting.push(fit);
  }
  const partsIn = (given: Spelling): string[] => fitting.map((call) => callKey(call, given)).sort();
  const parts = partsIn(spelling);
  return withForm(
    fitting.map(({ tool, input }) => ({ toolName: tool.name, input })),
    { key: parts.join('; '), wording: partsIn(asWritten).join('; '), parts },
  );
};
