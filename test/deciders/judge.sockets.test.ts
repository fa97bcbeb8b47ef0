import {
  eventStream,
  type FaultServer,
  json,
  type Reply,
  reset,
  type SeenRequest,
  type ServedAnswer,
  stalledHeaders,
  startFaultServer,
  type WireDialect,
} from 'crucible-ensemble/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judge } from '../../src/deciders/deciders.ts';
import { byContent } from '../../src/grouping/grouping.ts';
import {
  createEnsemble,
  type Ensemble,
  type EnsembleOptions,
  type Model,
  type Outcome,
  type StreamEvent,
  type Usage,
} from '../../src/index.ts';
import { timeout } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { anthropic as anthropicDialect } from '../../src/testing/dialects/anthropic.ts';
import { gemini as geminiDialect } from '../../src/testing/dialects/gemini.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { letterOf, verdictFor } from './judges.ts';

const apiKey = 'a key';

type Create = (id: string, baseURL: string) => Model;

const providers: Readonly<Record<string, readonly [WireDialect, Create]>> = {
  openai: [openaiChat, (id, url) => openai(id, { apiKey, baseURL: `${url}/v1` })],
  openaiCompatible: [openaiChat, (id, url) => openaiCompatible(id, { apiKey, baseURL: `${url}/v1` })],
  anthropic: [anthropicDialect, (id, baseURL) => anthropic(id, { apiKey, baseURL, maxOutputTokens: 100 })],
  googleGenAI: [geminiDialect, (id, baseURL) => googleGenAI(id, { apiKey, baseURL })],
};

const pricing = {
  priceOf: (_: unknown, { inputTokens = 0, outputTokens = 0 }: Usage) => ({
    usd: (inputTokens + outputTokens) / 1000,
  }),
  countTokens: (text: string) => Math.ceil(text.length / 4),
};

const usage = { inputTokens: 20, outputTokens: 5 };

/** What a call with this usage costs. */
const PAID = 0.025;

const isJudge = ({ path, body }: SeenRequest): boolean =>
  path.includes('/judge:') || body.includes('"model":"judge"');

