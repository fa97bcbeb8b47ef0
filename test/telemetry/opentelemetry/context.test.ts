import { type Context, context, type Span, trace } from '@opentelemetry/api';
import { concatMap, firstValueFrom, from, lastValueFrom, map, Subject, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, hedged, ProviderError, sequential } from '../../../src/index.ts';
import { predictWith } from '../../../src/operators/operators.ts';
import { fallback, retry } from '../../../src/policies/policies.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

type Recorder = ReturnType<typeof createRecorder>;

/** A model that takes a turn of the event loop, and within it a span of its own, as an instrumented fetch does. */
const fetching = (id: string, recorder: Recorder, answer = '4') =>
  defineModel(id, async (_, { signal }) => {
    await new Promise((resolve) => setImmediate(resolve));
    // What is no longer wanted sends nothing, and leaves no span behind after the test.
    if (signal.aborted) return answer;
    recorder.tracer.startSpan(`POST ${id}`).end();
    await new Promise((resolve) => setImmediate(resolve));
    return answer;
  });

const panel = (recorder: Recorder, ids: readonly string[] = ['a', 'b']) => {
  const ensemble = createEnsemble({ models: ids.map((id) => fetching(id, recorder)) });
  instrument(ensemble, recorder.providers);
  return ensemble;
};

/** Does work within a span of the caller's. */
const asked = async <Result>(
  recorder: Recorder,
  name: string,
  work: (span: Span) => Promise<Result>,
): Promise<Result> =>
  recorder.tracer.startActiveSpan(name, async (span) => {
    const result = await work(span);
    span.end();
    return result;
  });

const underCaller = (name: string, ...ids: string[]) =>
  [
    ...ids.flatMap((id) => [
      `${name} > invoke_workflow ensemble > chat ${id} > POST ${id}`,
      `${name} > invoke_workflow ensemble > chat ${id}`,
    ]),
    `${name} > invoke_workflow ensemble`,
    name,
  ].toSorted();

