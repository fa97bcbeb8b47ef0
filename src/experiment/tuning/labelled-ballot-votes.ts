import { plus } from '../../domain/cost.ts';
import type { Normalizer } from '../../domain/normalizer.ts';
import type { Outcome, Vote } from '../../domain/outcome.ts';
import { createReader } from '../../engine/reader.ts';
import { toRequest } from '../../engine/to-request.ts';
import { recountWith, winnerOf } from '../../metrics/explanation/recount.ts';
import { majority } from '../../strategies/voting/majority.ts';
import type { Question } from '../question.ts';
import type { RecordedVote } from './labelled-ballot.ts';

/** What one call came to: a vote, or none. */
export interface Saying {
  readonly model: string;
  readonly vote: Vote | undefined;
  readonly costUsd: number | undefined;
  readonly latencyMs: number | undefined;
}

/** Reads the answer out of a text, just as an election reads what a model wrote. */
export type ReadAnswer = (text: string) => Vote | undefined;

/** A reader of texts that nobody is asked for. */
export const answerReader = (normalize: Normalizer): ReadAnswer => {
  const read = createReader({ normalize, pricing: undefined, acceptUnfinished: false });
  const request = toRequest('');
  return (text) => {
    const outcome = read({ text }, { model: { id: 'recorded' }, index: 0, latencyMs: 0, request });
    return outcome.status === 'answered' ? outcome : undefined;
  };
};

/** What was recorded elsewhere. */
export const sayingsOf = ({ responses = [] }: Question, read: ReadAnswer): Saying[] =>
  responses.map(({ model, text, costUsd, latencyMs }) => ({ model, vote: read(text), costUsd, latencyMs }));

/** What was heard in a prediction; nothing was, of a call that was cancelled. */
export const sayingsIn = (outcomes: readonly Outcome[]): Saying[] =>
  outcomes
    .filter(({ status }) => status !== 'cancelled')
    .map((outcome) => ({ ...outcome, vote: outcome.status === 'answered' ? outcome : undefined }));

/** The different answers, each under its key. */
export const answersIn = (sayings: readonly Saying[]): ReadonlyMap<string, unknown> =>
  new Map(sayings.flatMap(({ vote }) => (vote === undefined ? [] : [[vote.key, vote.answer]])));

/** One vote for each model: of several samples the majority, at what all of them cost together. */
export const votesOf = (sayings: readonly Saying[]): ReadonlyMap<string, RecordedVote> =>
  new Map(
    Array.from(
      Map.groupBy(sayings, ({ model }) => model),
      ([model, samples]) => [model, voteOf(samples)],
    ),
  );

const voteOf = (samples: readonly Saying[]): RecordedVote => {
  const votes = samples.flatMap(({ vote }) => (vote === undefined ? [] : [vote]));
  const tally = recountWith(majority())(votes);
  const costUsd = samples.reduce<number | undefined>((sum, sample) => plus(sum, sample.costUsd), undefined);
  const latencies = samples.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]));
  return {
    key: winnerOf(tally),
    ...(tally.confidence !== undefined && { confidence: tally.confidence }),
    ...(costUsd !== undefined && { costUsd }),
    ...(latencies.length > 0 && { latencyMs: Math.max(...latencies) }),
  };
};
