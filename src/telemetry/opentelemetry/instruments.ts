import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import type { Usage } from '../../domain/model.ts';
import { type Conventions, GEN_AI, METRIC, SECONDS, SHARES, TOKENS } from './conventions.ts';

/** The instruments of all metrics. */
export interface Instruments {
  readonly callDuration: Histogram;
  readonly timeToFirstChunk: Histogram;
  readonly countTokens: (usage: Usage, attributes: Attributes) => void;
  readonly predictionDuration: Histogram;
  readonly consensus: Histogram;
  readonly votes: Counter;
  readonly missingMembers: Counter;
  readonly cancelledCalls: Counter;
  readonly cacheHits: Counter;
  readonly cost: Counter;
}

/** Creates the instruments of a meter, with their units and buckets. */
export const createInstruments = (meter: Meter, conventions: Conventions): Instruments => {
  const histogram = (name: string, description: string, unit: string, buckets: readonly number[]) =>
    meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries: [...buckets] } });
  const counter = (name: string, description: string, unit: string) =>
    meter.createCounter(name, { description, unit });
  return {
    callDuration: histogram(conventions.callDuration, 'Duration of a call', 's', SECONDS),
    timeToFirstChunk: histogram(
      conventions.timeToFirstChunk,
      'Time to the first piece of a streamed answer',
      's',
      SECONDS,
    ),
    countTokens: tokenCounter(conventions.tokens, histogram, counter),
    predictionDuration: histogram(METRIC.predictionDuration, 'Duration of a prediction', 's', SECONDS),
    consensus: histogram(METRIC.consensus, 'Share of the votes that are for the answer', '1', SHARES),
    votes: counter(METRIC.votes, 'Answers by result: winning, losing, undecided or abstained', '{vote}'),
    missingMembers: counter(METRIC.missingMembers, 'Members missing from a prediction', '{member}'),
    cancelledCalls: counter(METRIC.cancelledCalls, 'Cancelled calls', '{call}'),
    cacheHits: counter(METRIC.cacheHits, 'Calls answered by a cache', '{call}'),
    cost: counter(METRIC.cost, 'Cost of calls, in USD', '{USD}'),
  };
};

type Make<Instrument> = (
  name: string,
  description: string,
  unit: string,
  buckets: readonly number[],
) => Instrument;

const tokenCounter = (
  names: Conventions['tokens'],
  histogram: Make<Histogram>,
  counter: Make<Counter>,
): Instruments['countTokens'] => {
  if (typeof names === 'string') {
    const tokens = histogram(names, 'Tokens per call', '{token}', TOKENS);
    return ({ inputTokens, outputTokens }, attributes) => {
      const record = (type: string, count: number | undefined) => {
        if (count !== undefined) tokens.record(count, { ...attributes, [GEN_AI.tokenType]: type });
      };
      record('input', inputTokens);
      record('output', outputTokens);
    };
  }
  const of = (name: string, kind: string) => counter(name, `Number of ${kind} tokens`, '{token}', []);
  const counters = {
    inputTokens: of(names.input, 'input'),
    outputTokens: of(names.output, 'output'),
    cachedInputTokens: of(names.cacheRead, 'cached input'),
    cacheWriteTokens: of(names.cacheWrite, 'input'),
    reasoningTokens: of(names.reasoning, 'reasoning'),
  };
  const entries = Object.entries(counters) as [keyof typeof counters, Counter][];
  return (usage, attributes) => {
    for (const [name, tokens] of entries) {
      const count = usage[name];
      if (count !== undefined) tokens.add(count, attributes);
    }
  };
};
