import { Inject } from '@nestjs/common';
import { checked, nonEmpty } from '../options.ts';

/**
 * Returns the injection token of an ensemble, to replace it in a test: `overrideProvider(getEnsembleToken('panel'))`.
 *
 * @throws {ConfigError} if the name is no text, or empty.
 */
export const getEnsembleToken = (name?: string): string => {
  checked('getEnsembleToken', { name }, { name: nonEmpty });
  return name === undefined ? 'crucible-ensemble' : `crucible-ensemble:${name}`;
};

/**
 * Injects an ensemble. A name needs `EnsembleModule.forFeature(name)` among the imports of the module. Without a name it is
 * the only ensemble, or the one named `default`, in every module.
 *
 * @example
 * ```ts no-run
 * import { Injectable } from '@nestjs/common';
 * import type { Ensemble } from 'crucible-ensemble';
 * import { InjectEnsemble } from 'crucible-ensemble/nest';
 *
 * @Injectable()
 * class Answers {
 *   constructor(@InjectEnsemble() private readonly panel: Ensemble) {}
 * }
 * ```
 */
export const InjectEnsemble = (name?: string): PropertyDecorator & ParameterDecorator =>
  Inject(getEnsembleToken(name));
