import { modelContract } from 'crucible-ensemble/testing';
import OpenAI from 'openai';
import { catchError, from, map, mergeMap, Observable, of, retry, throwError } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { MalformedResponseError, type Model, type ModelDelta, type ModelResponse } from '../../src/index.ts';
import { openai } from '../../src/providers/openai.ts';

/** What a flawed model does not clear. */
const left: NodeJS.Timeout[] = [];

interface Endpoint {
  readonly baseURL: string;
  readonly apiKey: string;
}

type Said = ModelResponse | ModelDelta;

const sound = ({ baseURL, apiKey }: Endpoint): Model => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey });

/** The sound model with something done to what it says. */
const butThat =
  (change: (said$: Observable<Said>, endpoint: Endpoint) => Observable<Said>) =>
  (endpoint: Endpoint): Model => {
    const model = sound(endpoint);
    return { ...model, call: (request) => change(model.call(request), endpoint) };
  };

const changed = (change: (response: ModelResponse) => ModelResponse) =>
  butThat((said$) => said$.pipe(map((said) => ('delta' in said ? said : change(said)))));

const flaws: readonly (readonly [
  flaw: string,
  createModel: (endpoint: Endpoint) => Model,
  clause: string,
  complaint: RegExp,
])[] = [
  [
    'retries',
    butThat((said$) => said$.pipe(retry({ count: 1 }))),
    'turns every status into its typed error, after one request',
    /one request/,
  ],
  [
    'throws errors of its SDK',
    butThat((said$) => said$.pipe(catchError(() => throwError(() => new TypeError('fetch failed'))))),
    'turns every status into its typed error, after one request',
    /no typed error/,
  ],
  [
    'drops hints',
    butThat((said$) =>
      said$.pipe(catchError((error) => throwError(() => Object.assign(error, { retryAfterMs: undefined })))),
    ),
    'hands on the hint when to retry: milliseconds, seconds, a date, and none that cannot be true',
    /1500/,
  ],
  [
    'takes what it cannot read for an answer',
    butThat((said$) =>
      said$.pipe(
        catchError((error) =>
          error instanceof MalformedResponseError ? of({ text: '' }) : throwError(() => error),
        ),
      ),
    ),
    'takes nothing for an answer that is none: HTML, an empty body, JSON that is cut or something else',
    /HTML was taken for an answer/,
  ],
  [
    'answers with what it has of a stream that is cut',
    butThat((said$) => {
      let text = '';
      return said$.pipe(
        map((said) => {
          if ('delta' in said) text += said.delta;
          return said;
        }),
        catchError(() => of({ text })),
      );
    }),
    'never takes a stream for an answer that ends before its end, at whatever byte',
    /an answer from 0 of \d+ bytes/,
  ],
  [
    'loses a piece of what it streams',
    butThat((said$) =>
      said$.pipe(mergeMap((said) => from('delta' in said && said.delta === '91 🦊' ? [] : [said]))),
    ),
    'streams deltas that make up the text, then the answer with its usage',
    /Grüße/,
  ],
  [
    'says nothing of refusals',
    changed((response) => ({ ...response, finishReason: 'stop' })),
    'says how the model stopped, where it did not finish',
    /length/,
  ],
  [
    'forgets the usage',
    changed(({ usage: _, ...response }) => response),
    'answers with text, usage and finish reason',
    /inputTokens/,
  ],
  [
    'takes no usage for none',
    changed((response) => ({ ...response, usage: response.usage ?? { inputTokens: 0 } })),
    'leaves usage that is missing unknown, and takes 0 for 0',
    /0 !== undefined/,
  ],
  [
    'forgets the request id',
    changed(({ requestId: _, ...response }) => response),
    'keeps the request id',
    /req_served_1/,
  ],
  [
    'goes on when nobody listens any more',
    butThat(
      (said$) =>
        new Observable((subscriber) => {
          said$.subscribe({
            next: (said) => subscriber.next(said),
            error: (error) => subscriber.error(error),
            complete: () => subscriber.complete(),
          });
        }),
    ),
    'closes the socket within 50 ms of being unsubscribed in the body, and says nothing more',
    /the closing of the socket: not in time/,
  ],
  [
    'asks before anybody listens',
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
    'has no cap',
    (endpoint) => openai('gpt', { ...endpoint, maxResponseBytes: 1e9 }),
    'ends a body that has no end, and closes the socket',
    /MalformedResponseError/,
  ],
  [
    'follows redirects',
    ({ baseURL, apiKey }) => openai('gpt', { client: new OpenAI({ baseURL, apiKey, logLevel: 'off' }) }),
    'sends the key nowhere else when it is redirected',
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
    butThat((said$, { apiKey }) =>
      said$.pipe(
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
      void Promise.reject(new Error('nobody listens'));
      return sound(endpoint);
    },
    'keeps the request id',
    /rejections that nobody handled/,
  ],
];

afterEach(() => {
  for (const timer of left.splice(0)) clearInterval(timer);
});

describe('the contract of models', () => {
  it.each(flaws)(
    'tells a model that %s',
    async (_flaw, createModel, clause, complaint) => {
      const cases = modelContract({ name: 'flawed', dialect: 'openai-chat', createModel });
      const found = cases.find(({ name }) => name === `flawed ${clause}`);
      expect(found, clause).toBeDefined();
      await expect(found?.run()).rejects.toThrow(complaint);
    },
    20_000,
  );

  it('leaves out what a model is said not to do', () => {
    const names = (limitations: Parameters<typeof modelContract>[0]['limitations']): string[] =>
      modelContract({ name: 'm', dialect: 'gemini', createModel: sound, limitations: limitations ?? [] }).map(
        ({ name }) => name,
      );
    expect(names([]).filter((name) => !names(['no-streaming']).includes(name)).length).toBeGreaterThan(9);
    expect(names([]).filter((name) => !names(['no-body-cap']).includes(name))).toEqual([
      'm ends a body that has no end, and closes the socket',
      'm ends a stream that has no end, and closes the socket',
    ]);
  });
});
