import { MalformedResponseError } from './errors.ts';
import { silence } from './foreign.ts';
import { internal } from './internal.ts';
import { isObject } from './is-object.ts';
import { deltaText, isDelta, type ModelDelta, type ModelResponse, responseMembers } from './model.ts';

/** What is read of a response. Its members may be getters of its class. */
const names = [...responseMembers, internal] as const;

/**
 * Returns what a model emitted as an object of plain properties: nothing that reads it later runs foreign code. It may still
 * be no response: the ensemble reports a value without a text.
 *
 * @throws {MalformedResponseError} if the value cannot be read.
 */
export const readableOutput = (
  model: string,
  output: ModelResponse | ModelDelta,
): ModelResponse | ModelDelta => {
  try {
    return isObject(output) || typeof output === 'function' ? copyOf(output) : output;
  } catch (cause) {
    throw new MalformedResponseError(model, 'answered with a value that cannot be read', { cause });
  }
};

const copyOf = (output: ModelResponse | ModelDelta): ModelResponse | ModelDelta => {
  if (isDelta(output)) return readableDelta(output);
  if (typeof output.text !== 'string') silence(output);
  const copy: Record<PropertyKey, unknown> = { ...output };
  for (const name of names) {
    const value = copy[name] ?? output[name];
    if (value !== undefined) copy[name] = Array.isArray(value) ? value.map(plain) : plain(value);
  }
  return copy as unknown as ModelResponse;
};

/** The arguments of a tool call are kept as they are: they are read with care. */
const plain = (value: unknown): unknown => (isObject(value) ? { ...value } : value);

const readableDelta = (output: ModelDelta): ModelDelta => {
  const { kind, toolCallId, toolName } = output;
  const delta = deltaText(output);
  return kind === undefined || kind === 'text' ? { delta } : { delta, kind, toolCallId, toolName };
};
