import type { ModelIdentity } from '../domain/attempt.ts';
import type { Outcome } from '../domain/outcome.ts';
import { providerMetadata } from '../domain/provider-report.ts';

/** Returns the provider and its name of the model of an outcome; `undefined` if the model names no provider. */
export const servedBy = ({ provider, modelId }: ModelIdentity, outcome: Outcome): string | undefined => {
  if (provider === undefined) return undefined;
  const reported = 'response' in outcome ? providerMetadata(outcome.response)?.model : undefined;
  const name = reported ?? modelId;
  return name === undefined ? undefined : `${provider}/${name}`;
};
