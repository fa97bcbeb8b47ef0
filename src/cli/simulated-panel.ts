import type { Model } from '../domain/model.ts';
import { type SimulatedOptions, simulated } from '../models/simulated.ts';

/** Cheapest first, as cascades and hedges want it. */
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

/** Options of {@link simulatedPanel}. */
export interface SimulatedPanelOptions {
  /** How many models. Default 3. */
  readonly size?: number;
  /** Makes another panel of the same models. Default 0. */
  readonly seed?: string;
}

/** A panel that needs no key: a small, a medium and a large model, and these again up to `size`. */
export const simulatedPanel = ({ size = members.length, seed = '0' }: SimulatedPanelOptions = {}): Model[] =>
  Array.from({ length: Math.ceil(size / members.length) }, (_, round) =>
    members.map((member) =>
      simulated({ ...member, id: round === 0 ? member.id : `${member.id}-${round + 1}`, seed }),
    ),
  )
    .flat()
    .slice(0, size);
