import { asPromise, runAside, silence } from '../domain/foreign.ts';
import { quotedName } from '../domain/quoting.ts';
import type { Settle } from './callers.ts';
import { overridesOfChoice } from './chosen-panel.ts';
import type { Asked, Dialect } from './dialect.ts';
import type { Exchange } from './exchange.ts';
import { readJson } from './read-body.ts';
import { RequestRefusal } from './request-refusal.ts';
import type { Door, Route } from './route.ts';
import { type ServableEnsemble, type Serving, servePrediction } from './serve-prediction.ts';
import { whileThere } from './while-there.ts';

/** The route of one dialect: a prediction for each request. */
export const predictionRoute = <A extends Asked>(path: string, dialect: Dialect<A>): Route => ({
  method: 'POST',
  path,
  error: dialect.error,
  async handle(exchange, door) {
    const asked = dialect.read(await readJson(exchange.request, door.limits));
    return servePrediction(await admitted({ path, dialect, asked, exchange, door }));
  },
});

/** What a client asks, and where. */
export interface AskedThere<A extends Asked> {
  /** The path of the route. */
  readonly path: string;
  readonly dialect: Dialect<A>;
  readonly asked: A;
  readonly exchange: Exchange;
  readonly door: Door;
}

/**
 * Waits until a prediction may begin.
 *
 * @throws {RequestRefusal} if there is no such ensemble, if the caller's budget or rate limit is used up, or if too many wait.
 */
export const admitted = async <A extends Asked>({
  path,
  dialect,
  asked,
  exchange,
  door,
}: AskedThere<A>): Promise<Serving<A>> => {
  const ensemble = ensembleOf(asked.model, exchange, door);
  const chosen = asked.chosen && overridesOfChoice(asked.chosen, ownValue(door.choices, asked.model));
  const { id, caller, startedAt } = exchange;
  const served = { id, caller: caller.name, ensemble: asked.model, route: path, query: asked.query };
  const account = await openAccount(exchange, door, asked.model);
  const settle: Settle = (outcomes) =>
    runAside(
      'the end of an account',
      () => account(outcomes),
      // The answer is paid for, so it is not withheld.
      (_, error) => door.emit({ type: 'fault', served, error }),
    );
  const leave = await door.admission.enter(exchange.signal).catch((error: unknown) => {
    settle([]);
    throw error;
  });
  door.emit({ type: 'begin', served, startedAt });
  return {
    ...door,
    dialect,
    asked: chosen === undefined ? asked : { ...asked, overrides: { ...asked.overrides, ...chosen } },
    ensemble,
    served,
    exchange,
    settle(outcomes) {
      leave();
      settle(outcomes);
    },
  };
};

/** Opens the account of one prediction. A client that leaves before gets none. */
const openAccount = async (
  { caller, signal }: Exchange,
  { callers }: Door,
  ensemble: string,
): Promise<Settle> => {
  const opened = asPromise(() => callers.admit(caller, ensemble));
  try {
    return await whileThere(signal, () => opened);
  } catch (error) {
    silence(opened.then((account) => account([])));
    throw error;
  }
};

/** Whether a caller may ask an ensemble. One that it may not ask does not exist for it. */
export const mayAsk = ({ caller }: Exchange, name: string): boolean =>
  caller.ensembles?.includes(name) ?? true;

const ensembleOf = (name: string, exchange: Exchange, { ensembles }: Door): ServableEnsemble => {
  const ensemble = mayAsk(exchange, name) ? ownValue(ensembles, name) : undefined;
  if (ensemble !== undefined) return ensemble;
  throw modelNotFound(name);
};

/** A name that a client gives may be that of a property of all objects. */
const ownValue = <Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

export const modelNotFound = (name: string): RequestRefusal =>
  new RequestRefusal({
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: `there is no ensemble ${quotedName(name)}; GET /v1/models lists those that you may ask`,
    param: 'model',
  });
