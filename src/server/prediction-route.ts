import { quotedName } from '../domain/quoting.ts';
import type { Asked, Dialect } from './dialect.ts';
import type { Exchange } from './exchange.ts';
import { readJson } from './read-body.ts';
import { RequestRefusal } from './request-refusal.ts';
import type { Door, Route } from './route.ts';
import { type ServableEnsemble, servePrediction } from './serve-prediction.ts';

/** The route of one dialect: a prediction for each request. */
export const predictionRoute = <A extends Asked>(path: string, dialect: Dialect<A>): Route => ({
  method: 'POST',
  path,
  error: dialect.error,
  async handle(exchange, door) {
    const asked = dialect.read(await readJson(exchange.request, door.limits));
    const ensemble = ensembleOf(asked.model, exchange, door);
    const settle = door.callers.admit(exchange.caller, asked.model);
    const leave = await door.admission.enter(exchange.signal).catch((error: unknown) => {
      settle([]);
      throw error;
    });
    const { id, caller, startedAt } = exchange;
    const served = { id, caller: caller.name, ensemble: asked.model, route: path, query: asked.query };
    door.emit({ type: 'begin', served, startedAt });
    return servePrediction({
      ...door,
      dialect,
      asked,
      ensemble,
      served,
      exchange,
      settle(outcomes) {
        // First, because keeping the account may fail.
        leave();
        settle(outcomes);
      },
    });
  },
});

/** Whether a caller may ask an ensemble. One that it may not ask does not exist for it. */
export const mayAsk = ({ caller }: Exchange, name: string): boolean =>
  caller.ensembles?.includes(name) ?? true;

const ensembleOf = (name: string, exchange: Exchange, { ensembles }: Door): ServableEnsemble => {
  const ensemble = Object.hasOwn(ensembles, name) && mayAsk(exchange, name) ? ensembles[name] : undefined;
  if (ensemble !== undefined) return ensemble;
  throw modelNotFound(name);
};

export const modelNotFound = (name: string): RequestRefusal =>
  new RequestRefusal({
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: `there is no ensemble ${quotedName(name)}; GET /v1/models lists those that you may ask`,
    param: 'model',
  });
