import { asyncScheduler, from, type Subscriber } from 'rxjs';
import { type Cost, sumOf } from '../domain/cost.ts';
import { returned } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { attemptListener } from '../domain/request.ts';
import { emitEvents, type StreamEvent, toDeltaEvent } from '../domain/stream-event.ts';
import type { CompleteCall } from '../strategies/execution/compose-call.ts';
import { allAtOnce } from '../strategies/execution/parallel.ts';
import { errorWhenAborted } from './abort-with.ts';
import { call } from './call.ts';
import type { closing } from './closing.ts';
import { concluded, explained, receiverOf } from './conclude.ts';
import { type Conclusion, holdElection, type ResultReceiver } from './hold-election.ts';
import { LiveEvents } from './live-events.ts';
import type { Run } from './run.ts';
import { StartedCall } from './started-call.ts';

/** Makes the calls of a run and delivers its prediction, or the error that says why it has no prediction. */
export const subscribeRun = <Answer>(
  run: Run<Answer>,
  subscriber: ResultReceiver<Prediction<Answer>>,
): void => {
  const { voter, ids } = run.panel;
  const outcomes = holdElection({
    voter,
    panel: ids,
    query: run.request,
    stopRule: run.stopRule,
    receiver: receiverOf(run, subscriber),
    conclusion: predicting as Conclusion<Run<Answer>, Answer, Prediction<Answer>>,
    context: run,
  });
  if (outcomes !== undefined) startCalls(run, outcomes);
};

/** Makes the calls of a run and delivers its events, the last of which is the prediction. */
export const streamRun = <Answer>(run: Run<Answer>, subscriber: Subscriber<StreamEvent<Answer>>): void => {
  const { voter, ids } = run.panel;
  const receiver = receiverOf(run, subscriber);
  const live = new LiveEvents<Answer>(receiver);
  run.live = live;
  run.onDelta = (model, delta, call) => live.next(toDeltaEvent(model, delta, call));
  const outcomes = holdElection({
    voter,
    panel: ids,
    query: run.request,
    stopRule: run.stopRule,
    receiver,
    conclusion: streaming as Conclusion<Streamed<Answer>, Answer, StreamEvent<Answer>>,
    context: { run, live },
  });
  if (outcomes !== undefined) startCalls(run, outcomes);
};

/** A run and its events. */
interface Streamed<Answer> {
  readonly run: Run<Answer>;
  readonly live: LiveEvents<Answer>;
}

const closingOf = ({ settings }: Run<unknown>): typeof closing | undefined =>
  settings.closing as typeof closing | undefined;

const streaming: Conclusion<Streamed<unknown>, unknown, StreamEvent> = {
  tallied: ({ live }, tally) => emitEvents(tally, live),
  ends({ run }, cause) {
    run.endedBy ??= cause;
  },
  warn: ({ run }, warning) => void run.warnings.push(warning),
  closing: ({ run }, election, tally) => closingOf(run)?.(run, election, tally),
  conclude: ({ run, live }, tally, closed) =>
    live.numbered({ type: 'complete', prediction: concluded(run, tally, closed) }),
  explain: ({ run }, error) => explained(run, error),
};

const predicting: Conclusion<Run<unknown>, unknown, Prediction> = {
  ends(run, cause) {
    run.endedBy ??= cause;
  },
  warn: (run, warning) => void run.warnings.push(warning),
  closing: (run, election, tally) => closingOf(run)?.(run, election, tally),
  conclude: concluded,
  explain: explained,
};

/** Starts the calls as the schedule arranges them, until the signal aborts or the deadline passes. */
const startCalls = <Answer>(run: Run<Answer>, outcomes: Subscriber<Outcome<Answer>>): void => {
  const { signal, settings } = run;
  run.election = outcomes;
  if (signal !== undefined) errorWhenAborted(outcomes, signal);
  if (outcomes.closed) return;
  // An ensemble as a model: its calls are the parts of a call of another ensemble.
  attemptListener(run.request)?.attemptCosts(costOf(run));
  if (settings.deadlineMs !== Number.POSITIVE_INFINITY)
    outcomes.add(asyncScheduler.schedule(cutOff(run, outcomes), settings.deadlineMs));
  if (settings.schedule === allAtOnce) {
    startAll(run, outcomes);
    return;
  }
  try {
    from(returned(settings.schedule(callsOf(run)))).subscribe(outcomes);
  } catch (error) {
    outcomes.error(error);
  }
};

// Each makes its closure for itself, because a function that may make one makes its scope for every prediction: 80 bytes.
const cutOff = (run: Run<unknown>, outcomes: Subscriber<Outcome>) => (): void => {
  run.endedBy = 'deadline';
  outcomes.complete();
};

const callsOf = <Answer>(run: Run<Answer>): CompleteCall<Answer>[] =>
  run.panel.members.map((model, index) => call(model, index, run));

/** The cost of the calls that were started. Nothing is paid for before the first, and while all of them wait. */
const costOf = (run: Run<unknown>) => (): Cost => {
  const outcomes = run.ledger.account();
  return outcomes.length === 0 ? { costUsd: 0, costSource: 'reported' } : sumOf(outcomes);
};

/**
 * Starts a call of every member at once: what subscribing to `merge(...calls)` does, without an Observable, a
 * Subscriber and an operator per call.
 */
const startAll = <Answer>(run: Run<Answer>, outcomes: Subscriber<Outcome<Answer>>): void => {
  const { members } = run.panel;
  // The ledger holds the calls in flight and cancels them.
  outcomes.add(run.ledger);
  for (let index = 0; index < members.length && !outcomes.closed; index += 1) {
    new StartedCall(members[index] as Model, index, run).start();
  }
  run.complete();
};
