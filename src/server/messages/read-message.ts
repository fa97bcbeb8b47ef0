import type { AnswerFormat, GivenTool } from '../../chat/asked-of.ts';
import type { ReasoningEffort } from '../../domain/reasoning-effort.ts';
import type { ToolChoice } from '../../domain/tools.ts';
import { readPlugins } from '../chosen-panel.ts';
import type { Asked, JsonObject } from '../dialect.ts';
import { ensembleObject, readEnsemble } from '../ensemble-options.ts';
import {
  aFlag,
  aList,
  aNumber,
  anObject,
  anything,
  aText,
  aWholeNumber,
  checkFields,
  emptyList,
  type FieldChecks,
  oneOfThese,
  requireFields,
  unsupported,
} from '../fields.ts';
import { requestOf } from '../request-of.ts';
import { listIn, objectAt, objectIn, textAt, textsAt } from '../values.ts';
import { readMessages, readText } from './read-messages.ts';

const checks: FieldChecks = {
  model: aText,
  messages: aList,
  max_tokens: aWholeNumber(1),
  system: (value) =>
    typeof value === 'string' || Array.isArray(value) ? undefined : 'a string or a list of blocks',
  stream: aFlag,
  temperature: aNumber(0, 1),
  top_p: aNumber(0, 1),
  top_k: aWholeNumber(1),
  stop_sequences: aList,
  tools: aList,
  tool_choice: anObject,
  thinking: anObject,
  output_config: anObject,
  ensemble: ensembleObject,
  plugins: aList,
  service_tier: oneOfThese('auto', 'standard_only'),
  speed: oneOfThese('standard'),
  context_management: anObject,
  mcp_servers: emptyList,
  // These change no answer.
  metadata: anything,
  cache_control: anything,
  diagnostics: anything,
};

/** The effort that stands for a budget of tokens to think with. */
const effortOf = (budget: unknown): ReasoningEffort => {
  const tokens = typeof budget === 'number' ? budget : 0;
  if (tokens < 4_096) return 'low';
  return tokens < 16_384 ? 'medium' : 'high';
};

/** Reads the body of a message. */
export const readMessage = (body: JsonObject): Asked => {
  checkFields(body, checks);
  requireFields(body, ['model', 'messages', 'max_tokens']);
  const output = objectIn(body.output_config);
  checkFields(
    output,
    { format: anObject, effort: oneOfThese('low', 'medium', 'high', 'xhigh', 'max') },
    'output_config.',
  );
  checkContextManagement(objectIn(body.context_management));
  const { deadlineMs } = readEnsemble(body.ensemble);
  return {
    ...requestOf({
      model: body.model,
      isStreamed: body.stream === true,
      system: body.system === undefined ? undefined : textsAt(body.system, 'system', readText),
      messages: readMessages(listIn(body.messages)),
      tools: listIn(body.tools).map((tool, index) => readTool(tool, `tools[${index}]`)),
      toolChoice: readToolChoice(body.tool_choice),
      mayCallSeveral: objectIn(body.tool_choice).disable_parallel_tool_use !== true,
      settings: {
        temperature: body.temperature,
        topP: body.top_p,
        topK: body.top_k,
        maxOutputTokens: body.max_tokens,
        stopSequences: body.stop_sequences,
        reasoningEffort: output.effort ?? effortIn(body.thinking),
      },
      format: formatIn(output.format),
      deadlineMs,
    }),
    chosen: readPlugins(body.plugins),
  };
};

/** Models never see the reasoning of earlier turns, so that to clear it changes nothing. */
const checkContextManagement = (management: JsonObject): void => {
  checkFields(management, { edits: aList }, 'context_management.');
  listIn(management.edits).forEach((edit, index) => {
    const { type } = objectIn(edit);
    if (typeof type !== 'string' || !type.startsWith('clear_thinking_'))
      throw unsupported(`context_management.edits[${index}].type`);
  });
};

const effortIn = (thinking: unknown): ReasoningEffort | undefined => {
  const { type, budget_tokens: budget } = objectIn(thinking);
  if (type === 'enabled') return effortOf(budget);
  if (type === undefined || type === 'disabled' || type === 'adaptive') return undefined;
  throw unsupported('thinking.type');
};

const readTool = (given: unknown, path: string): GivenTool => {
  const { type = 'custom', name, description, input_schema: schema } = objectAt(given, path);
  if (type !== 'custom' && type !== null) throw unsupported(`${path}.type`);
  return { name: textAt(name, `${path}.name`), description, schema };
};

const readToolChoice = (choice: unknown): ToolChoice | undefined => {
  if (choice === undefined || choice === null) return undefined;
  const { type, name } = objectIn(choice);
  if (type === 'auto' || type === 'none') return type;
  if (type === 'any') return 'required';
  if (type !== 'tool') throw unsupported('tool_choice.type');
  return { type: 'tool', toolName: textAt(name, 'tool_choice.name') };
};

const formatIn = (format: unknown): AnswerFormat => {
  if (format === undefined || format === null) return undefined;
  const { type, schema } = objectIn(format);
  if (type !== 'json_schema') throw unsupported('output_config.format.type');
  const place = 'output_config.format.schema';
  return { schema: objectAt(schema, place), place };
};
