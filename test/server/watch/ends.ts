import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Prediction } from '../../../src/index.ts';
import type { ServedEvent } from '../../../src/server/server.ts';

/** A call of a member that voted; `null` for a cost that is not known. */
export const vote = (model: string, key: string, latencyMs = 10, costUsd: number | null = 0.01): Outcome => ({
  model,
  index: 0,
  status: 'answered',
  key,
  answer: key,
  response: { text: key },
  confidence: undefined,
  latencyMs,
  costUsd: costUsd ?? undefined,
  costSource: costUsd === null ? 'unknown' : 'reported',
});

/** A call of a member that failed. */
export const failed = (model: string): Outcome =>
  ({
    model,
    index: 0,
    status: 'failed',
    error: Object.assign(new Error('down'), { name: 'ModelError' }),
    latencyMs: 5,
    costUsd: 0,
    costSource: 'reported',
  }) as unknown as Outcome;

type End = ServedEvent & { readonly type: 'end' };

let count = 0;

/** The end of a prediction with these calls. */
export const endOf = (
  outcomes: readonly Outcome[],
  {
    consensus = 1,
    ensemble = 'panel',
    caller,
  }: { consensus?: number; ensemble?: string; caller?: string } = {},
): End => {
  count += 1;
  const votes: Record<string, number> = {};
  for (const outcome of outcomes)
    if (outcome.status === 'answered') votes[outcome.key] = (votes[outcome.key] ?? 0) + 1;
  const prediction = {
    query: 'a secret question',
    answer: 'x',
    text: 'a secret answer',
    outcomes,
    metadata: {
      consensus,
      quorum: 1,
      votes,
      costUsd: 0.02,
      costSource: 'reported',
      latencyMs: 10,
      strategy: 'majority',
      execution: 'parallel',
      status: 'complete',
    },
  } as unknown as Prediction;
  return {
    type: 'end',
    served: {
      id: `id-${count}`,
      ensemble,
      caller,
      route: '/v1/predictions',
      query: { messages: [{ role: 'user', content: 'a secret question' }] },
    },
    latencyMs: 12,
    prediction,
  };
};
