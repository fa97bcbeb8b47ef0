import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type { AIMessageFields, BaseMessage } from '@langchain/core/messages';
import { concatMap, lastValueFrom, type Observable } from 'rxjs';
import { askedOf, type Refuse } from '../chat/asked-of.ts';
import { memberIn } from '../chat/ensemble-field.ts';
import { given } from '../domain/given.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Conversation } from '../domain/request.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import { aiMessage } from './ai-message.ts';
import type { EnsembleCallOptions } from './ensemble-call-options.ts';
import { callbacksWithin, ended, type MemberConfig } from './member-config.ts';
import { readMessages } from './read-messages.ts';
import { readOptions } from './read-options.ts';

/** What a chat model uses of an ensemble. */
export interface AskableEnsemble {
  predict$(query: Conversation, overrides: object): Observable<Prediction>;
  stream(query: Conversation, overrides: object): Observable<StreamEvent>;
}

interface Asking {
  readonly ensemble: AskableEnsemble;
  readonly model: string;
  readonly orText?: Normalizer;
  readonly run: CallbackManagerForLLMRun | undefined;
  readonly refuse: Refuse;
}

/** Makes one prediction, and returns its message. Fails with the reason of the signal if that aborts. */
export const predicted = async (
  messages: readonly BaseMessage[],
  options: EnsembleCallOptions,
  { ensemble, model, orText, run, refuse }: Asking,
): Promise<AIMessageFields> => {
  const { signal, overrides = {} } = options;
  signal?.throwIfAborted();
  const { query, ...asked } = askedOf(
    { messages: readMessages(messages, refuse), ...readOptions(options, refuse), orText },
    refuse,
  );
  const context = contextOf(options, run);
  const merged = { ...asked.overrides, ...overrides, signal, context };
  const id = (run?.runId ?? crypto.randomUUID()).replaceAll('-', '');
  try {
    const prediction = await (run === undefined || !hearsEvents(run)
      ? lastValueFrom(ensemble.predict$(query, merged))
      : announced(ensemble.stream(query, merged), run));
    return aiMessage(asked, prediction, { model, id });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await ended(context.callbacks);
  }
};

/** The context of the calls of members: that of the caller, within the run of the ensemble if there is one. */
const contextOf = (
  options: EnsembleCallOptions,
  run: CallbackManagerForLLMRun | undefined,
): MemberConfig => ({
  // LangGraph hands on the context of the graph as an option of the call.
  context: options.overrides?.context ?? Reflect.get(options, 'context'),
  ...(run !== undefined && { callbacks: callbacksWithin(run) }),
});

/** Whether a handler of a run takes custom events. */
const hearsEvents = ({ handlers }: CallbackManagerForLLMRun): boolean =>
  handlers.some((handler) => handler.handleCustomEvent !== undefined);

/** Hands the events of a prediction on to the handlers of a run. Returns the prediction. */
const announced = async (
  events: Observable<StreamEvent>,
  run: CallbackManagerForLLMRun,
): Promise<Prediction> => {
  const last = await lastValueFrom(
    events.pipe(
      concatMap(async (event) => {
        const [name, data] = customEvent(event) ?? [];
        if (name !== undefined) await run.handleCustomEvent(name, data);
        return event;
      }),
    ),
  );
  if (last.type !== 'complete') throw new Error('the prediction ended without a result');
  return last.prediction;
};

/** The name and the data of the custom event of an event; `undefined` if it has none. */
const customEvent = (event: StreamEvent): readonly [name: string, data: object] | undefined => {
  switch (event.type) {
    case 'call-end': {
      const { call, role, outcome } = event;
      const text = 'response' in outcome ? outcome.response.text : undefined;
      return ['crucible.member', given({ call, role, text, ...memberIn(outcome) })];
    }
    case 'consensus': {
      const { consensus, votes } = event;
      return ['crucible.votes', { consensus, votes }];
    }
    default:
      return undefined;
  }
};
