import type { ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';

/**
 * Reads the cost that OpenRouter reports in its usage, in USD. With a key of the caller's own (`is_byok`), `cost` is
 * OpenRouter's fee alone, and the provider's price comes on top.
 */
export const reportedCost = (usage: unknown): Pick<ModelResponse, 'costUsd'> => {
  const { cost, is_byok: isByok, cost_details: details } = asObject(usage);
  const { upstream_inference_cost: upstream } = asObject(details);
  if (typeof cost !== 'number') return {};
  if (isByok !== true) return { costUsd: cost };
  return typeof upstream === 'number' ? { costUsd: cost + upstream } : {};
};
