import { isWhole } from '../../domain/cost.ts';
import { given } from '../../domain/given.ts';
import type { ModelResponse } from '../../domain/model.ts';
import type { Normalizer } from '../../domain/normalizer.ts';
import { asCounted, type Outcome, type Vote } from '../../domain/outcome.ts';
import type { Query } from '../../domain/request.ts';
import type { Reading } from '../../engine/judge.ts';
import { createReader } from '../../engine/reader.ts';
import { toRequest } from '../../engine/to-request.ts';
import { recountWith, winnerOf } from '../../metrics/explanation/recount.ts';
import { responseOf } from '../../models/replay.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { isOutage } from '../left-out.ts';
import type { Question } from '../question.ts';
import { isNotRecorded } from '../trial.ts';
import type { RecordedVote } from './labelled-ballot.ts';

/** The result of one call: a vote, or none. */
export interface CallRecord {
  readonly model: string;
  readonly vote: Vote | undefined;
  /** Whether the call failed because of an outage. */
  readonly hasFailed?: boolean;
  /** The cost of the call; `undefined` if it is not wholly known. */
  readonly costUsd: number | undefined;
  readonly latencyMs: number | undefined;
}

/** Reads the answer out of a text or a response, as an ensemble does. The calls of tools in it answer a question with tools. */
export type ReadAnswer = (response: string | ModelResponse, question?: Query) => Vote | undefined;

/** Makes a reader of recorded texts. */
export const answerReader = (normalize: Normalizer): ReadAnswer => {
  const { judge, read } = createReader({ normalize, pricing: undefined, acceptUnfinished: false });
  const plain = toRequest('?');
  return (given, question) => {
    const request = question === undefined ? plain : toRequest(question);
    const response = typeof given === 'string' ? { text: given } : given;
    // Without a check, a judge is synchronous.
    const reading = judge(response, request) as Reading<unknown>;
    const call = { model: { id: 'recorded' }, index: 0, latencyMs: 0, request };
    const outcome = read(response, call, reading);
    return outcome.status === 'answered' ? outcome : undefined;
  };
};

/** Returns the results that were recorded elsewhere. */
export const recordsOfQuestion = ({ question, responses = [] }: Question, read: ReadAnswer): CallRecord[] =>
  responses.map((response) => {
    const { model, costUsd, latencyMs } = response;
    return { model, vote: read(responseOf(response), question), costUsd, latencyMs };
  });

/** Returns the results of the calls of a prediction, without calls that were cancelled or never made. */
export const recordsOfPrediction = (outcomes: readonly Outcome[]): CallRecord[] =>
  asCounted(outcomes)
    .filter((outcome) => outcome.status !== 'cancelled' && !isNotRecorded(outcome))
    .map((outcome) => ({
      ...outcome,
      vote: outcome.status === 'answered' ? outcome : undefined,
      hasFailed: isOutage(outcome),
      costUsd: isWhole(outcome) ? outcome.costUsd : undefined,
    }));

/** Returns the different answers, by key. */
export const answersIn = (records: readonly CallRecord[]): ReadonlyMap<string, unknown> =>
  new Map(records.flatMap(({ vote }) => (vote === undefined ? [] : [[vote.key, vote.answer]])));

/** Returns one vote for each model: the majority of its samples, at their total cost if that is wholly known. */
export const votesOf = (records: readonly CallRecord[]): ReadonlyMap<string, RecordedVote> =>
  new Map(
    Array.from(
      Map.groupBy(records, ({ model }) => model),
      ([model, samples]) => [model, voteOf(samples)],
    ),
  );

const voteOf = (samples: readonly CallRecord[]): RecordedVote => {
  const votes = samples.flatMap(({ vote }) => (vote === undefined ? [] : [vote]));
  const tally = recountWith(majority())(votes);
  const costUsd = samples.reduce<number | undefined>(
    (sum, sample) => (sum === undefined || sample.costUsd === undefined ? undefined : sum + sample.costUsd),
    0,
  );
  const latencies = samples.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]));
  const hasFailed = votes.length === 0 && samples.some((sample) => sample.hasFailed);
  return {
    key: winnerOf(tally),
    ...given({
      hasFailed: hasFailed || undefined,
      confidence: tally.confidence,
      costUsd,
      latencyMs: latencies.length > 0 ? Math.max(...latencies) : undefined,
    }),
  };
};
