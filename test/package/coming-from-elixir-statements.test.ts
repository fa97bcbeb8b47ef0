import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { firstValueFrom, lastValueFrom, NEVER, type Observable, of, timer, toArray } from 'rxjs';
import { map } from 'rxjs/operators';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logNormalPairs } from '../../bench/hedging/latencies.ts';
import { percentile, share, sinceCall } from '../../bench/hedging/measures.ts';
import { learnedRun } from '../../bench/hedging/plain-run.ts';
import { createAutoEnsemble, estimateCost } from '../../src/auto/auto.ts';
import { overridableNames } from '../../src/engine/option-specs.ts';
import { runExperiment, scorecard } from '../../src/experiment/experiment.ts';
import {
  attachLogger,
  CancelledError,
  ConfigError,
  CrucibleError,
  cascade,
  choice,
  confident,
  createEnsemble,
  defineModel,
  type EnsembleEvent,
  type EnsembleOptions,
  hedged,
  InsufficientResponsesError,
  type Model,
  majority,
  NoConsensusError,
  NoPredictionError,
  ProviderError,
  type Query,
  schema,
  sequential,
  type Vote,
} from '../../src/index.ts';
import { aggregate, aggregateStats, summaryReport } from '../../src/metrics/metrics.ts';
import { elect } from '../../src/operators/operators.ts';
import { policyNames } from '../../src/policies/policy-chain.ts';
import { instrument } from '../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from '../telemetry/opentelemetry/recorder.ts';

useContexts();

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

/** Facts of the documentation of the library for Elixir. */
const documented = JSON.parse(read('test/package/crucible_ensemble-0.1.0.json')) as {
  readonly words: readonly string[];
  readonly defaults: { readonly timeout: number };
  readonly example: object;
  readonly roadmap: readonly string[];
  readonly claims: readonly string[];
};

/** The first paragraph, which says what the page is for. */
const INTRODUCTION = expect.stringMatching(/^For users of the Elixir library `crucible_ensemble` 0\.1\.0: /);

const LINK = /\[([^\]]*)\]\([^)]*\)/g;

/** What is left of a text without its links. */
const besideLinks = (text: string): string => text.replace(LINK, '').replace(/[\s;:,.]/g, '');

