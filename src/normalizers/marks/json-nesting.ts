import {
  BACKSLASH,
  COLON,
  COMMA,
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
} from '../reading/character-codes.ts';
import { isSpace, skipBack } from '../reading/characters.ts';
import type { FieldMark } from './answer-marks.ts';

/** How deep brackets are after a part of a text, and how deep they were at the least, as seen from its start. */
interface Depth {
  readonly net: number;
  readonly least: number;
}

/** An object that continues for longer is not looked through for the answers within it. */
const LONGEST = 20_000;

/** Returns the marks without the fields of JSON that are nested in the object of another one: `{"answer": 1, "b": {"answer": 2}}`. */
export function outermost(text: string, marks: readonly FieldMark[]): readonly FieldMark[] {
  if (marks.length < 2 || !marks.some(({ kind }) => kind === 'json')) return marks;
  const kept: FieldMark[] = [];
  /** How deep the mark stands in the object of the last one that was kept. */
  let depth = 0;
  let outer: FieldMark | undefined;
  let from = 0;
  for (const mark of marks) {
    if (mark.kind === 'json' && outer !== undefined && mark.at - outer.at < LONGEST) {
      const { net, least } = depthOf(text, from, mark.at);
      from = mark.at;
      if (depth + least >= 0 && depth + net > 0) {
        depth += net;
        continue;
      }
    }
    kept.push(mark);
    outer = mark.kind === 'json' ? mark : undefined;
    from = mark.at;
    depth = 0;
  }
  return kept;
}

/** Counts the brackets of a part outside of strings. A bracket that opens after a value is not nested in it. */
function depthOf(text: string, from: number, to: number): Depth {
  let net = 0;
  let least = 0;
  let isInString = false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === DOUBLE_QUOTE) isInString = !isInString;
    else if (isInString) continue;
    else if (code === LEFT_BRACE || code === LEFT_BRACKET) {
      if (!mayNest(text.charCodeAt(skipBack(text, isSpace, at)))) return { net: 0, least: -1 };
      net++;
    } else if (code === RIGHT_BRACE || code === RIGHT_BRACKET) least = Math.min(least, --net);
  }
  return { net, least };
}

const mayNest = (before: number): boolean =>
  before === COLON || before === COMMA || before === LEFT_BRACE || before === LEFT_BRACKET;
