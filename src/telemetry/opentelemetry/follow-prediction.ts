import {
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { EnsembleEvent, EventOf } from '../event.ts';
import type { Listener } from '../telemetry.ts';
import { type Conventions, OPERATION } from './conventions.ts';
import type { CallEnd, PredictionEnd } from './endings.ts';
import { followingContext } from './following-context.ts';
import { inContext } from './in-context.ts';
import type { Instruments } from './instruments.ts';
import { measureCall, measurePrediction } from './measure.ts';
import { inputMessages, outputMessages } from './messages.ts';
import type { Safely } from './safely.ts';
import { callEnd, callStart, modelAttributes, predictionStart, predictionStop } from './span-attributes.ts';
import { createSpans } from './spans.ts';

/** The receivers of spans and measurements, with their settings. */
export interface Destination {
  /** `undefined` if no provider takes spans. */
  readonly tracer: Tracer | undefined;
  /** `undefined` if no provider takes measurements. */
  readonly instruments: Instruments | undefined;
  readonly conventions: Conventions;
  readonly capturesContent: boolean;
  readonly safely: Safely;
}

/** The current attempt of a call, or its last one. */
interface Attempt {
  readonly model: string;
  readonly context: Context;
  readonly span: Span | undefined;
  /** Whether no instrumented ensemble ran within the attempt. */
  isLeaf: boolean;
}

/** The key of a function in the context of an attempt: an ensemble within calls it, and the attempt is not a leaf. */
const ATTEMPT = createContextKey('crucible-ensemble attempt');

/** Returns a listener that reports one prediction, which begins now in the caller's context. */
export const followPrediction = ({
  tracer,
  instruments,
  conventions,
  capturesContent,
  safely,
}: Destination): Required<Listener> => {
  const callerContext = context.active();
  const spans = createSpans(tracer, safely);
  const attempts = new Map<number, Attempt>();
  const callContexts = new Map<number, Context>();
  let opening: EventOf<'predict:start'> | undefined;
  let workflow: Span | undefined;
  let inWorkflow = callerContext;

  let messages: Record<string, string> | undefined;
  /** The same for all spans of the prediction. */
  const input = (): Record<string, string> => {
    if (!capturesContent || opening === undefined) return {};
    messages ??= inputMessages(opening.query);
    return messages;
  };

  const begin = (event: EventOf<'predict:start'>): void => {
    opening = event;
    const markAsParent = callerContext.getValue(ATTEMPT);
    if (typeof markAsParent === 'function') markAsParent();
    const name = `${OPERATION.workflow} ${event.ensemble}`;
    const attributes = predictionStart(event, conventions);
    workflow = spans.start(name, { kind: SpanKind.INTERNAL, attributes }, callerContext, event, input);
    inWorkflow = within(callerContext, workflow);
  };

  const beginAttempt = (event: EventOf<'model:start'>): void => {
    const { call, model } = event;
    const options = { kind: SpanKind.CLIENT, attributes: callStart(event) };
    const span = spans.start(chatName(event), options, inWorkflow, event, input);
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
    // A `fallback` names its own id at the start, and the called model at the end.
    if (model !== event.model)
      safely(() => span?.updateName(chatName(event)).setAttributes(modelAttributes(event)));
    spans.end(span, event, () => ({
      ...callEnd(event, isLeaf, conventions),
      ...(capturesContent && event.type === 'model:stop' && outputMessages(event, event.finishReason)),
    }));
    if (instruments !== undefined) safely(() => measureCall(instruments, event, isLeaf));
  };

  const end = (event: PredictionEnd): void => {
    spans.end(workflow, event, () =>
      event.type === 'predict:stop'
        ? { ...predictionStop(event), ...(capturesContent && outputMessages(event.result)) }
        : {},
    );
    if (instruments === undefined || opening === undefined) return;
    const { strategy, execution } = opening;
    safely(() => measurePrediction(instruments, event, { strategy, execution }));
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
      inContext((call === undefined ? undefined : callContexts.get(call)) ?? callerContext, work, safely),
  };
};

const chatName = ({ model, modelId = model }: EventOf<'model:start'> | CallEnd): string =>
  `${OPERATION.chat} ${modelId}`;

const within = (parent: Context, span: Span | undefined): Context =>
  span === undefined ? parent : trace.setSpan(parent, span);
