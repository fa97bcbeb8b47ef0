import { type Abstention, abstain } from '../domain/normalizer.ts';
import { BACKTICK, LEFT_BRACE, LEFT_BRACKET } from './character-codes.ts';
import { lineEnd, oneOf, skipSpaces } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';
import { MAX_JSON_DEPTH, scanJson } from './json-scan.ts';
import { readableText } from './readable-text.ts';

/** A JSON value. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Yields the JSON value of a text: the whole text, else the content of the last code fence with JSON, else the last
 * object, else the last array. Key order does not matter for votes. Abstains if the value is a bare `null`, if the JSON
 * is broken, and if it is nested deeper than 200.
 *
 * @example
 * ```ts
 * json('Here you are:\n```json\n{"city": "Paris"}\n```'); // { city: 'Paris' }
 * ```
 */
export function json(text: string): JsonValue | Abstention {
  const readable = readableText(text);
  if (typeof readable !== 'string') return readable;
  return wholeScalar(readable, 0) ?? lastSpan(readable, 0);
}

/** Reads a text, or its only code fence, if it is nothing but a JSON string, number or literal. */
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
      // Goes on at the fault of a broken value, because values inside it are parts of an answer.
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

/** Returns the value of a text; `undefined` if it is not JSON, or is a number out of range. */
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
