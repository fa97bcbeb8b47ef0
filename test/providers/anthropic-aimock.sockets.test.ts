import { LLMock } from '@copilotkit/aimock';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import type { Conversation, Model, ModelDelta, ModelResponse } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';

let mock: LLMock;

beforeEach(async () => {
  mock = new LLMock({ port: 0, chunkSize: 5, latency: 0 });
  await mock.start();
});

afterEach(() => mock.stop());

const model = (): Model => anthropic('claude-haiku-5-5', { apiKey: 'a key', baseURL: mock.url });

const hear = (query: Conversation, wantsDeltas: boolean): Promise<(ModelResponse | ModelDelta)[]> =>
  lastValueFrom(
    model()
      .call({ ...toRequest(query), wantsDeltas })
      .pipe(toArray()),
  );

const question = { role: 'user', content: 'What was paid?' } as const;
const tools = { 'look.up': { inputSchema: { type: 'object', properties: {} } } };

describe.each([false, true])(
  'anthropic, asking a stand-in that others wrote, with deltas: %s',
  (wantsDeltas) => {
    it('calls tools after it has thought', async () => {
      const args = { name: 'Ada 🦊', years: [2024] };
      const toolCalls = [
        { id: 'toolu_1', name: 'look_up', arguments: JSON.stringify(args) },
        { id: 'toolu_2', name: 'look_up', arguments: '{}' },
      ];
      mock.on({ userMessage: 'paid' }, { content: 'I look it up.', toolCalls, reasoning: 'A bill, then.' });
      const heard = await hear({ messages: [question], tools }, wantsDeltas);
      expect(heard.at(-1)).toMatchObject({
        text: 'I look it up.',
        reasoning: 'A bill, then.',
        toolCalls: [
          { toolCallId: 'toolu_1', toolName: 'look.up', input: args },
          { toolCallId: 'toolu_2', toolName: 'look.up', input: {} },
        ],
        finishReason: 'tool-calls',
      });
      const deltas = heard.flatMap((value) => ('delta' in value ? [value] : []));
      const kinds = new Set(deltas.map(({ kind = 'text' }) => kind));
      expect(kinds).toEqual(new Set(wantsDeltas ? ['reasoning', 'text', 'tool-input'] : []));
      const written = (id: string): string =>
        deltas.flatMap(({ delta, toolCallId }) => (toolCallId === id ? [delta] : [])).join('');
      if (wantsDeltas)
        expect([written('toolu_1'), written('toolu_2')].map((json) => JSON.parse(json))).toEqual([args, {}]);
    });

    it('goes on with the results of tools', async () => {
      mock.on({ toolCallId: 'toolu_1', toolResultContains: '"total":12' }, { content: 'Twelve.' });
      const heard = await hear(
        {
          messages: [
            question,
            {
              role: 'assistant',
              content: [
                { type: 'tool-call', toolCallId: 'toolu_1', toolName: 'look.up', input: { name: 'Ada' } },
              ],
            },
            {
              role: 'tool',
              content: [
                {
                  type: 'tool-result',
                  toolCallId: 'toolu_1',
                  toolName: 'look.up',
                  output: { type: 'json', value: { total: 12 } },
                },
              ],
            },
          ],
          tools,
        },
        wantsDeltas,
      );
      expect(heard.at(-1)).toMatchObject({ text: 'Twelve.', finishReason: 'stop' });
    });
  },
);
