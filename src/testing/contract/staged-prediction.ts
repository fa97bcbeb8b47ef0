import { defer, finalize, Observable, of, Subject, throwError } from 'rxjs';
import { answerText } from '../../domain/answer-key.ts';
import { ModelError } from '../../domain/errors.ts';
import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { createEnsemble } from '../../ensemble.ts';

/** Returns a model that answers as another one does. A case counts its calls, and may answer in its place. */
export type Watch = (model: Model) => Model;

/** What the calls after the votes come to: what the model says, a failure, no end, or a reply of the case. */
export type Course = 'as it is' | 'fails' | 'never ends' | { readonly reply: string };

/** The calls that are made after the votes of one prediction. */
export class WatchedCalls {
  /** How many calls were made, and how many of them are in flight. */
  made = 0;
  inFlight = 0;
  /** Whether any model is watched. */
  isUsed = false;
  /** Emits when the first call is made. */
  readonly first$ = new Subject<void>();
  readonly #course: Course;

  constructor(course: Course = 'as it is') {
    this.#course = course;
  }

  readonly watch: Watch = (model) => {
    this.isUsed = true;
    return { ...model, call: (request) => this.#call(model, request) };
  };

  #call(model: Model, request: ModelRequest): ReturnType<Model['call']> {
    return defer(() => {
      this.made += 1;
      this.inFlight += 1;
      // Not before the call is in flight.
      queueMicrotask(() => this.first$.next());
      return this.#answer(model, request).pipe(
        finalize(() => {
          this.inFlight -= 1;
        }),
      );
    });
  }

  #answer(model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> {
    if (this.#course === 'as it is') return model.call(request);
    if (this.#course === 'never ends') return new Subject();
    if (this.#course === 'fails') return throwError(() => new ModelError(model.id, 'is dead'));
    return of({ text: this.#course.reply });
  }
}

/** A prediction with an order in which its votes arrive. */
export interface Staging {
  readonly answers: readonly unknown[];
  /** The places of the answers in the order of their arrival. Default: that of the panel. */
  readonly arrival?: readonly number[];
  readonly question: string;
  readonly calls: WatchedCalls;
  readonly options: Pick<EnsembleOptions, 'grouping' | 'decide'>;
}

/** Makes a prediction of which the votes arrive at once when it is subscribed. Makes no other calls than those after them. */
export const stagedPrediction = ({
  answers,
  arrival = [...answers.keys()],
  question,
  calls,
  options,
}: Staging): Observable<Prediction> =>
  defer(() => {
    const byText = new Map(answers.map((answer) => [answerText(answer), answer]));
    const votes = answers.map(() => new Subject<ModelResponse>());
    const models = answers.map((answer, index): Model => {
      const text = answerText(answer);
      let isCast = false;
      // Later calls are those of a decider that asks the members again.
      const again = calls.watch({ id: `m${index}`, call: () => of({ text }) });
      return {
        id: `m${index}`,
        call: (request) =>
          defer(() => {
            if (isCast) return again.call(request);
            isCast = true;
            return votes[index] as Subject<ModelResponse>;
          }),
      };
    });
    const ensemble = createEnsemble({
      models,
      minResponses: 1,
      normalization: (text: string) => byText.get(text) ?? text,
      ...options,
    });
    return new Observable<Prediction>((subscriber) => {
      subscriber.add(ensemble.predict$(question).subscribe(subscriber));
      for (const place of arrival) votes[place]?.next({ text: answerText(answers[place]) });
    });
  });

/** The outcomes of the calls after the votes. */
export const roleOutcomes = ({ outcomes }: Prediction): readonly Outcome[] =>
  outcomes.filter(({ role }) => role !== undefined);
