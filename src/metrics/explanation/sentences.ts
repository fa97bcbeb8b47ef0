import { answerKey } from '../../domain/answer-key.ts';
import { ofMembers, type Vote } from '../../domain/outcome.ts';
import type { Decision, Prediction } from '../../domain/prediction.ts';
import { formatShare, formatVotes } from '../../rendering/amounts.ts';
import type { Contribution } from './contribution.ts';
import type { Explanation } from './explanation.ts';
import { fieldStandings } from './field-standings.ts';
import type { Flip } from './pivotal-votes.ts';
import { verdictIn } from './verdict-in.ts';
import { counted, listed, MAX_REASON, named, quoted } from './words.ts';

/** An explanation without its text. */
export type Facts = Omit<Explanation, 'text' | 'toString'>;

const whyOneIsEnough: Readonly<Record<string, string>> = {
  hedged: 'A hedged execution takes the first answer that arrives.',
  cascade: 'A cascade takes the first answer that is confident enough.',
};

/** The strategies that break ties in the same way. */
const tieStrategies = ['majority', 'weighted', 'fieldwise'];

/** Names the model of a vote and, if given, its confidence. */
const voterOf = ({ model, confidence }: Vote): string =>
  confidence === undefined
    ? named(model)
    : `${named(model)}, with a confidence of ${formatVotes(confidence)}`;

const onlyAnswer = ({ metadata: { execution } }: Prediction, answer: string, vote: Vote): string[] => [
  `The answer is ${answer}: the only answer received, from ${voterOf(vote)}.`,
  ...(Object.hasOwn(whyOneIsEnough, execution) ? [whyOneIsEnough[execution] ?? ''] : []),
];

/** Whether each field has the value that most members gave, as by a rule that counts. */
const isCounted = ({ metadata: { fields = {} } }: Prediction): boolean =>
  Object.values(fields).every(({ answer, said }) => {
    if (answer === undefined) return true;
    const own = said.find(({ value }) => answerKey(value) === answerKey(answer));
    return own !== undefined && own.models.length === said[0]?.models.length;
  });

const leastAgreed = ({ metadata: { fields = {} } }: Prediction): string => {
  const [least] = Object.entries(fields)
    .filter(([, { answer }]) => answer !== undefined)
    .sort(([, a], [, b]) => a.consensus - b.consensus);
  return least === undefined
    ? ''
    : `; the least agreed field is ${quoted(least[0])}, with a consensus of ${formatVotes(least[1].consensus)}`;
};

const fieldResult = (prediction: Prediction, answer: string, votes: readonly Vote[]): string[] => {
  const [weakest] = isCounted(prediction) ? fieldStandings(prediction.answer, votes) : [];
  const least =
    weakest === undefined
      ? leastAgreed(prediction)
      : `; the least agreed field is ${quoted(weakest.field)}, with ${counted(weakest.votes, 'vote')} for ${quoted(weakest.key)} and ${formatVotes(weakest.runnerUp)} for the next`;
  return [`The answer is ${answer}, elected field by field from ${counted(votes.length, 'vote')}${least}.`];
};

const confidentResult = (facts: Facts, answer: string, votes: readonly Vote[]): string[] => {
  const behind = votes.filter(({ key }) => key === facts.winner.key);
  const [first] = behind.toSorted((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1));
  return first === undefined
    ? []
    : [
        `The answer is ${answer}, that of the most confident vote: ${voterOf(first)}.`,
        `${behind.length} of ${counted(votes.length, 'vote')} ${behind.length === 1 ? 'is' : 'are'} for it.`,
      ];
};

const countResult = (facts: Facts, prediction: Prediction, answer: string): string[] => {
  const { winner, runnerUp, margin } = facts;
  const { strategy, votes } = prediction.metadata;
  const all = Object.values(votes).reduce((sum, count) => sum + count, 0);
  const amount =
    winner.votes === undefined ? '' : `, with ${formatVotes(winner.votes)} of ${counted(all, 'vote')}`;
  const weight = strategy === 'weighted' && amount !== '' ? ' by weight' : '';
  const behind =
    runnerUp === undefined
      ? ''
      : `; the runner-up ${quoted(runnerUp.key)} has ${formatVotes(runnerUp.votes)}`;
  const tie =
    margin === 0 && tieStrategies.includes(strategy)
      ? [
          'A tie goes to the answer with the more confident supporter, then to the one whose supporter stands first in the panel.',
        ]
      : [];
  return [`The answer is ${answer}, by ${named(strategy)}${amount}${weight}${behind}.`, ...tie];
};