describe('the context', () => {
  it('of a promise: spans hang under the asker, what runs in a call under the call, what comes after under the asker', async () => {
    const recorder = createRecorder();
    const ensemble = panel(recorder);
    await asked(recorder, 'request', async (span) => {
      await ensemble.predict('?');
      expect(trace.getActiveSpan()).toBe(span);
    });
    expect(recorder.tree().toSorted()).toEqual(underCaller('request', 'a', 'b'));
  });

  it('of an Observable is that of the subscription, and its values are heard in it', async () => {
    const recorder = createRecorder();
    const ensemble = panel(recorder);
    const prediction$ = await asked(recorder, 'made', async () => ensemble.predict$('?'));
    await asked(recorder, 'subscribed', async (span) => {
      const heard: (Span | undefined)[] = [];
      await new Promise<void>((resolve) => {
        prediction$.subscribe({
          next: () => heard.push(trace.getActiveSpan()),
          complete: () => {
            heard.push(trace.getActiveSpan());
            resolve();
          },
        });
      });
      expect(heard).toEqual([span, span]);
    });
    expect(recorder.tree().toSorted()).toEqual(['made', ...underCaller('subscribed', 'a', 'b')]);
  });

  it('of a failure is that of the asker too', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({ models: [defineModel('a', () => Promise.reject(new Error('no')))] });
    instrument(ensemble, recorder.providers);
    await asked(recorder, 'request', async (span) => {
      const heard = await new Promise((resolve) => {
        ensemble.predict$('?').subscribe({ error: () => resolve(trace.getActiveSpan()) });
      });
      expect(heard).toBe(span);
    });
  });

  it('of events is that of the loop, or of the subscription', async () => {
    const recorder = createRecorder();
    const ensemble = panel(recorder);
    await asked(recorder, 'loop', async (span) => {
      for await (const _ of ensemble.stream('?')) expect(trace.getActiveSpan()).toBe(span);
    });
    await asked(recorder, 'subscription', async (span) => {
      const heard: (Span | undefined)[] = [];
      await lastValueFrom(ensemble.stream('?').pipe(map(() => heard.push(trace.getActiveSpan()))));
      expect(new Set(heard)).toEqual(new Set([span]));
    });
    expect(recorder.tree().toSorted()).toEqual(
      [...underCaller('loop', 'a', 'b'), ...underCaller('subscription', 'a', 'b')].toSorted(),
    );
  });

  it('of many predictions is that of the loop, also of those that start when others have ended', async () => {
    const recorder = createRecorder();
    const ensemble = panel(recorder, ['a']);
    await asked(recorder, 'loop', async (span) => {
      for await (const _ of ensemble.predictAll(['1?', '2?', '3?', '4?'], { concurrency: 2 })) {
        expect(trace.getActiveSpan()).toBe(span);
      }
    });
    await asked(recorder, 'pipeline', async () => {
      await lastValueFrom(
        from(['1?', '2?', '3?']).pipe(predictWith(ensemble, { concurrency: 1 }), toArray()),
      );
    });
    expect(new Set(recorder.tree())).toEqual(
      new Set([...underCaller('loop', 'a'), ...underCaller('pipeline', 'a')]),
    );
    expect(recorder.spans().filter(({ name }) => name.startsWith('invoke_workflow'))).toHaveLength(7);
  });

  it('of calls that start late, in turn or as hedges, is their own', async () => {
    for (const execution of [sequential(), hedged({ hedgeDelayMs: 0, maxHedges: 1 })]) {
      const recorder = createRecorder();
      const ensemble = createEnsemble({
        models: ['a', 'b'].map((id) => fetching(id, recorder)),
        execution,
      });
      instrument(ensemble, recorder.providers);
      await asked(recorder, 'request', () => ensemble.predict('?'));
      const posts = recorder.tree().filter((path) => path.includes('POST'));
      expect(posts).toContain('request > invoke_workflow ensemble > chat a > POST a');
      for (const path of posts) expect(path).toMatch(/> chat (\w) > POST \1$/);
    }
  });

  it('of each attempt is its own, whether a model is asked again or the next one is', async () => {
    const failing = (id: string, recorder: Recorder, failures: number) => {
      const model = fetching(id, recorder);
      let calls = 0;
      return defineModel(id, async (question, { request }) => {
        await lastValueFrom(model.call(request));
        calls += 1;
        if (calls <= failures) throw new ProviderError(id, question, { isRetryable: true });
        return '4';
      });
    };
    const recorder = createRecorder();
    const ensemble = createEnsemble({
      models: [
        retry({ baseDelayMs: 0 })(failing('again', recorder, 2)),
        fallback('either', [failing('first', recorder, 1), failing('second', recorder, 0)]),
      ],
    });
    instrument(ensemble, recorder.providers);
    await asked(recorder, 'request', () => ensemble.predict('?'));
    const posts = recorder.spans().filter(({ name }) => name.startsWith('POST'));
    const parents = posts.map((post) => {
      const parent = recorder
        .spans()
        .find((span) => span.spanContext().spanId === post.parentSpanContext?.spanId);
      return `${post.name} under ${parent?.name}, attempt ${parent?.attributes['crucible.attempt']}`;
    });
    expect(parents.toSorted()).toEqual([
      'POST again under chat again, attempt 1',
      'POST again under chat again, attempt 2',
      'POST again under chat again, attempt 3',
      'POST first under chat first, attempt 1',
      'POST second under chat second, attempt 2',
    ]);
  });

  it('of two who ask at the same time is not mixed up', async () => {
    const recorder = createRecorder();
    const ensemble = panel(recorder, ['a']);
    await Promise.all(['first', 'second'].map((name) => asked(recorder, name, () => ensemble.predict('?'))));
    expect(recorder.tree().toSorted()).toEqual(
      [...underCaller('first', 'a'), ...underCaller('second', 'a')].toSorted(),
    );
  });

  it('of an ensemble in another one is the call that asks it, and what it costs is counted once', async () => {
    const recorder = createRecorder();
    const paid = (id: string) =>
      defineModel(id, async () => ({
        text: '4',
        costUsd: 0.001,
        usage: { inputTokens: 5, outputTokens: 1 },
      }));
    const inner = createEnsemble({ name: 'inner', models: [paid('a'), paid('b')] });
    const outer = createEnsemble({ name: 'outer', models: [inner.asModel('council'), paid('c')] });
    instrument(inner, recorder.providers);
    instrument(outer, recorder.providers);
    await outer.predict('?');

    expect(recorder.tree()).toContain(
      'invoke_workflow outer > chat council > invoke_workflow inner > chat a',
    );
    expect(recorder.span('chat council').attributes).not.toHaveProperty('crucible.cost_usd');
    const costs = recorder.spans().map(({ attributes }) => Number(attributes['crucible.cost_usd'] ?? 0));
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(0.003, 12);
    const measured = (await recorder.series('crucible.cost')).map(({ value }) => Number(value));
    expect(measured.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(0.003, 12);
  });

  it('of an ensemble in another one that nobody instrumented leaves the cost with the call that asks it', async () => {
    const recorder = createRecorder();
    const inner = createEnsemble({ models: [defineModel('a', () => ({ text: '4', costUsd: 0.001 }))] });
    const outer = createEnsemble({ models: [inner.asModel('council')] });
    instrument(outer, recorder.providers);
    await outer.predict('?');
    expect(recorder.span('chat council').attributes['crucible.cost_usd']).toBe(0.001);
  });

  it('carries what else the asker keeps in it, such as baggage', async () => {
    const recorder = createRecorder();
    const key = Symbol('tenant');
    const heard: unknown[] = [];
    const model = defineModel('a', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const inner: Context = context.active();
      heard.push(inner.getValue(key), inner.deleteValue(key).getValue(key));
      return '4';
    });
    const ensemble = createEnsemble({ models: [model] });
    instrument(ensemble, recorder.providers);
    await context.with(context.active().setValue(key, 'blue'), () => ensemble.predict('?'));
    expect(heard).toEqual(['blue', undefined]);
  });

  it('goes through where nobody takes spans but somebody measures', async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({ models: [fetching('a', recorder)] });
    instrument(ensemble, { meterProvider: recorder.providers.meterProvider });
    await asked(recorder, 'request', () => ensemble.predict('?'));
    expect(recorder.tree()).toEqual(['request > POST a', 'request']);
  });

  it('of a question that a stream asks is that in which it was asked', async () => {
    const recorder = createRecorder();
    const ensemble = panel(recorder, ['a']);
    const questions$ = new Subject<string>();
    const answered = firstValueFrom(questions$.pipe(concatMap((question) => ensemble.predict$(question))));
    await asked(recorder, 'request', async () => {
      questions$.next('?');
      await answered;
    });
    expect(recorder.tree().toSorted()).toEqual(underCaller('request', 'a'));
  });
});
