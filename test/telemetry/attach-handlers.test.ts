import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import {
  attachHandlers,
  ConfigError,
  createEnsemble,
  defineModel,
  type EnsembleEvent,
  type EventHandlers,
  type ModelError,
  type Prediction,
} from '../../src/index.ts';
import { eventsOf } from './events-of.ts';

const ensembleOf = (...texts: readonly string[]) =>
  createEnsemble({ models: texts.map((text, index) => defineModel(`m${index}`, () => text)), earlyStop: 1 });

const fails = (): never => {
  throw new TypeError('canary');
};

describe('attachHandlers', () => {
  const written = vi.spyOn(console, 'error');
  const uncaught: unknown[] = [];
  const keep = (error: unknown) => uncaught.push(error);

  beforeEach(() => {
    written.mockReset();
    process.on('uncaughtException', keep);
    process.on('unhandledRejection', keep);
  });

  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('uncaughtException', keep);
    process.off('unhandledRejection', keep);
    expect(uncaught.splice(0)).toStrictEqual([]);
  });

  it('calls each handler at its event, and no other, until it is detached', async () => {
    const ensemble = ensembleOf('4', '4');
    const heard: string[] = [];
    const detach = attachHandlers(ensemble, {
      'predict:start': ({ models }) => heard.push(`asks ${models}`),
      'model:stop': ({ model }) => heard.push(model),
      'predict:stop': ({ consensus }) => heard.push(`agree ${consensus}`),
    });
    await ensemble.predict('?');
    expect(heard).toStrictEqual(['asks m0,m1', 'm0', 'm1', 'agree 1']);
    detach();
    detach();
    await ensemble.predict('?');
    expect(heard).toHaveLength(4);
  });

  it('gives each handler the event of its name', () => {
    expectTypeOf<NonNullable<EventHandlers['predict:stop']>>().parameter(0).toHaveProperty('quorum');
    expectTypeOf<NonNullable<EventHandlers['predict:stop']>>()
      .parameter(0)
      .toHaveProperty('result')
      .toEqualTypeOf<Prediction>();
    expectTypeOf<NonNullable<EventHandlers['model:exception']>>()
      .parameter(0)
      .toHaveProperty('error')
      .toEqualTypeOf<ModelError>();
    expectTypeOf<keyof EventHandlers>().toEqualTypeOf<EnsembleEvent['type']>();
  });

  it.each([
    'predict:start',
    'model:start',
    'model:stop',
    'vote:complete',
    'consensus:reached',
    'predict:stop',
  ] as const)('detaches and reports a handler that throws at %s, and harms nobody', async (type) => {
    const ensemble = ensembleOf('4', '4');
    const failing = vi.fn(fails);
    const onListenerError = vi.fn();
    attachHandlers(ensemble, { [type]: failing }, { onListenerError });
    const others = eventsOf(ensemble);
    expect((await ensemble.predict('?')).answer).toBe('4');
    expect((await ensemble.predict('?')).answer).toBe('4');
    expect(failing).toHaveBeenCalledOnce();
    expect(onListenerError).toHaveBeenCalledOnce();
    expect(onListenerError).toHaveBeenCalledWith(new TypeError('canary'), expect.objectContaining({ type }));
    expect(others).toHaveLength(16);
  });

  it('does the same for one whose promise rejects', async () => {
    const ensemble = ensembleOf('4');
    const failing = vi.fn(async () => fails());
    const onListenerError = vi.fn();
    attachHandlers(ensemble, { 'predict:stop': failing }, { onListenerError });
    expect((await ensemble.predict('?')).answer).toBe('4');
    await ensemble.predict('?');
    expect(failing).toHaveBeenCalledOnce();
    expect(onListenerError).toHaveBeenCalledOnce();
  });

  it('detaches with a handler the others that were attached in the same call, and these alone', async () => {
    const ensemble = ensembleOf('4');
    const [together, apart] = [vi.fn(), vi.fn()];
    attachHandlers(
      ensemble,
      { 'model:start': fails, 'predict:stop': together },
      { onListenerError: () => undefined },
    );
    attachHandlers(ensemble, { 'predict:stop': apart });
    await ensemble.predict('?');
    expect(together).not.toHaveBeenCalled();
    expect(apart).toHaveBeenCalledOnce();
  });

  it('writes the name of what was thrown to the console where nobody else is told, and nothing else of it', async () => {
    written.mockImplementation(() => undefined);
    const ensemble = ensembleOf('4');
    attachHandlers(ensemble, { 'model:stop': fails });
    await ensemble.predict('?');
    expect(written.mock.calls).toStrictEqual([
      [
        'crucible-ensemble: the listener of "model:stop" failed with TypeError and was detached; handle its errors, or pass onListenerError',
      ],
    ]);
  });

  it('survives an `onListenerError` that throws as well', async () => {
    written.mockImplementation(() => undefined);
    const ensemble = ensembleOf('4');
    attachHandlers(ensemble, { 'model:stop': fails }, { onListenerError: fails });
    expect((await ensemble.predict('?')).answer).toBe('4');
    expect(written).toHaveBeenCalledOnce();
  });

  it('says nothing of a promise that rejects when its handler is detached already', async () => {
    const ensemble = ensembleOf('4');
    const onListenerError = vi.fn();
    const { promise, reject } = Promise.withResolvers<void>();
    const detach = attachHandlers(ensemble, { 'predict:stop': () => promise }, { onListenerError });
    await ensemble.predict('?');
    detach();
    reject(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(onListenerError).not.toHaveBeenCalled();
  });

  it('is not disturbed by changes of the handlers it was given', async () => {
    const ensemble = ensembleOf('4');
    const first = vi.fn();
    const handlers = { 'model:stop': first };
    attachHandlers(ensemble, handlers);
    handlers['model:stop'] = vi.fn(fails);
    await ensemble.predict('?');
    expect(first).toHaveBeenCalledOnce();
  });

  it('lets a handler ask the ensemble again, or attach others', async () => {
    const ensemble = ensembleOf('4');
    const answers: unknown[] = [];
    const detach = attachHandlers(ensemble, {
      'predict:stop': () => {
        detach();
        return ensemble.predict('again?').then(({ answer }) => answers.push(answer));
      },
    });
    await ensemble.predict('?');
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toStrictEqual(['4']);
  });

  it('refuses events that there are not, handlers that are none, and what is no ensemble', () => {
    const ensemble = ensembleOf('4');
    const faulty = { 'model:stopp': fails, 'model:start': 1 } as unknown as EventHandlers;
    expect(() => attachHandlers(ensemble, faulty)).toThrow(ConfigError);
    expect(() => attachHandlers(ensemble, faulty)).toThrow('there is no option "model:stopp"');
    expect(() => attachHandlers(ensemble, faulty)).toThrow('option "model:start" must be a function');
    expect(() => attachHandlers({} as typeof ensemble, {})).toThrow(
      'attachHandlers: expected an ensemble made by createEnsemble',
    );
  });
});