/** The remarks of the tables, the points of the lists and the paragraphs of the page, without their links. */
const statementsOn = (page: string): readonly string[] => {
  const text = page.replace(/```.*?```/gs, '').replace(/^#.*$/gm, '');
  const lines = text.split('\n').filter((line) => line !== '' && !/^\|[-| ]+\|$/.test(line));
  return lines.flatMap((line) => {
    if (!line.startsWith('| ')) return [line];
    // The other cells are names, which have tests of their own.
    const last = line.slice(0, -1).split('|').at(-1)?.trim() ?? '';
    const isHeading = ['remark', 'instead', 'here'].includes(last);
    return isHeading || besideLinks(last) === '' ? [] : [last];
  });
};

/** The beginning of a statement, which stands for it. */
type Statements = Readonly<Record<string, () => unknown>>;

const says = (id: string, text: string, rest: object = {}): Model =>
  defineModel(id, () => ({ text, ...rest }));
const broken = (id = 'broken'): Model =>
  defineModel(id, () => Promise.reject(new ProviderError(id, 'down', { isRetryable: true })));
const silent = (id = 'silent'): Model & { readonly left: () => number } => {
  let left = 0;
  return {
    id,
    call: () =>
      NEVER.pipe((source) => new (source.constructor as typeof Observable)(() => () => (left += 1))),
    left: () => left,
  };
};
const after = (ms: number, id: string, text: string): Model => ({
  id,
  call: () => timer(ms).pipe(map(() => ({ text }))),
});
const predict = (models: readonly Model[], options: Partial<EnsembleOptions> = {}, query: Query = '?') =>
  createEnsemble({ models, ...options }).predict(query);
const panel = (...texts: readonly string[]): Model[] => texts.map((text, index) => says(`m${index}`, text));
const failureOf = (promise: Promise<unknown>): Promise<NoPredictionError> =>
  promise.then(
    () => expect.fail('there is a prediction'),
    (error) => error,
  );
const eventsOf = async (
  models: readonly Model[],
  options: Partial<EnsembleOptions> = {},
): Promise<readonly EnsembleEvent[]> => {
  const ensemble = createEnsemble({ models, ...options });
  const events: EnsembleEvent[] = [];
  ensemble.events$.subscribe((event) => events.push(event));
  await ensemble.predict('?').catch(() => undefined);
  return events;
};
const named = (events: readonly EnsembleEvent[], type: EnsembleEvent['type']) =>
  events.filter((event) => event.type === type);

/** A check that is a test elsewhere. */
const testedIn =
  (file: string, name: string): (() => void) =>
  () =>
    expect(read(file)).toContain(name);

const behavior: Statements = {
  '**Errors are typed rejections.**': async () => {
    const error = await failureOf(predict([broken()]));
    expect(error).toBeInstanceOf(CrucibleError);
    const { outcomes } = await predict([broken(), says('a', '4')]);
    expect(outcomes[0]).toMatchObject({ status: 'failed', error: expect.any(ProviderError) });
  },
  '**There is no global configuration.**': async () => {
    const ensemble = createEnsemble({ models: [defineModel('echo', (question) => question)] });
    const answers = await Promise.all(['a', 'b'].map((query) => ensemble.predict(query)));
    expect(answers.map(({ answer }) => answer)).toEqual(['a', 'b']);
    vi.stubEnv('OPENAI_API_KEY', 'k');
    vi.stubEnv('GEMINI_API_KEY', 'k');
    vi.stubEnv('ANTHROPIC_API_KEY', 'k');
    expect(() => createAutoEnsemble()).not.toThrow();
  },
  '**`answer` is normalized, `text` is not**': async () => {
    expect(await predict([says('a', ' Paris ')])).toMatchObject({ answer: 'paris', text: ' Paris ' });
    const { outcomes } = await predict([says('a', '4'), says('b', 'none')], { normalization: 'numeric' });
    expect(outcomes.map(({ status }) => status)).toEqual(['answered', 'abstained']);
  },
  '**Consensus is of the votes cast.**': async () => {
    const models = [...panel('4', '4'), says('b', 'none'), broken()];
    const { metadata } = await predict(models, { normalization: 'numeric' });
    expect(metadata).toMatchObject({ consensus: 1, successes: 2, abstentions: 1, failures: 1 });
    await expect(predict(models, { normalization: 'numeric', minResponses: 3 })).rejects.toThrow(
      InsufficientResponsesError,
    );
  },
  '**A number as `earlyStop` is a share of the whole panel**': async () => {
    const asked = async (options: Partial<EnsembleOptions>, ...texts: readonly string[]) =>
      (await predict(panel(...texts), options)).metadata.successes;
    expect(await asked({ earlyStop: 0.8 }, '4', '4', '4', '4', '4')).toBe(4);
    const execution = sequential({ minConsensus: 0.7 });
    expect(await asked({ execution }, '4', '4', '4', '4', '4')).toBe(2);
    expect(await asked({ execution }, '5', '4', '4', '4', '4')).toBe(4);
  },
  '**`minResponses` is by default**': async () => {
    const needed = async (execution: EnsembleOptions['execution'], count: number) => {
      const models = Array.from({ length: count }, (_, index) => broken(`m${index}`));
      const enough = async (votes: number): Promise<boolean> =>
        predict([...panel(...Array.from({ length: votes }, () => '4')), ...models.slice(votes)], {
          execution: execution as 'parallel',
        }).then(
          () => true,
          () => false,
        );
      for (let votes = 0; votes <= count; votes += 1) if (await enough(votes)) return votes;
      return undefined;
    };
    expect([await needed('parallel', 5), await needed('parallel', 4)]).toEqual([3, 2]);
    expect(await needed('sequential', 5)).toBe(2);
    expect(await needed('hedged', 5)).toBe(1);
    expect(await needed(cascade({ confidenceThreshold: 0 }), 5)).toBe(1);
  },
  '**`timeoutMs` limits each attempt of a call**': async () => {
    vi.useFakeTimers();
    /** After how many seconds each call has ended. */
    const ended = async (options: Partial<EnsembleOptions>) => {
      const failure = failureOf(predict([silent('a'), silent('b')], options));
      await vi.advanceTimersByTimeAsync(500_000);
      return (await failure).outcomes.map(({ latencyMs }) => Math.floor(latencyMs / 1000));
    };
    expect(await ended({})).toEqual([60, 60]);
    expect(documented.defaults.timeout).toBe(5000);
    expect(await ended({ execution: 'sequential' })).toEqual([60, 60]);
    const retry = { maxAttempts: 2, baseDelayMs: 0 };
    expect(await ended({ retry })).toEqual([120, 120]);
    expect(await ended({ retry, deadlineMs: 70_000 })).toEqual([70, 70]);
    const left = createEnsemble({ models: [silent()] }).predict('?', { signal: AbortSignal.abort() });
    expect(await failureOf(left)).toBeInstanceOf(CancelledError);
  },
  '**Ties have a rule**': async () => {
    vi.useFakeTimers();
    const tied = async (...models: readonly Model[]) => {
      const prediction = predict(models);
      await vi.advanceTimersByTimeAsync(100);
      return (await prediction).answer;
    };
    expect(await tied(says('a', '4', { confidence: 0.5 }), says('b', '5', { confidence: 0.9 }))).toBe('5');
    expect(await tied(after(50, 'a', '4'), after(1, 'b', '5'))).toBe('4');
    expect(await tied(after(1, 'a', '4'), after(50, 'b', '5'))).toBe('4');
  },
  '**`unanimous` requires the whole panel.**': async () => {
    for (const last of [says('b', '5'), broken(), says('b', ' ')])
      await expect(predict([...panel('4', '4'), last], { strategy: 'unanimous' })).rejects.toThrow(
        NoConsensusError,
      );
    const { unanimous } = await import('../../src/index.ts');
    const ofVotes = { strategy: unanimous({ of: 'votes' }) };
    expect(await predict([...panel('4', '4'), broken()], ofVotes)).toMatchObject({ answer: '4' });
  },
  '**Unknown costs are `undefined`**': async () => {
    expect((await predict(panel('4'))).metadata).toMatchObject({
      costUsd: undefined,
      costSource: 'unknown',
    });
    const { metadata } = await predict([says('a', '4', { costUsd: 1 }), says('b', '4')]);
    expect(metadata).toMatchObject({ costUsd: 1, costSource: 'partial' });
  },
  '**Confidence is never invented.**': async () => {
    const models = [says('a', '4', { confidence: 0.9 }), says('b', '5')];
    expect(await predict(models, { strategy: 'weighted' })).toMatchObject({ answer: '5' });
    expect((await predict(panel('4'))).metadata.confidence).toBeUndefined();
    const few = [says('a', '4', { confidence: 0.1 }), says('b', '5')];
    expect(await predict(few, { strategy: 'bestConfidence' })).toMatchObject({ answer: '4' });
    const { metadata } = await predict([says('b', '5'), says('a', '4', { confidence: 0.95 })], {
      execution: 'cascade',
    });
    expect(metadata.successes).toBe(2);
  },
  '**`bestConfidence` waits for every member**': async () => {
    const models = [says('a', '4', { confidence: 0.95 }), says('b', '5', { confidence: 0.99 })];
    const strategy = 'bestConfidence';
    expect(await predict(models, { strategy })).toMatchObject({ answer: '5' });
    for (const options of [{ strategy, earlyStop: confident(0.9) }, { execution: 'cascade' }] as const)
      expect(await predict(models, options)).toMatchObject({ answer: '4', metadata: { successes: 1 } });
  },
  '**Options are refused, not ignored**': async () => {
    const call = vi.fn(() => of({ text: '4' }));
    const models = [{ id: 'a', call }];
    const invalid = { models, timeout: 5, samples: 0 } as unknown as EnsembleOptions;
    expect(() => createEnsemble(invalid)).toThrow(ConfigError);
    try {
      createEnsemble(invalid);
    } catch (error) {
      expect((error as ConfigError).faults).toHaveLength(2);
    }
    expect(call).not.toHaveBeenCalled();
    const options = { execution: hedged({ hedgeDelayMs: 500 }), timeoutMs: 100 };
    expect((await predict([...models, ...panel('4')], options)).metadata.warnings.join()).toMatch(/hedge/i);
  },
};

const functions: Statements = {
  'a Promise; overrides are all options but': async () => {
    const ensemble = createEnsemble({ models: panel('4') });
    expect(ensemble.predict('?')).toBeInstanceOf(Promise);
    for (const name of overridableNames)
      expect(await ensemble.predict('?', { [name]: undefined }), name).toMatchObject({ answer: '4' });
    for (const name of ['name', ...policyNames])
      await expect(ensemble.predict('?', { [name]: 1 } as never), name).rejects.toThrow(name);
  },
  'a Promise is already running': async () => {
    const model = silent();
    const leaving = new AbortController();
    const failure = failureOf(createEnsemble({ models: [model] }).predict('?', leaving));
    leaving.abort(new DOMException('over', 'TimeoutError'));
    expect(await failure).toBeInstanceOf(CancelledError);
    expect(model.left()).toBe(1);
  },
  '10 at a time unless told otherwise': async () => {
    vi.useFakeTimers();
    let [taken, inFlight, most] = [0, 0, 0];
    const model: Model = {
      id: 'a',
      call: ({ prompt }) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        return timer(100 - Number(prompt)).pipe(
          map(() => {
            inFlight -= 1;
            return { text: prompt === '3' ? '' : prompt };
          }),
        );
      },
    };
    const questions = function* () {
      for (let index = 0; index < 30; index += 1) {
        taken += 1;
        yield String(index);
      }
    };
    const results = Array.fromAsync(createEnsemble({ models: [model] }).predictAll(questions()));
    await vi.advanceTimersByTimeAsync(10);
    expect([taken, most]).toEqual([10, 10]);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await results).map((one) => ('answer' in one ? one.answer : one.name))).toEqual(
      Array.from({ length: 30 }, (_, index) => (index === 3 ? 'InsufficientResponsesError' : String(index))),
    );
  },
  '`for await`, or an Observable': async () => {
    const { stream } = createEnsemble({ models: panel('4') });
    const [seen, sent] = [[] as string[], await lastValueFrom(stream('?').pipe(toArray()))];
    for await (const { type } of stream('?')) seen.push(type);
    expect(seen).toEqual(sent.map(({ type }) => type));
  },
  'cold: runs on `subscribe`': () => {
    const call = vi.fn(silent().call);
    const model = silent();
    const prediction$ = createEnsemble({ models: [{ id: 'a', call }, model] }).predict$('?');
    expect(call).not.toHaveBeenCalled();
    const asked = prediction$.subscribe();
    expect([call.mock.calls.length, model.left()]).toEqual([1, 0]);
    asked.unsubscribe();
    expect(model.left()).toBe(1);
  },
  'for one ensemble; returns a function that detaches': async () => {
    const [ensemble, other] = [panel('4'), panel('4')].map((models) => createEnsemble({ models }));
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const detach = attachLogger(ensemble as never, { info: write, warn: write, error: write });
    await other?.predict('?');
    expect(lines).toHaveLength(0);
    await ensemble?.predict('?');
    expect(lines).toHaveLength(1);
    detach();
    await ensemble?.predict('?');
    expect(lines).toHaveLength(1);
  },
  'and `aggregate()` for streams': async () => {
    const prediction = await predict(panel('4'));
    const stats = await firstValueFrom(of(prediction, prediction).pipe(aggregate(), toArray()));
    expect(stats.at(-1)).toMatchObject({ count: 2 });
    testedIn(
      'test/metrics/aggregate.process.test.ts',
      'takes no more memory for more predictions, unlike the exact statistics',
    )();
  },
  'and `p50`, `p99`, `max`': async () => {
    const { latencyMs, models } = aggregateStats([await predict(panel('4'))]);
    for (const of of [latencyMs, models[0]?.latencyMs])
      expect(of).toMatchObject({ p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) });
  },
  '`costUsd.source` says': async () => {
    const known = await predict([says('a', '4', { costUsd: 1 })]);
    expect(aggregateStats([known]).costUsd.source).toBe('reported');
    expect(aggregateStats([known, await predict(panel('4'))]).costUsd.source).toBe('partial');
  },
  'arrays and streams; no field is a formula': () => {
    testedIn('test/metrics/csv-row.test.ts', 'never begins a text with what begins a formula')();
    testedIn(
      'test/node/export-to-csv.test.ts',
      'writes rows that two independent readers read back unchanged',
    )();
  },
  'text, Markdown, HTML': async () => {
    const predictions = [await predict(panel('4'))];
    const [text, markdown, html] = (['text', 'markdown', 'html'] as const).map((format) =>
      summaryReport(predictions, { format }),
    );
    expect(html).toContain('<table');
    expect(markdown).toMatch(/\|[ :-]+\|/);
    expect(text).not.toMatch(/<|\|/);
  },
  'from [`crucible-ensemble/auto`](auto.md) or [`/pricing`](pricing.md)': async () => {
    const amounts = { inputTokens: 1000, outputTokens: 1000 };
    const { totalUsd } = estimateCost(['openai/gpt-6-luna'], amounts);
    expect(totalUsd).toBeGreaterThan(0);
    const estimate = estimateCost(['openai/gpt-6-luna', 'openai/no-such-model'], amounts);
    expect(estimate).toMatchObject({ totalUsd: undefined, unknown: ['openai/no-such-model'] });
    expect(await import('../../src/catalog/genai-prices.ts')).toHaveProperty('estimateCost');
  },
  'the same for every voter': async () => {
    const { outcomes } = await predict(panel('4', '4', '5'));
    const tallies = of(...outcomes).pipe(elect({ voter: majority() }));
    expect(await lastValueFrom(tallies)).toMatchObject({ consensus: 2 / 3 });
  },
};

