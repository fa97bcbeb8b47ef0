import { ConfigError } from '../domain/errors.ts';
import type { ServableEnsemble } from '../server/serve-prediction.ts';
import type { EnsembleEvents } from '../telemetry/telemetry.ts';

/** The metrics of all ensembles of a server, as Prometheus reads them. */
export interface ServerMetrics {
  /** Counts the predictions of these ensembles. */
  watch(ensembles: Readonly<Record<string, ServableEnsemble>>): void;
  response(): Promise<Response>;
}

/** @throws {ConfigError} if OpenTelemetry is not installed. */
export const openMetrics = async (): Promise<ServerMetrics> => {
  const { exporter, sdk, instrument } = await importAll();
  const reader = new exporter.PrometheusExporter({ preventServerStart: true });
  const serializer = new exporter.PrometheusSerializer();
  const meterProvider = new sdk.MeterProvider({ readers: [reader] });
  return {
    watch(ensembles) {
      for (const ensemble of Object.values(ensembles))
        instrument(ensemble as unknown as EnsembleEvents, { meterProvider });
    },
    async response() {
      const { resourceMetrics } = await reader.collect();
      return new Response(serializer.serialize(resourceMetrics), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      });
    },
  };
};

const importAll = async () => {
  try {
    const [exporter, sdk, { instrument }] = await Promise.all([
      import('@opentelemetry/exporter-prometheus'),
      import('@opentelemetry/sdk-metrics'),
      import('../telemetry/opentelemetry/instrument.ts'),
    ]);
    return { exporter, sdk, instrument };
  } catch {
    throw new ConfigError([
      '"metrics" needs OpenTelemetry: npm install @opentelemetry/api @opentelemetry/sdk-metrics @opentelemetry/exporter-prometheus',
    ]);
  }
};
