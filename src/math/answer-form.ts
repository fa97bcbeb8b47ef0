import { expressionForm } from './expression-form.ts';
import { combined, type Form, intervalOf, REALS, setOf, tupleOf, without } from './form.ts';
import { listForm, membersOf } from './list-form.ts';
import { listOf, type Node } from './node.ts';
import type { Reading } from './reading.ts';
import { relationForm } from './relation-form.ts';
import { stop, WORDS } from './unreadable.ts';
import { wordsForm } from './words-form.ts';

/** Returns what a part of an answer comes to, of any kind. */
export function answerForm(part: Node, reading: Reading): Form {
  const { kind, value, parts } = part;
  const forms = (): readonly Form[] => parts.map(reading.form);
  switch (kind) {
    case 'words':
      return wordsForm(value);
    case 'relation':
      return relationForm(part, reading);
    case 'list':
      return listForm(part, reading);
    case 'set':
      return setOf(membersOf(parts, reading));
    case 'tuple':
      return tupleForm(part, reading);
    case 'matrix':
      return tupleOf(forms(), '[]');
    case 'sets':
      return setsForm(value, forms());
    case 'ratio':
      return combined(forms(), ':');
    case 'unit':
      return reading.keepsUnits
        ? withUnit(reading.form(parts[0] as Node), value)
        : reading.form(parts[0] as Node);
    case 'count':
      return stop(WORDS);
    default:
      return value === 'ℝ'
        ? REALS
        : value === '()' && !isExpression(parts[0])
          ? reading.form(parts[0] as Node)
          : expressionForm(part, reading);
  }
}

const isExpression = (part: Node | undefined): boolean =>
  part !== undefined && /^(?:number|name|constant|operation|unit)$/.test(part.kind);

/** A tuple, or an interval if an end is infinite. What names are stands in the order of the names. */
function tupleForm({ value, parts }: Node, reading: Reading): Form {
  if (parts.some((part) => part.kind === 'relation')) return listForm(listOf(parts), reading);
  const forms = parts.map(reading.form);
  const [low, high] = forms;
  return forms.length === 2 && low && high ? intervalOf(low, high, value) : tupleOf(forms, value);
}

const isInterval = ({ key }: Form): boolean => /^[([]|∪/.test(key);

const setsForm = (sign: string, forms: readonly Form[]): Form => {
  if (sign === '∪' && !forms.some(isInterval)) return setOf(forms.flatMap((form) => form.members ?? [form]));
  const [first, second] = forms;
  return sign === '∖' && forms.length === 2 && first?.key === REALS.key && second && !isInterval(second)
    ? without(second)
    : combined(forms, sign);
};

const withUnit = (form: Form, unit: string): Form => ({
  ...form,
  key: `${form.key} ${unit}`,
  text: `${form.text} ${unit}`,
});
