import { describe, expect, it } from 'vitest';
import {
  adaptive,
  cascade,
  createEnsemble,
  defineModel,
  hedged,
  logOdds,
  majority,
  sequential,
} from '../../src/index.ts';

const ensemble = (options: object) =>
  createEnsemble({ models: [defineModel('a', () => 'Paris')], ...options });

describe('an option of a strategy under another name', () => {
  it.each<readonly [name: string, owner: string, make: (options: never) => unknown, meant: string]>([
    ['voter', 'createEnsemble', ensemble, 'strategy'],
    ['stopWhen', 'createEnsemble', ensemble, 'earlyStop'],
    ['stopRule', 'createEnsemble', ensemble, 'earlyStop'],
    ['threshold', 'cascade', cascade, 'confidenceThreshold'],
    ['confidence', 'cascade', cascade, 'confidenceThreshold'],
    ['minModels', 'cascade', cascade, 'minResponses'],
    ['threshold', 'sequential', sequential, 'minConsensus'],
    ['consensus', 'sequential', sequential, 'minConsensus'],
    ['share', 'sequential', sequential, 'minConsensus'],
    ['delayMs', 'hedged', hedged, 'hedgeDelayMs'],
    ['maxCalls', 'hedged', hedged, 'maxHedges'],
    ['confidence', 'adaptive', adaptive, 'threshold'],
    ['accuracy', 'logOdds', logOdds, 'accuracies'],
  ])('%s of %s is refused with the name that was meant', (name, owner, make, meant) => {
    expect(() => make({ [name]: majority() } as never)).toThrow(
      `${owner}: there is no option "${name}"; did you mean "${meant}"?`,
    );
  });
});
