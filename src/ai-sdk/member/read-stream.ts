import { silence } from '../../domain/foreign.ts';
import { asObject } from '../../providers/as-object.ts';
import { cutOffError } from '../../providers/connection-error.ts';
import type { Exchange } from '../../providers/provider-model.ts';
import { toModelError } from './to-model-error.ts';
import type { Answered } from './to-response.ts';

/**
 * Reads the stream of a model and emits its deltas. The stream is cancelled after its `finish`, and if the call is aborted.
 *
 * @throws {ModelError} if it has an error, or ends without a `finish`.
 */
export const readStream = async (
  id: string,
  stream: ReadableStream<unknown>,
  { emit, signal }: Pick<Exchange, 'emit' | 'signal'>,
): Promise<Answered> => {
  const reader = stream.getReader();
  const cancel = (): void => silence(reader.cancel());
  signal.addEventListener('abort', cancel);
  const read = createCollector(id, emit);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw cutOffError(id);
      const answered = read(asObject(value));
      if (answered !== undefined) return answered;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
};

type StreamPart = Readonly<Record<string, unknown>>;

/** Returns a function that takes the parts one after the other, and returns the whole answer at its end. */
const createCollector = (
  id: string,
  emit: Exchange['emit'],
): ((part: StreamPart) => Answered | undefined) => {
  const content: unknown[] = [];
  const toolNames = new Map<unknown, string>();
  let warnings: unknown;
  let response: unknown;
  const write = (type: 'text' | 'reasoning', delta: unknown): void => {
    if (typeof delta !== 'string') return;
    content.push({ type, text: delta });
    if (delta !== '') emit(delta, type === 'text' ? {} : { kind: 'reasoning' });
  };
  return (part) => {
    switch (part.type) {
      case 'text-delta':
        write('text', part.delta);
        break;
      case 'reasoning-delta':
        write('reasoning', part.delta);
        break;
      case 'tool-input-start':
        if (part.providerExecuted !== true && typeof part.toolName === 'string')
          toolNames.set(part.id, part.toolName);
        break;
      case 'tool-input-delta': {
        const toolName = toolNames.get(part.id);
        if (toolName !== undefined && typeof part.delta === 'string')
          emit(part.delta, { kind: 'tool-input', toolName, toolCallId: String(part.id) });
        break;
      }
      case 'stream-start':
        warnings = part.warnings;
        break;
      case 'response-metadata':
        response = part;
        break;
      case 'error':
        throw toModelError(id, part.error);
      case 'finish':
        return { content, warnings, response, finishReason: part.finishReason, usage: part.usage };
      default:
        if (!IGNORED.has(part.type)) content.push(part);
    }
    return undefined;
  };
};

/** The parts that only say where another one begins or ends. */
const IGNORED: ReadonlySet<unknown> = new Set([
  ...['text-start', 'text-end', 'reasoning-start', 'reasoning-end', 'tool-input-end', 'ping', 'raw'],
]);
