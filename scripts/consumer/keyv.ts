/** A Keyv as the store of a cache. */
import assert from 'node:assert/strict';
import { createEnsemble, defineModel } from 'crucible-ensemble';
import { cache } from 'crucible-ensemble/policies';
import { Keyv } from 'keyv';
import type { Checks } from './checks.ts';

export const checks: Checks = {
  'keeps answers': async () => {
    let calls = 0;
    const model = defineModel('capitals', () => {
      calls += 1;
      return { text: 'Paris', costUsd: 0.002 };
    });
    const store = new Keyv();
    for (let time = 0; time < 2; time += 1) {
      const ensemble = createEnsemble({ models: [cache({ store, ttlMs: 60_000 })(model)] });
      assert.equal((await ensemble.predict('?')).text, 'Paris');
    }
    assert.equal(calls, 1);
  },
};
