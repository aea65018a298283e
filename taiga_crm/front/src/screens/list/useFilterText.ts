/** A filter in words: `Industry: Retail or Steel`, with the names of the records behind the ids. */
import { computed, ref, watchEffect } from 'vue';
import { useLookup } from '@/api/lookup';
import type { Field, Operator } from '@/api/meta';
import { type I18n, type MessageKey, useI18n } from '@/i18n';
import { type Formats, useFormats } from '@/kinds/formats';
import { kindOf } from '@/kinds/index';
import { isPeriod } from './periods';
import type { Filter } from './state';

/** Names already known because they were just chosen; the rest is looked up. */
const known = new Map<string, string>();

export function rememberLabel(target: string | null, id: number | string, label: string) {
  known.set(`${target}/${id}`, label);
}

export function useFilterText(filter: () => Filter, field: () => Field) {
  const { t } = useI18n();
  const formats = useFormats();
  const { labelOf } = useLookup(() => field().target);
  const labels = ref<Record<string, string>>({});

  watchEffect(() => {
    if (kindOf(field()).filter !== 'links' || filter().operator === 'empty') return;
    for (const id of filter().value.split(',')) void nameId(id);
  });

  async function nameId(id: string) {
    if (labels.value[id]) return;
    labels.value[id] = id === 'me' ? t('filter.me') : (known.get(`${field().target}/${id}`) ?? '…');
    if (labels.value[id] === '…') labels.value[id] = await labelOf(id);
  }

  return computed(() => {
    const { operator, value } = filter();
    if (operator === 'empty') return value === 'true' ? t('filter.is_empty') : t('filter.is_not_empty');
    if (operator === 'within') {
      return isPeriod(value) ? t(`filter.period.${value}` as MessageKey) : value.replaceAll('_', ' ');
    }
    if (operator === 'between') {
      return value
        .split(',')
        .map((one) => valueText(one, field(), formats.value))
        .join(' – ');
    }
    const parts = isSeveral(field()) ? value.split(',') : [value];
    const words = parts.map((part) => labels.value[part] ?? valueText(part, field(), formats.value));
    const joined = new Intl.ListFormat(formats.value.lang, { type: 'disjunction' }).format(words);
    return operator === 'exact' ? joined : `${operatorSign(operator, field(), t)} ${joined}`;
  });
}

export function isSeveral(field: Field): boolean {
  return ['choices', 'links'].includes(kindOf(field).filter);
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
      return field.kind === 'integer' ? kindOf(field).text(value, formats, field) : formats.number(value);
    case 'choices':
      return field.kind === 'tags'
        ? kindOf(field).text([value], formats, field)
        : kindOf(field).text(value, formats, field);
    default:
      return value;
  }
}
