import { from, merge, type Observable, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  abstain,
  boolean,
  type ConfigError,
  choice,
  createEnsemble,
  defineModel,
  type Ensemble,
  type EnsembleOptions,
  type Execution,
  type JsonValue,
  json,
  lowercaseTrim,
  type Model,
  majority,
  type NoPredictionError,
  numeric,
  type Outcome,
  type Prediction,
  type Query,
  type Schedule,
  type StreamEvent,
  schema,
  type Tally,
  type ToolCall,
  toolCalls,
  type VoteFunction,
  weighted,
} from '../src/index.ts';
import { elect, predictWith, toAsyncIterable, vote } from '../src/operators/operators.ts';

const models = [defineModel('a', () => '4'), defineModel('b', async () => ({ text: '4', confidence: 0.5 }))];

const city = z.object({ city: z.string(), population: z.number().optional() });

describe('the type of an answer', () => {
  it('may be calls of tools if the query has tools and the answers would be texts', () => {
    const query = { messages: [], tools: { roll: { inputSchema: { type: 'object' } } } };
    type Called = readonly ToolCall[];
    const ensemble = createEnsemble({ models });
    const numbers = createEnsemble({ models, normalization: 'numeric' });
    expectTypeOf(numbers).toExtend<Ensemble>();
    expectTypeOf(ensemble.predict$(query)).toEqualTypeOf<Observable<Prediction<string | Called>>>();
    expectTypeOf(ensemble.predict$(query as Query)).toEqualTypeOf<Observable<Prediction<string>>>();
    expectTypeOf(ensemble.predict$(query, { normalization: 'numeric' })).toEqualTypeOf<
      Observable<Prediction<number>>
    >();
    expectTypeOf(numbers.predict$(query)).toEqualTypeOf<Observable<Prediction<number>>>();
    const calls = createEnsemble({ models, normalization: toolCalls() });
    expectTypeOf(calls.predict$(query)).toEqualTypeOf<Observable<Prediction<Called>>>();
    expectTypeOf(ensemble.predictAll([query])).toEqualTypeOf<
      AsyncIterable<Prediction<string | Called> | NoPredictionError>
    >();
    expectTypeOf(ensemble.predictAll([query], { onError: 'throw' })).toEqualTypeOf<
      AsyncIterable<Prediction<string | Called>>
    >();
    expectTypeOf(ensemble.predictAll([query], { onError: () => 7 })).toEqualTypeOf<
      AsyncIterable<Prediction<string | Called> | number>
    >();
    expectTypeOf(ensemble.predictAll([query as Query], { onError: 'throw' })).toEqualTypeOf<
      AsyncIterable<Prediction<string>>
    >();
    expectTypeOf(numbers.predictAll([query], { onError: 'throw' })).toEqualTypeOf<
      AsyncIterable<Prediction<number>>
    >();
    expectTypeOf(of(query).pipe(predictWith(ensemble))).toEqualTypeOf<
      Observable<Prediction<string | Called>>
    >();
    expectTypeOf(of(query as Query).pipe(predictWith(ensemble))).toEqualTypeOf<
      Observable<Prediction<string>>
    >();
    const either = createEnsemble({ models, normalization: toolCalls({ orText: numeric }) });
    expectTypeOf(either.predict$(query)).toEqualTypeOf<Observable<Prediction<number | Called>>>();
  });

  it('is that of the normalizer named', () => {
    expectTypeOf(createEnsemble({ models }).predict$('?')).toEqualTypeOf<Observable<Prediction<string>>>();
    const normalized = {
      lowercaseTrim: createEnsemble({ models, normalization: 'lowercaseTrim' }),
      numeric: createEnsemble({ models, normalization: 'numeric' }),
      boolean: createEnsemble({ models, normalization: 'boolean' }),
      json: createEnsemble({ models, normalization: 'json' }),
    };
    expectTypeOf(normalized.lowercaseTrim.predict$('?')).toEqualTypeOf<Observable<Prediction<string>>>();
    expectTypeOf(normalized.numeric.predict$('?')).toEqualTypeOf<Observable<Prediction<number>>>();
    expectTypeOf(normalized.boolean.predict$('?')).toEqualTypeOf<Observable<Prediction<boolean>>>();
    expectTypeOf(normalized.json.predict$('?')).toEqualTypeOf<
      Observable<Prediction<Exclude<JsonValue, null>>>
    >();
  });

  it('is the same for a promise', async () => {
    const { predict } = createEnsemble({ models, normalization: 'numeric' });
    const { answer } = await predict('?');
    expectTypeOf(answer).toEqualTypeOf<number>();
    expectTypeOf(predict('?')).toEqualTypeOf<Promise<Prediction<number>>>();
    expectTypeOf(predict('?', { normalization: json })).resolves.toEqualTypeOf<
      Prediction<Exclude<JsonValue, null>>
    >();
  });

  it('is that of the normalizer given', () => {
    const normalized = {
      lowercaseTrim: createEnsemble({ models, normalization: lowercaseTrim }),
      numeric: createEnsemble({ models, normalization: numeric }),
      boolean: createEnsemble({ models, normalization: boolean }),
      json: createEnsemble({ models, normalization: json }),
    };
    expectTypeOf(normalized.lowercaseTrim.predict$('?')).toEqualTypeOf<Observable<Prediction<string>>>();
    expectTypeOf(normalized.numeric.predict$('?')).toEqualTypeOf<Observable<Prediction<number>>>();
    expectTypeOf(normalized.boolean.predict$('?')).toEqualTypeOf<Observable<Prediction<boolean>>>();
    expectTypeOf(normalized.json.predict$('?')).toEqualTypeOf<
      Observable<Prediction<Exclude<JsonValue, null>>>
    >();
  });

  it('is one of the options of a choice', () => {
    const { predict$ } = createEnsemble({ models, normalization: choice(['A', 'B']) });
    expectTypeOf(predict$('?')).toEqualTypeOf<Observable<Prediction<'A' | 'B'>>>();
  });

  it('is what a schema yields', () => {
    const { predict$ } = createEnsemble({ models, normalization: schema(city) });
    type City = { city: string; population?: number | undefined };
    expectTypeOf(predict$('?')).toEqualTypeOf<Observable<Prediction<City>>>();
    const transformed = createEnsemble({ models, normalization: schema(z.string().transform(Number)) });
    expectTypeOf(transformed.predict$('?')).toEqualTypeOf<Observable<Prediction<number>>>();
  });

  it('is what a function of one’s own returns, without its abstentions', () => {
    const { predict$ } = createEnsemble({
      models,
      normalization: (text) => (text === '' ? abstain('nothing') : text === '?' ? undefined : new Date(text)),
    });
    expectTypeOf(predict$('?')).toEqualTypeOf<Observable<Prediction<Date>>>();
  });

  it('changes with an override, and with no other', () => {
    const { predict$, stream } = createEnsemble({ models, normalization: 'numeric' });
    expectTypeOf(predict$('?', { timeoutMs: 10 })).toEqualTypeOf<Observable<Prediction<number>>>();
    expectTypeOf(predict$('?', { strategy: 'weighted', models })).toEqualTypeOf<
      Observable<Prediction<number>>
    >();
    expectTypeOf(predict$('?', { normalization: 'boolean' })).toEqualTypeOf<
      Observable<Prediction<boolean>>
    >();
    expectTypeOf(predict$('?', { normalization: choice(['A', 'B']) })).toEqualTypeOf<
      Observable<Prediction<'A' | 'B'>>
    >();
    expectTypeOf(predict$('?', { normalization: 'boolean' })).toEqualTypeOf<
      Observable<Prediction<boolean>>
    >();
    expectTypeOf(stream('?', { normalization: 'boolean' })).toExtend<Observable<StreamEvent<boolean>>>();
  });

  it('reaches the outcomes, the events, and everything that is piped', () => {
    const ensemble = createEnsemble({ models, normalization: 'numeric' });
    expectTypeOf(ensemble.predict$('?')).toEqualTypeOf<Observable<Prediction<number>>>();
    expectTypeOf<Prediction<number>['outcomes']>().toEqualTypeOf<readonly Outcome<number>[]>();
    expectTypeOf(ensemble.stream('?')).toExtend<AsyncIterable<StreamEvent<number>>>();
    expectTypeOf(ensemble.stream('?')).toExtend<Observable<StreamEvent<number>>>();
    expectTypeOf(of('?').pipe(predictWith(ensemble))).toEqualTypeOf<Observable<Prediction<number>>>();
    const replaced = predictWith(ensemble, { onError: () => 'none' as const });
    expectTypeOf(of('?').pipe(replaced)).toEqualTypeOf<Observable<Prediction<number> | 'none'>>();
    expectTypeOf(ensemble.predictAll(['?'])).toEqualTypeOf<
      AsyncIterable<Prediction<number> | NoPredictionError>
    >();
    expectTypeOf(ensemble.predictAll(['?'], { concurrency: 2 })).toEqualTypeOf<
      AsyncIterable<Prediction<number> | NoPredictionError>
    >();
    expectTypeOf(ensemble.predictAll(['?'], { onError: 'throw' })).toEqualTypeOf<
      AsyncIterable<Prediction<number>>
    >();
    expectTypeOf(
      ensemble.predictAll(['?'], {
        onError: (error, query, index) => (index > 1 ? undefined : { error, query }),
      }),
    ).toEqualTypeOf<
      AsyncIterable<Prediction<number> | { error: NoPredictionError | ConfigError; query: Query }>
    >();
    expectTypeOf(ensemble.predictAll(new Set(['?']), { onError: () => null })).toEqualTypeOf<
      AsyncIterable<Prediction<number> | null>
    >();
    expectTypeOf(ensemble.asModel()).toEqualTypeOf<Model>();
  });

  it('reaches the tallies of the operators', () => {
    const outcomes$ = from<Outcome<number>[]>([]);
    expectTypeOf(outcomes$.pipe(vote(majority()))).toEqualTypeOf<Observable<Tally<number>>>();
    expectTypeOf(outcomes$.pipe(elect({ voter: weighted() }))).toEqualTypeOf<Observable<Tally<number>>>();
    expectTypeOf(toAsyncIterable(outcomes$)).toEqualTypeOf<AsyncIterable<Outcome<number>>>();
  });
});

