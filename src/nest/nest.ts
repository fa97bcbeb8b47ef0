/**
 * A module for NestJS. Requires `@nestjs/common`.
 *
 * @packageDocumentation
 */

export { ClientSignal } from './client-signal.ts';
export { EnsembleExceptionFilter } from './ensemble-exception-filter.ts';
export {
  type EnsembleHealth,
  EnsembleHealthIndicator,
  type EnsembleHealthOptions,
  type EnsembleHealthResult,
} from './ensemble-health-indicator.ts';
export { EnsembleModule, type EnsembleModuleAsyncOptions } from './ensemble-module.ts';
export { type EnsembleModuleOptions, EnsembleRegistry } from './ensemble-registry.ts';
export { getEnsembleToken, InjectEnsemble } from './inject-ensemble.ts';
export type { ServedOptions, ServeFactory, ServeOptions, ServePlace } from './serve-options.ts';
export { toMessageEvents } from './to-message-events.ts';
