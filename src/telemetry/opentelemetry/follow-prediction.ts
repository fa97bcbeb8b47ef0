import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { asyncScheduler } from 'rxjs';
import { currentClock } from '../../clock.ts';
import type { EnsembleEvent, EventOf } from '../event.ts';
import type { Listener } from '../telemetry.ts';
import { CANCELLED, type Conventions, GEN_AI, OPERATION } from './conventions.ts';
import type { CallEnd, PredictionEnd } from './endings.ts';
import { failureOf } from './error-type.ts';
import { followingContext } from './following-context.ts';
import { inContext } from './in-context.ts';
import type { Instruments } from './instruments.ts';
import { measureCall, measurePrediction } from './measure.ts';
import { inputMessages, outputMessages } from './messages.ts';
import type { Safely } from './safely.ts';
import { asked, callEnd, callStart, predictionStart, predictionStop } from './span-attributes.ts';

/** Where the predictions of an ensemble are told of. */
export interface Destination {
  /** Absent where nobody takes spans. */
  readonly tracer: Tracer | undefined;
  /** Absent where nobody takes measurements. */
  readonly instruments: Instruments | undefined;
  readonly conventions: Conventions;
  readonly capturesContent: boolean;
  readonly safely: Safely;
}

/** The attempt of a call that is out, or was the last. */
interface Attempt {
  readonly model: string;
  readonly context: Context;
  readonly span: Span | undefined;
  /** Whether it asked no other ensemble that is told of here. */
  isLeaf: boolean;
}

/** Where a context says which attempt it belongs to: how that one learns that it is no leaf. */
const ATTEMPT = createContextKey('crucible-ensemble attempt');

/** Tells of one prediction, which begins now, in the context of whoever asked for it. */
export const followPrediction = ({
  tracer,
  instruments,
  conventions,
  capturesContent,
  safely,
}: Destination): Required<Listener> => {
  const asker = context.active();
  // Spans have the times of the events, so that durations are the same everywhere, also of what was done elsewhere.
  const epochMs = asyncScheduler.now() - currentClock()();
  const attempts = new Map<number, Attempt>();
  const callContexts = new Map<number, Context>();
  let opening: EventOf<'predict:start'> | undefined;
  let workflow: Span | undefined;
  let inWorkflow = asker;

  const startSpan = (
    name: string,
    kind: SpanKind,
    parent: Context,
    { atMs }: EnsembleEvent,
    attributes: Attributes,
  ): Span | undefined =>
    safely(() => {
      const span = tracer?.startSpan(name, { kind, attributes, startTime: epochMs + atMs }, parent);
      if (capturesContent && opening !== undefined && span?.isRecording()) {
        span.setAttributes(inputMessages(opening.query));
      }
      return span;
    });

  const begin = (event: EventOf<'predict:start'>): void => {
    opening = event;
    const markAsParent = asker.getValue(ATTEMPT);
    if (typeof markAsParent === 'function') markAsParent();
    const name = `${OPERATION.workflow} ${event.ensemble}`;
    workflow = startSpan(name, SpanKind.INTERNAL, asker, event, predictionStart(event, conventions));
    inWorkflow = within(asker, workflow);
  };

  const beginAttempt = (event: EventOf<'model:start'>): void => {
    const { call, model, modelName = model } = event;
    const span = startSpan(
      `${OPERATION.chat} ${modelName}`,
      SpanKind.CLIENT,
      inWorkflow,
      event,
      callStart(event),
    );
    const markAsParent = (): void => {
      attempt.isLeaf = false;
    };
    const attempt: Attempt = {
      model,
      context: within(inWorkflow, span).setValue(ATTEMPT, markAsParent),
      span,
      isLeaf: true,
    };
    attempts.set(call, attempt);
    if (callContexts.has(call)) return;
    callContexts.set(
      call,
      followingContext(() => attempts.get(call)?.context ?? inWorkflow),
    );
  };

  const endAttempt = (event: CallEnd): void => {
    const { span, model = event.model, isLeaf = true } = attempts.get(event.call) ?? {};
    // Who a list of models asks first is known only after it has begun.
    if (model !== event.model) safely(() => span?.updateName(chatName(event)).setAttributes(asked(event)));
    endSpan(span, event, () => ({
      ...callEnd(event, isLeaf, conventions),
      ...(capturesContent && event.type === 'model:stop' && outputMessages(event.text, event.finishReason)),
    }));
    if (instruments !== undefined) safely(() => measureCall(instruments, event, isLeaf));
  };

  const end = (event: PredictionEnd): void => {
    endSpan(workflow, event, () =>
      event.type === 'predict:stop'
        ? { ...predictionStop(event), ...(capturesContent && outputMessages(event.result.text)) }
        : {},
    );
    if (instruments === undefined || opening === undefined) return;
    const { strategy, execution } = opening;
    safely(() => measurePrediction(instruments, event, { strategy, execution }));
  };

  /** Ends a span: well, as failed, or, without a status, as no longer wanted. */
  const endSpan = (
    span: Span | undefined,
    event: CallEnd | PredictionEnd,
    attributes: () => Attributes,
  ): void => {
    if (span === undefined) return;
    safely(() => {
      if (!span.isRecording()) return;
      const type = failureOf(event);
      span.setAttributes({ ...attributes(), [GEN_AI.errorType]: type });
      if (type !== undefined && type !== CANCELLED) span.setStatus({ code: SpanStatusCode.ERROR });
    });
    safely(() => span.end(epochMs + event.atMs));
  };

  return {
    next(event: EnsembleEvent) {
      if (event.type === 'predict:start') safely(() => begin(event));
      else if (event.type === 'model:start') safely(() => beginAttempt(event));
      else if ('durationMs' in event) {
        if ('call' in event) endAttempt(event);
        else end(event);
      }
    },
    within: ({ call }, work) =>
      inContext((call === undefined ? undefined : callContexts.get(call)) ?? asker, work, safely),
  };
};

const chatName = ({ model, modelName = model }: EventOf<'model:start'> | CallEnd): string =>
  `${OPERATION.chat} ${modelName}`;

const within = (parent: Context, span: Span | undefined): Context =>
  span === undefined ? parent : trace.setSpan(parent, span);
