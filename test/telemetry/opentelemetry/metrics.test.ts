import { DataPointType } from '@opentelemetry/sdk-metrics';
import { NEVER, type Observable, of, throwError } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  defineModel,
  hedgeEach,
  type Model,
  type ModelDelta,
  type ModelResponse,
  ProviderError,
  parallel,
  recordModelResponse,
  recordPrediction,
} from '../../../src/index.ts';
import { cache } from '../../../src/policies/cache.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { marbles } from '../../marbles.ts';
import { scripted } from '../../scripted.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

const usage = {
  inputTokens: 12,
  outputTokens: 3,
  cachedInputTokens: 2,
  cacheWriteTokens: 1,
  reasoningTokens: 1,
};

const asking = (id: string, response: ModelResponse): Model => ({
  id,
  provider: 'openai',
  modelId: `gpt-${id}`,
  call: () => of(response),
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the metrics of a prediction', () => {
  it('have names, kinds, units and buckets as the conventions want them', async () => {
    const recorder = createRecorder();
    const down = scripted(
      'down',
      throwError(() => new ProviderError('down', '503')),
    );
    const cached = cache()(asking('cached', { text: '4', usage, costUsd: 0.001 }));
    const models = [asking('a', { text: '4', usage }), cached, down, scripted('never', NEVER)];
    const ensemble = createEnsemble({ models, earlyStop: 0.5, execution: 'parallel', minResponses: 2 });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    await ensemble.predict('?');

    const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    const tokens = [
      1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
    ];
    const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    const found = await recorder.metrics();
    expect(
      Object.fromEntries(
        found.map(({ descriptor: { name, unit, description }, ...metric }) => [
          name,
          [
            unit,
            metric.dataPointType === DataPointType.HISTOGRAM
              ? metric.dataPoints[0]?.value.buckets.boundaries
              : metric.dataPointType === DataPointType.SUM && metric.isMonotonic && 'counter',
            description !== '',
          ],
        ]),
      ),
    ).toEqual({
      'gen_ai.client.operation.duration': ['s', seconds, true],
      'gen_ai.client.token.usage': ['{token}', tokens, true],
      'crucible.prediction.duration': ['s', seconds, true],
      'crucible.consensus': ['1', shares, true],
      'crucible.votes': ['{vote}', 'counter', true],
      'crucible.members.missing': ['{member}', 'counter', true],
      'crucible.calls.cancelled': ['{call}', 'counter', true],
      'crucible.cache.hits': ['{call}', 'counter', true],
      'crucible.cost': ['{USD}', 'counter', true],
    });
  });

  it('tell how long calls took, by provider, model and error', async () => {
    const recorder = createRecorder();
    marbles((m) => {
      const models = [
        {
          ...scripted('a', m.cold('20ms (4|)', { '4': { text: '4' } })),
          provider: 'google',
          modelId: 'gemini',
        },
        scripted('b', m.cold('40ms #', {}, new ProviderError('b', '503'))),
        scripted('c', m.cold('80ms #', {}, new TypeError('bug'))),
      ];
      const ensemble = createEnsemble({ models, minResponses: 1, timeoutMs: 1000, earlyStop: false });
      instrument(ensemble, recorder.providers);
      m.expect(ensemble.predict$('?')).toBeObservable('80ms (p|)', { p: expect.anything() });
    })();
    const asked = { 'gen_ai.operation.name': 'chat' };
    const other = { ...asked, 'gen_ai.provider.name': '_OTHER' };
    await expect(recorder.series('gen_ai.client.operation.duration')).resolves.toEqual([
      {
        attributes: { ...asked, 'gen_ai.provider.name': 'gcp.gemini', 'gen_ai.request.model': 'gemini' },
        value: { count: 1, sum: 0.02 },
      },
      {
        attributes: { ...other, 'gen_ai.request.model': 'b', 'error.type': 'ProviderError' },
        value: { count: 1, sum: 0.04 },
      },
      {
        attributes: { ...other, 'gen_ai.request.model': 'c', 'error.type': 'ModelError' },
        value: { count: 1, sum: 0.08 },
      },
    ]);
  });

  it('tell how long predictions took, how they ended, and how much the votes agreed', async () => {
    const recorder = createRecorder();
    const texts = ['4', '4', '5', 'none'];
    const ensemble = createEnsemble({
      name: 'panel',
      models: texts.map((text, index) => defineModel(`m${index}`, () => text)),
      normalization: 'numeric',
    });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    await expect(ensemble.predict('?', { minResponses: 4 })).rejects.toThrow();

    const way = {
      'crucible.ensemble': 'panel',
      'crucible.strategy': 'majority',
      'crucible.execution': 'parallel',
    };
    expect(
      (await recorder.series('crucible.prediction.duration')).map(({ attributes }) => attributes),
    ).toEqual([
      { ...way, 'crucible.status': 'complete' },
      { ...way, 'error.type': 'InsufficientResponsesError' },
    ]);
    expect(await recorder.series('crucible.consensus')).toEqual([
      { attributes: way, value: { count: 1, sum: 2 / 3 } },
    ]);
    const votes = await recorder.series('crucible.votes');
    expect(
      votes.map(({ attributes, value }) => [
        attributes['crucible.model'],
        attributes['crucible.vote'],
        value,
      ]),
    ).toEqual([
      ['m0', 'winning', 1],
      ['m1', 'winning', 1],
      ['m2', 'losing', 1],
      ['m3', 'abstained', 2],
      ['m0', 'undecided', 1],
      ['m1', 'undecided', 1],
      ['m2', 'undecided', 1],
    ]);
  });

  it('tell who was missing and why, also where a deadline cut them off', async () => {
    const recorder = createRecorder();
    marbles((m) => {
      const models = [
        scripted('a', m.cold('-(4|)', { '4': { text: '4' } })),
        scripted('b', m.cold('-#', {}, new ProviderError('b', '503'))),
        scripted('c', NEVER),
      ];
      const ensemble = createEnsemble({ models, deadlineMs: 9, minResponses: 1 });
      instrument(ensemble, recorder.providers);
      m.expect(ensemble.predict$('?')).toBeObservable('---------(p|)', { p: expect.anything() });
    })();
    const ensembleName = { 'crucible.ensemble': 'ensemble' };
    await expect(recorder.series('crucible.members.missing')).resolves.toEqual([
      { attributes: { ...ensembleName, 'crucible.model': 'b', 'error.type': 'ProviderError' }, value: 1 },
      { attributes: { ...ensembleName, 'crucible.model': 'c', 'error.type': 'deadline' }, value: 1 },
    ]);
    await expect(recorder.series('crucible.calls.cancelled')).resolves.toEqual([
      { attributes: { ...ensembleName, 'crucible.model': 'c' }, value: 1 },
    ]);
  });

  it('count a member as missing once, and not where a hedge of its call has answered', async () => {
    const recorder = createRecorder();
    marbles((m) => {
      const calls = [m.cold('----#', {}, new Error('no')), m.cold(' ---------(4|)', { '4': { text: '4' } })];
      let made = 0;
      const fickle: Model = { id: 'fickle', call: () => calls[made++] as Observable<ModelResponse> };
      const ensemble = createEnsemble({
        models: [fickle],
        execution: hedgeEach({ hedgeDelayMs: 1 })(parallel()),
        minResponses: 1,
      });
      instrument(ensemble, recorder.providers);
      m.expect(ensemble.predict$('?')).toBeObservable('----------(p|)', { p: expect.anything() });
    })();
    expect(recorder.tree()).toEqual([
      'invoke_workflow ensemble > chat fickle',
      'invoke_workflow ensemble > chat fickle',
      'invoke_workflow ensemble',
    ]);
    expect(await recorder.series('crucible.members.missing')).toEqual([]);
    expect((await recorder.series('crucible.votes')).map(({ value }) => value)).toEqual([1]);
  });

  it('tell of who left before there was a prediction', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({ models: [scripted('never', NEVER)] });
    instrument(ensemble, recorder.providers);
    ensemble.predict$('?').subscribe().unsubscribe();
    const [series] = await recorder.series('crucible.prediction.duration');
    expect(series?.attributes).toMatchObject({ 'error.type': 'cancelled' });
    expect(await recorder.series('crucible.consensus')).toEqual([]);
    expect((await recorder.series('crucible.calls.cancelled')).map(({ value }) => value)).toEqual([1]);
  });

  it('count tokens and cost once, and not again when a cache answers', async () => {
    const recorder = createRecorder();
    const model = cache()(asking('a', { text: '4', usage, costUsd: 0.002 }));
    const ensemble = createEnsemble({ models: [model] });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    await ensemble.predict('?');
    const asked = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-a',
    };
    expect(await recorder.series('gen_ai.client.token.usage')).toEqual([
      { attributes: { ...asked, 'gen_ai.token.type': 'input' }, value: { count: 1, sum: 12 } },
      { attributes: { ...asked, 'gen_ai.token.type': 'output' }, value: { count: 1, sum: 3 } },
    ]);
    const member = { 'crucible.ensemble': 'ensemble', 'crucible.model': 'a' };
    expect(await recorder.series('crucible.cost')).toEqual([
      { attributes: { ...member, 'crucible.cost_source': 'reported' }, value: 0.002 },
    ]);
    expect(await recorder.series('crucible.cache.hits')).toEqual([{ attributes: member, value: 1 }]);
    const cached = recorder.spans().filter(({ attributes }) => attributes['crucible.cached'] === true);
    expect(cached.map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual([undefined]);
  });

  it('count no cost where it is not known', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    expect(await recorder.series('crucible.cost')).toEqual([]);
  });

  it('tell how long a streamed answer took to begin', async () => {
    const recorder = createRecorder();
    marbles((m) => {
      const model = {
        id: 'a',
        call: () =>
          m.cold<ModelResponse | ModelDelta>('-d 18ms (4|)', { d: { delta: '4' }, '4': { text: '4' } }),
      };
      const ensemble = createEnsemble({ models: [model] });
      instrument(ensemble, recorder.providers);
      m.expect(ensemble.predict$('?')).toBeObservable('20ms (p|)', { p: expect.anything() });
    })();
    await expect(recorder.series('gen_ai.client.operation.time_to_first_chunk')).resolves.toMatchObject([
      { value: { count: 1, sum: 0.001 } },
    ]);
    expect(recorder.span('chat a').attributes['gen_ai.response.time_to_first_chunk']).toBe(0.001);
  });

  it('have the latest names where the environment opts in', async () => {
    vi.stubEnv('OTEL_SEMCONV_STABILITY_OPT_IN', 'http/dup, gen_ai_latest_experimental');
    const recorder = createRecorder();
    const ensemble = createEnsemble({ name: 'panel', models: [asking('a', { text: '4', usage })] });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    const names = (await recorder.metrics()).map(({ descriptor: { name, unit } }) => `${name} ${unit}`);
    expect(names.filter((name) => name.startsWith('gen_ai')).toSorted()).toEqual([
      'gen_ai.client.inference.duration s',
      'gen_ai.client.inference.usage.cache_read.input_tokens {token}',
      'gen_ai.client.inference.usage.cache_write.input_tokens {token}',
      'gen_ai.client.inference.usage.input_tokens {token}',
      'gen_ai.client.inference.usage.output_tokens {token}',
      'gen_ai.client.inference.usage.reasoning.output_tokens {token}',
    ]);
    expect(
      (await recorder.series('gen_ai.client.inference.usage.input_tokens')).map(({ value }) => value),
    ).toEqual([12]);
    expect(recorder.span('invoke_workflow panel').attributes).toMatchObject({ 'gen_ai.agent.name': 'panel' });
    expect(recorder.span('chat gpt-a').attributes).toMatchObject({
      'gen_ai.usage.cache_write.input_tokens': 1,
    });
  });

  it('and spans tell of what was recorded elsewhere, with its own times', async () => {
    const recorder = createRecorder();
    const models = [defineModel('a', () => ({ text: '4', costUsd: 0.002 }))];
    const made = await createEnsemble({ models }).predict('?');
    const elsewhere = { ...made, metadata: { ...made.metadata, latencyMs: 2000 } };
    const ensemble = createEnsemble({ name: 'elsewhere', models });
    instrument(ensemble, recorder.providers);
    recordPrediction(ensemble, elsewhere);
    recordModelResponse(ensemble, { model: 'b', latencyMs: 1000, response: { text: '4' } });

    expect(recorder.tree()).toEqual([
      'invoke_workflow elsewhere > chat a',
      'invoke_workflow elsewhere',
      'chat b',
    ]);
    const durations = ['chat b', 'invoke_workflow elsewhere'].map((name) => {
      const [seconds, nanos] = recorder.span(name).duration;
      return seconds + nanos / 1e9;
    });
    expect(durations[0]).toBeCloseTo(1, 3);
    expect(durations[1]).toBeCloseTo(2, 3);
    expect((await recorder.series('crucible.prediction.duration')).map(({ value }) => value)).toEqual([
      { count: 1, sum: 2 },
    ]);
  });
});
