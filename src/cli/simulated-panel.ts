import type { Model } from '../domain/model.ts';
import { type SimulatedOptions, simulated } from '../models/simulated.ts';

/** The members from the cheapest to the most expensive, which is the order for cascades and hedges. */
const members = [
  {
    id: 'cirrus-small',
    accuracy: 0.85,
    latencyMs: { medianMs: 280, p99Ms: 700 },
    confidence: (isRight) => (isRight ? 0.78 : 0.61),
    costUsd: 0.0002,
  },
  {
    id: 'beacon-medium',
    accuracy: 0.92,
    latencyMs: { medianMs: 450, p99Ms: 850 },
    confidence: (isRight) => (isRight ? 0.91 : 0.66),
    costUsd: 0.0009,
  },
  {
    id: 'atlas-large',
    accuracy: 0.97,
    latencyMs: { medianMs: 650, p99Ms: 900 },
    confidence: (isRight) => (isRight ? 0.96 : 0.7),
    costUsd: 0.0031,
  },
] as const satisfies readonly SimulatedOptions[];

/** Returns a panel that needs no API key: a small, a medium and a large model, repeated up to `size`. */
export const simulatedPanel = (size: number = members.length, seed = '0'): Model[] =>
  Array.from({ length: Math.ceil(size / members.length) }, (_, round) =>
    members.map((member) =>
      simulated({ ...member, id: round === 0 ? member.id : `${member.id}-${round + 1}`, seed }),
    ),
  )
    .flat()
    .slice(0, size);
