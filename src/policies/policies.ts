export type {
  AttemptCost,
  AttemptListener,
  FailedAttempt,
  ModelInput,
  OpenAttempt,
} from '../domain/attempt.ts';
export type { CallResult } from '../domain/call-result.ts';
export type { ProviderMetadata, ProviderReport, Reported } from '../domain/provider-report.ts';
export { providerMetadata, providerRateLimits, reportedByProvider } from '../domain/provider-report.ts';
export type { Allowance, RateLimits } from '../domain/rate-limits.ts';
export { attemptListener } from '../domain/request.ts';
export { type BudgetOptions, budget } from './budget.ts';
export { type CacheOptions, cache } from './cache.ts';
export type { CacheStore } from './cache-store.ts';
export type { CircuitState } from './circuit.ts';
export { type CircuitBreakerOptions, type CircuitChange, circuitBreaker } from './circuit-breaker.ts';
export { type ConcurrencyOptions, concurrency } from './concurrency.ts';
export { type FallbackOptions, fallback } from './fallback.ts';
export { isTransient } from './is-transient.ts';
export { isUnusable } from './is-unusable.ts';
export { type RateLimitOptions, rateLimit } from './rate-limit.ts';
export { type RetryOptions, retry } from './retry.ts';
export { type RetryBudget, type RetryBudgetOptions, retryBudget } from './retry-budget.ts';
export type { ShouldHandle } from './should-handle.ts';
export { type SpendingCap, type SpendingCapOptions, spendingCap } from './spending-cap.ts';
export { type TimeoutOptions, timeout } from './timeout.ts';
