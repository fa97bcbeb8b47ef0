import { asyncScheduler, type TeardownLogic } from 'rxjs';
import { isPromise } from '../domain/is-promise.ts';
import type { ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import { CheckTools, type RoleCalls } from './check-tools.ts';
import type { Judge, Reading } from './judge.ts';

/** What a judge says of a response; `undefined` of any other value. */
export type Judgement<Answer> = Reading<Answer> | undefined;

/**
 * The last response of a call, and what its judge says of it. Each response is judged once, although the policies around a
 * model and the call itself ask, and each of them receives a copy.
 */
export class JudgedResponse<Answer> {
  readonly #judge: Judge<Answer>;
  readonly #request: ModelRequest;
  #response: ModelResponse | undefined;
  #judgement: Judgement<Answer> | Promise<Judgement<Answer>>;
  readonly #tools: CheckTools | undefined;

  /**
   * @param roleCalls makes the calls of a check.
   * @param abortReason why the call has ended.
   */
  constructor(
    judge: Judge<Answer>,
    request: ModelRequest,
    roleCalls: RoleCalls | undefined,
    abortReason: () => unknown,
  ) {
    this.#judge = judge;
    this.#request = request;
    this.#tools = judge.mayWait ? new CheckTools(roleCalls, abortReason) : undefined;
  }

  /** Ends what checks have begun. */
  end(): void {
    this.#tools?.end();
  }

  /** The response that is being checked. */
  get pending(): ModelResponse | undefined {
    return isPromise(this.#judgement) ? this.#response : undefined;
  }

  /** @param bounded limits the time of a check. */
  judge(
    response: ModelResponse,
    bounded: (reading: Promise<Reading<Answer>>) => Promise<Reading<Answer>>,
  ): Judgement<Answer> | Promise<Judgement<Answer>> {
    if (this.#response !== undefined && isSameResponse(this.#response, response)) return this.#judgement;
    this.#response = response;
    const reading = this.#judge(response, this.#request, this.#tools);
    this.#judgement = isPromise(reading) ? this.#settling(response, bounded(reading)) : reading;
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
