import { quotedName, shownPath } from '../../domain/quoting.ts';
import { differingParts } from '../../experiment/journal/fingerprint.ts';
import { refuse, shown } from '../../options.ts';
import { CLOSING_BRACE, checkedLine, type LineSum, statedSum, sumOver, withSum } from './line-sum.ts';
import { parseLine } from './parse-line.ts';

/**
 * The first line of a journal. The lines of version 1 have no sums. A journal that was begun in version 1 and continued later
 * has a second header, from which on lines have sums; its sum covers the lines before it.
 */
export interface Header {
  readonly version: number;
  readonly fingerprint?: string;
}

/** The version of the lines that are written: each has a sum. */
const VERSION = 2;

/** The version without sums. */
const VERSION_WITHOUT_SUMS = 1;

/** The beginning of every header, in every version. It tells a torn journal from a file of another kind. */
const BEGINNING = '{"journal":"crucible-ensemble","version":';

/** Returns a header. */
export const headerLine = (fingerprint: string | undefined, previous: LineSum): string =>
  withSum(
    `${BEGINNING}${VERSION}${fingerprint === undefined ? '' : `,"fingerprint":${JSON.stringify(fingerprint)}`}}`,
    previous,
  ).line;

/** Whether a line begins as a header does. */
export const beginsAsHeader = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, BEGINNING.length) === BEGINNING;

/** Parses a header; `undefined` if the line is not a header, or is damaged. */
export const readHeader = (
  bytes: Buffer,
  previous: LineSum,
): { readonly header: Header; readonly sum: LineSum; readonly hasSum: boolean } | undefined => {
  if (!beginsAsHeader(bytes)) return undefined;
  const checked = checkedLine(bytes, previous);
  const header = (checked === undefined ? parseLine(bytes) : parseLine(checked.content, CLOSING_BRACE)) as
    | Header
    | undefined;
  if (header === undefined) return undefined;
  if (checked !== undefined) return { header, sum: checked.sum, hasSum: true };
  const isDamaged = header.version === VERSION || statedSum(bytes) !== undefined;
  return isDamaged ? undefined : { header, sum: sumOver(bytes, previous), hasSum: false };
};

/** Whether an unfinished first line is the beginning of a header. */
export const isTornHeader = (bytes: Buffer): boolean => {
  const left = bytes.toString('latin1').replace(/\0+$/, '').slice(0, BEGINNING.length);
  return BEGINNING.startsWith(left);
};

/** @throws {ConfigError} if the journal is of a version that this release does not know. */
export const refuseOtherVersion = (path: string, { version }: Header): void => {
  if (version === VERSION || version === VERSION_WITHOUT_SUMS) return;
  refuse([
    `openJournal: ${shownPath(path)} is a journal of version ${shown(version)}; this release reads versions ${VERSION_WITHOUT_SUMS} and ${VERSION}`,
  ]);
};

/** @throws {ConfigError} if the journal was recorded for something else. */
export const refuseOtherFingerprint = (
  path: string,
  { fingerprint }: Header,
  expected: string | undefined,
): void => {
  if (expected === undefined || expected === fingerprint) return;
  if (fingerprint === undefined) {
    refuse([
      `openJournal: ${shownPath(path)} has no fingerprint, so it is unknown what it was recorded for; leave out "fingerprint", or choose another path`,
    ]);
    return;
  }
  const parts = differingParts(fingerprint, expected);
  const named = differingParts(expected, '');
  // A part that is not asked for does not matter: releases up to 0.2.0 wrote one for the dataset.
  const different = parts.filter((part) => named.includes(part));
  if (parts.length > 0 && named.length > 0 && different.length === 0) return;
  const difference =
    parts.length === 0
      ? `its fingerprint is ${quotedName(fingerprint)}, not ${quotedName(expected)}`
      : `different: ${(named.length === 0 ? parts : different).join(', ')}`;
  refuse([
    `openJournal: ${shownPath(path)} was recorded for something else (${difference}); choose another path, or rescore it, which checks no fingerprint`,
  ]);
};
