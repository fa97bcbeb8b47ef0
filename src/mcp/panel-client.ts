import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Prediction } from '../domain/prediction.ts';
import type { EnsembleHandler } from '../server/create-ensemble-handler.ts';

/** A question for a panel. */
export interface PanelQuestion {
  readonly panel: string;
  readonly question: string;
  readonly system?: string | undefined;
  readonly deadlineMs: number;
}

/** A prediction, or why it failed. */
export type PanelAnswer =
  | { readonly id: string; readonly prediction: Prediction }
  | { readonly id: string; readonly failure: string };

/** The count after a vote. */
export interface PanelVotes {
  readonly votes: Readonly<Record<string, number>>;
}

/** A client of an ensemble handler in the same process, with the headers of the client that it asks for. */
export interface PanelClient {
  /** The response to a request for the list of panels: with status 401 if the key is missing or unknown. */
  models(): Promise<Response>;
  ask(
    question: PanelQuestion,
    signal: AbortSignal,
    onVote: (votes: PanelVotes) => void,
  ): Promise<PanelAnswer>;
}

/** Headers that describe the body of another request. */
const ofBody = ['content-length', 'content-type', 'content-encoding', 'transfer-encoding'];

export const panelClient = ({ fetch }: Pick<EnsembleHandler, 'fetch'>, request?: Request): PanelClient => {
  // The same host, because a handler without keys refuses those of others.
  const at = (path: string): URL => new URL(path, request?.url ?? 'http://localhost');
  const headers = new Headers(request?.headers);
  for (const name of ofBody) headers.delete(name);
  return {
    models: () => fetch(new Request(at('/v1/models'), { headers })),
    async ask({ panel, question, system, deadlineMs }, signal, onVote) {
      const messages = [{ role: 'user', content: question }];
      const query = system === undefined ? { messages } : { messages, system };
      const response = await fetch(
        new Request(at('/v1/predictions'), {
          method: 'POST',
          headers,
          body: JSON.stringify({ model: panel, query, stream: true, deadlineMs }),
          signal: request === undefined ? signal : AbortSignal.any([signal, request.signal]),
        }),
      );
      const id = response.headers.get('x-request-id') ?? '';
      if (!response.ok || response.body === null) return { id, failure: messageOf(await response.json()) };
      const frames = response.body
        .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
        .pipeThrough(new EventSourceParserStream());
      for await (const { event, data } of frames as unknown as AsyncIterable<SentEvent>) {
        if (event === 'consensus') onVote(JSON.parse(data));
        if (event === 'complete') return { id, prediction: JSON.parse(data).prediction };
        if (event === 'error') return { id, failure: messageOf(JSON.parse(data)) };
      }
      return { id, failure: 'the prediction ended without a result' };
    },
  };
};

interface SentEvent {
  readonly event?: string;
  readonly data: string;
}

const messageOf = (body: { readonly error: { readonly message: string } }): string => body.error.message;