const options: Statements = {
  'required; [`crucible-ensemble/auto`](auto.md) takes names': () => {
    expect(() => createEnsemble({} as EnsembleOptions)).toThrow(/"models"/);
    vi.stubEnv('OPENAI_API_KEY', 'k');
    vi.stubEnv('GEMINI_API_KEY', 'k');
    vi.stubEnv('ANTHROPIC_API_KEY', 'k');
    for (const models of [undefined, ['openai_gpt4o']])
      expect(() => createAutoEnsemble(models && { models })).not.toThrow();
  },
  'names, factories, functions, folds': async () => {
    const first = (votes: readonly Vote[]) => ({ answer: votes[0]?.answer, consensus: 1, votes: {} });
    for (const strategy of ['majority', majority(), first] as const)
      expect(await predict(panel('4'), { strategy: strategy as 'majority' })).toMatchObject({ answer: '4' });
  },
  'names, factories, `{ schedule, earlyStop }`': async () => {
    const own = { schedule: (calls: readonly Observable<unknown>[]) => calls[0] };
    for (const execution of ['parallel', sequential(), own])
      expect(
        await predict(panel('4', '4'), { execution: execution as 'parallel', minResponses: 1 }),
      ).toMatchObject({ answer: '4' });
  },
  '60,000 instead of 5000': async () => {
    expect(documented.defaults.timeout).toBe(5000);
    expect(await predict(panel('4'), { timeoutMs: Number.POSITIVE_INFINITY })).toBeDefined();
  },
  'below it: `InsufficientResponsesError`': async () => {
    await expect(predict(panel('4'), { minResponses: 1 })).resolves.toBeDefined();
    await expect(predict([...panel('4'), broken()], { minResponses: 2 })).rejects.toThrow(
      InsufficientResponsesError,
    );
  },
  'names, functions, `choice([...])`': async () => {
    const city = schema((await import('zod')).z.object({ city: (await import('zod')).z.string() }));
    for (const [normalization, text, answer] of [
      ['numeric', '4', 4],
      [(said: string) => said.length, 'four', 4],
      [choice(['A', 'B']), '(A)', 'A'],
      [city, '{"city":"Paris"}', { city: 'Paris' }],
    ] as const)
      expect(
        (await predict([says('a', text)], { normalization: normalization as 'numeric' })).answer,
      ).toEqual(answer);
  },
  'in `predict` as well': async () => {
    const models = panel('4', '4', '4');
    for (const earlyStop of [0.6, 'decided', confident(2 / 3)] as const)
      expect((await predict(models, { earlyStop })).metadata.successes).toBeLessThanOrEqual(3);
    expect((await predict(models, { earlyStop: 0.6 })).metadata.successes).toBe(2);
    expect((await predict(models, { earlyStop: 'decided' })).metadata.successes).toBe(2);
  },
  'the option belongs to its execution': () => {
    expect(() => createEnsemble({ models: panel('4'), minConsensus: 0.7 } as EnsembleOptions)).toThrow(
      /minConsensus/,
    );
  },
  'default 1000; [`delay: { percentile: 95 }`]': async () => {
    vi.useFakeTimers();
    const backup = vi.fn(() => of({ text: '4' }));
    const prediction = predict([silent(), { id: 'b', call: backup }], { execution: 'hedged' });
    await vi.advanceTimersByTimeAsync(999);
    expect(backup).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await prediction).toMatchObject({ answer: '4' });
    testedIn(
      'test/strategies/execution/hedged-learned.test.ts',
      'is the fixed one until the execution is warm, and follows the latencies from then on',
    )();
  },
  'default 0.9': async () => {
    const models = (confidence: number) => [
      says('a', '4', { confidence }),
      says('b', '5', { confidence: 1 }),
    ];
    expect((await predict(models(0.9), { execution: 'cascade' })).answer).toBe('4');
    expect((await predict(models(0.89), { execution: 'cascade' })).answer).toBe('5');
  },
  'all missing keys in one `ConfigError`': () => {
    for (const name of ['OPENAI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY', 'ANTHROPIC_API_KEY'])
      vi.stubEnv(name, undefined);
    try {
      createAutoEnsemble({ models: ['openai_gpt4o', 'gemini_flash', 'anthropic_haiku'] });
      expect.fail('no key is missing');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      for (const name of ['OPENAI_API_KEY', 'GEMINI_API_KEY', 'ANTHROPIC_API_KEY'])
        expect((error as ConfigError).message).toContain(name);
    }
  },
  'on every event, on log lines and spans': async () => {
    const recorder = createRecorder();
    const ensemble = createEnsemble({ models: panel('4'), telemetryMetadata: { team: 'x' } });
    const [events, lines] = [[] as EnsembleEvent[], [] as string[]];
    ensemble.events$.subscribe((event) => events.push(event));
    attachLogger(ensemble, { info: (line) => lines.push(line), warn: () => {}, error: () => {} });
    instrument(ensemble, recorder.providers);
    await ensemble.predict('?');
    expect(events.every(({ metadata }) => metadata?.team === 'x')).toBe(true);
    expect(lines.join()).toContain('team=x');
    expect(recorder.span('invoke_workflow ensemble').attributes['crucible.metadata.team']).toBe('x');
  },
};

