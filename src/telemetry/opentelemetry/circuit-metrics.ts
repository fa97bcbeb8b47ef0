import type { MeterProvider } from '@opentelemetry/api';
import { isObject } from '../../domain/is-object.ts';
import { accepting, faultsOf, refuse, suchThat } from '../../options.ts';
import type { CircuitBreakerOptions, CircuitChange } from '../../policies/circuit-breaker.ts';
import { CRUCIBLE, METRIC } from './conventions.ts';
import { isMeterProvider, meteredWith } from './providers.ts';
import { createSafely } from './safely.ts';

/** Options of {@link circuitMetrics}. */
export interface CircuitMetricsOptions {
  /** Receives the measurements. Default: the globally registered provider at the time of each change. */
  readonly meterProvider?: MeterProvider;
}

/**
 * Returns an `onStateChange` for `circuitBreaker` that reports the state of each circuit to OpenTelemetry. The gauge
 * `crucible.breaker.state` is 1 for the current state of a circuit, and 0 for its earlier states. A circuit that was
 * always `closed` is not reported. Costs no calls; an error of a meter does not reach the circuit.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { circuitMetrics } from 'crucible-ensemble/opentelemetry';
 * import { circuitBreaker } from 'crucible-ensemble/policies';
 *
 * const guarded = circuitBreaker({ onStateChange: circuitMetrics() });
 * const models = ['a', 'b'].map((id) => guarded(simulated({ id, accuracy: 1 })));
 * const { answer } = await createEnsemble({ models }).predict('What is 6 * 7?');
 * answer; // => '42'
 * ```
 */
export const circuitMetrics = (
  options: CircuitMetricsOptions = {},
): NonNullable<CircuitBreakerOptions['onStateChange']> => {
  refuse(faultsOf('circuitMetrics', options, { meterProvider: isMeterProvider }));
  const gauge = meteredWith(options.meterProvider, (meter) =>
    meter.createGauge(METRIC.breakerState, {
      description: 'State of the circuit of a model: 1 for the current state, otherwise 0',
      unit: '1',
    }),
  );
  const safely = createSafely();
  return accepting('circuitMetrics', aChange, ({ model, state, previous }: CircuitChange) => {
    safely(() => {
      const taker = gauge();
      taker?.record(0, { [CRUCIBLE.model]: model, [CRUCIBLE.breakerState]: previous });
      taker?.record(1, { [CRUCIBLE.model]: model, [CRUCIBLE.breakerState]: state });
    });
  });
};

const aChange = suchThat('a change of a circuit, { model, state, previous }', isObject);
