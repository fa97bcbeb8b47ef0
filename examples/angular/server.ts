/** Serves the built app and its panels at one origin. `npm start` builds the app first. */
import { createEnsemble, defineModel, simulated } from 'crucible-ensemble';
import { createEnsembleHandler } from 'crucible-ensemble/server';
import { serveApp } from './serve-app.ts';

const models = [400, 1200, 2500].map((latencyMs, n) =>
  simulated({
    id: `model-${n + 1}`,
    latencyMs,
    seed: n,
    costUsd: 0.002,
    accuracy: 1,
    answer: n < 2 ? 'Paris' : 'Lyon',
  }),
);
const down = defineModel('down', () => {
  throw new Error('this model is down');
});
const handler = createEnsembleHandler({
  ensembles: { panel: createEnsemble({ models }), broken: createEnsemble({ models: [down] }) },
});
const server = serveApp(new URL('dist/browser/', import.meta.url), handler, 4747);
await server.ready();
console.log(`The panel is at ${server.url}`);
