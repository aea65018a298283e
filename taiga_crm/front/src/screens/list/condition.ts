/** What a new condition starts with: the usual comparison of its field, and a value where there is an obvious one. */
import type { Field, Operator } from '@/api/meta';
import { kindOf } from '@/kinds/index';
import type { FilterInput } from '@/kinds/kind';

export function operatorsOf(field: Field | undefined): Operator[] {
  return field?.operators.length ? field.operators : ['exact'];
}

/** Text is mostly searched for, dates are mostly bounds. */
export function startingOperator(field: Field): Operator {
  const input = kindOf(field).filter;
  const wanted: Operator =
    input === 'text' ? 'contains' : input === 'date' || input === 'number' ? 'gte' : 'exact';
  const offered = operatorsOf(field);
  return offered.includes(wanted) ? wanted : (offered[0] ?? 'exact');
}

export function startingValue(field: Field, operator: Operator): string {
  if (operator === 'within') return 'last_30_days';
  return operator === 'empty' || kindOf(field).filter === 'boolean' ? 'true' : '';
}

export type ConditionInput = FilterInput | 'empty' | 'within' | 'between';

/** How the value is typed: the name of a linked record is a text, the record itself is chosen. */
export function inputOf(field: Field, operator: Operator): ConditionInput {
  if (operator === 'empty' || operator === 'within' || operator === 'between') return operator;
  const { filter } = kindOf(field);
  return filter === 'links' && ['contains', 'excludes', 'starts'].includes(operator) ? 'text' : filter;
}

export function takesSeveral(field: Field, operator: Operator): boolean {
  return ['choices', 'links', 'between'].includes(inputOf(field, operator));
}

/** The value that stays when the comparison changes. */
export function valueAfter(field: Field, before: Operator, after: Operator, value: string): string {
  return inputOf(field, before) === inputOf(field, after) ? value : startingValue(field, after);
}
