import { asObject } from '../as-object.ts';
import type { ReportedCost } from '../openai-protocol/read-reply.ts';

/** The highest cost that is believed, in USD. No call costs more. */
const HIGHEST_COST_USD = 1e6;

/** xAI counts in ticks of a dollar. */
const TICKS_PER_USD = 1e10;

/**
 * Reads the cost that OpenRouter or xAI reports in its usage, in USD. With a key of the caller's own, `cost` is OpenRouter's
 * fee alone, often 0, and the provider's price comes on top.
 */
export const reportedCost = (usage: unknown): ReportedCost => {
  const { cost, is_byok: isByok, cost_details: details, cost_in_usd_ticks: ticks } = asObject(usage);
  const { upstream_inference_cost: upstream } = asObject(details);
  if (typeof ticks === 'number') return believed(ticks / TICKS_PER_USD);
  if (typeof cost !== 'number') return {};
  const isUpstreamApart = isByok === true || (cost === 0 && typeof upstream === 'number' && upstream > 0);
  if (isUpstreamApart && typeof upstream !== 'number') return {};
  return believed(isUpstreamApart ? cost + Number(upstream) : cost);
};

const believed = (costUsd: number): ReportedCost =>
  costUsd > HIGHEST_COST_USD
    ? { warnings: ['dropped the cost of the usage, which is above a million USD'] }
    : { costUsd };
