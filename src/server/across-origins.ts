/** How long a browser may remember what a page may ask, in seconds. */
const MAX_AGE_S = 3_600;

/** The headers of responses that pages of other origins may read, besides those that every page may. */
const EXPOSED = 'x-request-id, x-should-retry, retry-after';

type Fetch = (request: Request) => Promise<Response>;

/**
 * Lets the pages of some origins read the responses (CORS). A page asks with a key of its own; browsers send no cookies.
 *
 * @param origins such as `https://app.example`. A page of another origin gets no such header, so that its browser hides the response.
 */
export const acrossOrigins =
  (origins: readonly string[], fetch: Fetch): Fetch =>
  async (request) => {
    const { headers, method } = request;
    const origin = headers.get('origin');
    const isAllowed = origin !== null && origins.includes(origin);
    const asks = headers.get('access-control-request-method');
    const response =
      isAllowed && method === 'OPTIONS' && asks !== null
        ? preflight(asks, headers.get('access-control-request-headers') ?? '')
        : await fetch(request);
    response.headers.set('vary', 'Origin');
    if (isAllowed) {
      response.headers.set('access-control-allow-origin', origin);
      response.headers.set('access-control-expose-headers', EXPOSED);
    }
    return response;
  };

/** Clients send headers of their own, so that a page of a known origin is allowed those which it asks for. */
const preflight = (method: string, headers: string): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': method,
      'access-control-allow-headers': headers,
      'access-control-max-age': String(MAX_AGE_S),
    },
  });
