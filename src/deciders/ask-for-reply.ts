import { map, type Observable } from 'rxjs';
import type { CallRole } from '../domain/call-role.ts';
import type { DecisionContext } from '../domain/decider.ts';
import type { Model } from '../domain/model.ts';
import { type Abstention, abstain, abstentionReason } from '../domain/normalizer.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Conversation } from '../domain/request.ts';
import { handOnJsonSchema } from '../normalizers/answer-schema.ts';
import type { JsonValue } from '../normalizers/json/json-value.ts';
import { json } from '../normalizers/json.ts';
import { jsonSchema } from '../normalizers/json-schema.ts';
import { fold } from '../normalizers/reading/fold.ts';
import { type ReplySchema, tidied } from './tidied.ts';

/** A question of a decider to a model, which replies with an object. */
export interface RoleQuestion<Reply> {
  readonly model: Model;
  readonly role: CallRole;
  readonly query: Conversation;
  /** The JSON Schema of each property of the reply. Others are dropped. */
  readonly properties: Readonly<Record<keyof Reply & string, ReplySchema>>;
  /** The properties that are asked for, and may be missing from a reply. */
  readonly optional?: readonly (keyof Reply & string)[];
  /** Returns the part of a reply on which an ensemble in the place of the model votes. */
  readonly voteOf: (reply: Reply) => unknown;
}

/**
 * Asks a model. Emits its reply, or an abstention with the reason if the reply does not fit, is unfinished or was refused,
 * or if the model is an ensemble without a majority. Errors with that of the call if it failed.
 */
export const askForReply = <Reply>(
  { model, role, query, properties, optional = [], voteOf }: RoleQuestion<Reply>,
  { call }: Pick<DecisionContext, 'call'>,
): Observable<Reply | Abstention> => {
  const names = Object.keys(properties) as (keyof Reply & string)[];
  const objectOf = (required: readonly string[]): ((text: string) => Reply | Abstention) =>
    jsonSchema({ type: 'object', properties, required, additionalProperties: false }) as (
      text: string,
    ) => Extract<Reply, JsonValue> | Abstention;
  const readStrictly = objectOf(names.filter((name) => !optional.includes(name)));
  const read = (text: string): Reply | Abstention => {
    const reply = readStrictly(text);
    if (!isAbstention(reply)) return reply;
    const value = json(text);
    return isAbstention(value)
      ? reply
      : readStrictly(JSON.stringify(tidied(value, { type: 'object', properties })));
  };
  const readVote = (text: string): unknown => {
    const reply = read(text);
    return isAbstention(reply) ? reply : voteOf(reply);
  };
  // Providers guarantee a schema only if it requires every property.
  const normalization = handOnJsonSchema(objectOf(names), readVote);
  return call(model, query, { role, normalization }).pipe(
    map((outcome) => {
      const text = textOf(outcome);
      return typeof text === 'string' ? read(fold(text)) : text;
    }),
  );
};

/** Whether a value is an abstention. */
export const isAbstention = (value: unknown): value is Abstention => abstentionReason(value) !== undefined;

/** @throws {ModelError} if the call failed, so that the prediction is degraded. */
const textOf = (outcome: Outcome): string | Abstention => {
  const { model } = outcome;
  if (outcome.status === 'failed') throw outcome.error;
  if (outcome.status === 'abstained')
    return abstain(`the reply of ${model} does not count: ${outcome.reason}`);
  if (outcome.status === 'cancelled') return abstain(`${model} was cancelled`);
  const { confidence = 1, confidenceSource, response } = outcome;
  return confidenceSource === 'agreement' && confidence <= 0.5
    ? abstain(`${model} has no majority: its reply has ${Math.round(100 * confidence)} % of its votes`)
    : response.text;
};
