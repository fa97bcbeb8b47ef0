import { modelContract } from 'crucible-ensemble/testing';
import OpenAI from 'openai';
import { catchError, from, map, mergeMap, Observable, of, retry, throwError } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { MalformedResponseError, type Model, type ModelDelta, type ModelResponse } from '../../src/index.ts';
import { openai } from '../../src/providers/openai.ts';

/** Timers that flawed models do not clear. */
const left: NodeJS.Timeout[] = [];

interface Endpoint {
  readonly baseURL: string;
  readonly apiKey: string;
}

type Output = ModelResponse | ModelDelta;

const sound = ({ baseURL, apiKey }: Endpoint): Model => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey });

/** Makes the sound model with changed notifications. */
const butThat =
  (change: (output$: Observable<Output>, endpoint: Endpoint) => Observable<Output>) =>
  (endpoint: Endpoint): Model => {
    const model = sound(endpoint);
    return { ...model, call: (request) => change(model.call(request), endpoint) };
  };

const changed = (change: (response: ModelResponse) => ModelResponse) =>
  butThat((output$) => output$.pipe(map((output) => ('delta' in output ? output : change(output)))));

const flaws: readonly (readonly [
  flaw: string,
  createModel: (endpoint: Endpoint) => Model,
  clause: string,
  complaint: RegExp,
])[] = [
  [
    'retries',
    butThat((output$) => output$.pipe(retry({ count: 1 }))),
    'turns every status into its typed error, after one request',
    /one request/,
  ],
  [
    'throws errors of its SDK',
    butThat((output$) => output$.pipe(catchError(() => throwError(() => new TypeError('fetch failed'))))),
    'turns every status into its typed error, after one request',
    /not a typed error/,
  ],
  [
    'drops hints',
    butThat((output$) =>
      output$.pipe(
        catchError((error) => throwError(() => Object.assign(error, { retryAfterMs: undefined }))),
      ),
    ),
    'passes on the hint when to retry: milliseconds, seconds, a date; drops an impossible one',
    /1500/,
  ],
  [
    'accepts malformed answers',
    butThat((output$) =>
      output$.pipe(
        catchError((error) =>
          error instanceof MalformedResponseError ? of({ text: '' }) : throwError(() => error),
        ),
      ),
    ),
    'rejects replies that are not answers: HTML, an empty body, JSON that is cut or has other fields',
    /HTML was accepted as an answer/,
  ],
  [
    'answers with the beginning of a cut stream',
    butThat((output$) => {
      let text = '';
      return output$.pipe(
        map((output) => {
          if ('delta' in output) text += output.delta;
          return output;
        }),
        catchError(() => of({ text })),
      );
    }),
    'rejects a stream that is cut at any byte',
    /an answer from 0 of \d+ bytes/,
  ],
  [
    'loses a delta',
    butThat((output$) =>
      output$.pipe(mergeMap((output) => from('delta' in output && output.delta === '91 🦊' ? [] : [output]))),
    ),
    'streams deltas that make up the text, then the answer with its usage',
    /Grüße/,
  ],
  [
    'reports no finish reason',
    changed((response) => ({ ...response, finishReason: 'stop' })),
    'reports the finish reason of an unfinished answer',
    /length/,
  ],
  [
    'forgets the usage',
    changed(({ usage: _, ...response }) => response),
    'answers with text, usage and finish reason',
    /inputTokens/,
  ],
  [
    'reports missing usage as 0',
    changed((response) => ({ ...response, usage: response.usage ?? { inputTokens: 0 } })),
    'reports missing usage as unknown, and 0 as 0',
    /0 !== undefined/,
  ],
  [
    'forgets the request id',
    changed(({ requestId: _, ...response }) => response),
    'keeps the request id',
    /req_served_1/,
  ],
  [
    'goes on after it is unsubscribed',
    butThat(
      (output$) =>
        new Observable((subscriber) => {
          output$.subscribe({
            next: (output) => subscriber.next(output),
            error: (error) => subscriber.error(error),
            complete: () => subscriber.complete(),
          });
        }),
    ),
    'closes the socket when it is unsubscribed in the body, and emits nothing more',
    /the socket is still open/,
  ],
  [
    'closes its socket later',
    butThat(
      (output$) =>
        new Observable((subscriber) => {
          const call = output$.subscribe({
            next: (output) => subscriber.next(output),
            error: (error) => subscriber.error(error),
            complete: () => subscriber.complete(),
          });
          return () => void left.push(setTimeout(() => call.unsubscribe(), 10_000));
        }),
    ),
    'closes the socket when it is unsubscribed in the body, and emits nothing more',
    /the socket is still open/,
  ],
  [
    'asks before it is subscribed',
    (endpoint) => {
      const model = sound(endpoint);
      return {
        ...model,
        call: (request) => {
          model.call(request).subscribe({ error: () => undefined });
          return model.call(request);
        },
      };
    },
    'sends nothing before it is subscribed, nor when it is unsubscribed at once',
    /!== 1/,
  ],
  [
    'has no cap on bodies',
    (endpoint) => openai('gpt', { ...endpoint, maxResponseBytes: 1e9 }),
    'stops reading an endless body, and closes the socket',
    /MalformedResponseError/,
  ],
  [
    'follows redirects',
    ({ baseURL, apiKey }) => openai('gpt', { client: new OpenAI({ baseURL, apiKey, logLevel: 'off' }) }),
    'does not send the key to another host on a redirect',
    /./,
  ],
  [
    'shows its key',
    (endpoint) => ({ ...sound(endpoint), options: endpoint }),
    'keeps the request id',
    /the key is shown/,
  ],
  [
    'throws its key',
    butThat((output$, { apiKey }) =>
      output$.pipe(
        catchError((error) =>
          throwError(() => Object.assign(error, { cause: new Error(`401 for ${apiKey}`) })),
        ),
      ),
    ),
    'turns every status into its typed error, after one request',
    /the key is shown/,
  ],
  [
    'prints its key',
    (endpoint) => {
      console.warn('asking with', endpoint);
      return sound(endpoint);
    },
    'keeps the request id',
    /the key is shown/,
  ],
  [
    'leaves a timer',
    (endpoint) => {
      left.push(setInterval(() => undefined, 1000));
      return sound(endpoint);
    },
    'keeps the request id',
    /timers left behind/,
  ],
  [
    'leaves a rejection',
    (endpoint) => {
      void Promise.reject(new Error('unhandled'));
      return sound(endpoint);
    },
    'keeps the request id',
    /unhandled rejections/,
  ],
];

afterEach(() => {
  for (const timer of left.splice(0)) clearInterval(timer);
});

describe('the contract of models', () => {
  it.each(flaws)('fails a model that %s', async (_flaw, createModel, clause, complaint) => {
    const cases = modelContract({ name: 'flawed', dialect: 'openai-chat', createModel });
    const found = cases.find(({ name }) => name === `flawed ${clause}`);
    expect(found, clause).toBeDefined();
    await expect(found?.run()).rejects.toThrow(complaint);
  });

  it('leaves out the cases about limitations', () => {
    const names = (limitations: Parameters<typeof modelContract>[0]['limitations']): string[] =>
      modelContract({ name: 'm', dialect: 'gemini', createModel: sound, limitations: limitations ?? [] }).map(
        ({ name }) => name,
      );
    expect(names([]).filter((name) => !names(['no-streaming']).includes(name)).length).toBeGreaterThan(9);
    expect(names([]).filter((name) => !names(['no-body-cap']).includes(name))).toEqual([
      'm stops reading an endless body, and closes the socket',
      'm stops reading an endless stream, and closes the socket',
    ]);
    expect(names(['no-image']).filter((name) => !names([]).includes(name))).toEqual([
      'm refuses a file: image before anything is sent',
    ]);
  });
});
