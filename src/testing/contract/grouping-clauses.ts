import assert from 'node:assert/strict';
import { firstValueFrom, lastValueFrom, merge } from 'rxjs';
import { answerKey } from '../../domain/answer-key.ts';
import type { Group, GroupFunction, Grouping } from '../../domain/grouping.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Draw } from '../../models/random.ts';
import { groupingOf } from '../../strategies/voting/from-group-function.ts';
import { described, shuffled, voteOf } from './ballots.ts';
import {
  type Course,
  roleOutcomes,
  stagedPrediction,
  type Watch,
  WatchedCalls,
} from './staged-prediction.ts';

/** The grouping of one case, and what it groups. */
export interface GroupingStage {
  readonly createGrouping: (watch: Watch) => Grouping | GroupFunction;
  readonly question: string;
  readonly answers: readonly unknown[];
  readonly draw: Draw;
}

/** One clause of the contract of groupings. */
export interface GroupingClause {
  readonly name: string;
  /** The clause is for groupings that refine their groups, or for those that do so by calls of models. */
  readonly only?: 'refining' | 'calling';
  readonly check: (stage: GroupingStage) => void | Promise<void>;
}

const BALLOTS = 60;
const PREDICTIONS = 10;

/** The most votes of a ballot. */
const MOST_VOTES = 8;

const unwatched: Watch = (model) => model;

const groupingIn = ({ createGrouping }: GroupingStage): Grouping => groupingOf(createGrouping(unwatched));

const votesFor = (answers: readonly unknown[]): Vote[] =>
  answers.map((answer, index) => {
    const { response, ...vote } = voteOf(`m${index}`, index, answer) as Vote;
    // A grouping that changes a vote fails at once.
    return Object.freeze({ ...vote, response: Object.freeze(response) });
  });

/** Makes lists of answers with some of them repeated. */
function* someAnswers({ answers, draw }: GroupingStage, count: number): Generator<readonly unknown[]> {
  for (let made = 0; made < count; made += 1) {
    const size = 1 + Math.floor(draw() * MOST_VOTES);
    yield Array.from({ length: size }, () => answers[Math.floor(draw() * answers.length)]);
  }
}

const begun = (grouping: Grouping, { question }: GroupingStage): unknown => grouping.init({ question });

const groupsAfter = (grouping: Grouping, votes: readonly Vote[], stage: GroupingStage): readonly Group[] =>
  grouping.groups(votes.reduce((state, vote) => grouping.add(state, vote), begun(grouping, stage)));

/** The places of the votes of each group, for comparisons and messages. */
const shown = (groups: readonly (readonly Pick<Vote, 'index'>[])[]): string =>
  groups
    .map((group) => group.map(({ index }) => index).sort((a, b) => a - b))
    .sort(([a = 0], [b = 0]) => a - b)
    .map((places) => `{${places.join(' ')}}`)
    .join(' ');

/** Fails unless each vote is in one group, and votes with the same key are in the same. */
const assertPartition = (groups: readonly Group[], votes: readonly Vote[]): void => {
  const grouped = groups.flat();
  const what = `the groups ${shown(groups)} of ${described(votes)}`;
  assert.ok(
    groups.every((group) => group.length > 0),
    `${what} have an empty one`,
  );
  assert.ok(
    grouped.length === votes.length && votes.every((vote) => grouped.includes(vote)),
    `${what} do not have each vote once, as it was added`,
  );
  for (const group of groups)
    for (const { key } of group)
      assert.ok(
        votes.every((vote) => vote.key !== key || group.includes(vote)),
        `${what} divide votes with the same key`,
      );
};

/** The groups of a prediction, by the members with votes for the same answer. */
const groupsIn = ({ outcomes }: Prediction): string =>
  shown([
    ...Map.groupBy(
      outcomes.filter(({ role, status }) => role === undefined && status === 'answered'),
      (outcome) => ('group' in outcome ? outcome.group : undefined),
    ).values(),
  ]);

const notRefined = /the groups are not refined/;

/** Predicts once with a new grouping. */
const predictedOnce = async (
  stage: GroupingStage,
  answers: readonly unknown[],
  { arrival, course = 'as it is' }: { readonly arrival?: readonly number[]; readonly course?: Course } = {},
): Promise<{ readonly prediction: Prediction; readonly calls: WatchedCalls }> => {
  const { prediction$, calls } = staged(stage, answers, course, arrival);
  return { prediction: await lastValueFrom(prediction$), calls };
};

const staged = (
  { createGrouping, question }: GroupingStage,
  answers: readonly unknown[],
  course: Course,
  arrival: readonly number[] = [...answers.keys()],
) => {
  const calls = new WatchedCalls(course);
  const options = { grouping: createGrouping(calls.watch) };
  return { prediction$: stagedPrediction({ answers, arrival, question, calls, options }), calls };
};

const visible = (answers: readonly unknown[]): readonly unknown[] =>
  answers.filter((answer) => /\S/.test(String(answer)));

/** Replies that no model should give. */
const REPLIES = ['', '}{', 'null', '[[1, 2], [3]]', 'same different', '\u0000', 'x'.repeat(100_000)];

