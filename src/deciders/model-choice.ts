import { map, merge, type Observable, takeWhile, toArray } from 'rxjs';
import type { DecisionContext, FinalTally, Verdict } from '../domain/decider.ts';
import type { Model } from '../domain/model.ts';
import { type Abstention, abstain } from '../domain/normalizer.ts';
import { askForReply, isAbstention, type RoleQuestion } from './ask-for-reply.ts';
import {
  askingAbout,
  keysOf,
  type Lettered,
  lettered,
  otherWayRound,
  shuffledCandidates,
} from './candidates.ts';

/** A model that chooses, and how. */
export interface Chooser {
  readonly model: Model;
  readonly rubric: string | undefined;
  readonly pick: 'best' | 'mostConsistent';
  readonly seed: number | string;
}

/** Lets a model choose among the answers, in two orders. Emits an abstention with the reason if it contradicts itself. */
export const modelChoice = (
  { model, rubric, pick, seed }: Chooser,
  tally: FinalTally,
  context: DecisionContext,
): Observable<Verdict | Abstention> => {
  const task = { task: taskOf(pick, rubric), showsCounts: pick === 'mostConsistent' };
  const opinionOn = (shown: Lettered): Observable<Judged | Abstention> => {
    const letters = [...shown.keys()];
    const query = askingAbout(shown, context, { ...task, form: formOf(letters) });
    return askForReply<Opinion>(
      {
        model,
        role: 'judge',
        query,
        properties: propertiesOf(letters),
        optional: ['contradictions', 'gaps', 'uniquePoints', 'reason'],
        voteOf: ({ choice }) => choice,
      },
      context,
    ).pipe(map((opinion) => (isAbstention(opinion) ? opinion : { ...opinion, shown })));
  };
  const candidates = shuffledCandidates(tally, context, seed);
  const orders = [candidates, otherWayRound(candidates)].map(lettered);
  return merge(...orders.map(opinionOn)).pipe(
    // Without one of them there is no verdict, so the other is cancelled.
    takeWhile((opinion) => !isAbstention(opinion), true),
    toArray(),
    map((opinions) => verdictOf(opinions, orders)),
  );
};

/** What a judge replies. */
interface Opinion {
  readonly contradictions?: readonly string[];
  readonly gaps?: readonly Point[];
  readonly uniquePoints?: readonly Point[];
  readonly reason?: string;
  readonly choice: string;
}

/** What a judge says of one answer. */
interface Point {
  readonly answer: string;
  readonly point: string;
}

/** An opinion, and the answers as they were shown. */
interface Judged extends Opinion {
  readonly shown: Lettered;
}

const RIGHT =
  'Choose the answer that is right. Of several right answers, choose the one that is complete and clear.';

const taskOf = (pick: string, rubric: string | undefined): string => {
  const what =
    pick === 'mostConsistent'
      ? 'Choose the answer that agrees most with what the answers say as a whole, by how many members gave each.'
      : rubric === undefined
        ? RIGHT
        : 'Choose the answer that meets the rubric best.';
  return [
    'You judge answers to a question.',
    what,
    ...(rubric === undefined ? [] : [`The rubric: ${rubric}`]),
    'Their order and their length say nothing about them.',
  ].join(' ');
};

// The choice comes last, so that the reasons are written before it.
const propertiesOf = (letters: readonly string[]): RoleQuestion<Opinion>['properties'] => {
  const letter = { type: 'string', enum: letters };
  const text = { type: 'string' };
  const point = {
    type: 'object',
    properties: { answer: letter, point: text },
    required: ['answer', 'point'],
    additionalProperties: false,
  };
  return {
    contradictions: { type: 'array', items: text, description: 'On what the answers contradict each other.' },
    gaps: { type: 'array', items: point, description: 'What an answer leaves out.' },
    uniquePoints: { type: 'array', items: point, description: 'What only this answer says.' },
    reason: { ...text, description: 'Why this answer is chosen.' },
    choice: letter,
  };
};

const formOf = (letters: readonly string[]): string => {
  const point = '[{"answer": "A", "point": "…"}]';
  return (
    `Reply with JSON alone, in this form: {"contradictions": ["…"], "gaps": ${point}, "uniquePoints": ${point}, ` +
    `"reason": "…", "choice": "A"}. The choice is one of ${letters.join(', ')}. The lists may be empty.`
  );
};

const verdictOf = (
  opinions: readonly (Judged | Abstention)[],
  [first]: readonly Lettered[],
): Verdict | Abstention => {
  const abstention = opinions.find(isAbstention);
  if (abstention !== undefined) return abstention;
  const judged = opinions as readonly Judged[];
  const [key, ...others] = new Set(judged.map(({ shown, choice }) => shown.get(choice)?.speaker.key));
  const opinion = judged.find(({ shown }) => shown === first);
  if (key === undefined || others.length > 0 || opinion === undefined)
    return abstain('it contradicts itself: asked in two orders, it chose two answers');
  const { reason, contradictions = [], gaps = [], uniquePoints = [], shown } = opinion;
  const ofKeys = (points: readonly Point[]): readonly object[] =>
    points.map(({ answer, point }) => ({ key: shown.get(answer)?.speaker.key, point }));
  const details = {
    candidates: keysOf(shown),
    contradictions,
    gaps: ofKeys(gaps),
    uniquePoints: ofKeys(uniquePoints),
  };
  return { key, ...(reason !== undefined && { reason }), details };
};
