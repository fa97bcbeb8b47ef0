import type { CallRole } from './call-role.ts';
import type { ModelError } from './errors.ts';
import type { ConfidenceSource, ModelResponse } from './model.ts';

/** The source of a cost: see `costSource` of {@link CallAccount}. */
export type CostSource = 'reported' | 'estimated' | 'partial' | 'unknown';

/** A failed attempt within a call that was retried, or after which a fallback was called. */
export interface Attempt
  extends Pick<CallAccount, 'model' | 'latencyMs' | 'costUsd' | 'costSource' | 'maxCostUsd' | 'warning'> {
  readonly error: ModelError;
  /** How long until the next attempt, in milliseconds. */
  readonly nextInMs: number;
}

/** The time and cost of one call. */
export interface CallAccount {
  /** The id of the model that was called. */
  readonly model: string;
  /**
   * The provider and its name of the model, such as `openai/gpt-6-luna`: from the response, otherwise from the call. After a
   * `fallback`, those of the last called model. Absent if the model names no provider.
   */
  readonly servedBy?: string;
  /** The position of the model in the panel, from 0. Calls with a `role` come after the panel. */
  readonly index: number;
  /** What the call was for; absent for a call of a member of the panel. */
  readonly role?: CallRole;
  /** From the start of the call to its end, in milliseconds. */
  readonly latencyMs: number;
  /** From the start of the call to the first piece of its answer, in milliseconds; absent unless it was streamed. */
  readonly firstTokenMs?: number;
  /** The cost of the call with all attempts, in USD; `undefined` if unknown, which is not 0. */
  readonly costUsd: number | undefined;
  /**
   * `reported` by the model or priced by the tokens that it reported; `estimated` from the texts; `partial` if the
   * cost of an attempt is unknown and left out; `unknown`.
   */
  readonly costSource: CostSource;
  /**
   * The upper bound of the cost, in USD, if the cost is partly or wholly unknown: the recorded price of a call that an
   * experiment aborts. Absent if there is no such bound.
   */
  readonly maxCostUsd?: number;
  /** The failed attempts before the last, in order; absent if there was one attempt. */
  readonly attempts?: readonly Attempt[];
  /** Whether the price of a similar model was used, because that of this model is unknown. */
  readonly isPriceApproximate?: boolean;
  /** Faults that did not change the status: a confidence of 7, a usage below 0, a pricing or a teardown that threw. */
  readonly warning?: string;
}

/** The model answered, and the normalizer found an answer in its text: a vote. */
export interface Answered<Answer = unknown> extends CallAccount {
  readonly status: 'answered';
  readonly response: ModelResponse;
  /** The answer, normalized. */
  readonly answer: Answer;
  /** The key under which the answer is counted. */
  readonly key: string;
  /** The key of the answer for which it counted, if a grouping joined it with others; absent without a grouping. */
  readonly group?: string;
  /** The confidence of the model, from 0 to 1; `undefined` if it gave none, or an invalid one. */
  readonly confidence: number | undefined;
  /** The source of the confidence; absent if the model does not report it. */
  readonly confidenceSource?: ConfidenceSource;
}

/** The model answered, but no answer was found in its text. */
export interface Abstained extends CallAccount {
  readonly status: 'abstained';
  readonly response: ModelResponse;
  /** Why the response is not a vote. */
  readonly reason: string;
  /** The share of its check that the answer passed, from 0 to 1; absent unless the check returned a `miss`. */
  readonly passed?: number;
}

/** The call failed. */
export interface Failed extends CallAccount {
  readonly status: 'failed';
  readonly error: ModelError;
}

/** The call was in flight when the prediction ended, and was cancelled. */
export interface Cancelled extends CallAccount {
  readonly status: 'cancelled';
}

/** The result of one call, as a value. `cancelled` occurs only in the account of a prediction. */
export type Outcome<Answer = unknown> = Answered<Answer> | Abstained | Failed | Cancelled;

/** An outcome that is counted. Voters receive votes only. */
export type Vote<Answer = unknown> = Answered<Answer>;

/** Returns votes, or other outcomes, in the order of the panel. Those with the same place stay in the order that they have. */
export const inPanelOrder = <Kind extends Pick<CallAccount, 'index'>>(outcomes: readonly Kind[]): Kind[] =>
  outcomes.toSorted((a, b) => a.index - b.index);

/** Whether a call is one of a member of the panel. All other calls have a role, and no vote. */
export const isOfMember = <Answer>(outcome: Outcome<Answer>): boolean => outcome?.role === undefined;

/** The calls of the members of a panel. */
export const ofMembers = <Answer>(outcomes: readonly Outcome<Answer>[]): readonly Outcome<Answer>[] =>
  outcomes.every(isOfMember) ? outcomes : outcomes.filter(isOfMember);

/** The calls of the members with their votes as they counted: with a grouping, each vote is one for the answer of its group. */
export const asCounted = <Answer>(outcomes: readonly Outcome<Answer>[]): readonly Outcome<Answer>[] => {
  const members = ofMembers(outcomes);
  if (!members.some(isJoined)) return members;
  const speakers = new Map(
    members.flatMap((outcome) => (outcome.status === 'answered' ? [[outcome.key, outcome]] : [])),
  );
  return members.map((outcome) => {
    const speaker = isJoined(outcome) ? speakers.get(outcome.group) : undefined;
    return speaker === undefined ? outcome : inFavourOf(speaker, outcome as Vote<Answer>);
  });
};

/** The same vote for the answer of another one. */
export const inFavourOf = <Answer>(
  { key, answer }: Pick<Vote<Answer>, 'key' | 'answer'>,
  vote: Vote<Answer>,
): Vote<Answer> => (vote.key === key ? vote : { ...vote, key, answer });

/** The key under which an answer counted: that of its group, if a grouping joined it with others. */
export const countedKey = (key: string, outcomes: readonly Outcome[]): string =>
  outcomes.find(
    (outcome): outcome is Vote =>
      outcome.status === 'answered' && outcome.key === key && outcome.role === undefined,
  )?.group ?? key;

const isJoined = (outcome: Outcome): outcome is Vote & { readonly group: string } =>
  outcome.status === 'answered' && outcome.group !== undefined && outcome.group !== outcome.key;
