import type { JsonObject } from '../dialect.ts';
import { objectIn } from '../values.ts';

const MARK = '_item_';

/**
 * Returns the id of an item of the output, with the item in it. Some clients send the id in place of an item of an earlier
 * turn, and the server keeps no responses.
 */
export const itemId = (prefix: string, item: JsonObject): string =>
  prefix + MARK + encoded(JSON.stringify(item));

/** Returns the item that an id has in it; `undefined` for an id of another server. */
export const itemOf = (id: string): JsonObject | undefined => {
  const place = id.indexOf(MARK);
  if (place === -1) return undefined;
  try {
    return objectIn(JSON.parse(decoded(id.slice(place + MARK.length))));
  } catch {
    return undefined;
  }
};

const encoded = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const decoded = (text: string): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (digit) => digit.charCodeAt(0)),
  );
