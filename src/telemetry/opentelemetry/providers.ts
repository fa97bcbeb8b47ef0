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
import { type Check, hasMethods, suchThat } from '../../options.ts';
import { SCOPE } from './conventions.ts';

const having = (method: string, what: string): Check => suchThat(what, (value) => hasMethods(value, method));

/** Checks of providers. */
export const isTracerProvider = having('getTracer', 'a TracerProvider');
export const isMeterProvider = having('getMeter', 'a MeterProvider');

/** The objects that the API returns if there is no SDK. */
const NO_METER = createNoopMeter();
const NO_TRACERS = new ProxyTracerProvider().getDelegate();

/** Remembers the result for the latest provider. The provider changes when an SDK is started or stopped. */
const memo = <Provider, Made>(make: (provider: Provider) => Made): ((provider: Provider) => Made) => {
  let last: { readonly provider: Provider; readonly made: Made } | undefined;
  return (provider) => {
    if (last?.provider !== provider) last = { provider, made: make(provider) };
    return last.made;
  };
};

/** Returns a function that looks up the current tracer; `undefined` if no provider takes spans. */
export const tracerOf = (given: TracerProvider | undefined): (() => Tracer | undefined) => {
  const make = memo((provider: TracerProvider) =>
    provider === NO_TRACERS ? undefined : provider.getTracer(SCOPE),
  );
  return () => {
    const provider = given ?? trace.getTracerProvider();
    return make(provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider);
  };
};

/** Returns a function that makes a value with the current meter; `undefined` if no provider takes measurements. */
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
