import { differingParts } from '../../experiment/journal/fingerprint.ts';
import { refuse, shown } from '../../options.ts';
import { parseLine } from './read-entry.ts';

/** The first line of a journal. */
export interface Header {
  readonly version: number;
  readonly fingerprint?: string;
}

const VERSION = 1;

/** What every header begins with, in every version: files of other kinds are not taken for torn journals. */
const BEGINNING = '{"journal":"crucible-ensemble","version":';

/** The first line of a new journal. */
export const headerLine = (fingerprint: string | undefined): string =>
  `${BEGINNING}${VERSION}${fingerprint === undefined ? '' : `,"fingerprint":${JSON.stringify(fingerprint)}`}}\n`;

/** The header that a line holds, where it is one. */
export const readHeader = (bytes: Buffer): Header | undefined =>
  bytes.toString('latin1', 0, BEGINNING.length) === BEGINNING
    ? (parseLine(bytes) as Header | undefined)
    : undefined;

/** Whether a first line without its end is what is left of a header. */
export const isTornHeader = (bytes: Buffer): boolean => {
  const left = bytes.toString('latin1').replace(/\0+$/, '').slice(0, BEGINNING.length);
  return BEGINNING.startsWith(left);
};

/** @throws {ConfigError} where a journal is of another version, or was begun for something else. */
export const refuseOther = (
  path: string,
  { version, fingerprint }: Header,
  expected: string | undefined,
): void => {
  if (version !== VERSION) {
    refuse([`openJournal: ${path} is a journal of version ${shown(version)}; this release reads ${VERSION}`]);
  }
  if (expected === undefined || expected === fingerprint) return;
  if (fingerprint === undefined) {
    refuse([`openJournal: ${path} was begun without a fingerprint, so that nobody knows what it is for`]);
    return;
  }
  const parts = differingParts(fingerprint, expected);
  const difference =
    parts.length === 0
      ? `its fingerprint is ${shown(fingerprint)}, not ${shown(expected)}`
      : `what differs: ${parts.join(', ')}`;
  refuse([`openJournal: ${path} was begun for something else; ${difference}`]);
};
