import type { Aim, PanelExpectation } from './panel.ts';

/** A bound of an aim that the expectation of a panel does not keep. */
export interface AimMiss {
  readonly figure: 'accuracy' | 'precision' | 'costUsd' | 'calls';
  readonly bound: number;
  readonly expected: number;
  /** The distance of the expectation from the bound, above 0. */
  readonly by: number;
}

/** A bound of an aim. */
export interface Bound extends Pick<AimMiss, 'figure' | 'bound'> {
  /** Whether the figure must be at least or at most the bound. */
  readonly side: 'least' | 'most';
}

/** Returns the bounds of an aim: none if only the accuracy is maximized. */
export const boundsOf = (aim: Aim): readonly Bound[] => {
  if ('minimize' in aim) return [{ figure: 'accuracy', bound: aim.minAccuracy, side: 'least' }];
  if (aim.maximize === 'coverage') return [{ figure: 'precision', bound: aim.minPrecision, side: 'least' }];
  const { maxCostUsd, maxCalls } = aim;
  return [
    ...(maxCostUsd === undefined ? [] : [{ figure: 'costUsd', bound: maxCostUsd, side: 'most' } as const]),
    ...(maxCalls === undefined ? [] : [{ figure: 'calls', bound: maxCalls, side: 'most' } as const]),
  ];
};

/** Returns the bounds of an aim that an expectation does not keep. */
export const missesOf = (aim: Aim, expected: PanelExpectation): readonly AimMiss[] =>
  boundsOf(aim).flatMap(({ figure, bound, side }) => {
    const value = expected[figure]?.value;
    if (value === undefined) return [];
    const by = side === 'least' ? bound - value : value - bound;
    return by > ROUNDING * bound ? [{ figure, bound, expected: value, by }] : [];
  });

/** The share of a bound by which a sum may miss it through rounding. */
const ROUNDING = 1e-9;
