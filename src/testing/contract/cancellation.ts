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
import type { Clause, Limitation, Stage } from './contract-case.ts';
import { within } from './stage.ts';

/** How fast a socket must be closed, as the server sees it. */
const CLOSED_WITHIN_MS = 50;

/** How long a client is given to read what has been sent to it before it stalls. */
const READ_MS = 20;

/** A time limit for an ensemble; longer than an answer takes to begin on the loopback interface. */
const TIMEOUT_MS = 150;

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

/** The first call imports the SDK, which takes its time; what follows is to be about the network. */
const warmUp = async ({ server, dialect, ask }: Stage): Promise<void> => {
  server.script(json(dialect.answer({ text: '391' })));
  answered(await ask());
};

const unsubscribing = ({ name, wantsDeltas, reply, unless }: Phase): Clause => ({
  name: `closes the socket within ${CLOSED_WITHIN_MS} ms of being unsubscribed ${name}, and says nothing more`,
  ...(unless && { unless }),
  check: async (stage) => {
    const { server, model } = stage;
    await warmUp(stage);
    server.script(reply(stage));
    let said = 0;
    const count = (): void => {
      said += 1;
    };
    const subscription = model
      .call({ ...toRequest('What is 17 * 23?'), wantsDeltas })
      .subscribe({ next: count, error: count, complete: count });
    const request = await within(1000, 'the request', server.seen(1));
    await within(1000, 'the stall', request.stalled);
    await sleep(READ_MS);
    assert.equal(request.isAbandoned(), false, 'the socket was closed too early');
    const saidBefore = said;
    const unsubscribedAtMs = performance.now();
    subscription.unsubscribe();
    const closedAtMs = await within(1000, 'the closing of the socket', request.abandoned);
    assert.ok(
      closedAtMs - unsubscribedAtMs < CLOSED_WITHIN_MS,
      `closed after ${closedAtMs - unsubscribedAtMs} ms`,
    );
    await sleep(READ_MS);
    assert.equal(said, saidBefore, 'something came after the end');
    assert.equal(server.requests.length, 2, 'one request a call');
  },
});

const expiring = ({ name, wantsDeltas, reply, unless }: Phase): Clause => ({
  name: `lets an ensemble time out ${name}, and closes the socket`,
  ...(unless && { unless }),
  check: async (stage) => {
    const { server, model, search } = stage;
    await warmUp(stage);
    server.script(reply(stage));
    const ensemble = createEnsemble({ models: [model], timeoutMs: TIMEOUT_MS });
    const askedAtMs = performance.now();
    const failed = wantsDeltas
      ? new Promise((resolve) => ensemble.stream('What is 17 * 23?').subscribe({ error: resolve }))
      : ensemble.predict('What is 17 * 23?').catch((error: unknown) => error);
    const error = await within(TIMEOUT_MS + 1000, 'the time-out', failed);
    const failedAtMs = performance.now();
    assert.ok(failedAtMs - askedAtMs >= TIMEOUT_MS - 1, `failed after ${failedAtMs - askedAtMs} ms`);
    const closedAtMs = await within(1000, 'the closing of the socket', (await server.seen(1)).abandoned);
    const tookMs = closedAtMs - failedAtMs;
    assert.ok(tookMs < CLOSED_WITHIN_MS, `closed ${tookMs} ms after the time-out`);
    assert.ok(error instanceof NoPredictionError, `it gave: ${error}`);
    const [outcome] = error.outcomes;
    assert.ok(outcome?.status === 'failed' && outcome.error instanceof TimeoutError);
    search(error);
    search(error.outcomes);
    await sleep(READ_MS);
    assert.equal(server.requests.length, 2, 'one request a call');
  },
});

/** What is left of a call that is no longer wanted. */
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
    name: 'asks anew for every subscription',
    check: async (stage) => {
      const { server, model, dialect } = stage;
      server.script(json(dialect.answer({ text: '1' })), json(dialect.answer({ text: '2' })));
      const call$ = model.call(toRequest('?'));
      const heard: unknown[] = [];
      for (let time = 0; time < 2; time += 1) {
        const call = new Promise<void>((resolve, reject) =>
          call$.subscribe({
            next: (value) => heard.push('text' in value && value.text),
            error: reject,
            complete: resolve,
          }),
        );
        await within(5000, 'an answer', call);
      }
      assert.deepEqual(heard, ['1', '2']);
    },
  },
  {
    name: 'answers calls that are out at the same time each with its own answer',
    check: async ({ server, dialect, ask }) => {
      const reply = (text: string, delayMs: number): Reply =>
        delayed(delayMs, json(dialect.answer({ text })));
      server.script(reply('391', 40), reply('391', 0), reply('391', 20));
      const heard = await Promise.all([ask(), ask(), ask()]);
      assert.deepEqual(
        heard.map((one) => answered(one).text),
        ['391', '391', '391'],
      );
      assert.equal(server.requests.length, 3);
    },
  },
  ...PHASES.map(unsubscribing),
  {
    name: 'closes the socket when a loop over the events of an ensemble is left',
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
      const leftAtMs = performance.now();
      const request = await server.seen(1);
      const closedAtMs = await within(1000, 'the closing of the socket', request.abandoned);
      assert.ok(closedAtMs - leftAtMs < CLOSED_WITHIN_MS, `closed after ${closedAtMs - leftAtMs} ms`);
    },
  },
  {
    name: 'gives its answer once, where it is unsubscribed within the answer',
    check: async (stage) => {
      const { server, model, dialect } = stage;
      await warmUp(stage);
      server.script(json(dialect.answer({ text: '391' })));
      const said: string[] = [];
      const gone = new Promise<void>((resolve) => {
        const subscription = model.call(toRequest('?')).subscribe({
          next: () => {
            said.push('answer');
            subscription.unsubscribe();
            subscription.unsubscribe();
            resolve();
          },
          error: () => said.push('error'),
          complete: () => said.push('end'),
        });
      });
      await within(5000, 'an answer', gone);
      await sleep(READ_MS);
      assert.deepEqual(said, ['answer']);
      assert.equal((await server.seen(1)).isAbandoned(), false, 'it was aborted although it was over');
    },
  },
  {
    name: 'swallows what goes wrong after it is unsubscribed',
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
          error: (error) => assert.fail(`after the end: ${error}`),
        });
        await server.seen(index);
        subscription.unsubscribe();
        await sleep(30);
      }
    },
  },
  ...PHASES.map(expiring),
  {
    name: "leaves no listener on the caller's signal, and obeys it",
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
      const request = await within(1000, 'the request', server.seen(6));
      await request.stalled;
      controller.abort();
      const error = await within(1000, 'the end', failed);
      assert.ok(error instanceof CancelledError, `it gave: ${error}`);
      search(error);
      await within(1000, 'the closing of the socket', request.abandoned);
      assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    },
  },
];
