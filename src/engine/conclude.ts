import { Subscriber } from 'rxjs';
import { formOf } from '../domain/answer-form.ts';
import { answerText } from '../domain/answer-key.ts';
import type { FieldStandings } from '../domain/field-standing.ts';
import { isA, isArray } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { abstentionWarning, missingVotes, shortReason } from '../domain/missing-votes.ts';
import {
  NoConsensusError,
  NoPredictionError,
  UserCodeError,
  winnerOf,
  withOutcomes,
} from '../domain/no-prediction.ts';
import { type Outcome, ofMembers } from '../domain/outcome.ts';
import type { Decision, Prediction, PredictionMetadata, StoppedBy } from '../domain/prediction.ts';
import { quotedName } from '../domain/quoting.ts';
import type { Tally } from '../domain/tally.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { PredictionNotifier } from '../telemetry/prediction-notifier.ts';
import { type Ledger, totalCost } from './account.ts';
import type { Closed } from './closing.ts';
import type { ResultReceiver } from './hold-election.ts';
import { confidenceWarning } from './ineffective.ts';
import { countOf, isFault, missingFrom } from './members.ts';
import { nearestMissIn } from './nearest-miss.ts';
import { isAskedWith, type Run } from './run.ts';
import { totalUsage } from './total-usage.ts';
import { decidedBy, inGroups } from './verdict.ts';

/**
 * The prediction of a final tally. Notifies the listeners.
 *
 * @throws {NoPredictionError} as {@link predictionOf} does.
 */
export const concluded = <Answer>(
  run: Run<Answer>,
  tally: Tally<Answer>,
  closed?: Closed<Answer>,
): Prediction<Answer> => {
  const { notifier } = run;
  if (notifier === undefined) return predictionOf(run, tally, closed);
  let prediction: Prediction<Answer>;
  try {
    prediction = predictionOf(run, tally, closed);
  } catch (error) {
    // In all other cases there were too few votes to count.
    if (error instanceof NoConsensusError)
      notifier.votesCounted(tally, error.votes, {
        stoppedBy: stoppedBy(run),
        ...given({ threshold: run.threshold }),
      });
    throw error;
  }
  // Reading the votes of the tally would count them again.
  notifier.votesCounted(tally, prediction.metadata.votes, prediction.metadata);
  notifier.succeeded(prediction);
  return prediction;
};

/** The error of a run without a prediction, with the account of its calls. Notifies the listeners. */
export const explained = (run: Run<unknown>, error: unknown): NoPredictionError => {
  const known = isA(error, NoPredictionError)
    ? error
    : new UserCodeError(`the schedule of ${quotedName(run.settings.executionName)}`, { cause: error });
  // One without a winner has the outcomes of the vote, with their groups.
  const failure = isA(known, NoConsensusError) ? known : withOutcomes(known, run.ledger.account());
  run.notifier?.failed(failure);
  return failure;
};

/**
 * The receiver that a run delivers to. With listeners attached, values are delivered in the caller's async context,
 * and an early unsubscribe is reported as `predict:cancel`.
 */
export const receiverOf = <Value>(
  run: Run<unknown>,
  subscriber: ResultReceiver<Value>,
): ResultReceiver<Value> =>
  run.notifier === undefined ? subscriber : notifying(run.notifier, run.ledger, subscriber);

const notifying = <Value>(
  notifier: PredictionNotifier,
  ledger: Ledger<unknown>,
  subscriber: ResultReceiver<Value>,
): ResultReceiver<Value> => {
  const receiver = new Subscriber<Value>({
    next: (value) => notifier.within(undefined, () => subscriber.next(value)),
    error: (error: unknown) => notifier.within(undefined, () => subscriber.error(error)),
    complete: () => notifier.within(undefined, () => subscriber.complete()),
  });
  subscriber.add(receiver);
  // Comes after the calls have been cancelled, which is reported first.
  subscriber.add(() => notifier.cancelled(() => ledger.account()));
  return receiver;
};

