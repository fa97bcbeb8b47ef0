// The four executions on the same panel and question: what each asks for, pays, and waits.
import { cascade, createEnsemble, hedged, parallel, sequential, simulated } from 'crucible-ensemble';

const ensemble = createEnsemble({
  // The order matters to all but `parallel`: cheapest first.
  models: [
    simulated({ id: 'small', accuracy: 1, latencyMs: 400, confidence: 0.7, costUsd: 0.0002 }),
    simulated({ id: 'medium', accuracy: 1, latencyMs: 120, confidence: 0.92, costUsd: 0.0009 }),
    simulated({ id: 'large', accuracy: 1, latencyMs: 200, confidence: 0.97, costUsd: 0.0031 }),
  ],
  normalization: 'numeric',
});

const executions = {
  parallel: parallel(),
  sequential: sequential({ minConsensus: 0.7 }),
  // The first model has 50 ms before the second is asked as well; the first answer ends it.
  hedged: hedged({ hedgeDelayMs: 50, maxHedges: 1 }),
  cascade: cascade({ confidenceThreshold: 0.9 }),
};

const row = (...cells: readonly string[]): void => {
  console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(12) : cell.padStart(12))).join(''));
};

row('execution', 'answer', 'calls', 'cancelled', 'known cost', 'latency');
for (const [name, execution] of Object.entries(executions)) {
  const { answer, metadata, outcomes } = await ensemble.predict('What is 17 * 23?', { execution });
  row(
    name,
    `${answer}`,
    `${outcomes.length}`,
    `${metadata.cancelled}`,
    `$${metadata.costUsd?.toFixed(4)}`,
    `${Math.round(metadata.latencyMs)} ms`,
  );
}
