import type { ReasoningEffort } from './reasoning-effort.ts';

/**
 * How models write their answers. A provider sends the settings that its model takes. One that the model is known to
 * refuse is left out, with a warning in the outcome. They go before the options of the models, but for `maxOutputTokens`:
 * the smallest limit holds.
 */
export interface QuerySettings {
  /** The maximum number of tokens that an answer may have, hidden reasoning included; from 1. */
  readonly maxOutputTokens?: number;
  /** The sampling temperature, 0..2. */
  readonly temperature?: number;
  /** The share of the probability that tokens are sampled from, 0..1. */
  readonly topP?: number;
  /** The number of likeliest tokens that are sampled from; from 1. */
  readonly topK?: number;
  /** How much a token that has occurred becomes less likely, -2..2. */
  readonly presencePenalty?: number;
  /** How much a token becomes less likely each time it has occurred, -2..2. */
  readonly frequencyPenalty?: number;
  /** Texts that end the answer before them. */
  readonly stopSequences?: readonly string[];
  /** A whole number that makes sampling repeatable where the provider can. */
  readonly seed?: number;
  /** How much the model reasons before it answers. */
  readonly reasoningEffort?: ReasoningEffort;
}
