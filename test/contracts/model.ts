import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble, type Model, type ModelResponse } from '../../src/index.ts';

/** A model, a question that it answers, and how often it has been asked so far, where it can tell. */
export interface ModelSubject {
  readonly makeModel: (id: string) => Model;
  readonly question: string;
  readonly timesAsked?: () => number;
}

/** What every model must be, whoever answers behind it. */
export const modelContract = (
  name: string,
  { makeModel, question, timesAsked = () => 0 }: ModelSubject,
): void => {
  const request = toRequest(question);

  describe(`${name}, as a model`, () => {
    it('has the id that it was given', () => {
      expect(makeModel('mine').id).toBe('mine');
    });

    it('sends nothing before somebody subscribes, and then once for each subscriber', async () => {
      const before = timesAsked();
      const call$ = makeModel('mine').call(request);
      expect(timesAsked()).toBe(before);
      await lastValueFrom(call$);
      const once = timesAsked() - before;
      await lastValueFrom(call$);
      expect(timesAsked() - before).toBe(2 * once);
    });

    it('answers with one response that has a text, and completes', async () => {
      const responses = await firstValueFrom(makeModel('mine').call(request).pipe(toArray()));
      expect(responses).toHaveLength(1);
      expect((responses[0] as ModelResponse).text).toBeTypeOf('string');
    });

    it('says nothing more once it is unsubscribed, and leaves no timer', async () => {
      const heard: unknown[] = [];
      let isClosed = false;
      const subscription = makeModel('mine')
        .call(request)
        .subscribe((response) => heard.push(response));
      isClosed = subscription.closed;
      const heardAtOnce = heard.length;
      subscription.unsubscribe();
      await new Promise((resolve) => setImmediate(resolve));
      expect(heard).toHaveLength(heardAtOnce);
      expect(isClosed).toBe(heardAtOnce > 0);
    });

    it('can be asked many times at once', async () => {
      const model = makeModel('mine');
      const calls = Array.from({ length: 50 }, () => lastValueFrom(model.call(request)));
      expect(await Promise.all(calls)).toHaveLength(50);
    });

    it('is a member of an ensemble, once under each id', async () => {
      const models = ['one', 'two', 'three'].map(makeModel);
      const { outcomes, metadata } = await createEnsemble({ models }).predict(question);
      expect(metadata.modelsUsed).toStrictEqual(['one', 'two', 'three']);
      expect(outcomes.map(({ status }) => status)).toStrictEqual(['answered', 'answered', 'answered']);
    });
  });
};
