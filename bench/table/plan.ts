/** A bench with rows in the table, and how it is started. */
export interface Step {
  /** The file in `bench/`. */
  readonly script: string;
  readonly flags?: readonly string[];
  /** The arguments for the whole table. */
  readonly args?: readonly string[];
  /** The arguments for `--quick`; without it, the quick table leaves the bench out. */
  readonly quick?: readonly string[];
  /** Starts the built package, so it is built before. */
  readonly isBuilt?: true;
}

/** The benches with rows in the table. */
export const plan: readonly Step[] = [
  { script: 'predict.ts', args: ['5'], quick: ['--quick'] },
  { script: 'questions.ts', flags: ['--expose-gc'], quick: ['--quick'] },
  { script: 'policies.ts', args: ['5', 'predict', 'cache hit', 'priceOf, 100 calls'], quick: ['--quick'] },
  { script: 'rescoring.ts', args: ['5'], quick: ['--quick'] },
  { script: 'normalizers.ts', quick: ['--quick'] },
  { script: 'http.ts', quick: ['--quick'] },
  { script: 'peers.ts', args: ['5'] },
];