describe.each(Object.entries(providers))('a judge by %s', (_name, [dialect, create]) => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer();
  });

  afterEach(() => server.close());

  const isStreamed = ({ path, body }: SeenRequest): boolean =>
    path.includes('stream') || body.includes('"stream":true');
  const promptOf = (request: SeenRequest): string =>
    (dialect.read?.(request.json()).parts ?? []).map(({ text = '' }) => text).join('\n');
  const served = (request: SeenRequest, answer: ServedAnswer): Reply =>
    isStreamed(request)
      ? eventStream(dialect.events({ usage, ...answer }))
      : json(dialect.answer({ usage, ...answer }));
  const choosing = (request: SeenRequest, wanted = /Lyon/): Reply =>
    served(request, { text: verdictFor(letterOf(promptOf(request), wanted)) });
  const model = (id: string): Model => ({ ...create(id, server.baseURL), id });

  /** Members that say these texts, and a judge that replies in this way; `number` counts its calls. */
  const ensembleOf = (
    reply: (request: SeenRequest, number: number) => Reply,
    options: Partial<EnsembleOptions> = {},
    texts: readonly string[] = ['Paris', 'Lyon', 'Nice'],
  ): Ensemble<unknown> => {
    let judged = 0;
    server.answer((request) => {
      if (isJudge(request)) {
        judged += 1;
        return reply(request, judged);
      }
      const index = texts.findIndex((_, at) => `${request.path}${request.body}`.includes(`member-${at}`));
      return served(request, { text: texts[index] ?? '' });
    });
    return createEnsemble({
      models: texts.map((_, index) => model(`member-${index}`)),
      decide: judge({ model: model('judge') }),
      pricing,
      ...options,
    } as EnsembleOptions) as Ensemble<unknown>;
  };

  const requestsOfJudge = (): readonly SeenRequest[] => server.requests.filter(isJudge);

  /** Compares the account of a prediction with what the server saw. */
  const expectHonest = (outcomes: readonly Outcome[], costUsd: number | undefined): void => {
    const sent = outcomes.filter(
      ({ costUsd: cost, costSource }) => !(cost === 0 && costSource === 'reported'),
    );
    const ofJudge = outcomes.filter(({ role }) => role === 'judge');
    expect(server.requests.length - requestsOfJudge().length).toBe(outcomes.length - ofJudge.length);
    expect(requestsOfJudge().length).toBeGreaterThanOrEqual(
      sent.filter(({ role }) => role === 'judge').length,
    );
    expect(requestsOfJudge().length).toBeLessThanOrEqual(ofJudge.length);
    expect(costUsd).toBeCloseTo(
      outcomes.reduce((sum, outcome) => sum + (outcome.costUsd ?? 0), 0),
      9,
    );
  };

  test('chooses, and is paid for', async () => {
    const ensemble = ensembleOf((request) => choosing(request));
    const { answer, metadata, outcomes } = await ensemble.predict('Which city?');
    expect(answer).toBe('lyon');
    expect(metadata.costUsd).toBeCloseTo(5 * PAID, 9);
    expect(metadata.usage).toMatchObject({ inputTokens: 100, outputTokens: 25 });
    expect(requestsOfJudge()).toHaveLength(2);
    expectHonest(outcomes, metadata.costUsd);
  });

  test('asks for the schema of a verdict', async () => {
    await ensembleOf((request) => choosing(request)).predict('Which city?');
    for (const { body } of requestsOfJudge()) expect(body).toContain('uniquePoints":{"type":"array"');
  });

  test.each(dialect.finishReasons.filter((reason) => ['refusal', 'content-filter'].includes(reason)))(
    'has no say if it ends with %s',
    async (finishReason) => {
      const ensemble = ensembleOf((request) => {
        const text = verdictFor(letterOf(promptOf(request), /Lyon/));
        return served(request, { text, finishReason });
      });
      const { answer, metadata, outcomes } = await ensemble.predict('Which city?');
      expect(answer).toBe('paris');
      expect(metadata).toMatchObject({ status: 'complete', successes: 3, abstentions: 0, failures: 0 });
      expect(metadata.decision).toEqual({
        by: 'judge',
        status: 'abstained',
        reason: `the reply of judge does not count: the model did not finish: ${finishReason}`,
      });
      expectHonest(outcomes, metadata.costUsd);
    },
  );

  test.each([
    ['never replies', stalledHeaders(), 'TimeoutError'],
    ['loses the connection', reset(), 'ConnectionError'],
    ['is down', json({ error: 'busy' }, { status: 503 }), 'ProviderError'],
    ['replies with nonsense', json('nonsense'), 'MalformedResponseError'],
  ])('degrades the prediction if it %s', async (_case, reply, name) => {
    const { answer, metadata, outcomes } = await ensembleOf(() => reply, {
      decide: judge({ model: timeout(300)(model('judge')) }),
    }).predict('Which city?');
    expect(answer).toBe('paris');
    expect(metadata).toMatchObject({
      status: 'degraded',
      missing: [],
      successes: 3,
      failures: 0,
      quorum: 1,
      decision: { by: 'judge', status: 'failed', reason: expect.stringMatching(/^it failed: /) },
    });
    const failed = outcomes.filter(({ status }) => status === 'failed');
    expect(failed.map((outcome) => outcome.status === 'failed' && outcome.error.name)).toContain(name);
    expect(failed.every(({ role }) => role === 'judge')).toBe(true);
    expectHonest(outcomes, metadata.costUsd);
  });

  test('is cancelled on the wire in one order when the other has failed', async () => {
    const ensemble = ensembleOf((request, number) =>
      number === 1 ? stalledHeaders() : served(request, { text: 'Both are fine.' }),
    );
    const { metadata, outcomes } = await ensemble.predict('Which city?');
    expect(metadata.decision?.status).toBe('abstained');
    await requestsOfJudge()[0]?.abandoned;
    expect(
      outcomes
        .slice(3)
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(['abstained', 'cancelled']);
    expectHonest(outcomes, metadata.costUsd);
  });

  test('is cancelled on the wire in both orders if the caller aborts', async () => {
    const controller = new AbortController();
    const predicting = ensembleOf(() => stalledHeaders()).predict('Which city?', {
      signal: controller.signal,
    });
    await server.seen(4);
    controller.abort();
    const error = await predicting.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'CancelledError' });
    const { outcomes } = error as { outcomes: readonly Outcome[] };
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['answered', 'answered', 'answered'],
      ...['cancelled', 'cancelled'],
    ]);
    await Promise.all(requestsOfJudge().map(({ abandoned }) => abandoned));
    expect(requestsOfJudge()).toHaveLength(2);
  });

  test('is cancelled on the wire at the deadline of the prediction, and the votes decide', async () => {
    const ensemble = ensembleOf(() => stalledHeaders(), { deadlineMs: 400 });
    const { answer, metadata, outcomes } = await ensemble.predict('Which city?');
    expect(answer).toBe('paris');
    expect(metadata).toMatchObject({
      status: 'degraded',
      decision: { status: 'failed', reason: 'it had no result by the deadline of the prediction' },
    });
    await Promise.all(requestsOfJudge().map(({ abandoned }) => abandoned));
    expectHonest(outcomes, metadata.costUsd);
  });

  test('is not asked if the budget is used up, and costs nothing', async () => {
    // The most that a member may cost is reserved before its call, and an answer of a judge may cost more than is left.
    const ensemble = ensembleOf((request) => choosing(request), {
      budget: { perPredictionUsd: 0.5, maxOutputTokens: 60 },
    });
    const { answer, metadata, outcomes } = await ensemble.predict('Which city?');
    expect(answer).toBe('paris');
    expect(metadata).toMatchObject({
      status: 'degraded',
      missing: [],
      successes: 3,
      decision: { status: 'failed', reason: expect.stringContaining('of $0.50 is left') },
    });
    expect(requestsOfJudge()).toHaveLength(0);
    expect(metadata.costUsd).toBeCloseTo(3 * PAID, 9);
    for (const { role, costUsd } of outcomes) expect(costUsd).toBeCloseTo(role === undefined ? PAID : 0, 9);
  });

  test('is retried as a member is', async () => {
    const ensemble = ensembleOf(
      (request, number) => (number === 1 ? json({}, { status: 503 }) : choosing(request)),
      { retry: { maxAttempts: 2, baseDelayMs: 1 } },
    );
    const { answer, metadata } = await ensemble.predict('Which city?');
    expect(answer).toBe('lyon');
    expect(metadata.status).toBe('complete');
    expect(requestsOfJudge()).toHaveLength(3);
  });

  test('streams after the votes and their groups, in order', async () => {
    const texts = ['It is Paris.', 'Paris', 'Lyon, on the Rhône', 'Lyon.', 'Nice'];
    const ensemble = ensembleOf((request) => choosing(request), { grouping: byContent() }, texts);
    const events: StreamEvent<unknown>[] = [];
    for await (const event of ensemble.stream('Which city?')) events.push(event);
    const kinds = events
      .filter(({ type }) => !type.endsWith('delta'))
      .map((event) => ('role' in event ? `${event.type} of the ${event.role}` : event.type));
    const first = kinds.findIndex((kind) => kind.endsWith('judge'));
    expect(kinds.slice(0, first).filter((kind) => !kind.startsWith('call'))).toEqual([
      ...texts.flatMap(() => ['response', 'consensus']),
    ]);
    expect(kinds.slice(first)).toEqual([
      ...['call-start of the judge', 'call-start of the judge'],
      ...['call-end of the judge', 'response of the judge'],
      ...['call-end of the judge', 'response of the judge'],
      'complete',
    ]);
    const isOfJudge = (event: StreamEvent<unknown>): boolean => 'model' in event && event.model === 'judge';
    expect(events.findLastIndex(({ type }) => type === 'consensus')).toBeLessThan(
      events.findIndex(isOfJudge),
    );
    expect(events.filter((event) => event.type === 'delta' && isOfJudge(event)).length).toBeGreaterThan(1);
    const votes = events.findLast((event) => event.type === 'consensus');
    expect(votes).toMatchObject({ consensus: 0.4 });
    const complete = events.at(-1);
    if (complete?.type !== 'complete') throw new Error('the stream has no prediction');
    const { text, metadata, outcomes } = complete.prediction;
    expect(text).toBe('Lyon, on the Rhône');
    expect(metadata).toMatchObject({ consensus: 0.4, grouping: 'byContent', decision: { status: 'chosen' } });
    expectHonest(outcomes, metadata.costUsd);
  });
});
