/** How an answer is counted if its value does not say so: as the same vote as answers that are worded differently. */
export interface AnswerForm {
  /** The key of the vote. Answers with equal keys are the same vote. */
  readonly key: string;
  /** The wording: within a vote, the commonest one is the answer. */
  readonly wording: string;
  /** The parts of the answer, such as its calls, each as often as it occurs. */
  readonly parts: readonly string[];
}

/** By the answer, so that the answer itself stays plain data. */
const forms = new WeakMap<object, AnswerForm>();

/** Gives an answer a form of its own, and returns it. */
export const withForm = <Answer extends object>(answer: Answer, form: AnswerForm): Answer => {
  forms.set(answer, form);
  return answer;
};

/** Returns the form of an answer that has one of its own. */
export const formOf = (answer: unknown): AnswerForm | undefined =>
  typeof answer === 'object' && answer !== null ? forms.get(answer) : undefined;
