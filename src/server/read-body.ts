import { isObject } from '../domain/is-object.ts';
import { startTimer, stopTimer } from '../time/clock.ts';
import { collectText, openBody, tooLarge, tooSlow } from './body-reader.ts';
import type { JsonObject } from './dialect.ts';
import { badRequest, RequestRefusal } from './request-refusal.ts';

/** The limits of the body of a request. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** How deep objects and lists may be nested. */
  readonly maxDepth: number;
  /** How long a client may take to send it. */
  readonly bodyTimeoutMs: number;
}

/**
 * Reads the body of a request as an object of JSON. Bytes are counted as they arrive; a false `content-length` has no effect.
 *
 * @throws {RequestRefusal} if the body is too large, too slow, too deep, no JSON or no object.
 */
export const readJson = async (request: Request, limits: BodyLimits): Promise<JsonObject> =>
  objectOf(await readText(request, limits), limits.maxDepth);

/**
 * Reads a text as an object of JSON.
 *
 * @throws {RequestRefusal} if it is too deep, no JSON or no object.
 */
export const objectOf = (text: string, maxDepth: number): JsonObject => {
  if (isDeeper(text, maxDepth)) throw badRequest(`the body is nested deeper than ${maxDepth} levels`);
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
const readText = async (
  { body, signal }: Request,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
): Promise<string> => {
  if (body === null) return '';
  const { read, giveUp, end } = openBody(body as ReadableStream<Uint8Array>, signal);
  const collected = collectText('body', maxBodyBytes);
  const timer = startTimer(() => giveUp(tooSlow('body', bodyTimeoutMs)), bodyTimeoutMs);
  try {
    for (let piece = await read(); piece !== undefined; piece = await read()) {
      collected.take(piece);
      if (collected.isTooLarge()) giveUp(tooLarge('body', maxBodyBytes));
    }
    return collected.text();
  } finally {
    stopTimer(timer);
    end();
  }
};

/**
 * Refuses a body that is compressed, which no limit of bytes would hold, and one in another charset than UTF-8, which would be
 * read as other characters.
 *
 * @throws {RequestRefusal} with status 415.
 */
export const refuseEncoded = ({ headers }: Request): void => {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity')
    throw unsupportedEncoding('a compressed body is not read; send it without the header content-encoding');
  const charset = /;\s*charset\s*=\s*"?([^\s";,]*)/i.exec(headers.get('content-type') ?? '')?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset))
    throw unsupportedEncoding(
      'a body must be UTF-8; send it as such, without another charset in content-type',
    );
};

const unsupportedEncoding = (message: string): RequestRefusal =>
  new RequestRefusal({
    status: 415,
    type: 'invalid_request_error',
    code: 'unsupported_encoding',
    message,
  });

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Whether the objects and lists of a JSON text are nested deeper than a limit. `JSON.parse` has no limit of its own. A loop,
 * because a regular expression overflows its stack in a text of megabytes, such as an image.
 */
const isDeeper = (text: string, maxDepth: number): boolean => {
  let depth = 0;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) place = endOfText(text, place);
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return false;
};

/** The place of the quotation mark that ends the string which begins at `start`; the end of the text if none does. */
const endOfText = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
};
