// Three models read an invoice, a PDF file and an image, into an object; each of its fields is voted on.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { answerKey, createEnsemble, fieldwise, NoPredictionError, schema, setVote } from 'crucible-ensemble';
import { openaiCompatible } from 'crucible-ensemble/openai-compatible';
import { z } from 'zod';

const lines = [
  'Vendor: Hooke Springs Ltd',
  'Date: 2026-03-14',
  'Currency: GBP',
  'Item: 12 x coil spring',
  'Item: 3 x leaf spring',
  'Total: 1384.50',
];

/** A PDF file of one page, with a text a line. */
const pdfOf = (texts: readonly string[]): Buffer => {
  const page = `BT /F1 12 Tf 16 TL 40 200 Td ${texts.map((line) => `(${line}) Tj T*`).join('\n')} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 240] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  let table = '0000000000 65535 f \n';
  for (const [index, object] of objects.entries()) {
    table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${size}\n${table}${trailer}`);
};

const pdf = pdfOf(lines);

// A photo of the stamp on it: one red pixel.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);

// In place of real models: a local server with the protocol of OpenAI's chat completions. It reads the text of the PDF
// that it is sent, and refuses a request without the PDF or without the image. `blurred` takes an 8 for a 3.

interface Part {
  readonly type: string;
  readonly file?: { readonly file_data: string };
  readonly image_url?: { readonly url: string };
}

/** The content of a `data:` URL of the type. */
const contentOf = (url: string | undefined, mediaType: string): Buffer | undefined => {
  const start = `data:${mediaType};base64,`;
  return url?.startsWith(start) ? Buffer.from(url.slice(start.length), 'base64') : undefined;
};

const answerTo = (model: string, parts: readonly Part[]): object | undefined => {
  const file = parts.find(({ type }) => type === 'file')?.file?.file_data;
  const image = parts.find(({ type }) => type === 'image_url')?.image_url?.url;
  const received = contentOf(file, 'application/pdf');
  if (!received?.equals(pdf) || !contentOf(image, 'image/png')?.equals(png)) return undefined;
  const texts = Array.from(received.toString('latin1').matchAll(/\((.+)\) Tj/g), ([, line = '']) => line);
  const all = (name: string) =>
    texts.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length + 2));
  const [vendor, date, currency, total = ''] = ['Vendor', 'Date', 'Currency', 'Total'].flatMap(all);
  const seen = model === 'blurred' ? total.replace('8', '3') : total;
  return { vendor, date, total: Number(seen), currency, items: all('Item') };
};

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const server = createServer(async (request, response) => {
  const { model, messages } = JSON.parse(await textOf(request));
  const answer = answerTo(model, messages.at(-1).content);
  if (answer === undefined) {
    send(response, 400, { error: { message: 'expected the invoice as a PDF file and an image' } });
    return;
  }
  const message = { role: 'assistant', content: JSON.stringify(answer) };
  const usage = { prompt_tokens: 900, completion_tokens: 60 };
  send(response, 200, { model, choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const invoice = z.object({
  vendor: z.string(),
  date: z.iso.date(),
  total: z.number(),
  currency: z.string().length(3),
  items: z.array(z.string()),
});

const ensemble = createEnsemble({
  models: ['sharp', 'blurred', 'careful'].map((model) =>
    openaiCompatible(model, { baseURL: `http://127.0.0.1:${port}/v1`, id: model }),
  ),
  normalization: schema(invoice),
  strategy: fieldwise({ items: setVote() }),
});

const question = { type: 'text', text: 'Read this invoice.' } as const;
const image = { type: 'image', image: png } as const;
const file = { type: 'file', data: pdf, filename: 'invoice.pdf' } as const;

const { answer, metadata } = await ensemble.predict({
  messages: [{ role: 'user', content: [question, file, image] }],
});

console.log(`${answer.vendor}, ${answer.date}: ${answer.total} ${answer.currency}`);
for (const item of answer.items) console.log(`  ${item}`);

// The whole is as sure as its least agreed field. `fields` has who said what.
console.log(`\nconsensus ${metadata.consensus.toFixed(2)}`);
for (const [field, { consensus, said }] of Object.entries(metadata.fields ?? {})) {
  const values = said.map(({ value, models }) => `${models.length} × ${answerKey(value)}`);
  console.log(`  ${field.padEnd(8)} ${consensus.toFixed(2)}  ${values.join(', ')}`);
}

const outvoted = metadata.fields?.total?.said.slice(1) ?? [];
console.log(`\noutvoted on the total: ${outvoted.flatMap(({ models }) => models).join(', ')}`);

// A model that is not sent what it needs: the server refuses the request.
try {
  await ensemble.predict({ messages: [{ role: 'user', content: [question, file] }] });
} catch (error) {
  if (!(error instanceof NoPredictionError)) throw error;
  const [refused] = error.outcomes;
  console.log(`\nwithout the image: ${refused?.status === 'failed' ? refused.error.message : 'read'}`);
}

server.close();
server.closeAllConnections();
