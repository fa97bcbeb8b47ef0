import { fileURLToPath } from 'node:url';
import { type Context, context, diag, metrics, trace } from '@opentelemetry/api';
import { buildSync } from 'esbuild';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, createEnsemble, defineModel } from '../../../src/index.ts';
import { circuitMetrics, instrument } from '../../../src/telemetry/opentelemetry.ts';
import { telemetryOf } from '../../../src/telemetry/telemetry.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

afterEach(() => {
  diag.disable();
  trace.disable();
  metrics.disable();
});

const CANARY = 'canary-7f3a';

/** A provider of which everything throws, or everything from a certain method on. */
const throwing = (from: string, real: object): never => {
  const thrower = () => {
    throw new RangeError(CANARY);
  };
  const wrapped = (target: object): object =>
    new Proxy(target, {
      get: (_, name) => {
        if (name === from) return thrower;
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, parameters);
          return typeof result === 'object' && result !== null ? wrapped(result) : result;
        };
      },
    });
  return wrapped(real) as never;
};

const ensembleOf = () =>
  createEnsemble({
    models: [
      defineModel('a', async () => ({ text: '4', usage: { inputTokens: 1 } })),
      defineModel('b', () => '4'),
      defineModel('c', () => Promise.reject(new Error('no'))),
    ],
  });

const logged = () => {
  const messages: string[] = [];
  const log = (...parts: unknown[]) => messages.push(parts.join(' '));
  diag.setLogger({ error: log, warn: log, info() {}, debug() {}, verbose() {} });
  return messages;
};

describe('a provider that throws', () => {
  it.each(['getTracer', 'startSpan', 'isRecording', 'setAttributes', 'setStatus', 'end', 'spanContext'])(
    'harms no prediction: %s of spans',
    async (method) => {
      const messages = logged();
      const { providers } = createRecorder();
      const ensemble = ensembleOf();
      instrument(ensemble, { tracerProvider: throwing(method, providers.tracerProvider) });
      const { answer, metadata } = await ensemble.predict('?');
      expect([answer, metadata.successes, metadata.failures]).toEqual(['4', 2, 1]);
      expect(await lastValueFrom(ensemble.stream('?').pipe(toArray()))).toHaveLength(12);
      expect(messages).toEqual([
        'crucible-ensemble: a prediction could not be reported, because of RangeError',
      ]);
      expect(messages.join()).not.toContain(CANARY);
    },
  );

  it.each(['getMeter', 'createHistogram', 'createCounter', 'record', 'add'])(
    'harms no prediction: %s of metrics',
    async (method) => {
      const messages = logged();
      const { providers } = createRecorder();
      const ensemble = ensembleOf();
      instrument(ensemble, { meterProvider: throwing(method, providers.meterProvider) });
      expect((await ensemble.predict('?')).answer).toBe('4');
      expect(messages).toEqual([
        'crucible-ensemble: a prediction could not be reported, because of RangeError',
      ]);
    },
  );

  it('leaves the spans alone when it is the meter, and the metrics when it is the tracer', async () => {
    const recorder = createRecorder();
    const { tracerProvider, meterProvider } = recorder.providers;
    const ensemble = ensembleOf();
    instrument(ensemble, { tracerProvider, meterProvider: throwing('record', meterProvider) });
    await ensemble.predict('?');
    expect(recorder.spans()).toHaveLength(4);

    const other = createRecorder();
    const untraced = ensembleOf();
    instrument(untraced, {
      tracerProvider: throwing('startSpan', tracerProvider),
      meterProvider: other.providers.meterProvider,
    });
    await untraced.predict('?');
    expect(await other.series('crucible.prediction.duration')).toHaveLength(1);
  });

  it('is not made worse by a log that throws', async () => {
    diag.setLogger({
      error: () => {
        throw new Error('no log');
      },
      warn() {},
      info() {},
      debug() {},
      verbose() {},
    });
    const ensemble = ensembleOf();
    instrument(ensemble, {
      tracerProvider: throwing('startSpan', createRecorder().providers.tracerProvider),
    });
    expect((await ensemble.predict('?')).answer).toBe('4');
  });
});

