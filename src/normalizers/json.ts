import { type Abstention, abstain } from '../domain/normalizer.ts';
import { tooLong } from './answer-length.ts';
import { BACKTICK, LEFT_BRACE, LEFT_BRACKET } from './character-codes.ts';
import { lineEnd, oneOf, skipSpaces } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';
import { fold } from './fold.ts';
import { MAX_JSON_DEPTH, scanJson } from './json-scan.ts';

/** A value that JSON can write. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Yields the JSON value in a text: the whole text, else what the last code fence that holds JSON holds, else
 * the last object, else the last array, wherever it stands. Key order does not matter for votes. A bare
 * `null` abstains, as for every normalizer, and so do broken JSON and one nested deeper than 200.
 *
 * @example
 * ```ts
 * json('Here you are:\n```json\n{"city": "Paris"}\n```'); // { city: 'Paris' }
 * ```
 */
export function json(text: string): JsonValue | Abstention {
  const unread = tooLong(text);
  if (unread !== undefined) return unread;
  const folded = fold(text);
  const from = afterThinking(folded);
  return wholeScalar(folded, from) ?? lastSpan(folded, from);
}

/** Thinking may well hold JSON, but not the answer. */
const afterThinking = (text: string): number => {
  const close = text.lastIndexOf('</think>');
  return close < 0 ? 0 : close + 8;
};

/** A text, or the only code fence in it, that is nothing but a JSON string, number or literal. */
function wholeScalar(text: string, from: number): JsonValue | Abstention | undefined {
  let start = skipSpaces(text, from);
  let end = withoutEndTokens(text, start, text.length);
  if (text.startsWith('```', start) && text.endsWith('```', end) && end - start >= 6) {
    end = withoutEndTokens(text, start, end - 3);
    start = skipSpaces(text, lineEnd(text, start, end), end);
  }
  const code = text.charCodeAt(start);
  if (code === LEFT_BRACE || code === LEFT_BRACKET || start >= end) return undefined;
  if (text.slice(start, Math.min(end, start + 5)) === 'null' && end - start === 4)
    return abstain('the JSON value is null');
  return isScalarInitial(code) ? parsed(text.slice(start, end)) : undefined;
}

/** `"`, `-`, a digit, or the start of `true` or `false`. */
const isScalarInitial = oneOf('"-0123456789tf');

function lastSpan(text: string, from: number): JsonValue | Abstention {
  let fenced: JsonValue | undefined;
  let object: JsonValue | undefined;
  let array: JsonValue | undefined;
  let inFence = false;
  let deep = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKTICK && text.startsWith('```', at)) {
      inFence = !inFence;
      at += 2;
    } else if (code === LEFT_BRACE || code === LEFT_BRACKET) {
      const { outcome, end } = scanJson(text, at, text.length);
      if (outcome === 'deep') {
        deep = true;
        break;
      }
      const value = outcome === 'ok' ? parsed(text.slice(at, end)) : undefined;
      // A broken value is left where it broke: what is inside it is a part of an answer, not an answer.
      at = Math.max(at, end - 1);
      if (value === undefined) continue;
      if (inFence) fenced = value;
      else if (code === LEFT_BRACE) object = value;
      else array = value;
    }
  }
  return (
    fenced ??
    object ??
    array ??
    abstain(deep ? `JSON nested deeper than ${MAX_JSON_DEPTH}` : 'no JSON value was found')
  );
}

/** `undefined` for what is not JSON, and for a bare number beyond what a number can hold. */
function parsed(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'number' ? finite(value) : value;
  } catch {
    return undefined;
  }
}

const finite = (value: number): number | undefined =>
  Number.isFinite(value) ? (value === 0 ? 0 : value) : undefined;