const results: Statements = {
  '[errors](errors.md); [`retry: true`]': async () => {
    vi.useFakeTimers();
    let calls = 0;
    const model = defineModel('a', () => {
      calls += 1;
      if (calls === 1) throw new ProviderError('a', 'down', { isRetryable: true });
      return '4';
    });
    const prediction = predict([model], { retry: true });
    await vi.advanceTimersByTimeAsync(1000);
    expect([(await prediction).answer, calls]).toEqual(['4', 2]);
  },
  'typed by the normalizer': testedIn('test/types.test.ts', 'is that of the normalizer named'),
  '0 to 1': async () => {
    for (const strategy of ['majority', 'weighted', 'bestConfidence'] as const)
      for (const texts of [['4'], ['4', '5'], ['4', '4', '5', '6']]) {
        const { consensus } = (await predict(panel(...texts), { strategy })).metadata;
        expect(consensus).toBeGreaterThan(0);
        expect(consensus).toBeLessThanOrEqual(1);
      }
  },
  'keys are strings': async () => {
    const { metadata } = await predict(panel('4'), { normalization: 'numeric' });
    expect(metadata.votes).toEqual({ '4': 1 });
    expect((await predict(panel('yes'), { normalization: 'boolean' })).metadata.votes).toEqual({ true: 1 });
  },
  fractional: async () => {
    const latencies = await Promise.all(Array.from({ length: 5 }, () => predict(panel('4'))));
    expect(latencies.some(({ metadata }) => !Number.isInteger(metadata.latencyMs))).toBe(true);
  },
  '`undefined` for unknown': async () => {
    const { costUsd, costBreakdown } = (await predict(panel('4'))).metadata;
    expect([costUsd, costBreakdown]).toEqual([undefined, { m0: undefined }]);
  },
  'the called models': async () => {
    const { metadata } = await predict(panel('4', '4', '4'), { execution: 'sequential' });
    expect(metadata.modelsUsed).toEqual(['m0', 'm1']);
  },
  'and `abstentions`, `cancelled`': async () => {
    const { metadata } = await predict(panel('4', '4', '4'), { earlyStop: 0.6 });
    expect(metadata).toMatchObject({ abstentions: 0, cancelled: expect.any(Number) });
  },
  'always there: response or error': async () => {
    const { outcomes } = await predict([...panel('4'), broken()]);
    const always = { latencyMs: expect.any(Number) };
    expect(outcomes).toMatchObject([
      { ...always, response: { text: '4' } },
      { ...always, error: expect.any(ProviderError) },
    ]);
    for (const outcome of outcomes) expect(outcome).toHaveProperty('costUsd');
  },
  'the stream errors if there is no prediction': async () => {
    await expect(lastValueFrom(createEnsemble({ models: [broken()] }).stream('?'))).rejects.toThrow(
      NoPredictionError,
    );
  },
  'Their example has three models': () => {
    // The block below it on the page runs with the other examples, in test/package/snippets.test.ts.
    expect(documented.example).toEqual({ models: 3, early_stop_threshold: 0.8 });
    expect(2 / 3).toBeLessThan(0.8);
    expect(2 / 3).toBeGreaterThan(0.6);
  },
};

