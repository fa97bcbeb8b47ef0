import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { NEVER, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  hedged,
  type Model,
  ProviderError,
  RateLimitError,
  sequential,
} from '../../../src/index.ts';
import { retry } from '../../../src/policies/retry.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

const OK = { code: SpanStatusCode.UNSET };
const ERROR = { code: SpanStatusCode.ERROR };

describe('the spans of a prediction', () => {
  it('are one for the prediction and one for each call, with the attributes of the conventions', async () => {
    const recorder = createRecorder();
    const model: Model = {
      id: 'google/gemini',
      provider: 'google',
      modelId: 'gemini-3.5-flash-lite',
      call: () =>
        of({
          text: '4',
          usage: {
            inputTokens: 12,
            outputTokens: 3,
            cachedInputTokens: 2,
            cacheWriteTokens: 1,
            reasoningTokens: 2,
          },
          finishReason: 'content-filter',
          confidence: 0.75,
          costUsd: 0.002,
          requestId: 'request-1',
        }),
    };
    const ensemble = createEnsemble({
      name: 'panel',
      models: [model],
      acceptUnfinished: true,
      telemetryMetadata: { tenant: 'blue', retries: 2, isPaying: true, nested: { not: 'told' } },
    });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('What is 2 + 2?');

    expect(recorder.tree()).toEqual([
      'invoke_workflow panel > chat gemini-3.5-flash-lite',
      'invoke_workflow panel',
    ]);
    const chat = recorder.span('chat gemini-3.5-flash-lite');
    expect([chat.kind, chat.status]).toEqual([SpanKind.CLIENT, OK]);
    expect(chat.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': 'gemini-3.5-flash-lite',
      'gen_ai.response.finish_reasons': ['content_filter'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.usage.cache_read.input_tokens': 2,
      'gen_ai.usage.cache_creation.input_tokens': 1,
      'gen_ai.usage.reasoning.output_tokens': 2,
      'crucible.model': 'google/gemini',
      'crucible.call': 0,
      'crucible.attempt': 1,
      'crucible.vote': 'answered',
      'crucible.confidence': 0.75,
      'crucible.cached': false,
      'crucible.cost_usd': 0.002,
      'crucible.cost_source': 'reported',
      'crucible.request_id': 'request-1',
    });
    const workflow = recorder.span('invoke_workflow panel');
    expect([workflow.kind, workflow.status]).toEqual([SpanKind.INTERNAL, OK]);
    expect(workflow.attributes).toEqual({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'panel',
      'crucible.models': ['google/gemini'],
      'crucible.strategy': 'majority',
      'crucible.execution': 'parallel',
      'crucible.metadata.tenant': 'blue',
      'crucible.metadata.retries': 2,
      'crucible.metadata.isPaying': true,
      'crucible.status': 'complete',
      'crucible.consensus': 1,
      'crucible.quorum': 1,
      'crucible.confidence': 0.75,
      'crucible.successes': 1,
      'crucible.failures': 0,
      'crucible.abstentions': 0,
      'crucible.cancelled': 0,
      'crucible.missing': [],
    });
  });

  it('say of a failed call which class of error it was, and of the prediction who is missing', async () => {
    const recorder = createRecorder();
    const limited = scripted(
      'b',
      throwError(() => new RateLimitError('b', 'slow down')),
    );
    const broken = defineModel('c', () => Promise.reject(new TypeError('a bug')));
    const ensemble = createEnsemble({
      models: [defineModel('a', () => '4'), limited, broken],
      minResponses: 1,
    });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');

    const failed = recorder.span('chat b');
    expect(failed.status).toEqual(ERROR);
    expect(failed.attributes['error.type']).toBe('RateLimitError');
    expect(recorder.span('chat c').attributes['error.type']).toBe('ModelError');
    const workflow = recorder.span('invoke_workflow ensemble');
    expect(workflow.status).toEqual(OK);
    expect(workflow.attributes).toMatchObject({
      'crucible.status': 'degraded',
      'crucible.missing': ['b', 'c'],
      'crucible.failures': 2,
    });
  });

  it('end as failed where no prediction is possible', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({ models: [defineModel('a', () => Promise.reject(new Error('no')))] });
    instrument(ensemble, recorder.providers);
    await expect(ensemble.predict('?')).rejects.toThrow();
    const workflow = recorder.span('invoke_workflow ensemble');
    expect(workflow.status).toEqual(ERROR);
    expect(workflow.attributes['error.type']).toBe('AllModelsFailedError');
  });

  it('end as failed where a schedule or a voter of the caller throws', async () => {
    const models = [defineModel('a', () => '4')];
    const bug = () => {
      throw new RangeError('a bug');
    };
    for (const ensemble of [
      createEnsemble({ models, execution: { schedule: bug } }),
      createEnsemble({ models, strategy: bug }),
      createEnsemble({ models, strategy: { name: 'broken', init: bug, add: bug, tally: bug } }),
    ]) {
      const recorder = createRecorder();
      instrument(ensemble, recorder.providers);
      await expect(ensemble.predict('?')).rejects.toThrow();
      expect(recorder.span('invoke_workflow ensemble').attributes['error.type']).toBe('UserCodeError');
    }
  });

  it(
    'of retries are siblings, each with its own cost and end',
    marbles((m) => {
      const recorder = createRecorder();
      const down = new ProviderError('a', 'down', { isRetryable: true, costUsd: 0.001 });
      const calls = [m.cold('-#', {}, down), m.cold('-(4|)', { '4': { text: '4', costUsd: 0.002 } })];
      let made = 0;
      const model: Model = { id: 'a', call: () => calls[made++] as Observable<{ text: string }> };
      const ensemble = createEnsemble({
        models: [retry({ baseDelayMs: 4, random: () => 1 })(model)],
      });
      instrument(ensemble, recorder.providers);
      m.expect(ensemble.predict$('?')).toBeObservable('------(4|)', { '4': expect.anything() });
      m.flush();

      expect(recorder.tree()).toEqual([
        'invoke_workflow ensemble > chat a',
        'invoke_workflow ensemble > chat a',
        'invoke_workflow ensemble',
      ]);
      expect(
        recorder
          .spans()
          .map(({ attributes, status }) => [
            attributes['crucible.attempt'],
            attributes['error.type'],
            attributes['crucible.cost_usd'],
            status.code,
          ]),
      ).toEqual([
        [1, 'ProviderError', 0.001, SpanStatusCode.ERROR],
        [2, undefined, 0.002, SpanStatusCode.UNSET],
        [undefined, undefined, undefined, SpanStatusCode.UNSET],
      ]);
    }),
  );

  it(
    'of hedges are siblings, and the one that lost is cancelled, which is no error',
    marbles((m) => {
      const recorder = createRecorder();
      const slow = m.cold('---------4', responses);
      const quick = m.cold('      --(4|)', responses);
      const ensemble = createEnsemble({
        models: [scripted('slow', slow), scripted('quick', quick)],
        execution: hedged({ hedgeDelayMs: 4 }),
      });
      instrument(ensemble, recorder.providers);
      m.expect(ensemble.predict$('?')).toBeObservable('------(4|)', { '4': expect.anything() });
      m.flush();

      expect(recorder.tree()).toEqual([
        'invoke_workflow ensemble > chat quick',
        'invoke_workflow ensemble > chat slow',
        'invoke_workflow ensemble',
      ]);
      const cancelled = recorder.span('chat slow');
      expect(cancelled.status).toEqual(OK);
      expect(cancelled.attributes['error.type']).toBe('cancelled');
      expect(recorder.span('invoke_workflow ensemble').attributes['crucible.cancelled']).toBe(1);
    }),
  );

  it('of calls that an early stop aborts are cancelled, and of calls that it spares there are none', async () => {
    const never = scripted('never', NEVER);
    const spared = createRecorder();
    const inTurn = createEnsemble({
      models: ['a', 'b', 'c'].map((id) => defineModel(id, () => '4')),
      execution: sequential({ minConsensus: 1 }),
    });
    instrument(inTurn, spared.providers);
    await inTurn.predict('?');
    expect(spared.spans().map(({ name }) => name)).toEqual(['chat a', 'chat b', 'invoke_workflow ensemble']);

    const aborted = createRecorder();
    const atOnce = createEnsemble({
      models: [never, ...['a', 'b'].map((id) => defineModel(id, async () => '4'))],
      earlyStop: 'decided',
    });
    instrument(atOnce, aborted.providers);
    await atOnce.predict('?');
    expect(aborted.span('chat never').attributes['error.type']).toBe('cancelled');
    expect(aborted.span('invoke_workflow ensemble').status).toEqual(OK);
  });

  it('end as cancelled when the caller aborts or leaves, and are no errors', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({
      models: [scripted('never', NEVER)],
      timeoutMs: Number.POSITIVE_INFINITY,
    });
    instrument(ensemble, recorder.providers);
    const controller = new AbortController();
    const aborted = ensemble.predict('?', { signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toThrow('cancelled');
    ensemble.predict$('?').subscribe().unsubscribe();

    expect(recorder.tree()).toEqual([
      'invoke_workflow ensemble > chat never',
      'invoke_workflow ensemble',
      'invoke_workflow ensemble > chat never',
      'invoke_workflow ensemble',
    ]);
    for (const { attributes, status } of recorder.spans()) {
      expect([attributes['error.type'], status]).toEqual(['cancelled', OK]);
    }
  });

  it('of an abstention say that it is none of the votes', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({
      models: [defineModel('a', () => '4'), defineModel('b', () => 'I do not know')],
      normalization: 'numeric',
      minResponses: 1,
    });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    expect(recorder.span('chat b').attributes['crucible.vote']).toBe('abstained');
    expect(recorder.span('chat b').status).toEqual(OK);
  });

  it('are told of no more after it was undone, but those begun before end', async () => {
    const recorder = createRecorder();
    const answers: (() => void)[] = [];
    const model = defineModel('a', () => new Promise<string>((resolve) => answers.push(() => resolve('4'))));
    const ensemble = createEnsemble({ models: [model] });
    const undo = instrument(ensemble, recorder.providers);
    const begun = ensemble.predict('?');
    undo();
    const unheard = ensemble.predict('?');
    for (const answer of answers) answer();
    await Promise.all([begun, unheard]);
    expect(recorder.tree()).toEqual(['invoke_workflow ensemble > chat a', 'invoke_workflow ensemble']);
  });
});
