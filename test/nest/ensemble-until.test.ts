import { getEventListeners } from 'node:events';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { CancelledError, createEnsemble, defineModel } from '../../src/index.ts';
import { ensembleUntil } from '../../src/nest/ensemble-until.ts';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

const setUp = () => {
  let running = 0;
  const never = defineModel('never', (question, { signal }) => {
    if (question === 'easy') return 'yes';
    running += 1;
    return new Promise<string>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        running -= 1;
        reject(signal.reason);
      });
    });
  });
  const stop = new AbortController();
  const ensemble = ensembleUntil(createEnsemble({ models: [never] }), stop.signal);
  return { ensemble, stop, running: () => running };
};

const all = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};

type Ask = (
  ensemble: ReturnType<typeof setUp>['ensemble'],
  question: string,
  overrides?: { readonly signal: AbortSignal },
) => Promise<unknown>;

const forms: Readonly<Record<string, Ask>> = {
  predict: (ensemble, question, overrides) => ensemble.predict(question, overrides),
  predict$: (ensemble, question, overrides) => lastValueFrom(ensemble.predict$(question, overrides)),
  stream: (ensemble, question, overrides) => lastValueFrom(ensemble.stream(question, overrides)),
  'stream, read': (ensemble, question, overrides) => all(ensemble.stream(question, overrides)),
  predictAll: (ensemble, question, overrides) =>
    all(ensemble.predictAll([question], { ...overrides, onError: 'throw' })),
};

describe.each(Object.entries(forms))('%s of an ensemble that ends with a signal', (_name, ask) => {
  it('ends with the signal, for the reason of the signal', async () => {
    const { ensemble, stop, running } = setUp();
    const asked = ask(ensemble, 'hard');
    await Promise.resolve();
    expect(running()).toBe(1);
    const reason = new Error('the application is shutting down');
    stop.abort(reason);
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as Error).cause).toBe(reason);
    expect(running()).toBe(0);
  });

  it('ends with either of two signals', async () => {
    const { ensemble, stop, running } = setUp();
    const given = new AbortController();
    const both = [1, 2].map(() => ask(ensemble, 'hard', { signal: given.signal }));
    await Promise.resolve();
    expect(running()).toBe(2);
    const reason = new Error('the caller left');
    given.abort(reason);
    for (const asked of both) await expect(asked).rejects.toMatchObject({ cause: reason });
    const other = ask(ensemble, 'hard', { signal: new AbortController().signal });
    await Promise.resolve();
    stop.abort(new Error('stop'));
    await expect(other).rejects.toMatchObject({ cause: { message: 'stop' } });
    expect(running()).toBe(0);
  });

  it('leaves no listener on either signal', async () => {
    const { ensemble, stop } = setUp();
    const given = new AbortController();
    for (const overrides of [undefined, { signal: given.signal }])
      for (let asked = 0; asked < 3; asked += 1) await ask(ensemble, 'easy', overrides);
    expect([listeners(stop.signal), listeners(given.signal)]).toEqual([0, 0]);
  });

  it('does not begin after the signal', async () => {
    const { ensemble, stop, running } = setUp();
    stop.abort();
    await expect(ask(ensemble, 'hard')).rejects.toBeInstanceOf(CancelledError);
    await expect(ask(ensemble, 'hard', { signal: new AbortController().signal })).rejects.toBeInstanceOf(
      CancelledError,
    );
    expect(running()).toBe(0);
  });
});

it('cancels the calls of a subscriber that leaves, and leaves no listener', async () => {
  const { ensemble, stop, running } = setUp();
  const given = new AbortController();
  const subscriptions = [
    ensemble.predict$('hard', { signal: given.signal }).subscribe(),
    ensemble.stream('hard', { signal: given.signal }).subscribe(),
  ];
  expect(running()).toBe(2);
  for (const subscription of subscriptions) subscription.unsubscribe();
  expect(running()).toBe(0);
  expect([listeners(stop.signal), listeners(given.signal)]).toEqual([0, 0]);
});

it('makes the predictions of the ensemble', async () => {
  const models = ['4', '4', '5'].map((text, n) => defineModel(`model-${n}`, () => text));
  const plain = createEnsemble({ models, normalization: 'numeric', name: 'panel' });
  const ensemble = ensembleUntil(plain, new AbortController().signal);
  expect((await ensemble.predict('2 + 2?')).answer).toBe(4);
  expect(ensemble.events$).toBe(plain.events$);
  expect(ensemble.asModel('jury').id).toBe('jury');
  await expect(ensemble.predict('2 + 2?', { voter: 1 } as never)).rejects.toThrow('voter');
  await expect(ensemble.predict('2 + 2?', { signal: 1 } as never)).rejects.toThrow('AbortSignal');
  await expect(ensemble.predict('2 + 2?', 'now' as never)).rejects.toThrow('expected overrides');
});