const telemetry: Statements = {
  '`_` is `:ensemble` or `:crucible_ensemble`': async () => {
    expect(documented.words).toEqual(expect.arrayContaining(['ensemble', 'crucible_ensemble']));
    expect((await eventsOf(panel('4'), { name: 'mine' })).every(({ ensemble }) => ensemble === 'mine')).toBe(
      true,
    );
  },
  '`models`, `strategy`, `execution`': async () => {
    const [start] = await eventsOf(panel('4'));
    expect(start).toMatchObject({ models: ['m0'], strategy: 'majority', execution: 'parallel' });
  },
  '`durationMs`, `consensus`, `costUsd`': async () => {
    const stop = (await eventsOf([says('a', '4', { costUsd: 1 })])).at(-1);
    expect(stop).toMatchObject({
      ...{ type: 'predict:stop', durationMs: expect.any(Number), consensus: 1, costUsd: 1 },
      ...{ successes: 1, failures: 0, status: 'complete', quorum: 1 },
    });
  },
  'with the `error`; `predict:cancel`': async () => {
    const events = await eventsOf([broken()]);
    expect(events.at(-1)).toMatchObject({
      type: 'predict:exception',
      error: expect.any(NoPredictionError),
    });
    const ensemble = createEnsemble({ models: [silent()] });
    const types: string[] = [];
    ensemble.events$.subscribe(({ type }) => types.push(type));
    ensemble.predict$('?').subscribe().unsubscribe();
    expect(types.at(-1)).toBe('predict:cancel');
  },
  'of each attempt; and `model:cancel`': async () => {
    const retry = { maxAttempts: 2, baseDelayMs: 0 };
    const events = await eventsOf([broken()], { retry });
    expect(named(events, 'model:start')).toHaveLength(2);
    expect(named(events, 'model:exception')).toHaveLength(2);
    const stopped = await eventsOf([silent(), ...panel('4', '4')], { earlyStop: 0.6 });
    expect(named(stopped, 'model:cancel')).toHaveLength(1);
  },
  'once, after the last vote': async () => {
    expect(named(await eventsOf(panel('4', '4', '5')), 'vote:complete')).toHaveLength(1);
    const streamed = await lastValueFrom(
      createEnsemble({ models: panel('4', '4', '5') })
        .stream('?')
        .pipe(toArray()),
    );
    expect(streamed.filter(({ type }) => type === 'consensus')).toHaveLength(3);
  },
  'with `consensus`, `threshold` and `stoppedBy`': async () => {
    const reached = async (options: Partial<EnsembleOptions>) =>
      named(await eventsOf(panel('4', '4', '4'), options), 'consensus:reached');
    const { consensus } = await import('../../src/index.ts');
    for (const [options, threshold] of [
      [{ execution: sequential({ minConsensus: 0.7 }) }, 0.7],
      [{ earlyStop: 0.6 }, 0.6],
      [{ earlyStop: consensus(0.5) }, 0.5],
      [{ strategy: 'unanimous' }, 1],
    ] as const)
      expect(await reached(options)).toMatchObject([
        { threshold, consensus: expect.any(Number), stoppedBy: expect.any(String) },
      ]);
    expect(await reached({})).toEqual([]);
  },
  'the same properties: the threshold was not reached': async () => {
    const same = { consensus: expect.any(Number), threshold: expect.any(Number), stoppedBy: 'completion' };
    const failed = async (options: Partial<EnsembleOptions>) => {
      const events = await eventsOf(panel('4', '5', '6'), options);
      return [named(events, 'consensus:failed')[0], events.at(-1)?.type];
    };
    const sequence = await failed({ execution: sequential({ minConsensus: 0.7 }) });
    expect(sequence).toMatchObject([same, 'predict:stop']);
    expect(await failed({ strategy: 'unanimous' })).toMatchObject([same, 'predict:exception']);
  },
  'spans and metrics': testedIn(
    'test/telemetry/opentelemetry/spans.test.ts',
    'are one for the prediction and one for each call, with the attributes of the conventions',
  ),
};

