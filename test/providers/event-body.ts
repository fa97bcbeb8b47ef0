/** The body of a stream of server-sent events with these chunks, in one piece each. */
export async function* eventBody(...chunks: readonly unknown[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const chunk of chunks) {
    const data = typeof chunk === 'string' ? chunk : JSON.stringify(chunk);
    yield encoder.encode(`data: ${data}\n\n`);
  }
}
