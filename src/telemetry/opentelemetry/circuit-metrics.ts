import type { MeterProvider } from '@opentelemetry/api';
import { faultsOf, refuse } from '../../options.ts';
import type { CircuitBreakerOptions, CircuitChange } from '../../policies/circuit-breaker.ts';
import { CRUCIBLE, METRIC } from './conventions.ts';
import { isMeterProvider, meteredWith } from './providers.ts';
import { createSafely } from './safely.ts';

/** Options of {@link circuitMetrics}. */
export interface CircuitMetricsOptions {
  /** Who takes the measurements. Default: the one that is registered globally, at the moment of each change. */
  readonly meterProvider?: MeterProvider;
}

/**
 * The `onStateChange` of a `circuitBreaker` that tells OpenTelemetry in which state each circuit is: the gauge
 * `crucible.breaker.state` is 1 for the state that it is in, and 0 for those that it was in. Of a circuit that never
 * left `closed` nothing is told. Costs no calls; what a meter throws harms none.
 *
 * @throws {ConfigError} for options that are none.
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
      description: 'Whether the circuit of a model is in a state: 1, or 0',
      unit: '1',
    }),
  );
  const safely = createSafely();
  return ({ model, state, previous }: CircuitChange) => {
    safely(() => {
      const taker = gauge();
      taker?.record(0, { [CRUCIBLE.model]: model, [CRUCIBLE.breakerState]: previous });
      taker?.record(1, { [CRUCIBLE.model]: model, [CRUCIBLE.breakerState]: state });
    });
  };
};
