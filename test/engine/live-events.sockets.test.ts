import {
  body,
  type FaultServer,
  type Reply,
  stalledHeaders,
  startFaultServer,
} from 'crucible-ensemble/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byContent } from '../../src/grouping/grouping.ts';
import { createEnsemble, type StreamEvent } from '../../src/index.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

let servers: readonly FaultServer[];

beforeEach(async () => {
  servers = await Promise.all(Array.from({ length: 5 }, () => startFaultServer()));
});
afterEach(() => Promise.all(servers.map((server) => server.close())));

const completion = (content: string) =>
  body(
    JSON.stringify({
      id: '1',
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    }),
    { headers: { 'content-type': 'application/json' } },
  );

describe('a stream of answers in prose', () => {
  it('closes the remaining sockets as soon as three of five agree', async () => {
    const texts = [
      'Canberra.',
      undefined,
      'The capital of Australia is Canberra.',
      undefined,
      'It is Canberra, since 1913',
    ];
    const asked = Promise.all(servers.map(({ seen }) => seen(0)));
    /** Sends a reply once every server has its request, so that all calls are in flight. */
    const onceAllAreAsked =
      (reply: Reply): Reply =>
      (response, stalled) => {
        void asked.then(() => reply(response, stalled));
      };
    const models = servers.map(({ script, baseURL }, index) => {
      const text = texts[index];
      script(text === undefined ? stalledHeaders() : onceAllAreAsked(completion(text)));
      return openaiCompatible('m', { id: `m${index}`, baseURL, apiKey: 'a key' });
    });
    const { stream } = createEnsemble({ models, grouping: byContent(), earlyStop: 0.6 });
    const events: StreamEvent[] = [];
    for await (const event of stream('What is the capital of Australia?')) events.push(event);

    const ends = events.flatMap((event) => (event.type === 'call-end' ? [event] : []));
    expect(ends.map(({ outcome: { status } }) => status)).toStrictEqual([
      'answered',
      'answered',
      'answered',
      'cancelled',
      'cancelled',
    ]);
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: 'complete',
      prediction: { text: 'Canberra.', metadata: { stoppedBy: 'rule', consensus: 1, cancelled: 2 } },
    });
    for (const index of [1, 3]) {
      const request = (await asked)[index];
      await request?.abandoned;
      expect(request?.isAbandoned()).toBe(true);
    }
  });
});
