/** A filter in words: `Industry: Retail or Steel`, with the names of the records behind the ids. */
import { computed, reactive, watchEffect } from 'vue';
import { useLookup } from '@/api/lookup';
import type { Field, Operator } from '@/api/meta';
import { type I18n, type MessageKey, useI18n } from '@/i18n';
import { type Formats, useFormats } from '@/kinds/formats';
import { kindOf } from '@/kinds/index';
import { inputOf, takesSeveral } from './condition';
import { isPeriod } from './periods';
import type { Filter } from './state';

/** Names already known because they were just chosen; the rest is looked up. */
const known = new Map<string, string>();
const SELVES = ['me', 'my_groups'];

export function rememberLabel(target: string | null, id: number | string, label: string) {
  known.set(`${target}/${id}`, label);
}

export function useFilterText(filter: () => Filter, field: () => Field) {
  const { name, wordsOf } = useFilterTexts();
  const { t } = useI18n();
  watchEffect(() => name(filter(), field()));
  return computed(() => {
    const { operator } = filter();
    const text = wordsOf(filter(), field());
    return ['exact', 'empty', 'within', 'between'].includes(operator)
      ? text
      : `${operatorSign(operator, field(), t)} ${text}`;
  });
}

/** For many filters at once: `name` looks up what `wordsOf` then shows. */
export function useFilterTexts() {
  const { t } = useI18n();
  const formats = useFormats();
  const { labelOf } = useLookup(() => null);
  const labels = reactive(new Map<string, string>());

  function name({ operator, value }: Filter, field: Field) {
    if (inputOf(field, operator) !== 'links') return;
    const { target } = field;
    for (const id of value.split(',')) {
      const key = `${target}/${id}`;
      if (labels.has(key) || SELVES.includes(id) || !/^\d+$/.test(id)) continue;
      labels.set(key, known.get(key) ?? '…');
      if (!known.has(key)) void labelOf(id, target).then((label) => labels.set(key, label));
    }
  }

  function oneOf(value: string, field: Field, operator: Operator): string {
    const input = inputOf(field, operator);
    if (input === 'text') return value;
    if (input !== 'links') return valueText(value, field, formats.value);
    if (SELVES.includes(value)) return t(`filter.${value as 'me'}`);
    return labels.get(`${field.target}/${value}`) ?? value;
  }

  function wordsOf({ operator, value }: Filter, field: Field): string {
    if (operator === 'empty') return t(value === 'true' ? 'filter.is_empty' : 'filter.is_not_empty');
    if (operator === 'within')
      return isPeriod(value) ? t(`filter.period.${value}` as MessageKey) : value.replaceAll('_', ' ');
    const parts = takesSeveral(field, operator) ? value.split(',') : [value];
    const words = parts.map((part) => oneOf(part, field, operator));
    if (operator === 'between') return words.join(' – ');
    return new Intl.ListFormat(formats.value.lang, { type: 'disjunction' }).format(words);
  }

  return { name, wordsOf };
}

export function operatorLabel(operator: Operator, field: Field, t: I18n['t']): string {
  const input = kindOf(field).filter;
  const dated =
    input === 'date' && (operator === 'gte' || operator === 'lte') ? `${operator}_date` : operator;
  return t(`filter.operator.${dated}` as MessageKey);
}

function operatorSign(operator: Operator, field: Field, t: I18n['t']): string {
  if (kindOf(field).filter === 'number') return { gte: '≥', lte: '≤', not: '≠' }[operator as 'gte'] ?? '';
  return operatorLabel(operator, field, t);
}

function valueText(value: string, field: Field, formats: Formats): string {
  switch (kindOf(field).filter) {
    case 'boolean':
      return value === 'true' ? formats.yes : formats.no;
    case 'date':
      return formats.date(value);
    case 'number':
      if (Number.isNaN(Number(value))) return value;
      return field.kind === 'integer' ? kindOf(field).text(value, formats, field) : formats.number(value);
    case 'choices':
      return field.kind === 'tags'
        ? kindOf(field).text([value], formats, field)
        : kindOf(field).text(value, formats, field);
    default:
      return value;
  }
}