const verdictResult = (
  { by, status, reason }: Decision,
  { winner, runnerUp }: Facts,
  answer: string,
  votes: readonly Vote[],
): string[] => {
  const why = reason === undefined ? '' : `: ${quoted(reason, MAX_REASON)}`;
  const own = winner.votes === undefined ? 'none' : formatVotes(winner.votes);
  const next =
    runnerUp === undefined ? '' : `, and ${formatVotes(runnerUp.votes)} for ${quoted(runnerUp.key)}`;
  return [
    `The answer is ${answer}, ${status} by ${named(by)}${why}.`,
    `Of ${counted(votes.length, 'vote')}, ${own} ${own === '1' ? 'is' : 'are'} for it${next}.`,
  ];
};

/** Says what a decider said that left the decision to the votes. */
const leftToVotes = (prediction: Prediction): string[] => {
  const { decision } = prediction.metadata;
  if (decision === undefined) return [];
  const by = named(decision.by);
  const why = decision.reason === undefined ? '' : `: ${quoted(decision.reason, MAX_REASON)}`;
  if (decision.status === 'kept') return [`${by} left the decision to the votes.`];
  return verdictIn(prediction) === undefined ? [`${by} had no verdict${why}; so the votes decided.`] : [];
};

/** Says which votes a grouping took for the same. */
const groupsOf = ({ winner }: Facts, { metadata, outcomes }: Prediction): string[] => {
  const { grouping } = metadata;
  const votes = ofMembers(outcomes).filter((outcome) => outcome.status === 'answered');
  if (grouping === undefined || votes.length < 2) return [];
  const by = `By ${named(grouping)}`;
  const same = votes.filter(({ key, group = key }) => group === winner.key);
  if (new Set(same.map(({ key }) => key)).size > 1)
    return [
      `${by}, ${counted(same.length, 'vote')} in different words say the same; the answer is in the words of ${named(same[0]?.model ?? '')}.`,
    ];
  return votes.some(({ key, group = key }) => group !== key)
    ? []
    : [`${by}, no votes in different words say the same.`];
};

const resultOf = (facts: Facts, prediction: Prediction, votes: readonly Vote[]): string[] => {
  const answer = quoted(facts.winner.key);
  const verdict = verdictIn(prediction);
  if (verdict !== undefined) return verdictResult(verdict, facts, answer, votes);
  const [first] = votes;
  const { strategy } = prediction.metadata;
  if (first !== undefined && votes.length === 1) return onlyAnswer(prediction, answer, first);
  if (votes.every(({ key }) => key === facts.winner.key)) {
    return [
      `The answer is ${answer}: ${votes.length === 2 ? 'both' : `all ${votes.length}`} votes are for it.`,
    ];
  }
  if (strategy === 'fieldwise') return fieldResult(prediction, answer, votes);
  if (strategy === 'bestConfidence') return confidentResult(facts, answer, votes);
  return countResult(facts, prediction, answer);
};

/** Lists members by name, with their number of votes, and with their shares if these differ. */
const supporters = (contributions: readonly Contribution[]): string => {
  const byModel = new Map<string, { votes: number; share: number | undefined }>();
  for (const { model, share } of contributions) {
    const before = byModel.get(model) ?? { votes: 0, share: 0 };
    byModel.set(model, {
      votes: before.votes + 1,
      share: before.share === undefined || share === undefined ? undefined : before.share + share,
    });
  }
  const isEqual = new Set(contributions.map(({ share }) => share)).size === 1;
  const items = Array.from(byModel, ([model, { votes, share }]) => {
    const notes = [
      ...(votes > 1 ? [counted(votes, 'vote')] : []),
      ...(isEqual || share === undefined ? [] : [`${formatShare(share)} of its votes`]),
    ];
    return notes.length === 0 ? named(model) : `${named(model)} (${notes.join(', ')})`;
  });
  return listed(items);
};

