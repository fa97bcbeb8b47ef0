import { ConfigError } from '../domain/errors.ts';
import type { ServableEnsemble } from '../server/serve-prediction.ts';
import type { EnsembleEvents } from '../telemetry/telemetry.ts';

/** What a server reports to OpenTelemetry. */
export interface ServerTelemetry {
  /** Reports the predictions of these ensembles. */
  watch(ensembles: Readonly<Record<string, ServableEnsemble>>): void;
  /** Handles a request, whose spans belong to the trace that its client names in the header `traceparent`. */
  within<Result>(request: Request, handle: () => Result): Result;
  /** The metrics of all ensembles, as Prometheus reads them. */
  metrics?(): Promise<Response>;
  /** Sends the spans that are left. */
  close(): Promise<void>;
}

/** What a configuration wants to be reported. */
export interface TelemetryWanted {
  readonly metrics?: true | 'public';
  readonly traces?: true;
}

/**
 * Opens what a configuration wants, if it wants anything. Spans go where the environment variables `OTEL_…` say.
 *
 * @throws {ConfigError} if OpenTelemetry is not installed.
 */
export const openTelemetry = async (wanted: TelemetryWanted): Promise<ServerTelemetry | undefined> => {
  if (wanted.metrics === undefined && wanted.traces === undefined) return undefined;
  const metrics = wanted.metrics === undefined ? undefined : await openMetrics();
  const traces = wanted.traces === undefined ? undefined : await openTraces();
  const [{ context, propagation }, { instrument }] = await importing('telemetry', '', () =>
    Promise.all([import('@opentelemetry/api'), import('../telemetry/opentelemetry/instrument.ts')]),
  );
  return {
    ...metrics,
    watch(ensembles) {
      for (const ensemble of Object.values(ensembles))
        instrument(ensemble as unknown as EnsembleEvents, metrics?.providers);
    },
    within: ({ headers }, handle) =>
      context.with(propagation.extract(context.active(), Object.fromEntries(headers)), handle),
    close: async () => traces?.shutdown(),
  };
};

const openMetrics = async () => {
  const [exporter, sdk] = await importing(
    'metrics',
    ' @opentelemetry/sdk-metrics @opentelemetry/exporter-prometheus',
    () => Promise.all([import('@opentelemetry/exporter-prometheus'), import('@opentelemetry/sdk-metrics')]),
  );
  const reader = new exporter.PrometheusExporter({ preventServerStart: true });
  const serializer = new exporter.PrometheusSerializer();
  return {
    providers: { meterProvider: new sdk.MeterProvider({ readers: [reader] }) },
    async metrics() {
      const { resourceMetrics } = await reader.collect();
      return new Response(serializer.serialize(resourceMetrics), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      });
    },
  };
};

const openTraces = async () => {
  const { NodeSDK } = await importing(
    'traces',
    ' @opentelemetry/sdk-node',
    () => import('@opentelemetry/sdk-node'),
  );
  const sdk = new NodeSDK({ serviceName: process.env.OTEL_SERVICE_NAME ?? 'crucible-ensemble' });
  sdk.start();
  return sdk;
};

const importing = async <Module>(
  field: string,
  packages: string,
  load: () => Promise<Module>,
): Promise<Module> => {
  try {
    return await load();
  } catch {
    throw new ConfigError([`"${field}" needs OpenTelemetry: npm install @opentelemetry/api${packages}`]);
  }
};
