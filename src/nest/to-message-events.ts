import type { MessageEvent } from '@nestjs/common';
import { catchError, defer, map, type Observable, type OperatorFunction, of, throwError } from 'rxjs';
import type { StreamEvent } from '../domain/stream-event.ts';
import { accepting, anObservable } from '../options.ts';
import { toHttpError } from '../server/to-http-error.ts';
import { errorOnWire, eventOnWire } from '../server/wire-form.ts';

/**
 * Turns the events of a prediction into those of an `@Sse()` handler, in the form of `POST /v1/predictions` of the server: the
 * event is named as its `type`, and its data is JSON. A failure after the first event is the last event, named `error`, with the
 * status, the code and the message of `toHttpError`. A failure before it is an error, so that the response has its status.
 *
 * ```text
 * stream    --a--b--#
 * events    --a--b--(e|)
 * ```
 *
 * @example
 * ```ts no-run
 * import { Controller, Query, Sse } from '@nestjs/common';
 * import type { Ensemble } from 'crucible-ensemble';
 * import { InjectEnsemble, toMessageEvents } from 'crucible-ensemble/nest';
 *
 * @Controller()
 * class QuestionsController {
 *   constructor(@InjectEnsemble() private readonly panel: Ensemble) {}
 *
 *   @Sse('events')
 *   events(@Query('question') question: string) {
 *     return this.panel.stream(question).pipe(toMessageEvents());
 *   }
 * }
 * ```
 */
export const toMessageEvents = (): OperatorFunction<StreamEvent, MessageEvent> =>
  accepting('toMessageEvents', anObservable, (events$: Observable<StreamEvent>) =>
    defer(() => {
      let hasBegun = false;
      return events$.pipe(
        map((event): MessageEvent => {
          hasBegun = true;
          return { type: event.type, data: eventOnWire(event) };
        }),
        catchError((error: unknown) =>
          hasBegun ? of({ type: 'error', data: errorOnWire(toHttpError(error)) }) : throwError(() => error),
        ),
      );
    }),
  );
