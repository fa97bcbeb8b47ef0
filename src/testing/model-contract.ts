import type { Model } from '../domain/model.ts';
import { reading } from '../options.ts';
import { answerClauses } from './contract/answers.ts';
import { cancellationClauses } from './contract/cancellation.ts';
import type { Clause, Limitation } from './contract/clause.ts';
import { failureClauses } from './contract/failures.ts';
import { reasoningClauses } from './contract/reasoning.ts';
import { requestClauses } from './contract/requests.ts';
import { runClause } from './contract/run-clause.ts';
import { streamClauses } from './contract/streams.ts';
import { toolClauses } from './contract/tools.ts';
import { anthropic } from './dialects/anthropic.ts';
import { gemini } from './dialects/gemini.ts';
import { openaiChat } from './dialects/openai-chat.ts';
import { openaiResponses } from './dialects/openai-responses.ts';
import type { WireDialect } from './dialects/wire-dialect.ts';

/** A dialect of this package, by name. */
export type DialectName = 'openai-chat' | 'openai-responses' | 'anthropic' | 'gemini';

const DIALECTS: Readonly<Record<DialectName, WireDialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  anthropic,
  gemini,
};

const CLAUSES: readonly Clause[] = [
  ...answerClauses,
  ...requestClauses,
  ...toolClauses,
  ...reasoningClauses,
  ...failureClauses,
  ...cancellationClauses,
  ...streamClauses,
];

/** Options of {@link modelContract}. */
export interface ModelContractOptions {
  /** The beginning of each case's name. */
  readonly name: string;
  /** Makes the model of a case, for a server at `baseURL` (without a path) and with this key. */
  readonly createModel: (endpoint: { readonly baseURL: string; readonly apiKey: string }) => Model;
  /** How its API writes answers and errors: a dialect of this package, or your own. */
  readonly dialect: DialectName | WireDialect;
  /**
   * The features that the model does not support; their cases are skipped. For parts of a request, such as `'no-image'`, the
   * cases check instead that nothing is sent. Default `[]`.
   */
  readonly limitations?: readonly Limitation[];
}

/** One case of the contract: `run` rejects with an `AssertionError` if the model breaks it. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * Returns the contract of every model that calls a provider, as cases for any test runner. They cover answers,
 * usage and finish reasons; typed errors with their retry hints; one request a call; malformed answers; streams
 * that are cut or split at any byte; and sockets that close when a call is cancelled.
 *
 * A case also fails if it leaves a timer, a socket, a listener or an unhandled rejection, or if a result shows the
 * key. No case depends on how fast the machine is. Each case starts its own server on the loopback interface. Run
 * the cases of one process one after the other, because each counts the sockets of the process.
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
export const modelContract = (contract: ModelContractOptions): readonly ContractCase[] => {
  return reading('modelContract', () => {
    const { name, createModel, dialect, limitations = [] } = contract;
    const options = { createModel, dialect: typeof dialect === 'string' ? DIALECTS[dialect] : dialect };
    return CLAUSES.flatMap((clause) => clauseFor(clause, limitations)).map((clause) => ({
      name: `${name} ${clause.name}`,
      run: () => runClause(clause, options),
    }));
  });
};

/** The clause that holds for a model with these limitations, if there is one. */
const clauseFor = (clause: Clause, limitations: readonly Limitation[]): readonly Clause[] => {
  const { unless = [], otherwise } = clause;
  if (![unless].flat().some((limitation) => limitations.includes(limitation))) return [clause];
  return otherwise === undefined ? [] : [otherwise];
};