describe('the type of the options', () => {
  it('takes names, factories, and a user’s own', () => {
    expectTypeOf<{
      models: Model[];
      execution: 'hedged';
      strategy: 'weighted';
    }>().toExtend<EnsembleOptions>();
    const twoAtATime: Schedule = (calls) => merge(...calls, 2);
    expectTypeOf({ schedule: twoAtATime }).toExtend<Execution>();
    const mean: VoteFunction<number> = (votes) => ({ answer: votes[0]?.answer, consensus: 1, votes: {} });
    expectTypeOf(mean).parameter(0).items.toHaveProperty('answer').toEqualTypeOf<number>();
  });

  it('refuses what cannot work', () => {
    // @ts-expect-error an execution that does not exist
    expectTypeOf<{ models: Model[]; execution: 'paralell' }>().toExtend<EnsembleOptions>();
    // @ts-expect-error a limit that is a text
    expectTypeOf<{ models: Model[]; timeoutMs: '5' }>().toExtend<EnsembleOptions>();
    // @ts-expect-error no models
    expectTypeOf<{ timeoutMs: 5 }>().toExtend<EnsembleOptions>();
    const outcome = { status: 'cancelled' } as Outcome;
    // @ts-expect-error a call that was cancelled has no answer
    expectTypeOf(outcome).toHaveProperty('answer');
    if (outcome.status === 'answered') expectTypeOf(outcome.answer).toBeUnknown();
  });
});
