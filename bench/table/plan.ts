/** A bench with rows in the table, and how it is started. */
export interface Step {
  /** The file in `bench/`. */
  readonly script: string;
  readonly flags?: readonly string[];
  /** The arguments for the whole table. */
  readonly args?: readonly string[];
  /** Takes the number of rounds as an argument before the other ones. */
  readonly hasRounds?: true;
  /** The arguments for `--quick`; without it, the quick table leaves the bench out. */
  readonly quick?: readonly string[];
  /** Starts the built package, so it is built before. */
  readonly isBuilt?: true;
}

/** The benches with rows in the table. */
export const plan: readonly Step[] = [
  { script: 'predict.ts', hasRounds: true, quick: ['--quick'] },
  { script: 'questions.ts', flags: ['--expose-gc'], args: ['--quick'], quick: ['--quick'] },
  {
    script: 'policies.ts',
    hasRounds: true,
    args: ['predict', 'cache hit', 'priceOf, 100 calls'],
    quick: ['--quick'],
  },
  { script: 'rescoring.ts', hasRounds: true, quick: ['--quick'] },
  { script: 'normalizers.ts', quick: ['--quick'] },
  { script: 'http.ts', args: ['--quick'], quick: ['--quick'] },
  { script: 'start.ts', quick: ['--quick'], isBuilt: true },
  { script: 'tune-speed.ts' },
  { script: 'instructions.ts', args: ['floorFull', 'predict', 'stream'] },
  { script: 'peers.ts', hasRounds: true },
];
