import { readSafely } from '../domain/foreign.ts';
import { badRequest, RequestRefusal } from '../server/request-refusal.ts';
import { type AdapterRequest, type NodeRequest, nodeRequest } from './http.ts';

/**
 * Returns a request of an adapter as one of `fetch`, at another path. Its body is the one that came, unless a parser of the
 * application has read it: then it is what the parser made of it, as JSON.
 *
 * @throws {RequestRefusal} if a parser has read a body that was no JSON to it.
 */
export const toRequest = (request: AdapterRequest, pathname: string, signal: AbortSignal): Request => {
  const node = nodeRequest(request);
  const { method = 'GET', headers } = node;
  const { search } = new URL(node.url ?? '/', 'http://localhost');
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(request, node);
  const host = readSafely(headers, 'host') ?? 'localhost';
  const sent = headersOf(headers);
  // A parser has decompressed the body.
  if (!(body instanceof ReadableStream)) sent.delete('content-encoding');
  return new Request(urlOf(`http://${host}${pathname}${search}`), {
    method,
    headers: sent,
    body,
    signal,
    // Required for a body that is a stream.
    ...({ duplex: 'half' } as object),
  });
};

const urlOf = (url: string): string => {
  if (!URL.canParse(url)) throw badRequest('the header "host" is invalid');
  return url;
};

const headersOf = (given: NodeRequest['headers']): Headers => {
  const headers = new Headers();
  // HTTP/2 has its method and path among the headers.
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !name.startsWith(':')) headers.set(name, [value].flat().join(', '));
  // What is handed on may have other bytes than what came.
  headers.delete('content-length');
  headers.delete('transfer-encoding');
  return headers;
};

const bodyOf = ({ rawBody, body }: AdapterRequest, node: NodeRequest): BodyInit | null => {
  const read = rawBody ?? (body instanceof Uint8Array || typeof body === 'string' ? body : undefined);
  if (read !== undefined) return read as Uint8Array<ArrayBuffer> | string;
  if (!node.readableDidRead) return streamOf(node);
  if (body === undefined || body === null) return null;
  const type = String(node.headers['content-type'] ?? '');
  if (!/[/+]json\b/i.test(type)) throw parsedAsOther();
  try {
    return JSON.stringify(body);
  } catch {
    throw badRequest('the body is nested too deeply');
  }
};

/** The body as it arrives. A reader that stops leaves the connection open, for the response. */
const streamOf = (node: NodeRequest): ReadableStream<Uint8Array> => {
  const chunks = node.iterator({ destroyOnReturn: false });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
};

const parsedAsOther = (): RequestRefusal =>
  new RequestRefusal({
    status: 415,
    type: 'invalid_request_error',
    code: 'unsupported_media_type',
    message:
      'a parser of the application has read the body as something other than JSON; send content-type: application/json, or create the application with rawBody: true',
  });
