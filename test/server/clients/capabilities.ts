import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServedPanels } from '../serve-panels.ts';
import type { Client, ClientAnswer, ClientRequest } from './client.ts';

/** Fails unless a client can do what it is named after. Not called for clients that have no such function. */
type Check = (client: Client, served: ServedPanels) => Promise<void>;

/** The calls that one prediction of a panel makes. */
const CALLS = 3;
const TOKENS_OF_A_CALL = 12;

const asked = (model: string, { url }: ServedPanels, more: Partial<ClientRequest> = {}): ClientRequest => ({
  url,
  model,
  question: 'What is 2 + 2?',
  ...more,
});

const checkAnswer = (
  { text, totalTokens }: ClientAnswer,
  expected: string,
  { upstream }: ServedPanels,
): void => {
  assert.equal(text, expected);
  assert.equal(upstream.requests.length, CALLS);
  if (totalTokens !== undefined) assert.equal(totalTokens, CALLS * TOKENS_OF_A_CALL);
};

/** A failed ensemble has retried already: it is asked once, and the error says why. Returns the error. */
const failureOf = async (ask: Promise<ClientAnswer>, { upstream }: ServedPanels): Promise<unknown> => {
  const error: unknown = await ask.then(
    ({ text }) => assert.fail(`answered ${JSON.stringify(text)}`),
    (reason: unknown) => reason,
  );
  assert.match(String(error), /all models failed/);
  assert.equal(upstream.requests.length, CALLS);
  return error;
};

const checkAbort = async (
  ask: (request: ClientRequest) => Promise<unknown>,
  served: ServedPanels,
): Promise<void> => {
  const controller = new AbortController();
  const asking = ask(asked('slow', served, { signal: controller.signal })).then(
    () => 'answered',
    () => 'rejected',
  );
  const calls = await Promise.all([0, 1, 2].map((index) => served.upstream.seen(index)));
  controller.abort();
  await asking;
  // The upstream never answers, so only the server can have closed these.
  await Promise.all(calls.map(({ abandoned }) => abandoned));
  while (served.ends.length === 0) await nextTurn();
  const [end] = served.ends;
  assert.equal(end?.failure?.status, 499);
  for (const signal of served.signals) assert.equal(getEventListeners(signal, 'abort').length, 0);
};

/** What clients can do, and the check that they do. */
export const capabilities = {
  create: async (client, served) =>
    checkAnswer(await client.create(asked('panel', served)), 'It is 4.', served),
  stream: async (client, served) =>
    checkAnswer(await client.stream(asked('panel', served)), 'It is 4.', served),
  object: async (client, served) => {
    assert.deepEqual(await client.object?.(asked('cities', served)), { city: 'Rome' });
  },
  tools: async (client, served) => {
    const booked: unknown[] = [];
    const answer = await client.tools?.(asked('booking', served), (input) => {
      booked.push(input);
      return 'done';
    });
    assert.equal(answer?.text, 'It is booked.');
    assert.deepEqual(booked, [{ guests: 4 }]);
    assert.equal(served.upstream.requests.length, 2 * CALLS);
  },
  errors: async (client, served) => {
    const error = await failureOf(client.create(asked('broken', served)), served);
    assert.equal(client.statusOf(error), 424);
  },
  // The headers of a stream say 200 before the panel fails, so that a status in the error is made up by the client.
  'errors in a stream': async (client, served) => {
    await failureOf(client.stream(asked('broken', served)), served);
  },
  abort: (client, served) => checkAbort((request) => client.create(request), served),
  'abort of a stream': (client, served) => checkAbort((request) => client.stream(request), served),
} as const satisfies Readonly<Record<string, Check>>;

export type Capability = keyof typeof capabilities;

/** The capabilities that a client has functions for. */
export const capabilitiesOf = (client: Client): readonly Capability[] =>
  (Object.keys(capabilities) as Capability[]).filter(
    (name) => !(name === 'object' || name === 'tools') || client[name] !== undefined,
  );
