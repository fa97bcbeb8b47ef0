import {
  ApplicationRef,
  createEnvironmentInjector,
  type EnvironmentInjector,
  provideZonelessChangeDetection,
  runInInjectionContext,
  signal,
  ɵINJECTOR_SCOPE,
} from '@angular/core';
import { createEnsemble, defineModel } from 'crucible-ensemble';
import { predictResource, provideEnsembleClient } from 'crucible-ensemble/angular';
import { createEnsembleHandler } from 'crucible-ensemble/server';
import type { Checks } from './checks.ts';

export const checks: Checks = {
  'shows a prediction as signals': async () => {
    const panel = createEnsemble({ models: [defineModel('a', () => '4')] });
    const handler = createEnsembleHandler({ ensembles: { panel } });
    const injector = createEnvironmentInjector(
      [
        { provide: ɵINJECTOR_SCOPE, useValue: 'root' },
        provideZonelessChangeDetection(),
        provideEnsembleClient({
          url: 'http://localhost',
          ensemble: 'panel',
          fetch: (input, init) => handler.fetch(new Request(input, init)),
        }),
      ],
      null as unknown as EnvironmentInjector,
    );
    const question = signal<string | undefined>(undefined);
    const resource = runInInjectionContext(injector, () => predictResource({ query: question }));
    const application = injector.get(ApplicationRef);
    application.tick();
    const before = resource.status();
    question.set('What is 2 + 2?');
    application.tick();
    await application.whenStable();
    const { text } = resource.value() ?? {};
    injector.destroy();
    if (before !== 'idle' || text !== '4')
      throw new Error(`expected idle and 4, but got ${before} and ${text}`);
  },
};
