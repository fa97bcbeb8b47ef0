/** The module for NestJS, without the core of Nest: what its providers make. */
import assert from 'node:assert/strict';
import type { FactoryProvider } from '@nestjs/common';
import { createEnsemble, defineModel } from 'crucible-ensemble';
import { EnsembleModule, EnsembleRegistry, getEnsembleToken } from 'crucible-ensemble/nest';
import type { Checks } from './checks.ts';

const panel = createEnsemble({ models: [defineModel('a', () => '4')] });

export const checks: Checks = {
  'provides an ensemble by its name': async () => {
    const registry = new EnsembleRegistry({ ensembles: { panel } });
    const { providers = [] } = EnsembleModule.forFeature('panel');
    const [provider] = providers as FactoryProvider[];
    assert.ok(provider);
    assert.equal(provider.provide, getEnsembleToken('panel'));
    const { answer } = await provider.useFactory(registry).predict('What is 2 + 2?');
    assert.equal(answer, '4');
  },
  'declares the root module and the served one': () => {
    assert.equal(EnsembleModule.forRoot({ ensembles: { panel } }).global, true);
    assert.equal(EnsembleModule.serve({ path: 'ai' }).controllers?.length, 1);
  },
};
