import type { AnswerFormat, GivenTool } from '../../chat/asked-of.ts';
import { reasoningEfforts } from '../../domain/reasoning-effort.ts';
import type { ToolChoice } from '../../domain/tools.ts';
import { readPlugins } from '../chosen-panel.ts';
import type { Asked, JsonObject } from '../dialect.ts';
import { readEnsemble } from '../ensemble-options.ts';
import {
  aFlag,
  anObject,
  anything,
  aText,
  aWholeNumber,
  checkFields,
  type FieldChecks,
  oneOfThese,
  requireFields,
  unsupported,
} from '../fields.ts';
import { openAIFields } from '../openai-fields.ts';
import { requestOf } from '../request-of.ts';
import { badRequest } from '../request-refusal.ts';
import { listIn, objectAt, objectIn, textAt } from '../values.ts';
import { readInput } from './read-input.ts';

/** What a request for a response asks for. */
export interface ResponseAsked extends Asked {
  /** Whether a stream has an event for each vote. */
  readonly wantsVotes: boolean;
  /** The body, which the response repeats in part. */
  readonly body: JsonObject;
}

const keepsNothing = (): string => 'no value: the server keeps no responses, so send all items as input';

const checks: FieldChecks = {
  ...openAIFields,
  model: aText,
  input: (value) =>
    typeof value === 'string' || Array.isArray(value) ? undefined : 'a string or a list of items',
  instructions: aText,
  max_output_tokens: aWholeNumber(1),
  reasoning: anObject,
  text: anObject,
  previous_response_id: keepsNothing,
  conversation: keepsNothing,
  background: oneOfThese(false),
  top_logprobs: oneOfThese(0),
  truncation: oneOfThese('disabled'),
  // The response says that it is not stored.
  store: aFlag,
  include: (value) =>
    listIn(value).every((name) => name === 'reasoning.encrypted_content')
      ? undefined
      : '["reasoning.encrypted_content"] or []',
  // It limits hosted tools, and there are none.
  max_tool_calls: anything,
};

/** Reads the body of a request for a response. */
export const readResponse = (body: JsonObject): ResponseAsked => {
  checkFields(body, checks);
  requireFields(body, ['model', 'input']);
  const reasoning = objectIn(body.reasoning);
  checkFields(
    reasoning,
    { effort: oneOfThese(...Object.keys(reasoningEfforts)), summary: anything, generate_summary: anything },
    'reasoning.',
  );
  const text = objectIn(body.text);
  checkFields(text, { format: anObject, verbosity: oneOfThese('medium') }, 'text.');
  const { wantsVotes, deadlineMs } = readEnsemble(body.ensemble);
  const instructions = typeof body.instructions === 'string' ? body.instructions : undefined;
  const messages = readInput(body.input);
  return {
    ...requestOf({
      model: body.model,
      isStreamed: body.stream === true,
      system: instructions,
      messages,
      tools: listIn(body.tools).map((tool, index) => readTool(tool, `tools[${index}]`)),
      toolChoice: readToolChoice(body.tool_choice),
      mayCallSeveral: body.parallel_tool_calls !== false,
      settings: {
        temperature: body.temperature,
        topP: body.top_p,
        maxOutputTokens: body.max_output_tokens,
        reasoningEffort: reasoning.effort,
      },
      format: formatIn(text.format),
      deadlineMs,
    }),
    chosen: readPlugins(body.plugins),
    wantsVotes,
    body,
  };
};

const readTool = (given: unknown, path: string): GivenTool => {
  const { type, name, description, parameters } = objectAt(given, path);
  if (type !== 'function') throw unsupported(`${path}.type`);
  return { name: textAt(name, `${path}.name`), description, schema: parameters };
};

const readToolChoice = (choice: unknown): ToolChoice | undefined => {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return choice as ToolChoice;
  const { type, name } = objectIn(choice);
  if (type !== 'function') throw unsupported('tool_choice.type');
  return { type: 'tool', toolName: textAt(name, 'tool_choice.name') };
};

const formatIn = (format: unknown): AnswerFormat => {
  const { type = 'text', schema } = objectIn(format);
  if (type === 'text') return undefined;
  if (type === 'json_object') return 'json';
  if (type !== 'json_schema')
    throw badRequest('text.format.type: expected "json_schema"', 'text.format.type');
  return { schema: objectAt(schema, 'text.format.schema'), place: 'text.format.schema' };
};
