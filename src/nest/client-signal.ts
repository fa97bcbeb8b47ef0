import { createParamDecorator } from '@nestjs/common';
import { type AdapterResponse, nodeResponse } from './http.ts';

/** Returns a signal that aborts when the client leaves before the end of the response. */
export const signalOf = (response: AdapterResponse): AbortSignal => {
  const controller = new AbortController();
  const { signal } = controller;
  const node = nodeResponse(response);
  const closed = (): void => {
    if (!node.writableFinished) controller.abort(new DOMException('the client left', 'AbortError'));
  };
  if (node.destroyed) closed();
  else node.once('close', closed);
  return signal;
};

/**
 * A parameter of a handler: an `AbortSignal` that aborts when the client leaves before the end of the response. Nest
 * unsubscribes an Observable that a handler returns, but it cannot cancel a promise.
 *
 * @example
 * ```ts no-run
 * import { Controller, Get, Query } from '@nestjs/common';
 * import type { Ensemble } from 'crucible-ensemble';
 * import { ClientSignal, InjectEnsemble } from 'crucible-ensemble/nest';
 *
 * @Controller()
 * class QuestionsController {
 *   constructor(@InjectEnsemble() private readonly panel: Ensemble) {}
 *
 *   @Get('answer')
 *   async answer(@Query('question') question: string, @ClientSignal() signal: AbortSignal) {
 *     return (await this.panel.predict(question, { signal })).answer;
 *   }
 * }
 * ```
 */
export const ClientSignal: () => ParameterDecorator = createParamDecorator((_data, context) =>
  signalOf(context.switchToHttp().getResponse()),
);
