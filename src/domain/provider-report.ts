import { readSafely } from './foreign.ts';
import { internal } from './internal.ts';
import type { RateLimits } from './rate-limits.ts';

/** The provider's name for an answer and for the model that gave it. The model differs from the one called by alias. */
export interface ProviderMetadata {
  readonly id?: string;
  readonly model?: string;
  /** The provider's word for why the model stopped, if the finish reason is `other`. */
  readonly finishReason?: string;
}

/** Facts that a provider reports together with an answer or a refusal. */
export interface ProviderReport {
  readonly metadata?: ProviderMetadata | undefined;
  /** The faults of a response that still counts, such as a usage below 0. Each is a phrase. */
  readonly warnings?: readonly string[] | undefined;
  /** Only true at the moment of the report, so it is never cached or written. */
  readonly rateLimits?: RateLimits | undefined;
}

/** A response, or the options of an error, with the report of its provider. */
export interface Reported {
  /** @internal */
  readonly [internal]?: ProviderReport;
}

/**
 * Returns a report to be spread into a response or into the options of an error.
 *
 * @param known a response whose own report stays, unless the new one says otherwise.
 *
 * @example
 * ```ts
 * import { providerRateLimits, reportedByProvider } from 'crucible-ensemble/policies';
 *
 * const response = { text: '4', ...reportedByProvider({ rateLimits: { requests: { remaining: 59 } } }) };
 * providerRateLimits(response); // => { requests: { remaining: 59 } }
 * ```
 */
export const reportedByProvider = (report: ProviderReport, known?: Reported): Reported => {
  const { metadata, warnings = [], rateLimits } = merged(known, report);
  const isNamed = metadata !== undefined && Object.values(metadata).some((name) => name !== undefined);
  const hasWarnings = warnings.length > 0;
  if (!isNamed && !hasWarnings && rateLimits === undefined) return {};
  return {
    [internal]: {
      ...(isNamed && { metadata }),
      ...(hasWarnings && { warnings }),
      ...(rateLimits && { rateLimits }),
    },
  };
};

/** Ignores a report that cannot be read. */
const merged = (known: Reported | undefined, report: ProviderReport): ProviderReport => {
  try {
    return { ...known?.[internal], ...report };
  } catch {
    return {};
  }
};

const reportOf = (result: unknown): ProviderReport | undefined =>
  readSafely(result, internal) as ProviderReport | undefined;

/** Returns the remaining rate limits of the provider that a response or a `ModelError` reports. */
export const providerRateLimits = (result: unknown): RateLimits | undefined => reportOf(result)?.rateLimits;

/** Returns the provider's names for an answer and its model, as a response reports them. */
export const providerMetadata = (result: unknown): ProviderMetadata | undefined => reportOf(result)?.metadata;

/** Returns what was wrong with a response that counts anyway, as its provider reports it. */
export const providerWarnings = (result: unknown): readonly string[] => reportOf(result)?.warnings ?? none;

const none: readonly string[] = [];

/** Reads metadata as a provider sent it; `undefined` if none of the names is a string. */
export const toProviderMetadata = (
  id: unknown,
  model: unknown,
  finishReason?: string,
): ProviderMetadata | undefined => {
  const hasId = typeof id === 'string' && id !== '';
  const hasModel = typeof model === 'string' && model !== '';
  if (!hasId && !hasModel && finishReason === undefined) return undefined;
  return { ...(hasId && { id }), ...(hasModel && { model }), ...(finishReason && { finishReason }) };
};
