import { createEnsemble, defineModel } from 'crucible-ensemble';
import { createEnsembleHandler } from 'crucible-ensemble/server';
import { serve } from 'srvx';
import type { Checks } from './checks.ts';

export const checks: Checks = {
  'serves an ensemble by srvx': async () => {
    const panel = createEnsemble({ models: [defineModel('a', () => '4')] });
    const { fetch: handle } = createEnsembleHandler({ ensembles: { panel } });
    const server = serve({
      fetch: handle,
      hostname: '127.0.0.1',
      port: 0,
      silent: true,
      gracefulShutdown: false,
    });
    await server.ready();
    const response = await fetch(`${server.url}v1/predictions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'panel', query: 'What is 2 + 2?' }),
    });
    const { answer } = (await response.json()) as { answer: unknown };
    await server.close(true);
    if (answer !== '4') throw new Error(`expected 4, but got ${answer}`);
  },
};