/** @throws {NoPredictionError} as {@link winnerOf} does. */
const predictionOf = <Answer>(
  run: Run<Answer>,
  votes: Tally<Answer>,
  closed: Closed<Answer> | undefined,
): Prediction<Answer> => {
  const { query, request, panel, settings, threshold, isCutOff, closedBy } = run;
  const { minResponses, voter, ids } = panel;
  const account = run.ledger.account();
  const outcomes = votes.groups === undefined ? account : inGroups(account, votes.groups);
  const decision = closed?.decision;
  const tally = closed?.verdict === undefined ? votes : decidedBy(closed.verdict, votes, outcomes);
  const answer = winnerOf(tally, outcomes, {
    voter,
    minResponses,
    isCutOff,
    undecided: decision && sayingWhy(decision),
    nearestMissIn,
  });

  // All calls are paid for, and the members are counted.
  const hasRoles = closed !== undefined || run.hasRoleCalls;
  const { fields } = votes;
  const members = hasRoles ? ofMembers(outcomes) : outcomes;
  const count = countOf(members);
  const { costUsd, costSource, maxCostUsd, costBreakdown, modelsUsed } = totalCost(outcomes, panel);
  const usage = totalUsage(outcomes);
  const missing = count.failed > 0 || count.abstained > 0 || isCutOff ? missingFrom(members, isCutOff) : [];
  const lastSteps = hasRoles ? faultOfLastSteps(outcomes, decision) : undefined;
  const isDegraded =
    isCutOff || closedBy === 'deadline' || lastSteps?.isFailure === true || missing.some(isFault);
  // Not of an ensemble with a decider or a grouping.
  const mismatch =
    count.answered > 1 && fields === undefined ? settings.mismatch?.(members, answer) : undefined;
  const toolCalls = request.tools === undefined ? undefined : callsOf(tally);
  const text =
    closed?.verdict !== undefined && !('key' in closed.verdict)
      ? closed.verdict.text
      : textOf(tally, toolCalls);
  // What may be absent is added afterwards: a literal that spreads it grows in steps, and takes 170 bytes more.
  const metadata: Writable<PredictionMetadata> = {
    consensus: tally.consensus,
    quorum: tally.successes / ids.length,
    status: isDegraded ? 'degraded' : 'complete',
    missing,
    confidence: tally.confidence,
    votes: tally.votes,
    latencyMs: run.clock() - run.startedAtMs,
    costUsd,
    costSource,
    costBreakdown,
    modelsUsed,
    successes: count.answered,
    failures: count.failed,
    abstentions: count.abstained,
    cancelled: count.cancelled,
    strategy: voter.name,
    execution: settings.executionName,
    stoppedBy: stoppedBy(run),
    warnings: warningsOf(run, members, count, mismatch ?? lastSteps?.warning, fields),
  };
  if (fields !== undefined) metadata.fields = fields;
  if (maxCostUsd !== undefined) metadata.maxCostUsd = maxCostUsd;
  if (usage !== undefined) metadata.usage = usage;
  if (threshold !== undefined) metadata.threshold = threshold;
  if (settings.grouping !== undefined) metadata.grouping = settings.grouping;
  if (closed?.refinement !== undefined) metadata.refinement = closed.refinement;
  if (decision !== undefined) metadata.decision = decision;
  const prediction: Writable<Prediction<Answer>> = { query, answer, text, metadata, outcomes };
  if (isAskedWith(settings.defaults.system, request)) prediction.system = request.system;
  if (toolCalls !== undefined) prediction.toolCalls = toolCalls;
  return prediction;
};

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The calls of the winner: its answer, or else what its model called next to its text. */
const callsOf = ({ leader, leadingVote }: Tally): readonly ToolCall[] => {
  if (formOf(leader) !== undefined) return leader as readonly ToolCall[];
  const calls: readonly ToolCall[] = leadingVote?.response.toolCalls ?? [];
  return isArray(calls) ? calls.map(({ toolName, input }) => ({ toolName, input })) : [];
};

/** The text of the winner. Calls without a text are written as JSON, and so is an answer that no model gave. */
const textOf = ({ leader, leadingVote }: Tally, calls?: readonly ToolCall[]): string => {
  const text = leadingVote?.response.text ?? answerText(leader);
  return calls?.length && text.trim() === '' ? JSON.stringify(calls) : text;
};

/** What ended the election of a run. */
const stoppedBy = ({ isCutOff, endedBy }: Run<unknown>): StoppedBy =>
  isCutOff ? 'deadline' : endedBy === 'stopped-early' ? 'rule' : 'completion';

/** What the outcomes themselves tell: which models abstained and why, that no vote has a confidence, or what the voter tells of fields. */
const warningsOf = (
  { warnings, panel: { confidenceUsers, voter } }: Run<unknown>,
  outcomes: readonly Outcome[],
  { abstained }: { readonly abstained: number },
  otherwise: string | undefined,
  fields: FieldStandings | undefined,
): readonly string[] => {
  const abstentions = abstained > 0 ? abstentionWarning(outcomes) : undefined;
  const unsure = confidenceUsers.length > 0 ? confidenceWarning(confidenceUsers, outcomes) : undefined;
  const ofFields = fields && voter[internal]?.warningsOf?.([fields]);
  // As for nearly every prediction.
  if (abstentions === undefined && unsure === undefined && otherwise === undefined && ofFields === undefined)
    return warnings;
  const found = [abstentions, unsure, otherwise, ...(ofFields ?? [])];
  return [...warnings, ...found.filter((warning) => warning !== undefined)];
};

/** What went wrong after the votes: the decider has no verdict, or calls that it or a grouping made have failed. */
const faultOfLastSteps = (
  outcomes: readonly Outcome[],
  decision: Decision | undefined,
): { readonly isFailure: boolean; readonly warning: string | undefined } => {
  const failed = outcomes.filter(({ role, status }) => role !== undefined && status === 'failed');
  const isFailure = failed.length > 0 || decision?.status === 'failed';
  // A grouping warns by itself.
  if (decision === undefined) return { isFailure, warning: undefined };
  const why = sayingWhy(decision);
  if (why !== undefined) return { isFailure, warning: `the votes decide, because ${why}` };
  const after = failed.filter(({ role }) => role !== 'verifier');
  const warning = after.length > 0 ? `calls after the votes have failed: ${missingVotes(after)}` : undefined;
  return { isFailure, warning };
};

/** Says why a decider had no verdict; `undefined` if it had one, or was not needed. */
const sayingWhy = ({ by, status, reason }: Decision): string | undefined =>
  status === 'failed' || status === 'abstained'
    ? `${quotedName(by)} has no verdict: ${shortReason(reason ?? status)}`
    : undefined;
