import { asyncScheduler, type TeardownLogic } from 'rxjs';
import { isPromise } from '../domain/is-promise.ts';
import type { ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { CallContext } from './call-context.ts';
import { CheckTools } from './check-tools.ts';
import type { Judge, Reading } from './judge.ts';

/** What a judge says of a response; `undefined` of any other value. */
export type Judgement<Answer> = Reading<Answer> | undefined;

/** The call of which responses are judged. */
export interface CheckedCall<Answer> {
  readonly request: ModelRequest;
  readonly context: Pick<CallContext<Answer>, 'roleCalls'>;
  /** Why the call has ended. */
  readonly abortReason: unknown;
  /** Limits the time of a check. */
  bounded(reading: Promise<Reading<Answer>>): Promise<Reading<Answer>>;
}

/**
 * The last response of a call, and what its judge says of it. Each response is judged once, although the policies around a
 * model and the call itself ask, and each of them receives a copy.
 */
export class JudgedResponse<Answer> {
  readonly #judge: Judge<Answer>;
  readonly #call: CheckedCall<Answer>;
  #response: ModelResponse | undefined;
  #judgement: Judgement<Answer> | Promise<Judgement<Answer>>;
  readonly #tools: CheckTools | undefined;

  constructor(judge: Judge<Answer>, call: CheckedCall<Answer>) {
    this.#judge = judge;
    this.#call = call;
    this.#tools = judge.mayWait ? new CheckTools(call.context.roleCalls, () => call.abortReason) : undefined;
  }

  /** Ends what checks have begun. */
  end(): void {
    this.#tools?.end();
  }

  /** The response that is being checked. */
  get pending(): ModelResponse | undefined {
    return isPromise(this.#judgement) ? this.#response : undefined;
  }

  judge(response: ModelResponse): Judgement<Answer> | Promise<Judgement<Answer>> {
    if (this.#response !== undefined && isSameResponse(this.#response, response)) return this.#judgement;
    this.#response = response;
    const reading = this.#judge(response, this.#call.request, this.#tools);
    this.#judgement = isPromise(reading) ? this.#settling(response, this.#call.bounded(reading)) : reading;
    return this.#judgement;
  }

  async #settling(response: ModelResponse, reading: Promise<Reading<Answer>>): Promise<Judgement<Answer>> {
    const found = await reading;
    // Another attempt may have answered meanwhile.
    if (this.#response === response) this.#judgement = found;
    return found;
  }
}

/** Why a response does not count; `undefined` if it does. */
export const reasonOf = (judgement: Judgement<unknown>): string | undefined =>
  judgement !== undefined && 'reason' in judgement ? judgement.reason : undefined;

/** The result of a check that may never come: after some time, the response does not count. */
export const within = <Answer>(
  timeoutMs: number,
  reading: Promise<Reading<Answer>>,
  call: { add(teardown: TeardownLogic): void },
): Promise<Reading<Answer>> => {
  if (timeoutMs === Number.POSITIVE_INFINITY) return reading;
  return new Promise((resolve) => {
    const late = { reason: `check had no result within ${timeoutMs} ms` };
    const timer = asyncScheduler.schedule(() => resolve(late), timeoutMs);
    call.add(timer);
    void reading.then((found) => {
      timer.unsubscribe();
      resolve(found);
    });
  });
};

/** Whether a response is the same as another, or a copy of it that a policy handed on. */
const isSameResponse = (one: ModelResponse, other: ModelResponse): boolean =>
  one === other ||
  (one.text === other.text &&
    one.finishReason === other.finishReason &&
    one.reasoning === other.reasoning &&
    one.requestId === other.requestId &&
    one.toolCalls?.length === other.toolCalls?.length &&
    (one.toolCalls ?? []).every(({ toolName, input }, index) => {
      const call = other.toolCalls?.[index];
      return toolName === call?.toolName && input === call.input;
    }));
