import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NEVER, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Model, ProviderError } from '../../../src/index.ts';
import { cache, circuitBreaker } from '../../../src/policies/policies.ts';
import { circuitMetrics, instrument } from '../../../src/telemetry/opentelemetry.ts';
import { scripted } from '../../scripted.ts';

/** What a Prometheus reads from a meter provider over HTTP, after some work. */
const scraped = async (work: (meterProvider: MeterProvider) => Promise<void>): Promise<string> => {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  await work(meterProvider);
  const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
  const text = await response.text();
  await new Promise((resolve) => server.close(resolve));
  return text;
};

const CANARY = 'canary-7f3a';

describe('a scrape by Prometheus', () => {
  it('has names, types, units and labels, and nothing of what was asked', async () => {
    const text = await scraped(async (meterProvider) => {
      const answering: Model = {
        id: 'a',
        provider: 'anthropic',
        modelId: 'claude',
        call: ({ prompt }) =>
          of({ text: prompt, costUsd: 0.25, usage: { inputTokens: 100, outputTokens: 20 } }),
      };
      const down = throwError(() => new ProviderError('b', CANARY, { isRetryable: true }));
      const onStateChange = circuitMetrics({ meterProvider });
      const models = [
        cache()(answering),
        circuitBreaker({ minimumCalls: 1, onStateChange })(scripted('b', down)),
        scripted('c', NEVER),
      ];
      const ensemble = createEnsemble({ name: 'panel', models, earlyStop: 0.3, minResponses: 1 });
      instrument(ensemble, { meterProvider });
      await ensemble.predict(CANARY);
      await ensemble.predict(CANARY);
    });
    expect(text).not.toContain(CANARY);
    const samples = text.split('\n').filter((line) => !/^(#|$)|_bucket|duration_sum|target_info/.test(line));
    expect(samples.toSorted()).toEqual(
      [
        'gen_ai_client_operation_duration_count{gen_ai_operation_name="chat",gen_ai_provider_name="_OTHER",gen_ai_request_model="b",error_type="ProviderError"} 1',
        'gen_ai_client_operation_duration_count{gen_ai_operation_name="chat",gen_ai_provider_name="_OTHER",gen_ai_request_model="b",error_type="CircuitOpenError"} 1',
        'gen_ai_client_operation_duration_count{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude"} 2',
        'gen_ai_client_operation_duration_count{gen_ai_operation_name="chat",gen_ai_provider_name="_OTHER",gen_ai_request_model="c",error_type="cancelled"} 2',
        'gen_ai_client_token_usage_count{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",gen_ai_token_type="input"} 1',
        'gen_ai_client_token_usage_sum{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",gen_ai_token_type="input"} 100',
        'gen_ai_client_token_usage_count{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",gen_ai_token_type="output"} 1',
        'gen_ai_client_token_usage_sum{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",gen_ai_token_type="output"} 20',
        'crucible_prediction_duration_count{crucible_ensemble="panel",crucible_strategy="majority",crucible_execution="parallel",crucible_status="degraded"} 2',
        'crucible_consensus_count{crucible_ensemble="panel",crucible_strategy="majority",crucible_execution="parallel"} 2',
        'crucible_consensus_sum{crucible_ensemble="panel",crucible_strategy="majority",crucible_execution="parallel"} 2',
        'crucible_votes_total{crucible_ensemble="panel",crucible_model="a",crucible_vote="winning"} 2',
        'crucible_members_missing_total{crucible_ensemble="panel",crucible_model="b",error_type="ProviderError"} 1',
        'crucible_members_missing_total{crucible_ensemble="panel",crucible_model="b",error_type="CircuitOpenError"} 1',
        'crucible_calls_cancelled_total{crucible_ensemble="panel",crucible_model="c"} 2',
        'crucible_cache_hits_total{crucible_ensemble="panel",crucible_model="a"} 1',
        'crucible_cost_total{crucible_ensemble="panel",crucible_model="a",crucible_cost_source="reported"} 0.25',
        'crucible_cost_total{crucible_ensemble="panel",crucible_model="b",crucible_cost_source="reported"} 0',
        'crucible_breaker_state{crucible_model="b",crucible_state="closed"} 0',
        'crucible_breaker_state{crucible_model="b",crucible_state="open"} 1',
      ].toSorted(),
    );
    for (const line of [
      '# UNIT gen_ai_client_operation_duration s',
      '# TYPE gen_ai_client_operation_duration histogram',
      '# UNIT gen_ai_client_token_usage {token}',
      '# UNIT crucible_prediction_duration s',
      '# TYPE crucible_consensus histogram',
      '# UNIT crucible_cost_total {USD}',
      '# TYPE crucible_cost_total counter',
      '# TYPE crucible_breaker_state gauge',
      'gen_ai_client_operation_duration_bucket{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",le="81.92"} 2',
      'gen_ai_client_token_usage_bucket{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",gen_ai_token_type="input",le="64"} 0',
      'crucible_consensus_bucket{crucible_ensemble="panel",crucible_strategy="majority",crucible_execution="parallel",le="0.9"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('stays of one size, however many questions are asked', async () => {
    const sizes: number[] = [];
    for (const questions of [2, 200]) {
      const text = await scraped(async (meterProvider) => {
        const ensemble = createEnsemble({ models: [scripted('a', of({ text: '4' }))] });
        instrument(ensemble, { meterProvider });
        for (let index = 0; index < questions; index += 1) {
          await ensemble.predict(`Question ${index}?`, { telemetryMetadata: { request: index } });
        }
      });
      sizes.push(text.trim().split('\n').length);
    }
    expect(sizes[1]).toBe(sizes[0]);
  });
});
