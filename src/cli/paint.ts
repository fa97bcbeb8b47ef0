import { styleText } from 'node:util';

/** The text styles in use. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Applies a style to a text, or returns the text unchanged. */
export type Paint = (style: Style, text: string) => string;

/** Returns a `Paint` that styles only on a terminal, and only if the environment allows colors (no-color.org). */
export const createPaint = (isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint =>
  isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
