// The time to read a streamed answer of one long line that arrives in pieces of 8 bytes, beside a line of half the
// length in the same run. It must grow in proportion to the length: the ratio is near 2, and above 3 is an error.
// Joining the line anew for each piece would make it 4. node bench/long-line.ts
import { lastValueFrom, toArray } from 'rxjs';
import { openaiCompatible } from '../src/providers/openai-compatible.ts';

const PIECE_BYTES = 8;
const ROUNDS = 5;

const piecesOf = (characters: number): readonly Uint8Array[] => {
  const choice = { index: 0, delta: { content: 'x'.repeat(characters) }, finish_reason: 'stop' };
  const line = new TextEncoder().encode(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
  return Array.from({ length: Math.ceil(line.length / PIECE_BYTES) }, (_, index) =>
    line.slice(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
};

const readMs = async (pieces: readonly Uint8Array[]): Promise<number> => {
  const fetch = async (): Promise<Response> =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  const model = openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch });
  const messages = [{ role: 'user', content: '?' }] as const;
  const startedAtMs = performance.now();
  await lastValueFrom(model.call({ prompt: '?', messages, wantsDeltas: true }).pipe(toArray()));
  return performance.now() - startedAtMs;
};

const half = piecesOf(400_000);
const whole = piecesOf(800_000);
const halfMs: number[] = [];
const wholeMs: number[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const [first, second] = [await readMs(half), await readMs(whole)];
  // The first round warms up.
  if (round === 0) continue;
  halfMs.push(first);
  wholeMs.push(second);
}
const ratio = Math.min(...wholeMs) / Math.min(...halfMs);
console.log(`${ratio.toFixed(2)}  twice the length (${half.length} and ${whole.length} pieces)`);
if (ratio > 3) process.exitCode = 1;
