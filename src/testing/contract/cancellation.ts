import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { TimeoutError } from '../../domain/errors.ts';
import { CancelledError, NoPredictionError } from '../../domain/no-prediction.ts';
import { toRequest } from '../../engine/to-request.ts';
import { createEnsemble } from '../../ensemble.ts';
import {
  commentsOnly,
  delayed,
  eventStream,
  json,
  type Reply,
  reset,
  stalledBody,
  stalledHeaders,
} from '../replies.ts';
import { answered } from './answers.ts';
import type { Clause, Limitation, Stage } from './clause.ts';
import { isClosedByClient, settles } from './run-clause.ts';

/** How long a client has to read what was sent before the server stalls, in milliseconds. */
const READ_MS = 20;

/** The shortest and the longest time limit for an ensemble, in milliseconds; a busy machine needs a longer one. */
const [LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS] = [100, 6400];

interface Phase {
  readonly name: string;
  readonly wantsDeltas: boolean;
  readonly reply: (stage: Stage) => Reply;
  readonly unless?: Limitation;
}

const PHASES: readonly Phase[] = [
  { name: 'before the headers', wantsDeltas: false, reply: () => stalledHeaders() },
  {
    name: 'in the body',
    wantsDeltas: false,
    reply: ({ dialect }) => stalledBody(dialect.answer({ text: 'a long answer' }), 9),
  },
  {
    name: 'before the headers of a stream',
    wantsDeltas: true,
    reply: () => stalledHeaders(),
    unless: 'no-streaming',
  },
  {
    name: 'in a stream',
    wantsDeltas: true,
    reply: ({ dialect }) => {
      const events = dialect.events({ text: 'a long answer' });
      return eventStream(events.slice(0, -2), { ending: 'stall' });
    },
    unless: 'no-streaming',
  },
  {
    name: 'in a stream of nothing but comments',
    wantsDeltas: true,
    reply: () => commentsOnly(),
    unless: 'no-streaming',
  },
];

/** Makes one call first, because it imports the SDK; the rest of the case is about the network. */
const warmUp = async ({ server, dialect, ask }: Stage): Promise<void> => {
  server.script(json(dialect.answer({ text: '391' })));
  answered(await ask());
};

const unsubscribing = ({ name, wantsDeltas, reply, unless }: Phase): Clause => ({
  name: `closes the socket when it is unsubscribed ${name}, and emits nothing more`,
  ...(unless && { unless }),
  check: async (stage) => {
    const { server, model } = stage;
    await warmUp(stage);
    server.script(reply(stage));
    let notifications = 0;
    const count = (): void => {
      notifications += 1;
    };
    const subscription = model
      .call({ ...toRequest('What is 17 * 23?'), wantsDeltas })
      .subscribe({ next: count, error: count, complete: count });
    const request = await settles('the request', server.seen(1));
    await settles('the stall', request.stalled);
    await sleep(READ_MS);
    assert.equal(request.isAbandoned(), false, 'the socket was closed too early');
    const before = notifications;
    subscription.unsubscribe();
    await isClosedByClient(request);
    await sleep(READ_MS);
    assert.equal(notifications, before, 'notified after it was unsubscribed');
    assert.equal(server.requests.length, 2, 'one request a call');
  },
});

const expiring = ({ name, wantsDeltas, reply, unless }: Phase): Clause => ({
  name: `lets an ensemble time out ${name}, and closes the socket`,
  ...(unless && { unless }),
  check: async (stage) => {
    const { server, model } = stage;
    await warmUp(stage);
    server.script(reply(stage));
    let hasStalled = false;
    for (let timeoutMs = LEAST_TIMEOUT_MS; !hasStalled && timeoutMs <= MOST_TIMEOUT_MS; timeoutMs *= 2) {
      const index = server.requests.length;
      void server.seen(index).then(async ({ stalled }) => {
        await stalled;
        hasStalled = true;
      });
      const ensemble = createEnsemble({ models: [model], timeoutMs });
      const failed = wantsDeltas
        ? new Promise((resolve) => ensemble.stream('What is 17 * 23?').subscribe({ error: resolve }))
        : ensemble.predict('What is 17 * 23?').catch((error: unknown) => error);
      isTimeout(await settles('the time-out', failed), stage);
      const request = server.requests[index];
      if (request !== undefined) await isClosedByClient(request);
      await sleep(READ_MS);
      assert.ok(server.requests.length <= index + 1, 'one request a call');
    }
    assert.ok(hasStalled, `the server did not get as far within ${MOST_TIMEOUT_MS} ms`);
  },
});

const isTimeout = (error: unknown, { search }: Stage): void => {
  assert.ok(error instanceof NoPredictionError, `it gave: ${error}`);
  const [outcome] = error.outcomes;
  assert.ok(outcome?.status === 'failed' && outcome.error instanceof TimeoutError);
  search(error);
  search(error.outcomes);
};

