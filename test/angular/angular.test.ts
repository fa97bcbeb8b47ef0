import {
  ApplicationRef,
  createEnvironmentInjector,
  type EnvironmentInjector,
  InjectionToken,
  inject,
  provideZonelessChangeDetection,
  runInInjectionContext,
  signal,
  ɵINJECTOR_SCOPE,
} from '@angular/core';
import { lastValueFrom, merge, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  injectEnsemble,
  type PredictionResource,
  type PredictResourceOptions,
  predictResource,
  provideEnsembleClient,
} from '../../src/angular/angular.ts';
import type { EnsembleClientOptions } from '../../src/client/client.ts';
import { createEnsemble, defineModel, type Ensemble } from '../../src/index.ts';
import { createEnsembleHandler } from '../../src/server/server.ts';
import { countingModel, panel, saying, until } from '../client/served.ts';

const opened: EnvironmentInjector[] = [];

afterEach(async () => {
  for (const injector of opened.splice(0)) injector.destroy();
  // The scheduler of Angular has a timer of its own.
  await new Promise((resolve) => setTimeout(resolve));
});

/** An application without a page: its injector, and the requests that it sends. */
const app = (
  ensembles: Readonly<Record<string, Ensemble>> = { panel },
  options: Partial<EnsembleClientOptions> = {},
) => {
  const handler = createEnsembleHandler({ ensembles });
  const requests: { readonly model: string; readonly query: string }[] = [];
  const injector = createEnvironmentInjector(
    [
      { provide: ɵINJECTOR_SCOPE, useValue: 'root' },
      provideZonelessChangeDetection(),
      provideEnsembleClient({
        url: 'http://localhost',
        ensemble: Object.keys(ensembles)[0] ?? '',
        fetch(input, init) {
          requests.push(JSON.parse(String(init?.body)));
          return handler.fetch(new Request(input, init));
        },
        ...options,
      }),
    ],
    null as unknown as EnvironmentInjector,
  );
  opened.push(injector);
  const ref = injector.get(ApplicationRef);
  return {
    injector,
    requests,
    handler,
    inside: <T>(run: () => T): T => runInInjectionContext(injector, run),
    /** Runs the effects that are due, and waits for what they ask. */
    async settled() {
      ref.tick();
      await ref.whenStable();
    },
    tick: () => ref.tick(),
  };
};

const asking = (
  options: Partial<PredictResourceOptions> = {},
  ensembles?: Readonly<Record<string, Ensemble>>,
) => {
  const question = signal<string | undefined>(undefined);
  const application = app(ensembles);
  const resource = application.inside(() => predictResource({ query: question, ...options }));
  return Object.assign(application, { question, resource });
};

const slowPanel = () => {
  const slow = countingModel();
  return { slow, ensembles: { panel: createEnsemble({ models: [saying('fast', '4'), slow] }) } };
};

const whenAsked = async (
  {
    question,
    tick,
    resource,
  }: { question: { set(value: string): void }; tick: () => void; resource: PredictionResource },
  text = 'What is 2 + 2?',
): Promise<void> => {
  question.set(text);
  tick();
  await until(() => resource.consensus() !== undefined);
};

