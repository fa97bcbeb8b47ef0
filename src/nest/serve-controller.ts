import { All, Controller, Inject, Req, Res, type Type } from '@nestjs/common';
import type { EnsembleHandler } from '../server/create-ensemble-handler.ts';
import { openAIError } from '../server/openai-error.ts';
import { predictionRoutes } from '../server/prediction-routes.ts';
import { toHttpError } from '../server/to-http-error.ts';
import { signalOf } from './client-signal.ts';
import { type AdapterRequest, type AdapterResponse, nodeRequest } from './http.ts';
import { sendResponse } from './send-response.ts';
import { toRequest } from './to-request.ts';

/** The handler of a module that serves. */
export interface ServedHandler extends Pick<EnsembleHandler, 'fetch'> {
  /** Whether the application is shutting down. */
  readonly isClosing: boolean;
}

/** The token of the handler of a module that serves. */
export const SERVED_HANDLER = Symbol('crucible-ensemble: served handler');

/** The paths of a handler: one of the page, of what it has recently done, of the tools, and of its predictions. */
const paths: readonly string[] = [
  '/',
  '/v1/predictions/recent',
  '/mcp',
  ...predictionRoutes.map(({ path }) => path.replace('/*', '/:id')),
];

/**
 * Returns a controller that hands requests below a path to a handler. Each route is one of its own, because a pattern for all of
 * them is written in one way for Express and in another for Fastify.
 */
export const serveController = (path: string): Type => {
  class ServedEnsembles {
    readonly #handler: ServedHandler;

    constructor(handler: ServedHandler) {
      this.#handler = handler;
    }

    async answer(request: AdapterRequest, response: AdapterResponse, depth: number): Promise<void> {
      const answer = await this.#respond(request, signalOf(response), depth);
      await sendResponse(answer, response, () => this.#handler.isClosing);
    }

    async #respond(request: AdapterRequest, signal: AbortSignal, depth: number): Promise<Response> {
      const url = request.originalUrl ?? nodeRequest(request).url ?? '/';
      const { pathname } = new URL(url, 'http://localhost');
      try {
        return await this.#handler.fetch(toRequest(request, lastOf(pathname, depth), signal));
      } catch (error) {
        const failure = toHttpError(error);
        return Response.json(openAIError(failure), { status: failure.status });
      }
    }
  }

  const { prototype } = ServedEnsembles;
  for (const route of paths) {
    const depth = route.split('/').filter(Boolean).length;
    const value = function (this: ServedEnsembles, request: AdapterRequest, response: AdapterResponse) {
      return this.answer(request, response, depth);
    };
    Object.defineProperty(prototype, route, { value });
    All(route)(prototype, route, Object.getOwnPropertyDescriptor(prototype, route) as PropertyDescriptor);
    Req()(prototype, route, 0);
    Res()(prototype, route, 1);
  }
  Inject(SERVED_HANDLER)(ServedEnsembles, undefined, 0);
  Controller(path)(ServedEnsembles);
  return ServedEnsembles;
};

/** The last segments of a path, without a slash at its end. */
const lastOf = (pathname: string, depth: number): string =>
  `/${depth === 0 ? '' : pathname.replace(/\/$/, '').split('/').slice(-depth).join('/')}`;
