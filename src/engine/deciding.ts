import type { DecideFunction, Decider } from '../domain/decider.ts';
import { calledAs } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { ownName } from '../domain/own-name.ts';
import { refuseValue, suchThat } from '../options.ts';
import { closing } from './closing.ts';
import type { Deciding } from './forms.ts';
import { isDecider } from './option-specs.ts';

/**
 * Adds to a decider, or to a function of the tally, the steps that ask it: the option `decide` of an ensemble of values.
 *
 * @throws {ConfigError} if it is neither.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { createEnsemble, deciding } from 'crucible-ensemble/values';
 *
 * const ensemble = createEnsemble({
 *   models: ['7', '8'].map((text) => defineModel(`says-${text}`, () => text)),
 *   normalization: (text) => text,
 *   decide: deciding(({ groups }) => ({ key: groups.at(-1)?.[0]?.key ?? '', reason: 'the last one' })),
 * });
 * const { answer, metadata } = await ensemble.predict('7 or 8?');
 * answer; // => '8'
 * metadata.decision?.reason; // => 'the last one'
 * ```
 */
export const deciding = (decide: Decider | DecideFunction): Deciding => {
  refuseValue('deciding: the decider', aDecider, decide);
  return {
    decider: typeof decide === 'function' ? fromDecideFunction(decide) : decide,
    [internal]: { closing },
  };
};

const aDecider = suchThat('a decider, or a function of the tally', isDecider);

const fromDecideFunction = (decide: DecideFunction): Decider => {
  const name = ownName(decide, 'decide');
  return { name, decide: (tally, context) => calledAs(name, () => decide(tally, context)) };
};
