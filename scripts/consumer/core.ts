/** The core, and the entries that need nothing but rxjs. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  createEnsemble,
  defineModel,
  majority,
  NoPredictionError,
  simulated,
  stop,
} from 'crucible-ensemble';
import { createAutoEnsemble } from 'crucible-ensemble/auto';
import { matrix, memoryJournal, rescore, runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { jsonSchema } from 'crucible-ensemble/json-schema';
import { aggregateStats, explain } from 'crucible-ensemble/metrics';
import { ask, predictWith, stopWhen, vote } from 'crucible-ensemble/operators';
import { cache, retry, timeout } from 'crucible-ensemble/policies';
import { genaiPrices } from 'crucible-ensemble/pricing';
import { htmlReport, markdownReport } from 'crucible-ensemble/report';
import { from, lastValueFrom, merge, Observable, toArray } from 'rxjs';
import { all, type Checks } from './checks.ts';

const perfect = ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 1, costUsd: 0.002 }));

/** A model that answers only when its call is cancelled, which is too late. */
const silent = (aborted: string[]) =>
  defineModel(
    'silent',
    (_question, { signal }) =>
      new Promise<string>((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.push('silent');
          resolve('too late');
        });
      }),
  );

export const checks: Checks = {
  'answers by a vote': async () => {
    const ensemble = createEnsemble({ models: perfect, normalization: 'numeric' });
    const { answer, metadata } = await ensemble.predict('What is 17 * 23?');
    assert.equal(answer, 391);
    assert.equal(metadata.costUsd, 0.006);
  },
  'reads by a JSON Schema': () => {
    const city = jsonSchema({ type: 'object', required: ['city'] });
    assert.deepEqual(city('It is {"city": "Paris"}.'), { city: 'Paris' });
  },
  'is an Observable of the rxjs of the consumer': async () => {
    const answer$ = createEnsemble({ models: perfect }).predict$('What is 6 * 7?');
    assert.ok(answer$ instanceof Observable);
    assert.equal((await lastValueFrom(answer$)).answer, '42');
  },
  'aborts the calls that can no longer change the answer': async () => {
    const aborted: string[] = [];
    const models = [...['a', 'b'].map((id) => simulated({ id, accuracy: 1, latencyMs: 5 })), silent(aborted)];
    const { metadata } = await createEnsemble({ models, earlyStop: 'decided' }).predict('What is 6 * 7?');
    assert.equal(metadata.cancelled, 1);
    assert.deepEqual(aborted, ['silent']);
  },
  "aborts on the caller's signal": async () => {
    const aborted: string[] = [];
    const controller = new AbortController();
    const failed = createEnsemble({ models: [silent(aborted)] })
      .predict('?', { signal: controller.signal })
      .catch((error: unknown) => error);
    setTimeout(() => controller.abort(), 1);
    assert.ok((await failed) instanceof CancelledError);
    assert.deepEqual(aborted, ['silent']);
  },
  'times out, retries and caches': async () => {
    const aborted: string[] = [];
    const late = await createEnsemble({ models: [timeout(5)(silent(aborted))] })
      .predict('?')
      .catch((error: unknown) => error);
    assert.ok(late instanceof NoPredictionError);

    let calls = 0;
    const flaky = defineModel('flaky', () => {
      calls += 1;
      if (calls === 1) throw new TypeError('fetch failed');
      return '42';
    });
    const model = cache()(retry({ maxAttempts: 3, baseDelayMs: 1, shouldHandle: () => true })(flaky));
    const ensemble = createEnsemble({ models: [model] });
    assert.equal((await ensemble.predict('?')).answer, '42');
    assert.equal((await ensemble.predict('?')).answer, '42');
    assert.equal(calls, 2);
  },
  'composes as operators': async () => {
    const calls = perfect.map((model, index) => ask(model, 'What is 6 * 7?', { index }));
    const { leader } = await lastValueFrom(merge(...calls).pipe(vote(majority()), stopWhen(stop.decided())));
    assert.equal(leader, '42');
    const predictions$ = from(['What is 2 + 2?', 'What is 6 * 7?']).pipe(
      predictWith(createEnsemble({ models: perfect }), { concurrency: 2 }),
      toArray(),
    );
    assert.equal((await lastValueFrom(predictions$)).length, 2);
  },
  'streams events and many predictions': async () => {
    const ensemble = createEnsemble({ models: perfect });
    const types = (await all(ensemble.stream('What is 2 + 2?'))).map(({ type }) => type);
    assert.equal(types.at(-1), 'complete');
    const predictions = await all(ensemble.predictAll(['What is 2 + 2?', 'What is 6 * 7?']));
    assert.equal(aggregateStats(predictions).costUsd?.total, 0.012);
    const [first] = predictions;
    assert.ok(first !== undefined && 'answer' in first);
    assert.match(explain(first).text, /all 3 votes/);
  },
  'prices calls, and makes models by their names': async () => {
    const model = { ...simulated({ id: 'priced', accuracy: 1 }), provider: 'openai', modelId: 'gpt-5' };
    const { metadata } = await createEnsemble({ models: [model], pricing: genaiPrices() }).predict(
      'What is 6 * 7?',
    );
    assert.ok(metadata.costUsd === undefined || metadata.costUsd > 0);
    assert.throws(() => createAutoEnsemble({ models: ['nobody/nothing'] }), { name: 'ConfigError' });
  },
  'runs an experiment and reports it': async () => {
    const dataset = Array.from({ length: 30 }, (_, n) => ({
      id: `${n}`,
      question: `What is ${n} * 3?`,
      expected: 3 * n,
    }));
    const journal = memoryJournal();
    const conditions = { parallel: { models: perfect, normalization: 'numeric' } } as const;
    const trials = await all(runExperiment({ dataset, conditions, journal }));
    const others = matrix({ models: [perfect], execution: ['sequential'], normalization: ['numeric'] });
    const rescored = await all(rescore({ dataset, conditions: others, journal }));
    const card = await scorecard([...trials, ...rescored]);
    assert.equal(trials.length + rescored.length, 60);
    assert.match(htmlReport({ title: 'Threes', scorecard: card }), /<svg/);
    assert.match(markdownReport({ title: 'Threes', scorecard: card }), /2\. a\+b\+c/);
  },
};