const parts: Statements = {
  'a plurality is enough': async () => {
    expect(await predict(panel('4', '4', '5', '6', '7'))).toMatchObject({ answer: '4' });
  },
  'confidences, and fixed weights per model': async () => {
    const { weighted } = await import('../../src/index.ts');
    const models = [says('a', '4', { confidence: 0.9 }), says('b', '5', { confidence: 0.4 })];
    expect(await predict(models, { strategy: 'weighted' })).toMatchObject({ answer: '4' });
    const strategy = weighted({ weights: { a: 1, b: 3 } });
    expect(await predict(models, { strategy })).toMatchObject({ answer: '5' });
  },
  '`consensus` is the share of votes for the answer': async () => {
    const models = [...panel('4', '4'), says('b', '5', { confidence: 0.9 })];
    const { answer, metadata } = await predict(models, { strategy: 'bestConfidence' });
    expect([answer, metadata.consensus]).toEqual(['5', 1 / 3]);
  },
  'of the whole panel': async () => {
    await expect(predict([...panel('4'), broken()], { strategy: 'unanimous' })).rejects.toThrow(
      NoConsensusError,
    );
  },
  'a vote has `key`, `answer`, `confidence`': async () => {
    let seen: readonly Vote[] = [];
    const strategy = (votes: readonly Vote[]) => {
      seen = votes;
      return { answer: votes[0]?.answer, consensus: 1, votes: {} };
    };
    const models = [says('a', '4', { confidence: 0.5 }), says('b', ' 4 ')];
    await predict(models, { strategy: strategy as never });
    const vote = { key: '4', answer: '4' };
    expect(seen).toMatchObject([
      { ...vote, confidence: 0.5, model: 'a', response: { text: '4' } },
      { ...vote, model: 'b', response: { text: ' 4 ' } },
    ]);
  },
  'a fold over the votes': () => {
    expect(majority()).toMatchObject({ init: expect.anything(), add: expect.any(Function) });
  },
  'one answer is enough, so its consensus is 1': async () => {
    const { metadata } = await predict(panel('4', '5', '6'), { execution: 'hedged' });
    expect(metadata).toMatchObject({ consensus: 1, successes: 1 });
  },
  'the first sure answer wins': async () => {
    const models = [says('a', '4', { confidence: 0.5 }), says('b', '5', { confidence: 0.95 }), silent()];
    expect(await predict(models, { execution: 'cascade' })).toMatchObject({ answer: '5' });
    vi.stubEnv('ANTHROPIC_API_KEY', 'k');
    vi.stubEnv('GEMINI_API_KEY', 'k');
    expect(() =>
      createAutoEnsemble({ models: ['anthropic_haiku', 'gemini_flash'], execution: 'cascade' }),
    ).toThrow(/confidence/);
  },
  '4': async () => {
    expect((await predict([says('a', 'The answer is 4')], { normalization: 'numeric' })).answer).toBe(4);
    expect((await predict([says('a', 'Yes, it is')], { normalization: 'boolean' })).answer).toBe(true);
  },
  'key order does not matter': async () => {
    const models = [says('a', '{"x":1,"y":2}'), says('b', '{"y":2,"x":1}')];
    expect((await predict(models, { normalization: 'json' })).metadata.consensus).toBe(1);
  },
};

