import { Observable } from 'rxjs';
import { ModelError } from '../domain/errors.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';

/** One exchange with a provider. */
export interface Exchange {
  readonly request: ModelRequest;
  /** This exchange's own; aborts when its answer is no longer wanted. */
  readonly signal: AbortSignal;
  /** Hands on a piece of the answer as it is written, where the request wants deltas. */
  readonly emit: (text: string) => void;
}

/** What differs from provider to provider. */
export interface Adapter<Client> {
  readonly id: string;
  readonly provider: string;
  readonly modelId: string;
  /** The client: imported and made at the first call, shared by the calls that follow. */
  readonly connect: () => Promise<Client>;
  /** Asks once. No retries of its own. */
  readonly ask: (client: Client, exchange: Exchange) => Promise<ModelResponse>;
  /** The typed error for what `ask` threw: without the provider's prose, headers or key. */
  readonly toError: (error: unknown) => ModelError;
}

/** Shared: a reason made for each abort costs more than the abort. */
let noLongerWanted: DOMException | undefined;

/**
 * A model that is asked through an adapter. Each call has an AbortController of its own, aborts it when it is
 * unsubscribed before its answer has come, and never errors or answers after that.
 */
export const providerModel = <Client>(adapter: Adapter<Client>): Model => {
  let connecting: Promise<Client> | undefined;
  const connect = (): Promise<Client> => {
    connecting ??= adapter.connect().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };
  return {
    id: adapter.id,
    provider: adapter.provider,
    modelId: adapter.modelId,
    call: (request) =>
      new Observable<ModelResponse | ModelDelta>((subscriber) => {
        const controller = new AbortController();
        let isSettled = false;
        const exchange: Exchange = {
          request,
          signal: controller.signal,
          emit: (delta) => subscriber.next({ delta }),
        };
        connect()
          .then((client) => (subscriber.closed ? undefined : adapter.ask(client, exchange)))
          .then(
            (response) => {
              isSettled = true;
              if (response !== undefined) subscriber.next(response);
              subscriber.complete();
            },
            (error: unknown) => {
              isSettled = true;
              subscriber.error(error instanceof ModelError ? error : adapter.toError(error));
            },
          );
        subscriber.add(() => {
          if (isSettled) return;
          noLongerWanted ??= new DOMException('the answer is no longer wanted', 'AbortError');
          controller.abort(noLongerWanted);
        });
      }),
  };
};

/**
 * Imports a package that the user installs.
 *
 * @throws {ModelError} that says what to install.
 */
export const importPeer = async <Module>(
  model: string,
  name: string,
  load: () => Promise<Module>,
): Promise<Module> => {
  try {
    return await load();
  } catch (error) {
    throw new ModelError(model, `cannot import "${name}": install it, or pass a client`, { cause: error });
  }
};