describe('predictResource', () => {
  it('asks nothing before there is a question', async () => {
    const { resource, requests, settled } = asking();
    await settled();
    expect(requests).toEqual([]);
    expect([resource.status(), resource.value(), resource.votes(), resource.members()]).toEqual([
      'idle',
      undefined,
      {},
      [],
    ]);
    expect(resource.cost()).toEqual({ costUsd: undefined, costSource: 'unknown' });
  });

  it('shows a prediction as it is made', async () => {
    const { slow, ensembles } = slowPanel();
    const asked = asking({}, ensembles);
    await whenAsked(asked);
    const { resource } = asked;
    expect(resource.status()).toBe('asking');
    expect(resource.votes()).toEqual({ 4: 1 });
    expect(resource.members().map(({ model, status }) => [model, status])).toEqual([
      ['fast', 'answered'],
      ['slow', 'waiting'],
    ]);
    expect(slow.counts).toEqual({ started: 1, aborted: 0 });
  });

  it('has the prediction, its votes and its cost at the end', async () => {
    const { question, resource, settled, requests } = asking({ explain: true });
    question.set('What is 2 + 2?');
    await settled();
    expect(resource.status()).toBe('answered');
    expect(resource.value()).toMatchObject({ answer: 4, explanation: expect.stringContaining('4') });
    expect(resource.votes()).toEqual({ 4: 2, 5: 1 });
    expect(resource.consensus()).toBeCloseTo(2 / 3);
    expect(resource.error()).toBeUndefined();
    expect(requests).toMatchObject([{ model: 'panel', query: 'What is 2 + 2?', explain: true }]);
  });

  it.each([
    ['stop is called', (asked: ReturnType<typeof asking>) => asked.resource.stop(), 'stopped'],
    [
      'the question becomes undefined',
      ({ question, tick }: ReturnType<typeof asking>) => {
        question.set(undefined);
        tick();
      },
      'idle',
    ],
    ['the injector is destroyed', ({ injector }: ReturnType<typeof asking>) => injector.destroy(), 'asking'],
  ] as const)('ends the calls of the server when %s', async (_, leave, status) => {
    const { slow, ensembles } = slowPanel();
    const asked = asking({}, ensembles);
    await whenAsked(asked);
    leave(asked);
    await until(() => slow.counts.aborted === 1);
    expect(slow.counts).toEqual({ started: 1, aborted: 1 });
    expect(asked.resource.status()).toBe(status);
    opened.splice(0, status === 'asking' ? 1 : 0);
  });

  it('keeps the votes of a prediction that was stopped, and cancels its calls', async () => {
    const asked = asking({}, slowPanel().ensembles);
    await whenAsked(asked);
    asked.resource.stop();
    expect(asked.resource.votes()).toEqual({ 4: 1 });
    expect(asked.resource.members().map(({ status }) => status)).toEqual(['answered', 'cancelled']);
    asked.resource.stop();
    expect(asked.resource.status()).toBe('stopped');
  });

  it('ends one question when it asks the next, whose signals are not those of the last', async () => {
    const { slow, ensembles } = slowPanel();
    const asked = asking({}, ensembles);
    await whenAsked(asked);
    asked.question.set('And 3 + 3?');
    asked.tick();
    await until(() => slow.counts.aborted === 1 && slow.counts.started === 2);
    expect(asked.requests.map(({ query }) => query)).toEqual(['What is 2 + 2?', 'And 3 + 3?']);
    expect(asked.resource.members().length).toBeLessThanOrEqual(2);
    expect(asked.resource.status()).toBe('asking');
  });

  it('does not ask the same text again if what it is made of changes', async () => {
    const draft = signal({ text: 'What is 2 + 2?', isOpen: false });
    const { inside, settled, requests } = app();
    const resource = inside(() => predictResource({ query: () => draft().text }));
    await settled();
    draft.set({ text: 'What is 2 + 2?', isOpen: true });
    await settled();
    expect(requests).toHaveLength(1);
    expect(resource.status()).toBe('answered');
  });

  it('asks once more by reload, if there is a question', async () => {
    const { question, resource, settled, requests } = asking();
    expect(resource.reload()).toBe(false);
    question.set('What is 2 + 2?');
    await settled();
    expect(resource.reload()).toBe(true);
    expect(resource.status()).toBe('asking');
    await settled();
    expect(requests).toHaveLength(2);
    expect(resource.status()).toBe('answered');
  });

  it('asks the ensemble that a signal names, and again when it names another one', async () => {
    const name = signal('panel');
    const { question, resource, settled, requests } = asking(
      { ensemble: name },
      { panel, other: createEnsemble({ models: [saying('x', 'other')] }) },
    );
    question.set('Hi?');
    await settled();
    name.set('other');
    await settled();
    expect(requests.map(({ model }) => model)).toEqual(['panel', 'other']);
    expect(resource.value()?.text).toBe('other');
  });

  it('has the error of the server, and recovers from it', async () => {
    const down = defineModel('down', () => {
      throw new Error('down');
    });
    const { question, resource, settled, requests } = asking(
      {},
      { panel: createEnsemble({ models: [down] }) },
    );
    question.set('Hi?');
    await settled();
    expect(resource.status()).toBe('error');
    expect(resource.error()).toMatchObject({ code: 'AllModelsFailedError', status: 424 });
    expect(resource.value()).toBeUndefined();
    expect(resource.members()).toMatchObject([
      { status: 'failed', outcome: { error: { name: 'ModelError' } } },
    ]);
    expect(requests).toHaveLength(1);
    question.set(undefined);
    await settled();
    expect([resource.status(), resource.error(), resource.members()]).toEqual(['idle', undefined, []]);
  });

  it('keeps the votes of a stream that was cut, and asks nothing by itself', async () => {
    const frame = 'event: consensus\ndata: {"type":"consensus","consensus":1,"votes":{"4":1}}\n\n';
    const { inside, settled } = app(undefined, {
      fetch: async () => new Response(frame, { headers: { 'content-type': 'text/event-stream' } }),
    });
    const resource = inside(() => predictResource({ query: () => 'Hi?' }));
    await settled();
    expect(resource.error()).toMatchObject({ code: 'connection_cut', isRetryable: true });
    expect(resource.votes()).toEqual({ 4: 1 });
  });

  it('has the error of a query that throws, and asks once it no longer does', async () => {
    const isBroken = signal(true);
    const { inside, settled, requests } = app();
    const resource = inside(() =>
      predictResource({
        query: () => {
          if (isBroken()) throw new RangeError('a bug');
          return 'What is 2 + 2?';
        },
      }),
    );
    await settled();
    expect([resource.status(), resource.error()?.message, requests.length]).toEqual(['error', 'a bug', 0]);
    isBroken.set(false);
    await settled();
    expect(resource.status()).toBe('answered');
  });

  it('needs an injection context and a client', () => {
    expect(() => predictResource({ query: () => 'Hi?' })).toThrow(
      /predictResource\(\) can only be used within/,
    );
    const bare = createEnvironmentInjector([], null as unknown as EnvironmentInjector);
    expect(() => runInInjectionContext(bare, injectEnsemble)).toThrow(/provideEnsembleClient\(\{ url \}\)/);
    bare.destroy();
  });

  it('may be given the injector with which it ends', async () => {
    const { injector, settled } = app();
    const resource = predictResource({ query: () => 'What is 2 + 2?', injector });
    await settled();
    expect(resource.value()?.answer).toBe(4);
  });
});

