import { concatMap, map, type Observable, of } from 'rxjs';
import type { DecisionContext, Verdict } from '../domain/decider.ts';
import type { Model } from '../domain/model.ts';
import { type Abstention, abstain, abstentionReason } from '../domain/normalizer.ts';
import { mayCallTools } from '../domain/request.ts';
import { askForReply, isAbstention } from './ask-for-reply.ts';
import { askingAbout, type Lettered } from './candidates.ts';

/**
 * Lets a model write one answer from those that it is shown. Emits the answer and the ones that it drew on, or an abstention
 * with the reason.
 *
 * @param note a sentence about the order in which the answers are shown. Default: none.
 */
export const writtenFrom = (
  shown: Lettered,
  model: Model,
  context: DecisionContext,
  note = '',
): Observable<Verdict | Abstention> => {
  if (mayCallTools(context.query))
    return of(abstain('it writes texts, and the answers are calls of tools: use judge, council or debate'));
  const properties = {
    sources: { type: 'array', items: { type: 'string', enum: [...shown.keys()] } },
    answer: { type: 'string' },
  };
  const form = formOf(context.query.answerSchema);
  const query = askingAbout(shown, context, { task: note === '' ? TASK : `${TASK} ${note}`, form });
  return askForReply<Fused>(
    { model, role: 'chairman', query, properties, optional: ['sources'], voteOf: ({ answer }) => answer },
    context,
  ).pipe(
    concatMap((fused): Observable<Verdict | Abstention> => {
      if (isAbstention(fused)) return of(fused);
      const text = fused.answer.trim();
      const drewOn = [...new Set(fused.sources ?? [])].flatMap((letter) => shown.get(letter)?.speaker ?? []);
      const details = { drewOn: drewOn.map(({ key, model: source }) => ({ key, model: source })) };
      return context.read(text).pipe(
        map((answer) => {
          const fault = abstentionReason(answer);
          return fault === undefined
            ? { answer, text, details }
            : abstain(`what it wrote does not count: ${fault}`);
        }),
      );
    }),
  );
};

/** What the model replies. */
interface Fused {
  readonly sources?: readonly string[];
  readonly answer: string;
}

const TASK =
  'Others have answered a question. Write the one answer that they should have given: keep what is right, leave out what is ' +
  'wrong, and add nothing that none of them says unless it is needed. Write it as an answer to the question, in its language, ' +
  'and do not mention the other answers.';

const formOf = (schema: object | undefined): string =>
  [
    ...(schema === undefined
      ? []
      : [`The answer is JSON, as a text, that fits this JSON Schema: ${JSON.stringify(schema)}`]),
    'Reply with JSON alone, in this form: {"sources": ["A"], "answer": "…"}. The sources are the letters of the answers that ' +
      'you draw on.',
  ].join('\n');
