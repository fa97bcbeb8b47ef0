/** A request with a body of JSON. */
export const post = (path: string, body: unknown, init: RequestInit = {}): Request =>
  new Request(`http://localhost${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    ...init,
  });

/** The frames of a stream of events: the names of the events, and their data. */
export const framesIn = (text: string): readonly { readonly event?: string; readonly data: unknown }[] =>
  text.split('\n\n').flatMap((block) => {
    const event = block.match(/^event: (.*)$/m)?.[1];
    const data = block.match(/^data: (.*)$/m)?.[1];
    if (data === undefined) return [];
    return [{ ...(event !== undefined && { event }), data: data === '[DONE]' ? data : JSON.parse(data) }];
  });
