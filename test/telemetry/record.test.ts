import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type EnsembleEvent,
  ProviderError,
  type RecordedCall,
  recordModelResponse,
  recordPrediction,
} from '../../src/index.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';
import { disorderIn, eventsOf } from './events-of.ts';
import { inTurn } from './in-turn.ts';

const here = () => createEnsemble({ name: 'here', models: [defineModel('a', () => '4')], earlyStop: 1 });

/** What there is to an event, but for who tells it, of which prediction, and when. */
const contentOf = (event: EnsembleEvent): unknown => {
  const { ensemble: _, prediction: __, atMs: ___, ...content } = event;
  return content;
};

const sorted = (events: readonly EnsembleEvent[]): unknown[] =>
  events
    .map(contentOf)
    .map((content) => JSON.stringify(content))
    .sort();

describe('recordPrediction', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it(
    'tells the events that the prediction itself told, with its durations and costs',
    marbles((m) => {
      const slow = new ProviderError('b', 'overloaded', { costUsd: 0.25 });
      const models = [
        scripted('a', m.cold('--4|     ', responses)),
        inTurn(
          1,
          scripted('b', m.cold('-#', undefined, slow)),
          scripted('b', m.cold('-(4|)', { '4': { text: '4', costUsd: 0.5 } })),
        ),
        scripted('c', m.cold('----#    ', undefined, slow)),
        scripted('d', m.cold('---x|    ', { x: { text: ' ' } })),
        scripted('e', m.cold('---------')),
      ];
      const elsewhere = createEnsemble({ models, deadlineMs: 6, minResponses: 1 });
      const ensemble = here();
      const [told, again] = [eventsOf(elsewhere), eventsOf(ensemble)];
      elsewhere.predict$('?').subscribe((prediction) => recordPrediction(ensemble, prediction));
      m.flush();
      expect(told).toHaveLength(15);
      expect(sorted(again)).toStrictEqual(sorted(told));
      expect(disorderIn(again)).toStrictEqual([]);
      expect(again.map(({ type, atMs }) => `${atMs} ${type}`)).toStrictEqual(
        told.map(({ type, atMs }) => `${atMs} ${type}`),
      );
      expect(again.every(({ ensemble: name }) => name === 'here')).toBe(true);
    }),
  );

  it('takes a prediction that was read back from JSON, and passes metadata through', async () => {
    const models = [defineModel('a', () => '4'), defineModel('b', () => Promise.reject(new Error('oh')))];
    const prediction = await createEnsemble({ models }).predict('?');
    const ensemble = here();
    const events = eventsOf(ensemble);
    recordPrediction(ensemble, JSON.parse(JSON.stringify(prediction)), {
      telemetryMetadata: { requestId: 'r-1' },
    });
    expect(disorderIn(events)).toStrictEqual([]);
    expect(events.every(({ metadata }) => metadata?.requestId === 'r-1')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'predict:stop', durationMs: prediction.metadata.latencyMs });
  });

  it('does nothing where nobody listens, and refuses what is no metadata', async () => {
    const ensemble = here();
    const prediction = await ensemble.predict('?');
    expect(recordPrediction(ensemble, prediction)).toBeUndefined();
    expect(() => recordPrediction(ensemble, prediction, { telemetryMetadata: 1 as never })).toThrow(
      'recordPrediction: option "telemetryMetadata" must be an object',
    );
    expect(() => recordPrediction({} as typeof ensemble, prediction)).toThrow('recordPrediction: expected');
  });
});

describe('recordModelResponse', () => {
  const response = { text: 'canary', usage: { inputTokens: 3, outputTokens: 1 }, costUsd: 0.25 };

  it('tells of a call that it began and ended, under a prediction of its own', () => {
    const ensemble = here();
    const events = eventsOf(ensemble);
    const asked = { model: 'b', provider: 'openai', modelId: 'gpt', latencyMs: 812 };
    recordModelResponse(ensemble, { ...asked, response });
    recordModelResponse(ensemble, { ...asked, response });
    expect(events.map(contentOf).slice(0, 2)).toStrictEqual([
      { type: 'model:start', model: 'b', provider: 'openai', modelId: 'gpt', call: 0, attempt: 1 },
      expect.objectContaining({
        type: 'model:stop',
        model: 'b',
        durationMs: 812,
        costUsd: 0.25,
        costSource: 'reported',
        status: 'answered',
        usage: response.usage,
        isCached: false,
      }),
    ]);
    const [first, second, third] = events;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeCloseTo(812, 6);
    expect(second?.prediction).toBe(first?.prediction);
    expect(third?.prediction).not.toBe(first?.prediction);
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  it('tells of a call that failed with what, and of an error of others with nothing but its name', () => {
    const ensemble = here();
    const events = eventsOf(ensemble);
    const own = new ProviderError('b', 'overloaded', { costUsd: 0.5 });
    recordModelResponse(ensemble, { model: 'b', latencyMs: 1, error: own });
    recordModelResponse(ensemble, { model: 'b', latencyMs: 1, error: new TypeError('canary') });
    expect(events[1]).toMatchObject({ type: 'model:exception', error: own, costUsd: 0.5 });
    expect(events[3]).toMatchObject({
      type: 'model:exception',
      error: { message: 'b: the call failed with TypeError' },
      costUsd: undefined,
      costSource: 'unknown',
    });
  });

  it('refuses calls without a model, a latency, or anything that came of them', () => {
    const ensemble = here();
    expect(() => recordModelResponse(ensemble, { latencyMs: -1 } as RecordedCall)).toThrow(
      'option "latencyMs" must be a number from 0',
    );
    expect(() => recordModelResponse(ensemble, { latencyMs: -1 } as RecordedCall)).toThrow('option "model"');
    expect(() => recordModelResponse(ensemble, { model: 'a', latencyMs: 1 } as RecordedCall)).toThrow(
      'recordModelResponse: expected a response or an error',
    );
  });
});
