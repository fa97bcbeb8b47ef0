import { differingParts } from '../../experiment/journal/fingerprint.ts';
import { refuse, shown } from '../../options.ts';
import { parseLine } from './parse-line.ts';

/** The first line of a journal. */
export interface Header {
  readonly version: number;
  readonly fingerprint?: string;
}

const VERSION = 1;

/** The beginning of every header, in every version. It tells a torn journal from a file of another kind. */
const BEGINNING = '{"journal":"crucible-ensemble","version":';

/** Returns the first line of a new journal. */
export const headerLine = (fingerprint: string | undefined): string =>
  `${BEGINNING}${VERSION}${fingerprint === undefined ? '' : `,"fingerprint":${JSON.stringify(fingerprint)}`}}\n`;

/** Parses the header of a line; `undefined` if the line is not a header. */
export const readHeader = (bytes: Buffer): Header | undefined =>
  bytes.toString('latin1', 0, BEGINNING.length) === BEGINNING
    ? (parseLine(bytes) as Header | undefined)
    : undefined;

/** Whether an unfinished first line is the beginning of a header. */
export const isTornHeader = (bytes: Buffer): boolean => {
  const left = bytes.toString('latin1').replace(/\0+$/, '').slice(0, BEGINNING.length);
  return BEGINNING.startsWith(left);
};

/** @throws {ConfigError} if the journal is of another version, or was recorded for something else. */
export const refuseOther = (
  path: string,
  { version, fingerprint }: Header,
  expected: string | undefined,
): void => {
  if (version !== VERSION) {
    refuse([
      `openJournal: ${path} is a journal of version ${shown(version)}; this release reads version ${VERSION}`,
    ]);
  }
  if (expected === undefined || expected === fingerprint) return;
  if (fingerprint === undefined) {
    refuse([
      `openJournal: ${path} has no fingerprint, so it is unknown what it was recorded for; leave out "fingerprint", or choose another path`,
    ]);
    return;
  }
  const parts = differingParts(fingerprint, expected);
  const difference =
    parts.length === 0
      ? `its fingerprint is ${shown(fingerprint)}, not ${shown(expected)}`
      : `different: ${parts.join(', ')}`;
  refuse([
    `openJournal: ${path} was recorded for something else (${difference}); choose another path, or rescore it, which checks no fingerprint`,
  ]);
};
