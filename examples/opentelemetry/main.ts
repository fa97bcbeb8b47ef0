// Spans and metrics of an ensemble: asks some questions, then scrapes its own /metrics as Prometheus would.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import {
  createEnsemble,
  defineModel,
  ProviderError,
  type SimulatedOptions,
  simulated,
} from 'crucible-ensemble';
import { circuitMetrics, instrument } from 'crucible-ensemble/opentelemetry';
import { cache, circuitBreaker, retry } from 'crucible-ensemble/policies';
import { map } from 'rxjs';

// An SDK, as every application has one. In production the exporter listens by itself, on port 9464.
const prometheus = new PrometheusExporter({ preventServerStart: true });
const spanExporter = new InMemorySpanExporter();
const sdk = new NodeSDK({
  serviceName: 'arithmetic',
  metricReaders: [prometheus],
  spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
});
sdk.start();

// Simulated models, which say how many tokens they took as real ones do.
const model = (options: SimulatedOptions) => {
  const plain = simulated(options);
  return {
    ...plain,
    call: (request: Parameters<typeof plain.call>[0]) =>
      plain.call(request).pipe(
        map((said) =>
          'delta' in said
            ? said
            : {
                ...said,
                usage: { inputTokens: 14, outputTokens: said.text.length },
                finishReason: 'stop' as const,
              },
        ),
      ),
  };
};
const down = defineModel('down', () =>
  Promise.reject(new ProviderError('down', 'HTTP 503', { isRetryable: true, costUsd: 0 })),
);

const ensemble = createEnsemble({
  name: 'arithmetic',
  models: [
    cache()(model({ id: 'small', accuracy: 0.6, latencyMs: 1, costUsd: 0.0002 })),
    cache()(model({ id: 'medium', accuracy: 0.9, latencyMs: 2, costUsd: 0.0011 })),
    circuitBreaker({ minimumCalls: 4, onStateChange: circuitMetrics() })(
      retry({ maxAttempts: 2, baseDelayMs: 1 })(down),
    ),
    model({ id: 'large', accuracy: 0.95, latencyMs: 200, costUsd: 0.004 }),
  ],
  normalization: 'numeric',
  earlyStop: 'decided',
  minResponses: 2,
});

// This is all that an application adds.
const undo = instrument(ensemble);

for (const question of ['17 * 23', '6 * 7', '12 + 30', '17 * 23', '100 - 1', '9 * 9', 'love']) {
  await ensemble.predict(`What is ${question}?`).then(
    ({ answer, metadata }) =>
      console.log(`${question} = ${answer}, consensus ${metadata.consensus.toFixed(2)}`),
    (error: Error) => console.log(`${question}: ${error.name}`),
  );
}

const [, second] = spanExporter.getFinishedSpans().filter(({ name }) => name.startsWith('invoke_workflow'));
console.log('\nThe spans of the second prediction:');
const show = (span: ReadableSpan, depth: number): void => {
  const { 'error.type': error = 'well', 'crucible.cost_usd': cost } = span.attributes;
  console.log(`${'  '.repeat(depth)}${span.name} ended ${error}${cost === undefined ? '' : `, $${cost}`}`);
  for (const child of spanExporter.getFinishedSpans()) {
    if (child.parentSpanContext?.spanId === span.spanContext().spanId) show(child, depth + 1);
  }
};
if (second !== undefined) show(second, 1);

// What Prometheus reads every few seconds.
const server = createServer((request, response) => prometheus.getMetricsRequestHandler(request, response));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const scrape = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
console.log('\nFrom /metrics, without the buckets:');
for (const line of (await scrape.text()).split('\n')) {
  if (/^(crucible|gen_ai)/.test(line) && !line.includes('_bucket')) {
    console.log(`  ${line.replace(/,?otel_scope_name="[^"]*"/, '')}`);
  }
}

undo();
server.close();
await sdk.shutdown();
