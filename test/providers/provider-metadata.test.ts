import { expect, it } from 'vitest';
import { providerMetadata } from '../../src/domain/provider-report.ts';
import type { ModelResponse } from '../../src/index.ts';
import { readEvents } from '../../src/providers/anthropic/read-events.ts';
import { readMessage } from '../../src/providers/anthropic/read-message.ts';
import { joinPieces, readPiece } from '../../src/providers/google/read-piece.ts';
import { toResponse } from '../../src/providers/google/to-response.ts';
import {
  readCompletion,
  toResponse as toCompletion,
} from '../../src/providers/openai-protocol/read-completion.ts';
import { readStream } from '../../src/providers/openai-protocol/read-stream.ts';
import { eventBody } from './event-body.ts';

const told = { id: 'answer-1', model: 'a-model-2026-11-01' };

async function* streamed(...events: unknown[]): AsyncGenerator<unknown> {
  yield* events;
}

const completion = (extra: object) => ({
  ...extra,
  choices: [{ message: { content: '4' }, finish_reason: 'stop' }],
});
const message = (extra: object) => ({
  ...extra,
  content: [{ type: 'text', text: '4' }],
  stop_reason: 'end_turn',
});
const candidates = [{ content: { parts: [{ text: '4' }] }, finishReason: 'STOP' }];
const google = { responseId: told.id, modelVersion: told.model, candidates };
const chunk = { choices: [{ delta: { content: '4' }, finish_reason: 'stop' }] };

const emit = () => {};
const responses: [string, () => ModelResponse | Promise<ModelResponse>][] = [
  ['a chat completion', () => readCompletion('m', completion(told))],
  [
    'its chunks',
    async () => {
      const body = eventBody({ ...chunk, ...told }, { ...chunk, id: 'later' });
      const close = () => undefined;
      return toCompletion(await readStream('m', { body, isFinishOptional: false, emit, close }));
    },
  ],
  ['a message', () => readMessage('m', message(told))],
  [
    'its events',
    () =>
      readEvents('m', {
        events: streamed(
          { type: 'message_start', message: told },
          { type: 'content_block_delta', delta: { type: 'text_delta', text: '4' } },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
          { type: 'message_stop' },
        ),
        emit,
        close: () => undefined,
      }),
  ],
  ['content of Google', () => toResponse('m', readPiece('m', google), undefined)],
  [
    'its pieces',
    () => toResponse('m', joinPieces(readPiece('m', google), readPiece('m', { candidates })), undefined),
  ],
];

it.each(responses)("%s has the provider's id of the answer, and its model", async (_, respond) => {
  const response = await respond();
  expect(providerMetadata(response)).toEqual(told);
});

it.each([{}, { id: '', model: '' }, { id: 7, model: null }])('has no metadata from %j', (extra) => {
  expect(providerMetadata(readCompletion('m', completion(extra)))).toBeUndefined();
  expect(providerMetadata(readMessage('m', message(extra)))).toBeUndefined();
});
