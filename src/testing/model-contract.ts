import type { Model } from '../domain/model.ts';
import { answerClauses } from './contract/answers.ts';
import { cancellationClauses } from './contract/cancellation.ts';
import type { Limitation } from './contract/contract-case.ts';
import { failureClauses } from './contract/failures.ts';
import { runClause } from './contract/stage.ts';
import { streamClauses } from './contract/streams.ts';
import { anthropic } from './dialects/anthropic.ts';
import { gemini } from './dialects/gemini.ts';
import { openaiChat } from './dialects/openai-chat.ts';
import type { WireDialect } from './dialects/wire-dialect.ts';

/** The name of a dialect that comes with the package. */
export type DialectName = 'openai-chat' | 'anthropic' | 'gemini';

const DIALECTS: Readonly<Record<DialectName, WireDialect>> = { 'openai-chat': openaiChat, anthropic, gemini };

/** Options of {@link modelContract}. */
export interface ModelContractOptions {
  /** What the cases are called after. */
  readonly name: string;
  /** The model, asking a server at `baseURL` (without a path) with this key. Called anew for every case. */
  readonly createModel: (endpoint: { readonly baseURL: string; readonly apiKey: string }) => Model;
  /** How its API writes: one that is known by name, or one of your own. */
  readonly dialect: DialectName | WireDialect;
  /** What the model does not do; the cases about it are left out. Default: it does all. */
  readonly limitations?: readonly Limitation[];
}

/** One case: `run` settles, or fails with an `AssertionError` that says what is wrong. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What every model that asks a provider must do, as cases for any test runner: answers, usage and finish
 * reasons, typed errors with their hints, one request a call, malformed answers, streams that are cut or
 * divided at any byte, sockets that close within 50 ms, and nothing left behind: no timer, no socket, no
 * listener, no unhandled rejection, and the key in nothing that comes out. Every case has a server of its own
 * on the loopback interface, and no case reaches further. Run the cases of one process one after the other.
 *
 * @example
 * ```ts no-run
 * import { modelContract } from 'crucible-ensemble/testing';
 * import { describe, it } from 'vitest';
 * import { acme } from './acme.ts';
 *
 * describe('acme', () => {
 *   const cases = modelContract({
 *     name: 'acme',
 *     dialect: 'openai-chat',
 *     createModel: ({ baseURL, apiKey }) => acme('acme-1', { baseURL: `${baseURL}/v1`, apiKey }),
 *   });
 *   for (const { name, run } of cases) it(name, run);
 * });
 * ```
 */
export const modelContract = ({
  name,
  createModel,
  dialect,
  limitations = [],
}: ModelContractOptions): readonly ContractCase[] => {
  const options = { createModel, dialect: typeof dialect === 'string' ? DIALECTS[dialect] : dialect };
  return [...answerClauses, ...failureClauses, ...cancellationClauses, ...streamClauses]
    .filter(({ unless = [] }) => ![unless].flat().some((limitation) => limitations.includes(limitation)))
    .map((clause) => ({ name: `${name} ${clause.name}`, run: () => runClause(clause, options) }));
};
