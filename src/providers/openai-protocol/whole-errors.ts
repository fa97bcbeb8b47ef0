import { chunksOf, readErrorBody } from './body.ts';

/**
 * Wraps a `fetch` for the SDK of OpenAI, which drops all of an error body but its field `error`, and so how long to wait in
 * other fields: the whole body becomes that field.
 */
export const withWholeErrors =
  (fetched: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await fetched(input, init);
    if (response.status < 400) return response;
    const error = await readErrorBody(chunksOf(response.body));
    return new Response(JSON.stringify({ error }), response);
  };
