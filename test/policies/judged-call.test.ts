import fc from 'fast-check';
import { concatMap, from, map, type Observable, of, Subject, Subscriber, takeWhile } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { internal } from '../../src/domain/internal.ts';
import { isPromise } from '../../src/domain/is-promise.ts';
import { isDelta, type ModelDelta, type ModelResponse } from '../../src/domain/model.ts';
import { reasonAgainst } from '../../src/domain/reason-against.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { JudgedCall, type Look } from '../../src/policies/pass-over.ts';

type Output = ModelResponse | ModelDelta;

/** The same of operators of RxJS: what `JudgedCall` must do. */
const judgedByOperators = (source$: Observable<Output>, request: ModelRequest, look: Look) =>
  source$.pipe(
    concatMap((output) => {
      if (isDelta(output)) return of(output);
      const reason = reasonAgainst(output, request);
      const pass = (found: string | undefined): Output => {
        look(output, found);
        return output;
      };
      return isPromise(reason) ? from(reason).pipe(map(pass)) : of(pass(reason));
    }),
    takeWhile(isDelta, true),
  );

/** How a response is judged: at once or later, as counting or not, or by a check that fails. */
const verdicts = ['counts', 'is odd', 'later counts', 'later is odd', 'throws', 'later throws'] as const;

const requestBy = (isRefusedByLook: boolean) => {
  const log: unknown[] = [];
  const request = {
    prompt: '?',
    messages: [],
    [internal]: {
      reasonAgainst: ({ text }: ModelResponse) => {
        const isLater = text.startsWith('later');
        if (text.endsWith('throws')) {
          if (isLater) return Promise.reject(new Error('check'));
          throw new Error('check');
        }
        const reason = text.endsWith('odd') ? 'is odd' : undefined;
        return isLater ? Promise.resolve(reason) : reason;
      },
    },
  } as unknown as ModelRequest;
  const look: Look = ({ text }, reason) => {
    log.push(['look', text, reason]);
    if (isRefusedByLook && reason !== undefined) throw new Error('passed over');
  };
  const observer = {
    next: (output: Output) => void log.push(['next', output]),
    error: (error: unknown) => void log.push(['error', String(error)]),
    complete: () => void log.push('complete'),
  };
  return { log, request, look, observer };
};

const steps = fc.array(
  fc.oneof(
    fc.record({ delta: fc.string({ maxLength: 3 }) }),
    fc.record({ text: fc.constantFrom(...verdicts) }),
    fc.constantFrom('error', 'complete', 'turn', 'leave'),
  ),
  { maxLength: 8 },
);

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await undefined;
};

describe('a call whose response is judged', () => {
  it('emits, ends and unsubscribes as operators of RxJS do, whatever happens in whichever order', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (taken, isRefusedByLook) => {
        const run = async (
          subscribe: (source$: Subject<Output>, by: ReturnType<typeof requestBy>) => Subscriber<Output>,
        ) => {
          const source$ = new Subject<Output>();
          const by = requestBy(isRefusedByLook);
          const subscriber = subscribe(source$, by);
          for (const step of taken) {
            if (step === 'error') source$.error(new Error('down'));
            else if (step === 'complete') source$.complete();
            else if (step === 'turn') await settled();
            else if (step === 'leave') subscriber.unsubscribe();
            else source$.next(step);
            by.log.push(source$.observed);
          }
          await settled();
          return [...by.log, source$.observed];
        };
        const actual = await run((source$, { observer, request, look }) => {
          const subscriber = new Subscriber<Output>(observer);
          source$.subscribe(new JudgedCall(subscriber, request, look));
          return subscriber;
        });
        const expected = await run((source$, { observer, request, look }) => {
          const subscriber = new Subscriber<Output>(observer);
          judgedByOperators(source$, request, look).subscribe(subscriber);
          return subscriber;
        });
        expect(actual).toStrictEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });
});