/** Calls that are cancelled. */
export const cancellationClauses: readonly Clause[] = [
  {
    name: 'sends nothing before it is subscribed, nor when it is unsubscribed at once',
    check: async (stage) => {
      const { server, model } = stage;
      const request = toRequest('What is 17 * 23?');
      const call$ = model.call(request);
      call$.subscribe().unsubscribe();
      await warmUp(stage);
      for (let time = 0; time < 3; time += 1) call$.subscribe().unsubscribe();
      await sleep(50);
      assert.equal(server.requests.length, 1);
    },
  },
  {
    name: 'sends a request for every subscription',
    check: async (stage) => {
      const { server, model, dialect } = stage;
      server.script(json(dialect.answer({ text: '1' })), json(dialect.answer({ text: '2' })));
      const call$ = model.call(toRequest('?'));
      const texts: unknown[] = [];
      for (let time = 0; time < 2; time += 1) {
        const call = new Promise<void>((resolve, reject) =>
          call$.subscribe({
            next: (value) => texts.push('text' in value && value.text),
            error: reject,
            complete: resolve,
          }),
        );
        await settles('an answer', call);
      }
      assert.deepEqual(texts, ['1', '2']);
    },
  },
  {
    name: 'answers concurrent calls, one request each',
    check: async ({ server, dialect, ask }) => {
      const reply = (text: string, delayMs: number): Reply =>
        delayed(delayMs, json(dialect.answer({ text })));
      server.script(reply('391', 40), reply('391', 0), reply('391', 20));
      const results = await Promise.all([ask(), ask(), ask()]);
      assert.deepEqual(
        results.map((result) => answered(result).text),
        ['391', '391', '391'],
      );
      assert.equal(server.requests.length, 3);
    },
  },
  ...PHASES.map(unsubscribing),
  {
    name: 'closes the socket when a loop over the events of an ensemble ends early',
    unless: 'no-streaming',
    check: async (stage) => {
      const { server, model, dialect } = stage;
      await warmUp(stage);
      server.script(eventStream(dialect.events({ text: 'a long answer' }).slice(0, -2), { ending: 'stall' }));
      const written: string[] = [];
      for await (const event of createEnsemble({ models: [model] }).stream('What is 17 * 23?')) {
        if (event.type === 'delta') written.push(event.text);
        if (written.length === 2) break;
      }
      await isClosedByClient(await server.seen(1));
    },
  },
  {
    name: 'emits its answer once if it is unsubscribed by the answer',
    check: async (stage) => {
      const { server, model, dialect } = stage;
      await warmUp(stage);
      server.script(json(dialect.answer({ text: '391' })));
      const notifications: string[] = [];
      const gone = new Promise<void>((resolve) => {
        const subscription = model.call(toRequest('?')).subscribe({
          next: () => {
            notifications.push('answer');
            subscription.unsubscribe();
            subscription.unsubscribe();
            resolve();
          },
          error: () => notifications.push('error'),
          complete: () => notifications.push('complete'),
        });
      });
      await settles('an answer', gone);
      await sleep(READ_MS);
      assert.deepEqual(notifications, ['answer']);
      assert.equal(
        (await server.seen(1)).isAbandoned(),
        false,
        'the connection was closed after a whole answer',
      );
    },
  },
  {
    name: 'reports no error after it is unsubscribed',
    check: async (stage) => {
      const { server, model, dialect } = stage;
      await warmUp(stage);
      for (const reply of [
        delayed(10, reset()),
        delayed(10, json(dialect.error(500, 'late'), { status: 500 })),
        delayed(10, json(dialect.answer({ text: 'late' }))),
        reset(dialect.answer({ text: 'a long answer' }), 5),
      ]) {
        const index = server.requests.length;
        server.script(reply);
        const subscription = model.call(toRequest('?')).subscribe({
          error: (error) => assert.fail(`after it was unsubscribed: ${error}`),
        });
        await server.seen(index);
        subscription.unsubscribe();
        await sleep(30);
      }
    },
  },
  ...PHASES.map(expiring),
  {
    name: "aborts on the caller's signal, and leaves no listener on it",
    check: async (stage) => {
      const { server, model, dialect, search } = stage;
      await warmUp(stage);
      const { signal } = new AbortController();
      const ensemble = createEnsemble({ models: [model] });
      for (let time = 0; time < 5; time += 1) await ensemble.predict('What is 17 * 23?', { signal });
      assert.equal(getEventListeners(signal, 'abort').length, 0);

      server.script(stalledBody(dialect.answer({ text: 'a long answer' }), 9));
      const controller = new AbortController();
      const failed = ensemble
        .predict('What is 17 * 23?', { signal: controller.signal })
        .catch((error: unknown) => error);
      const request = await settles('the request', server.seen(6));
      await request.stalled;
      controller.abort();
      const error = await settles('the end', failed);
      assert.ok(error instanceof CancelledError, `it gave: ${error}`);
      search(error);
      await isClosedByClient(request);
      assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    },
  },
];
