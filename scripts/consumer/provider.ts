import assert from 'node:assert/strict';
import {
  AuthenticationError,
  CancelledError,
  createEnsemble,
  type Model,
  NoPredictionError,
  RateLimitError,
  ResponseTooLargeError,
} from 'crucible-ensemble';
import {
  body,
  type ContractCase,
  endlessBody,
  eventStream,
  type FaultServer,
  json,
  type ModelContractOptions,
  modelContract,
  type Reply,
  type ServedEvent,
  stalledBody,
  stalledHeaders,
  startFaultServer,
  type WireDialect,
} from 'crucible-ensemble/testing';
import { all, type Checks } from './checks.ts';

/** A provider, and the replies of its API. */
export interface Provider extends Omit<ModelContractOptions, 'dialect'> {
  readonly dialect: Exclude<ModelContractOptions['dialect'], WireDialect>;
  /** The body of an answer. */
  readonly answer: (text: string) => unknown;
  /** The events of an answer in two pieces. */
  readonly events: (first: string, second: string) => readonly ServedEvent[];
}

/** How an error is written; the parts of all three dialects. */
const refusal = (status: number) => ({ error: { code: status, status: 'NO', type: 'no', message: 'no' } });

/** Waits until the client has left a request, or fails. */
const isLeft = async (server: FaultServer): Promise<void> => {
  const request = server.requests.at(-1);
  assert.ok(request !== undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the socket is still open after 10 s')), 10_000);
  });
  try {
    await Promise.race([request.abandoned, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Returns the checks of a provider in an ensemble, and the contract of every model. */
export const providerChecks = (provider: Provider): Checks => ({
  ...useChecks(provider),
  ...Object.fromEntries(
    modelContract(provider).map(({ name, run }: ContractCase) => [`contract: ${name}`, run]),
  ),
});

/** Returns the checks of a provider in an ensemble, which use nothing of Node but its servers. */
const useChecks = ({ createModel, answer, events }: Provider): Checks => {
  const withServer = async (
    reply: Reply,
    check: (model: Model, server: FaultServer) => Promise<void>,
  ): Promise<void> => {
    const server = await startFaultServer();
    try {
      server.script(reply);
      await check(createModel({ baseURL: server.baseURL, apiKey: 'sk-consumer' }), server);
    } finally {
      await server.close();
    }
  };
  const failureOf = async (model: Model): Promise<unknown> => {
    const error = await createEnsemble({ models: [model] })
      .predict('?')
      .catch((failure: unknown) => failure);
    assert.ok(error instanceof NoPredictionError, `it gave: ${error}`);
    const [outcome] = error.outcomes;
    return outcome?.status === 'failed' ? outcome.error : outcome;
  };
  return {
    'answers in an ensemble': () =>
      withServer(json(answer('The answer is 391.')), async (model, server) => {
        const ensemble = createEnsemble({ models: [model], normalization: 'numeric' });
        assert.equal((await ensemble.predict('What is 17 * 23?')).answer, 391);
        assert.equal(server.requests.length, 1);
      }),
    'streams its text': () =>
      withServer(eventStream(events('The answer ', 'is 391.')), async (model) => {
        const ensemble = createEnsemble({ models: [model], normalization: 'numeric' });
        const seen = await all(ensemble.stream('What is 17 * 23?'));
        const deltas = seen.flatMap((event) => (event.type === 'delta' ? [event.text] : []));
        assert.equal(deltas.join(''), 'The answer is 391.');
        const last = seen.at(-1);
        assert.ok(last?.type === 'complete' && last.prediction.answer === 391);
      }),
    'types its errors': async () => {
      await withServer(json(refusal(429), { status: 429 }), async (model) => {
        const error = await failureOf(model);
        assert.ok(error instanceof RateLimitError, `it gave: ${error}`);
      });
      await withServer(json(refusal(401), { status: 401 }), async (model) => {
        const error = await failureOf(model);
        assert.ok(error instanceof AuthenticationError, `it gave: ${error}`);
      });
    },
    'follows no redirect': async () => {
      const elsewhere = await startFaultServer();
      elsewhere.script(json(answer('391')));
      try {
        const redirect = body('', { status: 307, headers: { location: elsewhere.baseURL } });
        await withServer(redirect, async (model) => {
          assert.ok((await failureOf(model)) instanceof Error);
          assert.equal(elsewhere.requests.length, 0);
        });
      } finally {
        await elsewhere.close();
      }
    },
    'stops reading a reply that is too large': () =>
      withServer(endlessBody(), async (model, server) => {
        const error = await failureOf(model);
        assert.ok(error instanceof ResponseTooLargeError, `it gave: ${error}`);
        await isLeft(server);
      }),
    'closes its connection if it is aborted': async () => {
      for (const reply of [stalledHeaders(), stalledBody(answer('a long answer'), 9)]) {
        await withServer(reply, async (model, server) => {
          const controller = new AbortController();
          const failed = createEnsemble({ models: [model] })
            .predict('?', { signal: controller.signal })
            .catch((error: unknown) => error);
          await (await server.seen(0)).stalled;
          controller.abort();
          assert.ok((await failed) instanceof CancelledError);
          await isLeft(server);
        });
      }
    },
    'closes its connection if a loop over its events ends early': () =>
      withServer(eventStream(events('a', 'b').slice(0, -2), { ending: 'stall' }), async (model, server) => {
        for await (const { type } of createEnsemble({ models: [model] }).stream('?')) {
          if (type === 'delta') break;
        }
        await isLeft(server);
      }),
  };
};
