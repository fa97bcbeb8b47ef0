/**
 * Weights are summed in billionths, as whole numbers, so that a sum is the same in every order of votes and no
 * rounding error is left at the end. What is compared with one another is counted in the same units.
 */
const UNITS = 1e9;

/** A weight in units, to be added up. */
export const toUnits = (weight: number): number => Math.round(weight * UNITS);

/** The weight of a sum of units. */
export const fromUnits = (units: number): number => units / UNITS;
