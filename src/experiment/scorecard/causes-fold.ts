import { CrucibleError, type ModelError } from '../../domain/errors.ts';
import { isA, readSafely } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { wasNeverSent } from '../../domain/never-sent.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { withoutKeys, withoutSecrets } from '../../domain/quoting.ts';
import { isLabelled } from '../dataset/label-faults.ts';
import { leftOutOf } from '../left-out.ts';
import { isNotRecorded, type Trial } from '../trial.ts';
import type { Cause, CauseKind } from './cause.ts';
import { normalizationFit } from './normalization-fit.ts';
import { warningsOf } from './warnings-of.ts';

/** The maximum number of different reasons of one kind and model; later ones count with the last of these. */
const MAX_REASONS = 10;

const MAX_CHARACTERS = 300;

/** The kinds in the order in which they are listed. */
const ORDER: readonly CauseKind[] = [
  'missing',
  'failed',
  'abstained',
  'noPrediction',
  'normalization',
  'unscored',
  'unlabelled',
  'warning',
];

/** One occurrence of a cause. */
interface Occurrence extends Pick<Cause, 'kind' | 'model' | 'role' | 'error'> {
  readonly reason?: string;
  /** Whether the reason tells causes apart that have the same error. */
  readonly isOwn?: boolean;
}

/** Collects the causes of one condition. Memory grows with the number of models and of different errors. */
export const causesFold = () => {
  const groups = new Map<string, Cause & { count: number }>();
  const reasons = new Map<string, string[]>();
  const calls = new Map<string, number>();
  const fit = normalizationFit();

  const note = (question: string, { reason, isOwn = false, ...occurrence }: Occurrence): void => {
    const { kind, model, role, error } = occurrence;
    const group = JSON.stringify([kind, model, role, error]);
    // Errors of the library differ by name, everything else by its reason.
    const different = error === undefined || isOwn ? withoutNumbers(reason ?? '') : '';
    const seen = reasons.get(group) ?? [];
    reasons.set(group, seen);
    if (!seen.includes(different) && seen.length < MAX_REASONS) seen.push(different);
    const key = group + (seen.includes(different) ? different : seen.at(-1));
    const known = groups.get(key);
    if (known !== undefined) known.count += 1;
    else
      groups.set(key, {
        ...occurrence,
        count: 1,
        question,
        ...given({ reason: reason && shortened(reason) }),
      });
  };
  const noteCall = (question: string, outcome: Outcome): void => {
    const { model, role, warning } = outcome;
    const ofCall = { model, ...given({ role }) };
    // A call that a policy refused is not counted.
    if (outcome.status !== 'failed' || !wasNeverSent(outcome.error)) {
      const caller = callerIn(ofCall);
      calls.set(caller, (calls.get(caller) ?? 0) + 1);
    }
    const occurrence = occurrenceOf(outcome);
    if (occurrence !== undefined) note(question, { ...occurrence, ...ofCall });
    if (warning !== undefined) note(question, { kind: 'warning', ...ofCall, reason: warning });
  };

  return {
    add(trial: Trial): void {
      const { question, result, unscored } = trial;
      const { id } = question;
      fit.add(trial);
      for (const outcome of result.outcomes) noteCall(id, outcome);
      if (!(result instanceof NoPredictionError)) {
        for (const reason of warningsOf(result)) note(id, { kind: 'warning', reason });
      }
      // The causes of a question that is left out are those of its calls.
      if (leftOutOf(trial) === undefined) {
        if (result instanceof NoPredictionError) {
          note(id, { kind: 'noPrediction', error: result.name, reason: result.message });
        }
      }
      if (unscored !== undefined && (leftOutOf(trial) === undefined || trial.leftOut !== undefined)) {
        note(id, { kind: 'unscored', reason: unscored });
      }
      if (!isLabelled(question) && trial.score === undefined && unscored === undefined)
        note(id, { kind: 'unlabelled' });
    },
    causes: (): readonly Cause[] =>
      [...groups.values(), ...fit.causes()]
        .map((cause) => ({ ...cause, ...given({ of: calls.get(callerIn(cause)) }) }))
        .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.count - a.count),
  };
};

const callerIn = ({ model = '', role }: Pick<Cause, 'model' | 'role'>): string =>
  role === undefined ? model : JSON.stringify([model, role]);

const occurrenceOf = (outcome: Outcome): Occurrence | undefined => {
  const { model } = outcome;
  if (isNotRecorded(outcome)) return { kind: 'missing' };
  if (outcome.status === 'failed') {
    const { name, message } = outcome.error;
    const own = ownReason(outcome.error);
    return {
      kind: 'failed',
      error: name,
      reason: message.replace(`${model}: `, '') + (own ?? ''),
      isOwn: own !== undefined,
    };
  }
  return outcome.status === 'abstained' ? { kind: 'abstained', reason: outcome.reason } : undefined;
};

/** What a function of the user threw, which the error of its call does not repeat; without words that may be keys. */
const ownReason = ({ name, cause }: ModelError): string | undefined => {
  if (name !== 'ModelError' || isA(cause, CrucibleError)) return undefined;
  const message: unknown = isA(cause, Error) ? readSafely(cause, 'message') : cause;
  const [line = ''] = typeof message === 'string' ? message.slice(0, 2 * MAX_CHARACTERS).split('\n') : [];
  return line === '' ? undefined : `: ${withoutSecrets(line)}`;
};

/** Reasons that differ in a number only are the same cause. */
const withoutNumbers = (reason: string): string => reason.replaceAll(/\d+/g, '0').slice(0, MAX_CHARACTERS);

const shortened = (reason: string): string => {
  const text = withoutKeys(reason.slice(0, 2 * MAX_CHARACTERS));
  return text.length <= MAX_CHARACTERS
    ? text
    : `${text.slice(0, MAX_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};