const rest: Statements = {
  'other models are written as `provider/model`': () => {
    vi.stubEnv('OPENAI_API_KEY', 'k');
    expect(() => createAutoEnsemble({ models: ['openai/gpt-6-luna'] })).not.toThrow();
    expect(() => createAutoEnsemble({ models: ['gpt-6-luna'] })).toThrow();
  },
  'no registry': async () => {
    const asks: unknown[] = [];
    const model = defineModel('own', (question, { signal }) => {
      asks.push(question, signal);
      return '4';
    });
    expect(await predict([model], { normalization: 'numeric' })).toMatchObject({ answer: 4 });
    expect(asks).toEqual(['?', expect.any(AbortSignal)]);
  },
  'an idle ensemble has no timers': async () => {
    vi.useFakeTimers();
    const policies = {
      retry: true,
      circuitBreaker: true,
      concurrency: 2,
      rateLimit: 60,
      cache: true,
    } as const;
    await predict(panel('4', '4'), { ...policies, deadlineMs: 1000 });
    expect(vi.getTimerCount()).toBe(0);
  },
  'run without keys, in `npm test`': () => {
    const test = read('test/examples/examples.process.test.ts');
    for (const name of ['basic-usage', 'voting-strategies', 'execution-strategies'])
      expect([name, existsSync(new URL(`examples/${name}.ts`, root)), test.includes(name)]).toEqual([
        name,
        true,
        true,
      ]);
  },
  'on a simulation, and on recorded answers': () => {
    const page = read('examples/README.md');
    for (const name of ['h1-reliability', 'h2-hedging', 'h3-concurrency', 'h4-cost'])
      expect(page).toContain(`research/${name}.ts`);
    expect(page).toContain('h1-reliability.ts answers.jsonl.gz');
  },
  'on independent log-normal latencies': () => {
    const warm = 200;
    const pairs = logNormalPairs(20_000, 8000, 1);
    const alone = pairs.slice(warm).map(([{ totalMs }]) => totalMs);
    const learned = sinceCall(warm, learnedRun(pairs));
    const seconds = (values: readonly number[], share: number): string =>
      (percentile(values, share) / 1000).toFixed(1);
    expect(Math.abs(percentile(alone, 99) / 8000 - 1)).toBeLessThan(0.05);
    expect([seconds(learned.totalsMs, 99), seconds(learned.totalsMs, 50)]).toEqual(['5.3', '0.8']);
    expect(seconds(alone, 50)).toBe('0.8');
    expect((100 * share(learned.isHedged)).toFixed(1)).toBe('4.9');
  },
  "`'sequential'` saved 59 to 67 %": testedIn(
    'test/recorded-answers.test.ts',
    'As docs/coming-from-elixir.md says',
  ),
  'a [cache](policies/cache.md) in a store that processes share': async () => {
    const store = new Map();
    const call = vi.fn(() => of({ text: '4' }));
    for (let time = 0; time < 2; time += 1) await predict([{ id: 'a', call }], { cache: { store } });
    expect(call).toHaveBeenCalledOnce();
  },
  '`sample: { size, seed }`': async () => {
    const dataset = Array.from({ length: 9 }, (_, index) => ({
      id: `${index}`,
      question: '?',
      expected: '4',
    }));
    const trials = runExperiment({
      dataset,
      conditions: { a: { models: panel('4') } },
      sample: { size: 2, seed: 1 },
    });
    expect(await Array.fromAsync(trials)).toHaveLength(2);
  },
  '`scorecard.pareto`': async () => {
    const trials = runExperiment({
      dataset: [{ id: '1', question: '?', expected: '4' }],
      conditions: { a: { models: panel('4') } },
    });
    expect(await scorecard(await Array.fromAsync(trials))).toHaveProperty('pareto');
  },
  '[a panel for each question]': async () => {
    const ensemble = createEnsemble({ models: panel('4') });
    expect(await ensemble.predict('?', { models: panel('5') })).toMatchObject({ answer: '5' });
  },
  'Also on their roadmap, and here': () => {
    expect(documented.roadmap.join('\n')).toMatch(/circuit breakers.*dashboard.*harness.*explainability/s);
    for (const page of ['policies/circuit-breaker', 'opentelemetry', 'experiments', 'explain'])
      expect(existsSync(new URL(`docs/${page}.md`, root)), page).toBe(true);
  },
};