/** What a grouping must keep, so that the votes of a prediction count in any order of arrival. */
export const groupingClauses: readonly GroupingClause[] = [
  {
    name: 'puts each vote into one group, and never divides votes with the same key',
    check: (stage) => {
      const grouping = groupingIn(stage);
      assertPartition(grouping.groups(begun(grouping, stage)), []);
      for (const answers of someAnswers(stage, BALLOTS)) {
        const votes = votesFor(answers);
        let state = begun(grouping, stage);
        for (const [place, vote] of shuffled(votes, stage.draw).entries()) {
          state = grouping.add(state, vote);
          if (place === votes.length - 1) assertPartition(grouping.groups(state), votes);
        }
      }
    },
  },
  {
    name: 'gives the same groups in every order of arrival',
    check: (stage) => {
      for (const answers of someAnswers(stage, BALLOTS)) {
        const votes = votesFor(answers);
        const arrival = shuffled(votes, stage.draw);
        assert.equal(
          shown(groupsAfter(groupingIn(stage), arrival, stage)),
          shown(groupsAfter(groupingIn(stage), votes, stage)),
          `the groups of ${described(votes)} are others if they arrive as ${described(arrival)}: sort by vote.index before you compare`,
        );
      }
    },
  },
  {
    name: 'gives the same groups if they are read after every vote',
    check: (stage) => {
      for (const answers of someAnswers(stage, BALLOTS)) {
        const votes = votesFor(answers);
        const grouping = groupingIn(stage);
        let state = begun(grouping, stage);
        let groups = grouping.groups(state);
        for (const vote of votes) {
          state = grouping.add(state, vote);
          groups = grouping.groups(state);
        }
        assert.equal(
          shown(groups),
          shown(groupsAfter(groupingIn(stage), votes, stage)),
          `the groups of ${described(votes)} depend on when they were read: groups() must not change the state`,
        );
      }
    },
  },
  {
    name: 'begins each prediction without votes',
    check: (stage) => {
      const grouping = groupingIn(stage);
      for (const answers of someAnswers(stage, BALLOTS)) {
        const votes = votesFor(answers);
        // Two predictions at the same time.
        const other = grouping.add(begun(grouping, stage), votesFor(stage.answers)[0] as Vote);
        const groups = groupsAfter(grouping, votes, stage);
        assert.equal(shown(grouping.groups(other)), '{0}', 'predictions share a state: create it in init()');
        assert.equal(
          shown(groups),
          shown(groupsAfter(groupingIn(stage), votes, stage)),
          `the groups of ${described(votes)} depend on earlier predictions: create the state in init()`,
        );
      }
    },
  },
  {
    name: 'refines the groups in the same way in every order of arrival',
    only: 'refining',
    check: async (stage) => {
      for (const answers of someAnswers({ ...stage, answers: visible(stage.answers) }, PREDICTIONS)) {
        const arrival = shuffled([...answers.keys()], stage.draw);
        const inOrder = await predictedOnce(stage, answers);
        const inArrival = await predictedOnce(stage, answers, { arrival });
        for (const { warnings } of [inOrder.prediction.metadata, inArrival.prediction.metadata])
          assert.ok(!warnings.some((warning) => notRefined.test(warning)), warnings.join('\n'));
        assert.equal(
          groupsIn(inArrival.prediction),
          groupsIn(inOrder.prediction),
          `the refined groups of ${described(votesFor(answers))} are others if they arrive in the order ${arrival}`,
        );
      }
    },
  },
  {
    name: 'has all of its calls in the account of the prediction',
    only: 'calling',
    check: async (stage) => {
      const { prediction, calls } = await predictedOnce(stage, differentIn(stage));
      assert.ok(calls.made > 0, 'the grouping makes no call for different answers');
      assert.equal(
        roleOutcomes(prediction).length,
        calls.made,
        'the account does not have each call: make it with call() of the context',
      );
    },
  },
  {
    name: 'makes no call if all answers are equal',
    only: 'calling',
    check: async (stage) => {
      const [answer] = differentIn(stage);
      const { calls } = await predictedOnce(stage, [answer, answer, answer]);
      assert.equal(calls.made, 0, 'the grouping makes calls although all votes have the same key');
    },
  },
  {
    name: 'cancels its calls when the caller leaves',
    only: 'calling',
    check: async (stage) => {
      const { prediction$, calls } = staged(stage, differentIn(stage), 'never ends');
      await firstValueFrom(merge(prediction$, calls.first$));
      // A caller that leaves has unsubscribed from all that was merged.
      assert.equal(calls.inFlight, 0, 'a call is still in flight: return an Observable of its outcome');
      assert.ok(calls.made > 0, 'the grouping makes no call for different answers');
    },
  },
  {
    name: 'keeps the prediction if its models fail, and says so',
    only: 'calling',
    check: (stage) => assertSurvives(stage, 'fails'),
  },
  {
    name: 'keeps the prediction in spite of any reply of its models',
    only: 'calling',
    check: async (stage) => {
      for (const reply of REPLIES) await assertSurvives(stage, { reply });
    },
  },
];

const assertSurvives = async (stage: GroupingStage, course: Course): Promise<void> => {
  const { prediction } = await predictedOnce(stage, differentIn(stage), { course });
  const { warnings } = prediction.metadata;
  assert.ok(!warnings.some((warning) => notRefined.test(warning)), warnings.join('\n'));
  const isFailed = roleOutcomes(prediction).some(({ status }) => status !== 'answered');
  assert.ok(
    !isFailed || warnings.length > 0,
    'a call without an answer is not told: use warn() of the context',
  );
};

/** A few answers with different keys that can be seen. */
const differentIn = ({ answers }: GroupingStage): readonly unknown[] =>
  [...new Map(visible(answers).map((answer) => [answerKey(answer), answer])).values()].slice(0, 4);