describe('injectEnsemble', () => {
  it('asks as a promise and as Observables', async () => {
    const { inside, requests } = app();
    const ensemble = inside(() => injectEnsemble<number>());
    expect(requests).toHaveLength(0);
    expect((await ensemble.predict('2 + 2')).answer).toBe(4);
    expect((await lastValueFrom(ensemble.predict$('2 + 2'))).answer).toBe(4);
    const events = await lastValueFrom(ensemble.stream$('2 + 2').pipe(toArray()));
    expect(events.at(-1)?.type).toBe('complete');
    expect(requests).toHaveLength(3);
  });

  it.each(['predict', 'predict$', 'stream$'] as const)('ends %s with its injector', async (form) => {
    const { slow, ensembles } = slowPanel();
    const { inside, injector } = app(ensembles);
    const ensemble = inside(injectEnsemble);
    const ends: string[] = [];
    if (form === 'predict') ensemble.predict('Hi?').catch(({ name }) => ends.push(name));
    else merge<unknown[]>(ensemble[form]('Hi?')).subscribe({ complete: () => ends.push('complete') });
    await until(() => slow.counts.started === 1);
    injector.destroy();
    opened.splice(0);
    await until(() => slow.counts.aborted === 1 && ends.length === 1);
    expect(ends).toEqual([form === 'predict' ? 'AbortError' : 'complete']);
  });

  it('ends a promise with the signal of its caller', async () => {
    const { slow, ensembles } = slowPanel();
    const ensemble = app(ensembles).inside(injectEnsemble);
    const controller = new AbortController();
    const failed = expect(ensemble.predict('Hi?', { signal: controller.signal })).rejects.toThrow('enough');
    await until(() => slow.counts.started === 1);
    controller.abort(new Error('enough'));
    await failed;
  });
});

it('takes options from a function that injects them', async () => {
  const SESSION = new InjectionToken<string>('session');
  let sent: string | null = null;
  const injector = createEnvironmentInjector(
    [
      { provide: SESSION, useValue: 'session-of-ann' },
      provideEnsembleClient(() => {
        const session = inject(SESSION);
        return {
          url: 'http://localhost',
          ensemble: 'panel',
          headers: () => ({ authorization: `Bearer ${session}` }),
          fetch: async (_, init) => {
            sent = new Headers(init?.headers).get('authorization');
            return Response.json({ text: '4', metadata: {} });
          },
        };
      }),
    ],
    null as unknown as EnvironmentInjector,
  );
  const { text } = await runInInjectionContext(injector, () => injectEnsemble().predict('2 + 2'));
  injector.destroy();
  expect([text, sent]).toEqual(['4', 'Bearer session-of-ann']);
});
