import type { JsonObject } from './dialect.ts';
import { pathIn } from './find-route.ts';
import { mayAsk, modelNotFound } from './prediction-route.ts';
import type { Route } from './route.ts';

const modelObject = (id: string): JsonObject => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'crucible-ensemble',
});

/** `GET /v1/models` and `/v1/models/{id}`: the ensembles that a caller may ask. */
export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/models',
    async handle(exchange, { ensembles }) {
      exchange.end();
      const data = Object.keys(ensembles).filter((name) => mayAsk(exchange, name));
      return Response.json({ object: 'list', data: data.map(modelObject) });
    },
  },
  {
    method: 'GET',
    path: '/v1/models/*',
    async handle(exchange, { ensembles }) {
      const name = decoded(pathIn(exchange.url).slice('/v1/models/'.length));
      if (!Object.hasOwn(ensembles, name) || !mayAsk(exchange, name)) throw modelNotFound(name);
      exchange.end();
      return Response.json(modelObject(name));
    },
  },
];

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
