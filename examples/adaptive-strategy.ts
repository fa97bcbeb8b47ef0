// How to ask, chosen by what is at stake: every option can be overridden for one prediction.
import { cascade, createEnsemble, hedged, type PredictOverrides, simulated } from 'crucible-ensemble';

const ensemble = createEnsemble({
  models: [
    simulated({ id: 'small', accuracy: 1, latencyMs: 300, confidence: 0.93, costUsd: 0.0002 }),
    simulated({ id: 'medium', accuracy: 1, latencyMs: 40, confidence: 0.95, costUsd: 0.0009 }),
    simulated({ id: 'large', accuracy: 1, latencyMs: 120, confidence: 0.98, costUsd: 0.0031 }),
  ],
});

interface Context {
  readonly stakes: 'high' | 'normal';
  readonly budgetUsd: number;
  readonly isBusy: boolean;
}

const optionsFor = ({ stakes, budgetUsd, isBusy }: Context): PredictOverrides<'numeric'> => {
  // All must answer, and agree; an answer that is not unanimous is none.
  if (stakes === 'high') return { strategy: 'unanimous', normalization: 'numeric' };
  // The cheapest model first; a dearer one only where it is not sure.
  if (budgetUsd < 0.001) {
    return { execution: cascade({ confidenceThreshold: 0.9 }), normalization: 'numeric' };
  }
  // Somebody waits: a backup soon, and the first answer wins.
  if (isBusy) return { execution: hedged({ hedgeDelayMs: 20, maxHedges: 1 }), normalization: 'numeric' };
  return { earlyStop: 'decided', normalization: 'numeric' };
};

const contexts: Readonly<Record<string, Context>> = {
  'high stakes': { stakes: 'high', budgetUsd: 0.01, isBusy: false },
  'cost sensitive': { stakes: 'normal', budgetUsd: 0.0005, isBusy: false },
  busy: { stakes: 'normal', budgetUsd: 0.01, isBusy: true },
  'nothing special': { stakes: 'normal', budgetUsd: 0.01, isBusy: false },
};

for (const [name, context] of Object.entries(contexts)) {
  const { answer, metadata, outcomes } = await ensemble.predict('What is 17 * 23?', optionsFor(context));
  console.log(
    `${name.padEnd(16)} ${answer}  ${metadata.execution}/${metadata.strategy}: ` +
      outcomes.map(({ model, status }) => `${model} ${status}`).join(', '),
  );
}
