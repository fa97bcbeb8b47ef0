import assert from 'node:assert/strict';
import { firstValueFrom, isObservable, lastValueFrom, merge } from 'rxjs';
import { answerKey } from '../../domain/answer-key.ts';
import type { DecideFunction, Decider } from '../../domain/decider.ts';
import type { StopRule } from '../../domain/execution.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Draw } from '../../models/random.ts';
import { shuffled } from './ballots.ts';
import {
  type Course,
  roleOutcomes,
  stagedPrediction,
  type Watch,
  WatchedCalls,
} from './staged-prediction.ts';

/** The decider of one case, and the answers that it decides on. */
export interface DeciderStage {
  readonly createDecider: (watch: Watch, unless: StopRule) => Decider | DecideFunction;
  readonly question: string;
  readonly answers: readonly unknown[];
  readonly draw: Draw;
}

/** One clause of the contract of deciders. */
export interface DeciderClause {
  readonly name: string;
  readonly check: (stage: DeciderStage) => Promise<void>;
}

const never: StopRule = () => false;
const always: StopRule = () => true;

const deciding = (decider: Decider | DecideFunction): Decider =>
  typeof decider === 'function' ? { name: decider.name, decide: decider } : decider;

interface Asked {
  readonly course?: Course;
  readonly unless?: StopRule;
  readonly arrival?: readonly number[];
}

const staged = (
  { createDecider, question, answers }: DeciderStage,
  { course = 'as it is', unless = never, arrival = [...answers.keys()] }: Asked = {},
  change: (decider: Decider, calls: WatchedCalls) => Decider = (decider) => decider,
) => {
  const calls = new WatchedCalls(course);
  const options = { decide: change(deciding(createDecider(calls.watch, unless)), calls) };
  return { prediction$: stagedPrediction({ answers, arrival, question, calls, options }), calls };
};

const decided = async (
  stage: DeciderStage,
  asked?: Asked,
): Promise<{ readonly prediction: Prediction; readonly calls: WatchedCalls }> => {
  const { prediction$, calls } = staged(stage, asked);
  return { prediction: await lastValueFrom(prediction$), calls };
};

/** Fails unless a prediction has one of the answers that were given, or one that its decider wrote, and says why. */
const assertHonest = ({ answer, text, metadata }: Prediction, { answers }: DeciderStage): void => {
  const { status, reason } = metadata.decision ?? {};
  if (status === 'written') assert.ok(text.trim() !== '', 'the decider wrote an empty answer');
  else {
    const isGiven = answers.some((given) => answerKey(given) === answerKey(answer));
    assert.ok(isGiven, `the answer of a decision that is ${status} is none that was given`);
  }
  if (status === 'failed' || status === 'abstained')
    assert.ok(reason?.trim(), `the decider ${status} without a reason`);
};

/** Replies that no model should give. */
const REPLIES = [
  '',
  '}{',
  'null',
  '[]',
  '{"choice":"Z","reason":"because"}',
  '{"answer":null}',
  '\u0000',
  'x'.repeat(100_000),
];

/** What a decider must keep, so that a prediction is honest even if its models fail. */
export const deciderClauses: readonly DeciderClause[] = [
  {
    name: 'gives a valid verdict, or says why it has none',
    check: async (stage) => {
      const { prediction } = await decided(stage);
      const { status, reason } = prediction.metadata.decision ?? {};
      assert.notEqual(status, 'failed', `the decider failed: ${reason}`);
      assertHonest(prediction, stage);
    },
  },
  {
    name: 'gives the same verdict in every order of arrival',
    check: async (stage) => {
      const { prediction } = await decided(stage);
      const arrival = shuffled([...stage.answers.keys()], stage.draw);
      const other = await decided(stage, { arrival });
      assert.equal(
        answerKey(other.prediction.answer),
        answerKey(prediction.answer),
        `the answer is another one if the votes arrive in the order ${arrival}: read the groups of the tally, which are in panel order`,
      );
    },
  },
  {
    name: 'makes no call before it is subscribed',
    check: async (stage) => {
      let early = 0;
      const { prediction$ } = staged(stage, {}, (decider, calls) => ({
        ...decider,
        decide(tally, context) {
          const result = decider.decide(tally, context);
          if (isObservable(result)) early = calls.made;
          return result as ReturnType<Decider['decide']>;
        },
      }));
      await lastValueFrom(prediction$);
      assert.equal(
        early,
        0,
        'decide() makes calls before its Observable is subscribed: do not subscribe within it',
      );
    },
  },
  {
    name: 'makes no call, and keeps the votes, if "unless" says so',
    check: async (stage) => {
      const { prediction, calls } = await decided(stage, { unless: always });
      assert.equal(calls.made, 0, 'it makes calls although its rule "unless" is true');
      assert.equal(
        prediction.metadata.decision?.status,
        'kept',
        'it decides although its rule "unless" is true',
      );
    },
  },
  {
    name: 'has all of its calls in the account of the prediction',
    check: async (stage) => {
      const { prediction, calls } = await decided(stage);
      assert.equal(
        roleOutcomes(prediction).length,
        calls.made,
        'the account does not have each call: make it with call() of the context',
      );
    },
  },
  {
    name: 'cancels its calls when the caller leaves',
    check: async (stage) => {
      const { prediction$, calls } = staged(stage, { course: 'never ends' });
      await firstValueFrom(merge(prediction$, calls.first$));
      assert.equal(calls.inFlight, 0, 'a call is still in flight: return an Observable of its outcome');
    },
  },
  {
    name: 'leaves the decision to the votes if its models fail',
    check: async (stage) => {
      const { prediction } = await decided(stage, { course: 'fails' });
      assert.notEqual(prediction.metadata.decision?.status, 'written', 'it writes an answer without a reply');
      assertHonest(prediction, stage);
    },
  },
  {
    name: 'is honest after any reply of its models',
    check: async (stage) => {
      for (const reply of REPLIES) {
        const { prediction } = await decided(stage, { course: { reply } });
        assertHonest(prediction, stage);
      }
    },
  },
];
