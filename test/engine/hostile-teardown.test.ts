import { finalize, merge, NEVER, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Ensemble, type Execution, type Model, simulated } from '../../src/index.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';

const refuse = (): never => {
  throw new RangeError('torn down');
};
const silent: Model = { id: 'silent', call: () => NEVER };
const sure = [1, 2].map((seed) => simulated({ id: `sure-${seed}`, seed, accuracy: 1, latencyMs: 1 }));
const question = 'What is 2 + 2?';

/** Schedules whose teardown throws. */
const executions: readonly Execution[] = [
  { name: 'finalize', schedule: (calls) => merge(...calls).pipe(finalize(refuse)) },
  { name: 'two teardowns', schedule: (calls) => merge(...calls).pipe(finalize(refuse), finalize(refuse)) },
  {
    name: 'one for each call',
    schedule: (calls) => merge(...calls.map((call) => call.pipe(finalize(refuse)))),
  },
];

/** What ends a prediction while a call is in flight. */
const endings = { earlyStop: { earlyStop: 'decided' }, deadlineMs: { deadlineMs: 30 } } as const;

describe('a schedule whose teardown throws', () => {
  for (const execution of executions) {
    describe(`${execution.name}`, () => {
      it.each(Object.entries(endings))(
        'keeps the answer that %s ends with, and warns',
        async (_, options) => {
          const ensemble = createEnsemble({
            models: [...sure, silent],
            execution,
            minResponses: 2,
            ...options,
          });
          const faults = await unhandledDuring(async () => {
            const { answer, metadata } = await ensemble.predict(question);
            expect(answer).toBe('4');
            expect(metadata.warnings.join()).toContain('cancelling the calls threw RangeError');
            for await (const event of ensemble.stream(question)) {
              if (event.type === 'complete') expect(event.prediction.answer).toBe('4');
            }
          });
          expect(faults).toEqual([]);
        },
      );

      it('lets a loop break, and a subscriber leave', async () => {
        const ensemble = createEnsemble({ models: [...sure, silent], execution, earlyStop: 'decided' });
        const faults = await unhandledDuring(async () => {
          for await (const _ of ensemble.stream(question)) break;
          for await (const _ of ensemble.predictAll([question, question])) break;
          const subscription = ensemble.predict$(question).subscribe();
          subscription.unsubscribe();
        });
        expect(faults).toEqual([]);
      });
    });
  }
});

const methods = ['aborted', 'addEventListener', 'removeEventListener', 'reason'] as const;
const oddSignal = (...names: readonly string[]): AbortSignal =>
  new Proxy(new EventTarget(), {
    has: () => true,
    get: (target, name) => {
      if (names.includes(String(name))) return name === 'aborted' ? refuse() : refuse;
      if (name === 'aborted') return false;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as AbortSignal;

const forms: Readonly<Record<string, (ensemble: Ensemble, signal: AbortSignal) => Promise<unknown>>> = {
  predict: (ensemble, signal) => ensemble.predict(question, { signal }),
  predict$: (ensemble, signal) =>
    new Promise((resolve, reject) => {
      const prediction$: Observable<unknown> = ensemble.predict$(question, { signal });
      prediction$.subscribe({ next: resolve, error: reject });
    }),
  stream: async (ensemble, signal) => {
    for await (const event of ensemble.stream(question, { signal })) {
      if (event.type === 'complete') return event.prediction;
    }
    return undefined;
  },
  predictAll: async (ensemble, signal) => {
    for await (const result of ensemble.predictAll([question], { signal })) return result;
    return undefined;
  },
};

describe('a signal that throws', () => {
  for (const [form, ask] of Object.entries(forms)) {
    it.each(methods)(`in ${form}, if its %s is used, ends with an answer or a ConfigError`, async (name) => {
      const ensemble = createEnsemble({ models: sure });
      const faults = await unhandledDuring(async () => {
        try {
          expect(await ask(ensemble, oddSignal(name))).toHaveProperty('answer', '4');
          expect(['removeEventListener', 'reason']).toContain(name);
        } catch (error) {
          expect(error).toHaveProperty('name', 'ConfigError');
          expect(['aborted', 'addEventListener']).toContain(name);
        }
      });
      expect(faults).toEqual([]);
    });
  }
});

describe('queries whose next() returns no result', () => {
  it.each([undefined, null, 5, 'text', Symbol('step'), 5n])('%s is a typed error', async (step) => {
    const ensemble = createEnsemble({ models: sure });
    for (const next of [() => step, async () => step]) {
      const queries = { [Symbol.asyncIterator]: () => ({ next }) } as unknown as AsyncIterable<string>;
      await expect(
        (async () => {
          for await (const _ of ensemble.predictAll(queries));
        })(),
      ).rejects.toMatchObject({
        name: 'UserCodeError',
        message: expect.stringContaining('next() of the queries'),
      });
    }
  });
});
