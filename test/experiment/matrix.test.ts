import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/experiment/experiment.ts';
import { ConfigError, hedged, majority, never, simulated } from '../../src/index.ts';

const [a, b] = [simulated({ id: 'a' }), simulated({ id: 'b' })];

describe('matrix', () => {
  it('has every combination once, and each value as it was given', () => {
    const execution = hedged();
    const conditions = matrix({ models: [[a, b]], execution: ['parallel', execution], timeoutMs: [10, 20] });
    expect(Object.keys(conditions)).toStrictEqual([
      'parallel timeoutMs=10',
      'parallel timeoutMs=20',
      'hedged timeoutMs=10',
      'hedged timeoutMs=20',
    ]);
    expect(conditions['hedged timeoutMs=20']).toStrictEqual({ models: [a, b], execution, timeoutMs: 20 });
  });

  it('tells apart what has the same name', () => {
    const names = Object.keys(
      matrix({ models: [[a], [b]], execution: [hedged(), hedged({ hedgeDelayMs: 5 })] }),
    );
    expect(names).toStrictEqual(['a hedged', 'a hedged #2', 'b hedged', 'b hedged #2']);
  });

  it('names voters, functions and other values', () => {
    const even = (text: string) => text.length % 2;
    const names = Object.keys(
      matrix({
        models: [[a]],
        strategy: [majority(), 'unanimous'],
        normalization: [even, 'json'],
        earlyStop: [false, never()],
      }),
    );
    expect(names[0]).toBe('majority normalization=even earlyStop=false');
    expect(names).toHaveLength(8);
  });

  it('names a single combination by its models', () => {
    expect(Object.keys(matrix({ models: [[a, b]], samples: [3] }))).toStrictEqual(['a+b']);
  });

  it('refuses what is no choice, all at once', () => {
    // @ts-expect-error a list is missing
    expect(() => matrix({ models: [], samples: 3 })).toThrow(/option "models".*\n.*option "samples"/);
    expect(() => matrix({})).toThrow(ConfigError);
  });
});
