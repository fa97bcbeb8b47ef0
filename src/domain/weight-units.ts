/**
 * Weights are summed as whole numbers of billionths, so that a sum is the same in every order of votes and has no
 * rounding error. Values that are compared use the same units.
 */
const UNITS = 1e9;

/** Converts a weight to units, which can be added exactly. */
export const toUnits = (weight: number): number => Math.round(weight * UNITS);

/** Converts a sum of units to a weight. */
export const fromUnits = (units: number): number => units / UNITS;
