import { fromPanel, type LabelledBallot, type Panel } from '../../src/experiment/experiment.ts';
import { createEnsemble, NoPredictionError, replay } from '../../src/index.ts';
import type { Recording } from './evaluate.ts';

/** The result of one question. */
export interface Answered {
  readonly isGiven: boolean;
  readonly isRight: boolean;
  readonly calls: number;
  /** `undefined` if the recording has no costs. */
  readonly costUsd: number | undefined;
}

/** The part of a panel that running it depends on. */
export type RunnablePanel = Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>;

/** Writes a panel as JSON, and runs what is read from it as an ensemble of replayed models, on some of the questions. */
export const runPanel = async (
  { questions, normalization }: Recording,
  panel: RunnablePanel,
  held: readonly number[],
  ballots: readonly LabelledBallot[],
): Promise<Answered[]> => {
  // One question may stand in a recording twice, with other answers: the id makes each a query of its own.
  const records = held.flatMap((place) => {
    const record = questions[place];
    return record === undefined ? [] : [{ ...record, question: `${record.id}\n${record.question}` }];
  });
  const written = JSON.stringify({ format: 'crucible-ensemble/panel', version: 1, ...panel });
  const ensemble = createEnsemble({
    ...fromPanel(JSON.parse(written), { models: replay(records) }),
    normalization,
  });
  const results = await Array.fromAsync(
    ensemble.predictAll(
      records.map(({ question }) => question),
      {
        onError: (error: unknown): NoPredictionError => {
          if (error instanceof NoPredictionError) return error;
          throw error;
        },
      },
    ),
  );
  return results.map((result, at): Answered => {
    const ballot = ballots[held[at] ?? -1];
    const answer = result instanceof NoPredictionError ? undefined : String(result.answer);
    // Replayed models answer at once, so calls that would start together are never started once the answer is decided.
    const called =
      panel.execution.schedule === 'parallel' ? panel.members : result.outcomes.map(({ model }) => model);
    return {
      isGiven: answer !== undefined,
      isRight: answer !== undefined && (ballot?.rightKeys.has(answer) ?? false),
      calls: called.length,
      costUsd: called.reduce<number | undefined>((sum, model) => {
        const costUsd = ballot?.votes.get(model)?.costUsd;
        return sum === undefined || costUsd === undefined ? undefined : sum + costUsd;
      }, 0),
    };
  });
};