const checks: Statements = {
  ...behavior,
  ...functions,
  ...options,
  ...results,
  ...telemetry,
  ...parts,
  ...rest,
};

const page = read('docs/coming-from-elixir.md');

/** The cells with the names of the library for Elixir. */
const theirCells = page
  .split('\n')
  .filter((line) => /^\| (?![-|])/.test(line))
  .map((line) => line.split(' | ')[0] ?? '');

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('the page for users of the library for Elixir', () => {
  it('has a check for every statement, and no check without one', () => {
    const statements = statementsOn(page);
    const checked = Object.keys(checks);
    const isOf = (statement: string) => (start: string) =>
      statement === start || (start !== '4' && statement.replace(/^- /, '').startsWith(start));
    expect(statements.filter((statement) => !checked.some(isOf(statement)))).toEqual([INTRODUCTION]);
    expect(checked.filter((start) => !statements.some((statement) => isOf(statement)(start)))).toEqual([]);
  });

  it.each(Object.entries(checks))('is right: %s', async (_, check) => {
    await check();
  });

  it('has the names that the documentation of that library has', () => {
    const named = theirCells.flatMap((cell) =>
      Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = '']) => code),
    );
    const words = new Set(named.flatMap((code) => code.match(/[A-Za-z_]\w*\w/g) ?? []));
    expect(words.size).toBeGreaterThan(150);
    // Placeholders of `:telemetry`, which belongs to another library.
    const placeholders = ['id', 'event', 'fun', 'path'];
    expect([...words].filter((word) => ![...documented.words, ...placeholders].includes(word))).toEqual([]);
  });

  it('answers the claims that the documentation of that library makes', () => {
    const text = theirCells.join('\n');
    for (const numbers of documented.claims.map((claim) => claim.match(/\d+(?!\d*%? latency)/g) ?? []))
      for (const number of numbers.filter((one) => one !== '99')) expect(text).toContain(number);
  });
});
