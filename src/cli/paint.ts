import { styleText } from 'node:util';

/** The few styles in use. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts a text in a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colours for a terminal; none where the environment asks for none (see no-color.org). */
export const createPaint = (isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint =>
  isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
