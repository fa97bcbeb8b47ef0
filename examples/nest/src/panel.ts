import { createEnsemble, type Ensemble, type Model, simulated } from 'crucible-ensemble';
import { openaiCompatible } from 'crucible-ensemble/openai-compatible';
import type { Keyv } from 'keyv';

const HOUR_MS = 3_600_000;

/** Three models: simulated ones, or those of a server if MODELS_URL is set. */
const members = (): Model[] => {
  const baseURL = process.env.MODELS_URL;
  return [1, 2, 3].map((number) =>
    baseURL === undefined
      ? simulated({ id: `model-${number}`, seed: number, accuracy: 0.9, costUsd: 0.002, latencyMs: 200 })
      : openaiCompatible(`model-${number}`, { baseURL, apiKey: process.env.MODELS_KEY ?? 'none' }),
  );
};

/** A panel that asks each model each question once an hour. */
export const createPanel = (store: Keyv): Ensemble =>
  createEnsemble({
    name: 'panel',
    models: members(),
    normalization: 'numeric',
    retry: true,
    cache: { store, ttlMs: HOUR_MS },
  });
