import { isObject } from '../domain/is-object.ts';
import type { JsonObject } from './dialect.ts';
import { badRequest, RequestRefusal } from './request-refusal.ts';

/** The limits of the body of a request. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** How deep objects and lists may be nested. */
  readonly maxDepth: number;
}

/**
 * Reads the body of a request as an object of JSON. Bytes are counted as they arrive; a false `content-length` has no effect.
 *
 * @throws {RequestRefusal} if the body is too large, too deep, no JSON or no object.
 */
export const readJson = async (request: Request, limits: BodyLimits): Promise<JsonObject> =>
  objectOf(await readText(request, limits.maxBodyBytes), limits.maxDepth);

/**
 * Reads a text as an object of JSON.
 *
 * @throws {RequestRefusal} if it is too deep, no JSON or no object.
 */
export const objectOf = (text: string, maxDepth: number): JsonObject => {
  if (depthOf(text) > maxDepth) throw badRequest(`the body is nested deeper than ${maxDepth} levels`);
  const body = parsed(text);
  if (!isObject(body) || Array.isArray(body)) throw badRequest('the body must be an object of JSON');
  return body as JsonObject;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the body.
    throw badRequest('the body is not valid JSON');
  }
};

/** Reads the body of a request as a text. */
const readText = async ({ body }: Request, maxBytes: number): Promise<string> => {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body, so that no more of it is read.
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge('body', maxBytes);
    pieces.push(decoder.decode(piece, { stream: true }));
  }
  return pieces.join('') + decoder.decode();
};

export const tooLarge = (what: string, maxBytes: number): RequestRefusal =>
  new RequestRefusal({
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: `the ${what} is larger than ${maxBytes} bytes`,
  });

/** How deep the objects and lists of a JSON text are nested. `JSON.parse` has no limit of its own. */
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth--;
  }
  return deepest;
};
