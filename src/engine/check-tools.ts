import { type Observable, ReplaySubject } from 'rxjs';
import type { CheckContext } from '../domain/check.ts';
import { ConfigError } from '../domain/errors.ts';
import type { ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { RoleCall } from '../domain/role-call.ts';

/** Makes the calls of a step that ends. */
export type RoleCalls = (ended$: Observable<void>) => RoleCall;

/** What the checks of one call may use until it ends. Each part is made when a check uses it. */
export class CheckTools {
  readonly #roleCalls: RoleCalls | undefined;
  readonly #abortReason: () => unknown;
  #ended$: ReplaySubject<void> | undefined;
  #controller: AbortController | undefined;
  #call: RoleCall | undefined;
  #hasEnded = false;

  constructor(roleCalls: RoleCalls | undefined, abortReason: () => unknown) {
    this.#roleCalls = roleCalls;
    this.#abortReason = abortReason;
  }

  get call(): RoleCall {
    if (this.#call !== undefined) return this.#call;
    if (this.#roleCalls === undefined)
      throw new ConfigError(['a check makes calls in createEnsemble of crucible-ensemble: use that one']);
    // Replays, because foreign code may subscribe a call after the end.
    this.#ended$ = new ReplaySubject(1);
    if (this.#hasEnded) this.#ended$.next();
    this.#call = this.#roleCalls(this.#ended$);
    return this.#call;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasEnded) this.#controller.abort(this.#abortReason());
    return this.#controller.signal;
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#ended$?.next();
    this.#controller?.abort(this.#abortReason());
  }
}

/** The context of a check of one response. */
export const contextWith = (
  query: ModelRequest,
  response: ModelResponse,
  tools: CheckTools,
): CheckContext => ({
  query,
  response,
  get call() {
    return tools.call;
  },
  get signal() {
    return tools.signal;
  },
});