describe('a context manager that fails', () => {
  const managed = (withContext: (within: Context, work: () => unknown) => unknown) => {
    context.disable();
    context.setGlobalContextManager({
      active: () => new Map() as never,
      with: withContext as never,
      bind: (_, target) => target,
      enable: () => undefined as never,
      disable: () => undefined as never,
    });
  };

  it.each([
    [
      'throws before the work',
      () => {
        throw new Error('no context');
      },
    ],
    [
      'throws after the work',
      (_: Context, work: () => unknown) => {
        work();
        throw new Error('no context');
      },
    ],
    ['does no work', () => undefined],
    ['works twice', (_: Context, work: () => unknown) => [work(), work()]],
  ])('still has every call made once: one that %s', async (_, withContext) => {
    let calls = 0;
    const model = defineModel('a', () => {
      calls += 1;
      return '4';
    });
    const ensemble = createEnsemble({ models: [model] });
    const recorder = createRecorder();
    instrument(ensemble, recorder.providers);
    managed(withContext);
    const predictions = await lastValueFrom(ensemble.predict$('?').pipe(toArray()));
    expect([predictions.length, calls]).toEqual([1, 1]);
  });
});

describe('instrument', () => {
  it('refuses what is no ensemble, and options that are none, all at once', () => {
    expect(() => instrument({} as never)).toThrow(ConfigError);
    expect(() =>
      instrument(ensembleOf(), { tracerProvider: {}, meterProvider: 1, captureContent: 'yes' } as never),
    ).toThrow(
      expect.objectContaining({
        faults: [
          'instrument: option "tracerProvider" must be a TracerProvider, but got an object',
          'instrument: option "meterProvider" must be a MeterProvider, but got 1',
          'instrument: option "captureContent" must be true or false, but got "yes"',
        ],
      }),
    );
  });

  it('does nothing while there is no SDK, and begins when one is started', async () => {
    const ensemble = ensembleOf();
    instrument(ensemble);
    expect(telemetryOf('the test', ensemble).currentListeners()).toBeUndefined();

    const recorder = createRecorder();
    trace.setGlobalTracerProvider(recorder.providers.tracerProvider);
    metrics.setGlobalMeterProvider(recorder.providers.meterProvider);
    await ensemble.predict('?');
    expect(recorder.spans()).toHaveLength(4);
    expect(await recorder.series('crucible.prediction.duration')).toHaveLength(1);
  });
});

describe('circuitMetrics', () => {
  it('tells of each state that a circuit is in, and was in', async () => {
    const recorder = createRecorder();
    const tell = circuitMetrics({ meterProvider: recorder.providers.meterProvider });
    const states = async () =>
      Object.fromEntries(
        (await recorder.series('crucible.breaker.state')).map(({ attributes, value }) => [
          attributes['crucible.state'],
          value,
        ]),
      );
    tell({ model: 'a', previous: 'closed', state: 'open' });
    expect(await states()).toEqual({ closed: 0, open: 1 });
    tell({ model: 'a', previous: 'open', state: 'half-open' });
    tell({ model: 'a', previous: 'half-open', state: 'closed' });
    expect(await states()).toEqual({ closed: 1, open: 0, 'half-open': 0 });
  });

  it('refuses options that are none, and is not harmed by a meter that throws', () => {
    expect(() => circuitMetrics({ meterProvider: 1 } as never)).toThrow('must be a MeterProvider, but got 1');
    const messages = logged();
    const meterProvider = throwing('record', createRecorder().providers.meterProvider);
    circuitMetrics({ meterProvider })({ model: 'a', previous: 'closed', state: 'open' });
    expect(messages).toHaveLength(1);
  });
});

describe('in a browser', () => {
  it('it needs nothing of Node, and nothing but the API, rxjs and the distance of names in messages', () => {
    const { metafile } = buildSync({
      entryPoints: [fileURLToPath(new URL('../../../src/telemetry/opentelemetry.ts', import.meta.url))],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      write: false,
    });
    const packages = Object.keys(metafile.inputs).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(packages)].toSorted()).toEqual([
      '@opentelemetry/api',
      'fastest-levenshtein',
      'rxjs',
      'tslib',
    ]);
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  });
});

describe('without a context manager', () => {
  it('the spans of a prediction still hang under its own', async () => {
    context.disable();
    const recorder = createRecorder();
    const ensemble = ensembleOf();
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    expect(recorder.tree().toSorted()).toEqual([
      'invoke_workflow ensemble',
      ...['a', 'b', 'c'].map((id) => `invoke_workflow ensemble > chat ${id}`),
    ]);
  });
});
