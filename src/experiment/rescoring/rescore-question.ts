import { forkJoin, Observable, tap } from 'rxjs';
import type { Query } from '../../domain/request.ts';
import type { PredictionResult } from '../../metrics/stats.ts';
import { responseOf } from '../../models/replay.ts';
import type { PreparedCondition } from '../condition.ts';
import type { ExperimentAccount } from '../experiment-account.ts';
import type { JournaledCall, Recording } from '../journal/journaled-call.ts';
import type { RecordedOutcome } from '../journal/journaled-entry.ts';
import type { Question } from '../question.ts';
import type { CallRecord, EndedCall, RequestedCall } from './rescore-condition.ts';

/** A question and everything needed to perform the conditions on it. */
export interface QuestionToRescore {
  readonly question: Question;
  readonly conditions: readonly PreparedCondition[];
  readonly make: JournaledCall;
  readonly account: ExperimentAccount;
}

/**
 * Performs all conditions on the recorded calls about a question. While calls are missing, makes them and performs the
 * conditions that miss them again. Returns the result of each condition, in order: at once if no call is missing, because
 * the Observable and what subscribes to it take a seventh of a trial.
 */
export const rescoreQuestion = ({
  question,
  conditions,
  make,
  account,
}: QuestionToRescore): readonly PredictionResult[] | Observable<readonly PredictionResult[]> => {
  const known = new Map<string, EndedCall>();
  const results: (PredictionResult | undefined)[] = conditions.map(() => undefined);

  const keep = ({ text, model, request }: RequestedCall, recording: Recording): EndedCall => {
    const { entry, error } = recording;
    const call = error === undefined ? entry : { ...entry, made: error };
    known.set(text, call);
    account.note(recording, model, request);
    return call;
  };
  const findKnown = ({ text }: RequestedCall): EndedCall | undefined => known.get(text);
  const find = (call: RequestedCall): EndedCall | undefined => {
    const entry = findKnown(call);
    if (entry !== undefined) return entry;
    const given = datasetEntry(question, call);
    return given === undefined ? undefined : keep(call, { entry: given, isPaid: true });
  };
  const asked = conditions.map(({ prompt }) => prompt?.queryOf(question) ?? question.question);
  // Conditions that ask alike have the same requests, so that their texts are made once.
  const texts = new Map<string, CallRecord['texts']>();
  // The responses in the dataset answer the question itself, and no other prompt.
  const records = conditions.map(({ prompt, asks }): CallRecord => {
    const own = texts.get(asks) ?? new Map();
    texts.set(asks, own);
    return { find: prompt === undefined ? find : findKnown, texts: own };
  });

  const performAll = (): readonly RequestedCall[] => {
    const missing: RequestedCall[] = [];
    for (const [index, { perform }] of conditions.entries()) {
      if (results[index] !== undefined) continue;
      const rescored = perform(asked[index] as Query, records[index] as CallRecord);
      if ('result' in rescored) results[index] = rescored.result;
      else missing.push(...rescored.missing);
    }
    return missing.length === 0 ? missing : [...new Map(missing.map((call) => [call.text, call])).values()];
  };
  const makeAndKeep = (call: RequestedCall): Observable<unknown> =>
    make(call.model, call.request, call.text).pipe(
      tap((output) => {
        if ('entry' in output) keep(call, output);
      }),
    );
  const first = performAll();
  if (first.length === 0) return results as PredictionResult[];

  return new Observable((subscriber) => {
    const makeAll = (missing: readonly RequestedCall[]): void => {
      if (missing.length === 0) {
        subscriber.next(results as PredictionResult[]);
        subscriber.complete();
        return;
      }
      let isComplete = false;
      const made = forkJoin(missing.map(makeAndKeep)).subscribe({
        next: () => {
          isComplete = true;
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          if (!isComplete) subscriber.complete();
          else
            try {
              makeAll(performAll());
            } catch (error) {
              subscriber.error(error);
            }
        },
      });
      subscriber.add(made);
    };
    makeAll(first);
  });
};

/** The answer of a model among the `responses` of the question. Several answers of a model are its samples. */
export const datasetEntry = (
  { responses = [] }: Question,
  { model, request, role }: RequestedCall,
): RecordedOutcome | undefined => {
  // They answer the question, and nothing that a judge is asked.
  if (role !== undefined) return undefined;
  let { sample = 0 } = request;
  for (const response of responses) {
    if (response.model !== model.id) continue;
    if (sample === 0) {
      const { latencyMs = 0 } = response;
      return { model: model.id, status: 'answered', latencyMs, response: responseOf(response) };
    }
    sample -= 1;
  }
  return undefined;
};
