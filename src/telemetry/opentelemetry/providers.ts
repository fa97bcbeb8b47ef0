import {
  createNoopMeter,
  type Meter,
  type MeterProvider,
  metrics,
  ProxyTracerProvider,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { type Check, oneOf } from '../../options.ts';
import { SCOPE } from './conventions.ts';

const having = (method: string, what: string): Check =>
  oneOf([], what, (value) => typeof Reflect.get(Object(value), method) === 'function');

/** Checks of providers. */
export const isTracerProvider = having('getTracer', 'a TracerProvider');
export const isMeterProvider = having('getMeter', 'a MeterProvider');

/** What the API hands out where there is no SDK. */
const NO_METER = createNoopMeter();
const NO_TRACERS = new ProxyTracerProvider().getDelegate();

/** Makes something of a provider, once for as long as it stays the same: an SDK may be started, and stopped, later. */
const memo = <Provider, Made>(make: (provider: Provider) => Made): ((provider: Provider) => Made) => {
  let last: { readonly provider: Provider; readonly made: Made } | undefined;
  return (provider) => {
    if (last?.provider !== provider) last = { provider, made: make(provider) };
    return last.made;
  };
};

/** The tracer of the moment, or nothing where nobody takes spans. */
export const tracerOf = (given: TracerProvider | undefined): (() => Tracer | undefined) => {
  const make = memo((provider: TracerProvider) =>
    provider === NO_TRACERS ? undefined : provider.getTracer(SCOPE),
  );
  return () => {
    const provider = given ?? trace.getTracerProvider();
    return make(provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider);
  };
};

/** What is made of the meter of the moment, or nothing where nobody takes measurements. */
export const meteredWith = <Made>(
  given: MeterProvider | undefined,
  make: (meter: Meter) => Made,
): (() => Made | undefined) => {
  const made = memo((provider: MeterProvider) => {
    const meter = provider.getMeter(SCOPE);
    return meter === NO_METER ? undefined : make(meter);
  });
  return () => made(given ?? metrics.getMeterProvider());
};
