import type { Voter } from '../../domain/voter.ts';
import { weighingVoter } from './poll.ts';

/**
 * The answer that most models gave; a plurality is enough. Abstentions and failures do not count.
 *
 * A tie goes to the answer with the most confident vote, then to the answer of the first of these in the panel. The result
 * is the same for every order in which the answers arrive.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, majority } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   strategy: majority(),
 * });
 * const { answer, metadata } = await ensemble.predict('What is 2 + 2?');
 * answer; // => '4'
 * metadata.votes; // => { 4: 2, 5: 1 }
 * ```
 */
export const majority = (): Voter => weighingVoter('majority');
