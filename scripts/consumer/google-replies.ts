const candidate = (text: string, finishReason?: string) => ({
  candidates: [
    { index: 0, content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }) },
  ],
});

/** An answer of the Gemini API. */
export const answer = (text: string) => candidate(text, 'STOP');

/** The events of a streamed answer. */
export const events = (first: string, second: string) =>
  [candidate(first), candidate(second), candidate('', 'STOP')].map((piece) => ({
    data: JSON.stringify(piece),
  }));
