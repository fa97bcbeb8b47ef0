import { lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { buildRequest } from '../../src/providers/google/build-request.ts';
import { toChat } from '../../src/providers/openai-protocol/chat-request.ts';

const START = 'The number is';
const request = toRequest({
  messages: [
    { role: 'user', content: 'What is 17 * 23?' },
    { role: 'assistant', content: START },
  ],
});

const sentToAnthropic = async (): Promise<unknown> => {
  let sent: { readonly messages?: readonly unknown[] } = {};
  const messages = {
    create: (body: typeof sent) => {
      sent = body;
      throw new Error('not sent');
    },
  };
  const model = anthropic('claude-haiku-5-5', { client: { messages } as never });
  await lastValueFrom(model.call(request)).catch(() => {});
  return sent.messages?.at(-1);
};

it.each([
  ['openai', () => toChat('m', request).messages.at(-1), { role: 'assistant', content: START }],
  ['google', () => buildRequest(request, {}).contents.at(-1), { role: 'model', parts: [{ text: START }] }],
  ['anthropic', sentToAnthropic, { role: 'assistant', content: START }],
])('the beginning of an answer is sent to %s as it is, in the last turn', async (_, lastTurn, expected) => {
  expect(await lastTurn()).toEqual(expected);
});
