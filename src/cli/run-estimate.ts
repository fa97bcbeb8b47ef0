import { providers, requirementsOf } from '../catalog/providers.ts';
import { priced } from '../domain/cost.ts';
import { guarding, readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { writtenIn } from '../domain/message.ts';
import type { Model } from '../domain/model.ts';
import { mostFileTokens } from '../domain/most-tokens.ts';
import type { Pricing } from '../domain/pricing.ts';
import { type ModelRequest, smallerLimit } from '../domain/request.ts';
import { promptOf } from '../engine/to-request.ts';
import type { ConditionOptions } from '../experiment/condition.ts';
import type { Journal } from '../experiment/journal/journal.ts';
import { sha256 } from '../experiment/journal/journal-digest.ts';
import type { Question } from '../experiment/question.ts';
import { panelCalls } from '../experiment/rescoring/panel-calls.ts';
import type { RequestedCall } from '../experiment/rescoring/rescore-condition.ts';
import { type ExperimentOptions, runExperiment } from '../experiment/run-experiment.ts';
import { sample } from '../experiment/sample.ts';
import { isSimulated } from '../models/simulated.ts';
import { MAX_OUTPUT_TOKENS } from './spending-limit.ts';

/** What a run may cost, before its first call. */
export interface RunEstimate {
  /** The number of calls with a known price, and what they may cost together, in USD. */
  readonly calls: number;
  readonly mostUsd: number;
  /** The number of calls to each model of a provider whose price is unknown. */
  readonly unpriced: ReadonlyMap<string, number>;
  /** The same for functions of the user's own, which say what they cost only afterwards. */
  readonly own: ReadonlyMap<string, number>;
}

/** Where prices come from, and the calls that are paid for already. */
interface EstimateSources {
  /** The prices for models of which the experiment knows none. */
  readonly prices: Pricing;
  readonly journal: Journal | undefined;
  /** The models of a judge, which may be asked about each answer that has no recorded verdict. */
  readonly judges?: readonly Model[];
  readonly signal: AbortSignal;
}

/**
 * Estimates what a run may cost if every condition calls its whole panel and every answer has as many tokens as its model may
 * write, or 4096; within the caps of its budget. Calls and verdicts that are recorded cost nothing, and neither do simulated models and those of a server of the user's own.
 */
export const estimateRun = async (
  options: ExperimentOptions,
  { prices, judges = [], journal, signal }: EstimateSources,
): Promise<RunEstimate> => {
  const { dataset, conditions, sample: drawn, pricing, budget } = options;
  const all = Object.values(conditions);
  const panels = all.map(guardedCalls);
  const callers = all.filter(mayBePaid).map(callsOf);
  const callersAfterVotes = all.flatMap(namesAfterVotes);
  const estimate = {
    calls: 0,
    mostUsd: 0,
    unpriced: new Map<string, number>(),
    own: new Map<string, number>(),
  };
  const add = ({ id, provider }: Model, usd: number | undefined): void => {
    if (usd === undefined) count(provider === undefined ? estimate.own : estimate.unpriced, id);
    else {
      estimate.calls += 1;
      estimate.mostUsd += usd;
    }
  };
  const { caps = [], maxOutputTokens } = typeof budget === 'object' ? budget : {};
  const billed = judges.filter((model) => !isFree(model));
  // The dataset is not read for a run that costs nothing.
  if (callers.length === 0 && billed.length === 0 && callersAfterVotes.length === 0) return estimate;
  const isRecorded = async (text: string): Promise<boolean> =>
    journal !== undefined && (await journal.get(await sha256(text)))?.status === 'answered';
  const scores =
    billed.length === 0 || journal === undefined || journal.count === 0
      ? undefined
      : recordedScores({ ...options, journal, signal });
  for await (const question of drawn === undefined ? dataset : sample(dataset, drawn)) {
    signal.throwIfAborted();
    const calls = new Map(callers.flatMap((callsFor) => callsFor(question)));
    for (const [text, { call, ofCondition }] of calls) {
      if (await isRecorded(text)) continue;
      add(call.model, mostUsdOf(call, ofCondition ?? pricing ?? prices, { maxOutputTokens }));
    }
    // What a decider or a grouping asks is known once the answers are.
    for (const name of callersAfterVotes) count(estimate.own, name);
    // A recording that cannot be scored says nothing.
    const known = await scores?.next().catch(() => undefined);
    for (const [index, callsFor] of panels.entries()) {
      const hasVerdict = known?.value?.[index] === true;
      if (hasVerdict && (await everyOf(callsFor(question), ({ text }) => isRecorded(text)))) continue;
      for (const model of billed) {
        const messages = [{ role: 'user', content: promptOf(question.question) }] as const;
        const limits = { maxOutputTokens, answerTokens: MAX_OUTPUT_TOKENS };
        add(model, mostUsdOf({ model, request: { messages } }, pricing ?? prices, limits));
      }
    }
  }
  return { ...estimate, mostUsd: Math.min(estimate.mostUsd, ...caps.map(({ maxUsd }) => maxUsd)) };
};

/** A call that may have to be paid for, by its text, with the prices of its condition. */
type PaidCall = readonly [
  text: string,
  { readonly call: RequestedCall; readonly ofCondition: Pricing | undefined },
];

const callsOf = (condition: ConditionOptions): ((question: Question) => readonly PaidCall[]) => {
  const callsFor = guardedCalls(condition);
  return (question) =>
    callsFor(question)
      .filter(({ model }) => !isFree(model))
      .map((call) => [call.text, { call, ofCondition: condition.pricing }]);
};

/** Returns the calls of a condition. The run itself says what is wrong with a function that chooses models. */
const guardedCalls = (condition: ConditionOptions): ((question: Question) => readonly RequestedCall[]) => {
  const callsFor = panelCalls(condition);
  return (question) =>
    guarding<readonly RequestedCall[]>(
      () => callsFor(question),
      () => [],
    );
};

/** Yields, for each question, which conditions have a score by recorded calls and verdicts alone. Makes no calls. */
async function* recordedScores(options: ExperimentOptions): AsyncGenerator<readonly boolean[]> {
  const conditions = Object.keys(options.conditions).length;
  let scores: boolean[] = [];
  for await (const { score } of runExperiment({ ...options, onMiss: 'error' })) {
    scores.push(score !== undefined);
    if (scores.length < conditions) continue;
    yield scores;
    scores = [];
  }
}

/** Whether a condition is true of every item, one after the other. */
const everyOf = async <Item>(
  items: readonly Item[],
  isTrue: (item: Item) => Promise<boolean>,
): Promise<boolean> => {
  for (const item of items) if (!(await isTrue(item))) return false;
  return true;
};

/** The names of what may make calls after the votes of a condition, which may cost something. */
const namesAfterVotes = ({ decide, grouping }: ConditionOptions): readonly string[] =>
  [decide, grouping].flatMap((step) => {
    if (!step || (step === grouping && readSafely(step, 'refine') === undefined)) return [];
    const model = readSafely(step, 'model');
    // byContent takes its time, and calls no model.
    const costsNothing = step.name === 'byContent' || (isObject(model) && isFree(model as Model));
    return costsNothing ? [] : [step.name || 'decide'];
  });

/** Whether a condition may have a model that is billed. */
const mayBePaid = ({ models }: ConditionOptions): boolean =>
  typeof models === 'function' || !models.every(isFree);

/** Whether nothing is billed for a model: it is simulated, or its provider needs no key. */
const isFree = (model: Model): boolean => {
  const { provider } = model;
  if (isSimulated(model)) return true;
  return (
    provider !== undefined &&
    providers.includes(provider) &&
    requirementsOf(provider).keyVariables.length === 0
  );
};

/** The limits of the tokens of a call. */
interface TokenLimits {
  /** That of the budget. */
  readonly maxOutputTokens?: number | undefined;
  /** The tokens of an answer that a judge reads. */
  readonly answerTokens?: number;
}

const mostUsdOf = (
  { model, request }: { readonly model: Model; readonly request: Omit<ModelRequest, 'prompt'> },
  pricing: Pricing,
  { maxOutputTokens, answerTokens = 0 }: TokenLimits,
): number | undefined => {
  const { system = '', messages, answerSchema, tools, settings } = request;
  const texts = [
    system,
    ...messages.map(({ content }) => writtenIn(content)),
    answerSchema && JSON.stringify(answerSchema),
    tools && JSON.stringify(tools),
  ];
  return priced(model, pricing, 'estimated', () => ({
    inputTokens:
      answerTokens + pricing.countTokens(texts.filter(Boolean).join('\n')) + mostFileTokens(messages),
    outputTokens:
      smallerLimit(smallerLimit(model.maxOutputTokens, settings?.maxOutputTokens), maxOutputTokens) ??
      MAX_OUTPUT_TOKENS,
  })).costUsd;
};

const count = (counts: Map<string, number>, id: string): void => {
  counts.set(id, (counts.get(id) ?? 0) + 1);
};
