import { EMPTY, map, type Observable, of, range, Subject, throwError } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type ModelFunction,
  type ModelRequest,
  type Outcome,
} from '../../src/index.ts';

const outcomeOf = async (ask: ModelFunction): Promise<Outcome | undefined> => {
  const ensemble = createEnsemble({ models: [defineModel('mine', ask)], timeoutMs: 50 });
  const { outcomes } = await ensemble.predict('2 + 2?').catch((error) => error);
  return outcomes[0];
};

/** Something of another type than the signature allows, as programs without types give it. */
const untyped = (value: unknown) => value as string;

describe('a function as a model', () => {
  const answers: readonly [string, ModelFunction][] = [
    ['a text', () => '4'],
    ['a response', () => ({ text: '4' })],
    ['a promise of a text', async () => '4'],
    ['a promise of a response', async () => ({ text: '4' })],
    ['an Observable of a text', () => of('4')],
    ['an Observable of a response', () => of({ text: '4' })],
    ['an Observable of several, of which the first counts', () => of('4', '5', '6')],
    ['an Observable that fails after its answer', () => concatError('4')],
  ];
  it.each(answers)('may give %s', async (_, ask) => {
    expect(await outcomeOf(ask)).toMatchObject({ status: 'answered', answer: '4' });
  });

  it('may give an Observable of another copy of RxJS', async () => {
    const foreign = {
      lift: () => foreign,
      subscribe: (observer: { next(text: string): void; complete(): void }) => {
        observer.next('4');
        observer.complete();
        return { unsubscribe: () => undefined };
      },
    };
    expect(await outcomeOf(() => foreign as unknown as Observable<string>)).toMatchObject({ answer: '4' });
  });

  const failures: readonly [string, ModelFunction, string][] = [
    ['throws', () => throwing(), 'ModelError'],
    ['rejects', () => Promise.reject(new Error('no')), 'ModelError'],
    ['gives an Observable that fails', () => throwError(() => new Error('no')), 'ModelError'],
    ['gives an Observable without an answer', () => EMPTY, 'MalformedResponseError'],
    ['gives an Observable of nothing much', () => of(untyped(undefined)), 'MalformedResponseError'],
    ['gives nothing', () => untyped(undefined), 'MalformedResponseError'],
    ['gives null', async () => untyped(null), 'MalformedResponseError'],
    ['gives a number', () => untyped(4), 'MalformedResponseError'],
    ['gives an array', async () => untyped(['4']), 'MalformedResponseError'],
    ['gives a response without a text', () => untyped({ content: '4' }), 'MalformedResponseError'],
    ['gives itself', (): string => untyped(() => '4'), 'MalformedResponseError'],
  ];
  it.each(failures)('that %s fails', async (_, ask, name) => {
    expect(await outcomeOf(ask)).toMatchObject({ status: 'failed', error: { name, model: 'mine' } });
  });

  it('gets the question, and the whole request', async () => {
    const asked: [string, ModelRequest][] = [];
    const model = defineModel('mine', (question, { request }) => {
      asked.push([question, structuredClone(request)]);
      return '4';
    });
    const ensemble = createEnsemble({ models: [model] });
    await ensemble.predict('2 + 2?');
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: '3 + 3?' },
    ] as const;
    await ensemble.predict({ system: 'Be brief.', messages });
    expect(asked).toStrictEqual([
      ['2 + 2?', { prompt: '2 + 2?', messages: [{ role: 'user', content: '2 + 2?' }] }],
      ['3 + 3?', { prompt: '3 + 3?', system: 'Be brief.', messages }],
    ]);
  });

  it('is unsubscribed at its first answer', () => {
    const said = new Subject<string>();
    const texts: string[] = [];
    createEnsemble({ models: [defineModel('mine', () => said)] })
      .predict$('?')
      .subscribe(({ text }) => texts.push(text));
    expect(said.observed).toBe(true);
    said.next('4');
    expect(said.observed).toBe(false);
    expect(texts).toStrictEqual(['4']);
  });

  it('is unsubscribed at its first answer, even if all answers are synchronous', () => {
    let said = 0;
    const model = defineModel('mine', () =>
      range(0, 1000).pipe(
        map((index) => {
          said += 1;
          return String(index);
        }),
      ),
    );
    const texts: string[] = [];
    createEnsemble({ models: [model] })
      .predict$('?')
      .subscribe(({ text }) => texts.push(text));
    expect(texts).toStrictEqual(['0']);
    expect(said).toBe(1);
  });

  it('needs an id and a function', () => {
    expect(() => defineModel('', () => '4')).toThrow(
      'defineModel: option "id" must be a string that is not empty',
    );
    expect(() => defineModel('mine', untyped('4') as unknown as ModelFunction)).toThrow(
      'defineModel: option "ask" must be a function, but got "4"',
    );
  });
});

const throwing = (): never => {
  throw new Error('no');
};

const concatError = (text: string): Observable<string> => {
  const said = new Subject<string>();
  queueMicrotask(() => {
    said.next(text);
    said.error(new Error('late'));
  });
  return said;
};

describe('the signal of a model', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const countControllers = (): (() => number) => {
    let made = 0;
    const Original = globalThis.AbortController;
    vi.stubGlobal(
      'AbortController',
      class extends Original {
        constructor() {
          super();
          made += 1;
        }
      },
    );
    return () => made;
  };

  it('is created only when it is read', async () => {
    const made = countControllers();
    const deaf: ModelFunction = async () => '4';
    const listening: ModelFunction = async (_, { signal }) => (signal.aborted ? '5' : '4');
    await createEnsemble({ models: [defineModel('a', deaf), defineModel('b', deaf)] }).predict('?');
    expect(made()).toBe(0);
    const { predict } = createEnsemble({ models: [defineModel('a', listening), defineModel('b', deaf)] });
    await predict('?');
    expect(made()).toBe(1);
    await predict('?');
    expect(made()).toBe(2);
  });

  it('is one for a call, and another for another call', () => {
    const signals: AbortSignal[] = [];
    const model = defineModel('a', (_, context) => {
      signals.push(context.signal, context.signal);
      return new Promise(() => undefined);
    });
    const { predict$ } = createEnsemble({ models: [model] });
    const [first, second] = [predict$('?').subscribe(), predict$('?').subscribe()];
    expect(new Set(signals).size).toBe(2);
    first.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toStrictEqual([true, true, false, false]);
    second.unsubscribe();
  });

  it('is not aborted by an answer, however many texts follow', async () => {
    let kept: AbortSignal | undefined;
    const model = defineModel('a', (_, { signal }) => {
      kept = signal;
      return of('4', '5', '6');
    });
    await createEnsemble({ models: [model] }).predict('?');
    expect(kept?.aborted).toBe(false);
  });
});
