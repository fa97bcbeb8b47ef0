import { CrucibleError, type ModelError } from '../domain/errors.ts';
import { nameOf, readSafely, textOf } from '../domain/foreign.ts';
import { quotedName } from '../domain/quoting.ts';

/**
 * A model that no call reaches: its key is rejected, its host cannot be reached, it does not exist, or its account has no
 * credit. Ends an experiment before the other questions are paid for. `cause` is the last failure.
 */
export class ModelUnavailableError extends CrucibleError {
  override readonly name = 'ModelUnavailableError';
  /** The id of the model. */
  readonly model: string;
  /** The number of questions in a row for which its calls failed. */
  readonly questions: number;

  constructor(model: string, questions: number, cause: ModelError, isRecorded: boolean) {
    const reason = textOf(readSafely(cause, 'message')).replace(`${textOf(model)}: `, '');
    const again = isRecorded ? 'run it again to continue: the other calls are recorded' : 'run it again';
    super(
      `model ${quotedName(model)} cannot be used: its calls for ${typeof questions === 'number' ? questions : 'some'} questions in a row failed, the last with ${nameOf(cause)}: ${reason}. The experiment stopped before it asked the other questions. Correct that, or leave the model out, and ${again}`,
      { cause },
    );
    this.model = model;
    this.questions = questions;
  }
}
