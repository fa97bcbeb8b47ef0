import { concatMap, defer, forkJoin, type Observable, of, tap } from 'rxjs';
import type { PredictionResult } from '../../metrics/stats.ts';
import type { PreparedCondition } from '../condition.ts';
import type { ExperimentAccount } from '../experiment-account.ts';
import type { JournaledCall, Recording } from '../journal/journaled-call.ts';
import type { Recorded } from '../journal/journaled-entry.ts';
import type { Question } from '../question.ts';
import type { CallTexts, MissingCall } from './rescore-condition.ts';

/** Performs all conditions on what is recorded, as often as it takes to make the calls that they miss. */
export const rescoreQuestion = (
  question: Question,
  conditions: readonly PreparedCondition[],
  make: JournaledCall,
  account: ExperimentAccount,
): Observable<readonly PredictionResult[]> =>
  defer(() => {
    const known = new Map<string, Recorded>();
    const texts = conditions.map((): CallTexts => new Map());
    const results: (PredictionResult | undefined)[] = conditions.map(() => undefined);
    const keep = ({ text, model, request }: MissingCall, recording: Recording): void => {
      known.set(text, recording.entry);
      account.note(recording, model, request);
    };
    const given = (call: MissingCall): Recorded | undefined => {
      const entry = recordedElsewhere(question, call);
      if (entry !== undefined) keep(call, { entry, isPaid: true });
      return entry;
    };
    const again = (): Observable<readonly PredictionResult[]> => {
      const missing = new Map<string, MissingCall>();
      for (const [index, { perform }] of conditions.entries()) {
        if (results[index] !== undefined) continue;
        const rescored = perform(question.question, known, texts[index], given);
        if ('result' in rescored) results[index] = rescored.result;
        else for (const call of rescored.missing) missing.set(call.text, call);
      }
      if (missing.size === 0) return of(results as PredictionResult[]);
      const out: Observable<unknown>[] = [];
      for (const call of missing.values()) {
        const entry = recordedElsewhere(question, call);
        if (entry === undefined) {
          out.push(
            make(call.model, call.request, call.text).pipe(
              tap((output) => {
                if ('entry' in output) keep(call, output);
              }),
            ),
          );
        } else keep(call, { entry, isPaid: true });
      }
      return out.length === 0 ? again() : forkJoin(out).pipe(concatMap(again));
    };
    return again();
  });

/** What the dataset says that the model answered; of several answers of a model, each is a sample. */
const recordedElsewhere = (
  { responses = [] }: Question,
  { model, request }: MissingCall,
): Recorded | undefined => {
  const own = responses.filter((response) => response.model === model.id)[request.sample ?? 0];
  if (own === undefined) return undefined;
  const { text, tokensOut, latencyMs = 0, costUsd } = own;
  const usage = tokensOut === undefined ? undefined : { outputTokens: tokensOut };
  return { model: model.id, status: 'answered', latencyMs, response: { text, usage, costUsd } };
};
