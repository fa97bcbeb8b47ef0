import { plainLatex } from './latex.ts';

/** A longer field is prose. */
const LONGEST = 1_000;

/** Returns the content of a marked answer without its LaTeX. */
export const plainField = (content: string): string =>
  content.length > LONGEST ? content : plainLatex(content);
