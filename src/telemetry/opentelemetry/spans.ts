import {
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import { asyncScheduler } from 'rxjs';
import { currentClock } from '../../time/clock.ts';
import type { EnsembleEvent } from '../event.ts';
import { CANCELLED, GEN_AI } from './conventions.ts';
import type { CallEnd, PredictionEnd } from './endings.ts';
import { failureOf } from './error-type.ts';
import type { Safely } from './safely.ts';

/** The spans of one prediction. */
export interface Spans {
  /** Starts a span at the time of an event. `more` makes costly attributes, and is only called if the span is recorded. */
  readonly start: (
    name: string,
    options: SpanOptions,
    parent: Context,
    event: EnsembleEvent,
    more: () => Attributes,
  ) => Span | undefined;
  /** Ends a span at the time of an event. A failure sets the error status; a cancellation does not. */
  readonly end: (span: Span | undefined, event: CallEnd | PredictionEnd, more: () => Attributes) => void;
}

/**
 * Creates the spans of one prediction. They have the times of the events, so that durations equal those of the metrics,
 * and recorded predictions keep theirs. Each step has its own guard, so that a span ends even if its attributes fail.
 */
export const createSpans = (tracer: Tracer | undefined, safely: Safely): Spans => {
  const epochMs = asyncScheduler.now() - currentClock()();
  return {
    start(name, options, parent, { atMs }, more) {
      const span = safely(() => tracer?.startSpan(name, { ...options, startTime: epochMs + atMs }, parent));
      safely(() => {
        if (span?.isRecording()) span.setAttributes(more());
      });
      return span;
    },
    end(span, event, more) {
      if (span === undefined) return;
      safely(() => {
        if (!span.isRecording()) return;
        const type = failureOf(event);
        span.setAttributes({ ...more(), [GEN_AI.errorType]: type });
        if (type !== undefined && type !== CANCELLED) span.setStatus({ code: SpanStatusCode.ERROR });
      });
      safely(() => span.end(epochMs + event.atMs));
    },
  };
};
