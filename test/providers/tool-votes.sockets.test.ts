import {
  body,
  eventStream,
  type FaultServer,
  type Reply,
  stalledBody,
  stalledHeaders,
  startFaultServer,
} from 'crucible-ensemble/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnsemble } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { openai } from '../../src/providers/openai.ts';

let servers: readonly FaultServer[];

beforeEach(async () => {
  servers = await Promise.all([startFaultServer(), startFaultServer(), startFaultServer()]);
});
afterEach(() => Promise.all(servers.map((server) => server.close())));

const query = {
  messages: [{ role: 'user' as const, content: 'Ship two books to Ada, third floor' }],
  tools: {
    'parcel.ship': {
      description: 'Ships a parcel.',
      inputSchema: {
        type: 'object',
        properties: {
          to: { type: 'object', properties: { name: { type: 'string' }, floor: { type: 'integer' } } },
          grams: { type: 'number' },
          express: { type: 'boolean', default: false },
        },
        required: ['to', 'grams'],
      },
    },
  },
};

/** The same arguments as JSON in which keys, numbers and defaults differ. */
const SPELLINGS = [
  '{"to":{"name":"Ada","floor":3},"grams":900}',
  '{"grams":9.0e2,"express":false,"to":{"floor":3.0,"name":"Ada"}}',
] as const;
const OTHER = '{"to":{"name":"Ada","floor":2},"grams":900}';
const KEY = 'parcel.ship({"grams":900,"to":{"floor":3,"name":"ada"}})';
const OTHER_KEY = 'parcel.ship({"grams":900,"to":{"floor":2,"name":"ada"}})';
const answer = [{ toolName: 'parcel.ship', input: { to: { name: 'Ada', floor: 3 }, grams: 900 } }];

/** Replies as each provider writes them, with the arguments as they are: whole, or as a stream. */
const chat = (input: string): Reply =>
  body(
    `{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"parcel_ship","arguments":${JSON.stringify(input)}}}]}}]}`,
    JSON_TYPE,
  );
const messages = (input: string): Reply =>
  body(
    `{"id":"1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","content":[{"type":"text","text":"I will ship it."},{"type":"tool_use","id":"t1","name":"parcel_ship","input":${input}}],"usage":{"input_tokens":1,"output_tokens":1}}`,
    JSON_TYPE,
  );
const contents = (input: string): string =>
  `{"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"functionCall":{"name":"parcel_ship","args":${input}}}]}}]}`;
const JSON_TYPE = { headers: { 'content-type': 'application/json' } };

const chunks = (input: string): Reply =>
  eventStream(
    [
      {
        tool_calls: [
          { index: 0, id: 'c1', type: 'function', function: { name: 'parcel_ship', arguments: '' } },
        ],
      },
      ...(input.match(/.{1,7}/g) ?? []).map((piece) => ({
        tool_calls: [{ index: 0, function: { arguments: piece } }],
      })),
      undefined,
    ]
      .map((delta) => ({
        data: JSON.stringify({
          id: '1',
          object: 'chat.completion.chunk',
          model: 'm',
          choices: [
            { index: 0, delta: delta ?? {}, finish_reason: delta === undefined ? 'tool_calls' : null },
          ],
        }),
      }))
      .concat({ data: '[DONE]' }),
  );

const panel = () => {
  const [one, two, three] = servers.map(({ baseURL }) => ({ apiKey: 'a key', baseURL }));
  return [openai('gpt-6-luna', one), gemini('gemini-3.5-flash', two), anthropic('claude-haiku-4-5', three)];
};
const reply = (...replies: readonly Reply[]): void => {
  for (const [index, each] of replies.entries()) servers[index]?.script(each);
};

/** Sends a reply once the last provider has the request, so that its call is in flight. */
const onceAllAreAsked =
  (reply: Reply): Reply =>
  (response, stalled) => {
    void servers[2]?.seen(0).then(() => reply(response, stalled));
  };
const isAbandoned = async (): Promise<void> => {
  await (await servers[2]?.seen(0))?.abandoned;
};

describe('models of three providers vote on a call of a tool', () => {
  it('by its arguments, however each of them writes these, and show the call of the loser', async () => {
    reply(chat(SPELLINGS[0]), body(contents(SPELLINGS[1]), JSON_TYPE), messages(OTHER));
    const prediction = await createEnsemble({ models: panel() }).predict(query);
    expect(prediction).toMatchObject({ answer, toolCalls: answer });
    expect(prediction.metadata).toMatchObject({ votes: { [KEY]: 2, [OTHER_KEY]: 1 }, warnings: [] });
    expect(prediction.outcomes.toSorted((a, b) => a.index - b.index)).toMatchObject([
      { answer },
      { answer: [{ input: { express: false } }] },
      {
        answer: [{ toolName: 'parcel.ship', input: { to: { floor: 2 } } }],
        response: { text: 'I will ship it.' },
      },
    ]);
    // Each of them was asked with the tool under a name that it takes.
    for (const { requests } of servers) expect(requests[0]?.body).toContain('"parcel_ship"');
  });

  it('until it is decided, and the last call is aborted on the wire', async () => {
    reply(onceAllAreAsked(chat(SPELLINGS[0])), body(contents(SPELLINGS[0]), JSON_TYPE), stalledHeaders());
    const { toolCalls, metadata } = await createEnsemble({ models: panel(), earlyStop: 'decided' }).predict(
      query,
    );
    expect(toolCalls).toStrictEqual(answer);
    expect(metadata).toMatchObject({ votes: { [KEY]: 2 }, cancelled: 1, stoppedBy: 'rule' });
    await isAbandoned();
  });

  it('as a stream, whose pieces of arguments name the model', async () => {
    reply(
      onceAllAreAsked(chunks(SPELLINGS[0])),
      eventStream([{ data: contents(SPELLINGS[1]) }]),
      stalledBody({ type: 'message' }, 5),
    );
    const ensemble = createEnsemble({ models: panel(), earlyStop: 'decided' });
    const events = await lastValueFrom(ensemble.stream(query).pipe(toArray()));
    await isAbandoned();
    const written = events.flatMap((event) =>
      event.type === 'tool-input-delta' && event.model === 'openai/gpt-6-luna' ? [event.text] : [],
    );
    expect(written.join('')).toBe(SPELLINGS[0]);
    expect(events.at(-1)).toMatchObject({
      type: 'complete',
      prediction: {
        toolCalls: [{ toolName: 'parcel.ship' }],
        metadata: { votes: { [KEY]: 2 }, cancelled: 1 },
      },
    });
  });
});
