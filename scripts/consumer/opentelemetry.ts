/** Spans and measurements, by providers that are written by hand: the package needs no SDK of OpenTelemetry. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  context,
  createNoopMeter,
  INVALID_SPAN_CONTEXT,
  type MeterProvider,
  ROOT_CONTEXT,
  type Span,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { createEnsemble, simulated } from 'crucible-ensemble';
import { instrument } from 'crucible-ensemble/opentelemetry';
import type { Checks } from './checks.ts';

/** A tracer provider that notes the names of the spans that have ended, and of their parents. */
const tracing = () => {
  const ended: string[] = [];
  const names = new WeakMap<object, string>();
  const provider: TracerProvider = {
    getTracer: () => ({
      startSpan: (name, _options, parent) => {
        const span = Object.create(trace.wrapSpanContext(INVALID_SPAN_CONTEXT)) as Span;
        const above = parent && trace.getSpan(parent);
        names.set(span, name);
        span.isRecording = () => true;
        span.end = () => void ended.push(`${(above && names.get(above)) ?? ''} > ${name}`);
        return span;
      },
      startActiveSpan: () => {
        throw new Error('not used');
      },
    }),
  };
  return { provider, ended };
};

const metering = () => {
  const measured = new Set<string>();
  const meter = createNoopMeter();
  const counting = Object.create(meter) as typeof meter;
  counting.createHistogram = (name) => ({ record: () => void measured.add(name) });
  counting.createCounter = (name) => ({ add: () => void measured.add(name) });
  return { provider: { getMeter: () => counting } satisfies MeterProvider, measured };
};

const models = ['small', 'large'].map((id) => simulated({ id, accuracy: 1, costUsd: 0.001 }));

export const checks: Checks = {
  'reports spans and measurements to the providers that it is given': async () => {
    const { provider: tracerProvider, ended } = tracing();
    const { provider: meterProvider, measured } = metering();
    const ensemble = createEnsemble({ name: 'panel', models });
    const undo = instrument(ensemble, { tracerProvider, meterProvider });
    await ensemble.predict('What is 6 * 7?');
    undo();
    assert.deepEqual(ended.toSorted(), [
      ' > invoke_workflow panel',
      'invoke_workflow panel > chat large',
      'invoke_workflow panel > chat small',
    ]);
    assert.ok(measured.has('gen_ai.client.operation.duration'), [...measured].join());
  },
  'finds the provider that is registered later': async () => {
    const { provider, ended } = tracing();
    const ensemble = createEnsemble({ name: 'panel', models });
    const undo = instrument(ensemble);
    await ensemble.predict('What is 6 * 7?');
    trace.setGlobalTracerProvider(provider);
    await ensemble.predict('What is 6 * 7?');
    trace.disable();
    undo();
    assert.equal(ended.length, 3);
  },
  'makes its spans children of the span of the caller': async () => {
    const storage = new AsyncLocalStorage<Context>();
    context.setGlobalContextManager({
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, run, self, ...args) => storage.run(active, () => run.apply(self, args)),
      bind: (_context, target) => target,
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    });
    const { provider: tracerProvider, ended } = tracing();
    const ensemble = createEnsemble({ name: 'panel', models });
    const undo = instrument(ensemble, { tracerProvider });
    const caller = tracerProvider.getTracer('caller').startSpan('caller');
    await context.with(trace.setSpan(ROOT_CONTEXT, caller), () => ensemble.predict('What is 6 * 7?'));
    undo();
    context.disable();
    assert.ok(ended.includes('caller > invoke_workflow panel'), ended.join());
  },
};
