import { plainName } from '../domain/quoting.ts';
import { between, delayMs, limitMs, oneOf, suchThat, wholeNumber } from '../options.ts';
import { type FlagChecks, faultsByFlag } from './flag-checks.ts';
import { flagOf } from './flags.ts';
import { type PredictFlags, predictFlags } from './predict-flags.ts';
import { isAssignment, keysGivenTwice } from './provider-settings.ts';
import { aboveZeroUsd } from './spending-limit.ts';

const MAX_PANEL = 100;
const panelSize = suchThat(
  `an integer from 1 to ${MAX_PANEL}`,
  (value) => wholeNumber(1)(value) === undefined && (value as number) <= MAX_PANEL,
);

const checks: FlagChecks<PredictFlags> = {
  timeoutMs: limitMs,
  deadlineMs: limitMs,
  minResponses: wholeNumber(1),
  earlyStop: oneOf(['decided'], 'or a share from 0 to 1', (value) => between(0, 1)(value) === undefined),
  minConsensus: between(0, 1),
  hedgeDelayMs: delayMs,
  maxHedges: wholeNumber(0),
  confidenceThreshold: between(0, 1),
  samples: wholeNumber(1),
  maxUsd: aboveZeroUsd,
  providerOption: suchThat('key=value, such as temperature=0', isAssignment),
  concurrency: wholeNumber(1),
  simulate: panelSize,
};

const WITH_FIELDS = '--input with a file that has fields: .csv, .tsv, .jsonl or .json';
const hasFields = ({ input }: PredictFlags): boolean =>
  input !== undefined && !/\.txt(?:\.gz)?$/i.test(input);

/** Flags that work only with another flag. */
const requirements = [
  ['minConsensus', '--execution sequential', ({ execution }) => execution === 'sequential'],
  ['hedgeDelayMs', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['maxHedges', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['confidenceThreshold', '--execution cascade', ({ execution }) => execution === 'cascade'],
  ['baseUrl', '--models', ({ models }) => models !== undefined],
  ['apiKeyEnv', '--base-url', ({ baseUrl }) => baseUrl !== undefined],
  ['questionField', WITH_FIELDS, hasFields],
  ['fileField', WITH_FIELDS, hasFields],
  ['allowOutside', '--file-field', ({ fileField }) => fileField !== undefined],
  ['concurrency', '--input or --lines', ({ input, lines }) => input !== undefined || lines === true],
  ['withLatency', '--replay', ({ replay }) => replay !== undefined],
  ['seed', '--simulate', ({ simulate }) => simulate !== undefined],
] as const satisfies readonly (readonly [keyof PredictFlags, string, (flags: PredictFlags) => boolean])[];

/** Flags that exclude each other. */
const conflicts = [
  ['choices', 'normalization'],
  ['models', 'replay'],
  ['simulate', 'models'],
  ['simulate', 'replay'],
  ['simulate', 'providerOption'],
  ['replay', 'providerOption'],
  ['input', 'lines'],
  ['simulate', 'maxUsd', 'simulated models send nothing that is paid'],
  ['replay', 'maxUsd', 'a recording sends nothing that is paid'],
] as const satisfies readonly (readonly [keyof PredictFlags, keyof PredictFlags, reason?: string])[];

/** The flags with valid values, and the faults of the others. */
export interface ParsedFlags {
  readonly flags: PredictFlags;
  readonly faults: readonly string[];
}

/** Checks the values of flags, and that they go together. */
export const parsePredictFlags = (values: PredictFlags): ParsedFlags => {
  const faults = faultsByFlag(values, predictFlags, checks);
  const valid: PredictFlags = Object.fromEntries(
    Object.entries(values).filter(([name]) => faults[name]?.length === 0),
  );
  // If the execution is misspelt, its requirements are unknown.
  const isExecutionValid = values.execution === valid.execution;
  return {
    flags: valid,
    faults: [
      ...Object.values(faults).flat(),
      ...keysGivenTwice(valid.providerOption ?? []).map(
        (key) => `${flagOf('providerOption')} ${plainName(key)} is given more than once; give it once`,
      ),
      ...requirements
        .filter(([name, , isMet]) => values[name] !== undefined && isExecutionValid && !isMet(values))
        .map(([name, needed]) => `${flagOf(name)} needs ${needed}`),
      ...conflicts
        .filter(([one, other]) => values[one] !== undefined && values[other] !== undefined)
        .map(
          ([one, other, reason]) =>
            `${flagOf(one)} and ${flagOf(other)} exclude each other${reason === undefined ? '' : `, because ${reason}`}; remove one`,
        ),
    ],
  };
};
