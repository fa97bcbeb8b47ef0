import { ConfigError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import { toBase64 } from '../domain/to-base64.ts';

/**
 * Writes the body of a request. Bytes of images and files become base64.
 *
 * @throws {ConfigError} for what JSON would leave out or change: a function, a schema that is not JSON, a circle.
 */
export const queryBody = (body: object): string => {
  try {
    return JSON.stringify(body, sendable);
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(['the query cannot be written as JSON']);
  }
};

/** Reads the value itself and not what its `toJSON` returned, because buffers of Node have one. */
function sendable(this: unknown, name: string, written: unknown): unknown {
  const value: unknown = Reflect.get(this as object, name);
  if (value instanceof Uint8Array) return toBase64(value);
  if (value instanceof ArrayBuffer) return toBase64(new Uint8Array(value));
  if (typeof value === 'function' || (isObject(value) && '~standard' in value))
    throw new ConfigError([`the query: "${name}" cannot be sent; a tool is described by JSON Schema`]);
  if (value instanceof Blob)
    throw new ConfigError([`the query: "${name}" must be bytes; read the file first: await file.bytes()`]);
  return written;
}