const sidesOf = ({ contributions }: Facts, isWritten: boolean): string[] => {
  const on = (stance: Contribution['stance']): Contribution[] =>
    contributions.filter((contribution) => contribution.stance === stance);
  const against = on('against').map(({ model, key = '' }) => `${named(model)} with ${quoted(key)}`);
  const lines: readonly (readonly [string, string])[] = [
    ['For it', supporters(on('for'))],
    ['Partly for it', supporters(on('partly'))],
    [isWritten ? 'Other answers' : 'Against it', listed(against)],
  ];
  return lines.flatMap(([label, items]) => (items === '' ? [] : [`${label}: ${items}.`]));
};

const anyOne = (flips: readonly Flip[]): string => {
  const models = [...new Set(flips.map(({ model }) => named(model)))];
  return models.length === 1 ? listed(models) : `any one of ${listed(models)}`;
};

const pivotOf = ({ pivotal, runnerUp, notRecounted, contributions, neverAsked }: Facts): string[] => {
  if (pivotal === undefined) return [`The deciding vote is not known: ${notRecounted}.`];
  const isCutShort = neverAsked > 0 || contributions.some(({ absence }) => absence === 'cancelled');
  const it = isCutShort ? 'By the votes received, it' : 'It';
  const rival = runnerUp === undefined ? 'another answer' : quoted(runnerUp.key);
  const absent = pivotal.filter(({ ifAbsent }) => ifAbsent);
  const switched = pivotal.filter(({ ifAbsent }) => !ifAbsent);
  return [
    ...(absent.length === 0 ? [] : [`${it} would not have won without the vote of ${anyOne(absent)}.`]),
    ...(switched.length === 0
      ? []
      : [`${it} would not have won if ${anyOne(switched)} had voted for ${rival}.`]),
    ...(pivotal.length === 0 ? ['No single vote decided it.'] : []),
  ];
};

const neededBy = ({ runnerUp }: Facts): string[] => {
  if (runnerUp?.switchesNeeded === undefined || runnerUp.switchesNeeded === 1) return [];
  return [
    `${quoted(runnerUp.key)} would have won if ${runnerUp.switchesNeeded} of the winner's supporters had voted for it.`,
  ];
};

/** Contributions have the order of the outcomes. */
const absencesOf = ({ contributions }: Facts, { outcomes }: Prediction): string[] =>
  contributions.flatMap(({ model, absence = '' }, place) => {
    const name = named(model);
    switch (outcomes[place]?.status) {
      case 'failed':
        return [`${name} failed with ${named(absence)}.`];
      case 'abstained':
        return [`${name} abstained: ${named(absence)}.`];
      case 'cancelled':
        return absence === 'deadline'
          ? [`${name} was cancelled at the deadline.`]
          : [`${name} was cancelled, because enough votes had arrived.`];
      default:
        return [];
    }
  });

/** Describes an explanation in plain sentences; equal predictions have equal sentences. */
export const sentencesOf = (
  facts: Facts,
  prediction: Prediction,
  votes: readonly Vote[],
  asSaid: Prediction,
): string[] => {
  const verdict = verdictIn(prediction);
  return [
    ...resultOf(facts, prediction, votes),
    ...leftToVotes(prediction),
    ...groupsOf(facts, asSaid),
    ...(votes.length === 1 ? [] : sidesOf(facts, verdict?.status === 'written')),
    ...(votes.length === 1 || verdict !== undefined ? [] : [...pivotOf(facts), ...neededBy(facts)]),
    ...new Set(absencesOf(facts, prediction)),
    ...new Set(lostCalls(asSaid)),
    ...(facts.neverAsked > 0
      ? [
          `${counted(facts.neverAsked, 'more call')} of the panel ${facts.neverAsked === 1 ? 'was' : 'were'} never made.`,
        ]
      : []),
  ];
};

/** The calls that were no calls of members and have no answer. */
const lostCalls = ({ outcomes }: Prediction): string[] =>
  outcomes.flatMap((outcome) => {
    const { role, model, status } = outcome;
    if (role === undefined || status === 'answered') return [];
    const name = `${named(model)}, called as ${named(role)},`;
    if (status === 'failed') return [`${name} failed with ${named(outcome.error.name)}.`];
    return [
      status === 'abstained' ? `${name} abstained: ${named(outcome.reason)}.` : `${name} was cancelled.`,
    ];
  });
