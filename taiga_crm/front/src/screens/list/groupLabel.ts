/** How a group is called: the browser knows countries and months in the person's language, the API the rest. */
import { fieldOf } from '@/api/records';
import type { Formats } from '@/kinds/formats';
import { kindOf } from '@/kinds/index';
import type { Group, ListSource } from './useRecords';

const UNITS: Record<string, Intl.DateTimeFormatOptions> = {
  day: { dateStyle: 'medium' },
  week: { dateStyle: 'medium' },
  month: { year: 'numeric', month: 'long' },
  year: { year: 'numeric' },
};
const SPOKEN_HERE = new Set(['boolean', 'country', 'choice', 'date']);

export function groupLabel({ entity, state }: ListSource, { value, label }: Group, formats: Formats): string {
  const [name = '', unit] = state.groupBy.split(':');
  const field = fieldOf(entity, name);
  if (value === null || value === '' || !field) return label;
  const period = unit ? UNITS[unit] : undefined;
  if (period)
    return new Intl.DateTimeFormat(formats.lang, { ...period, timeZone: 'UTC' }).format(
      new Date(String(value)),
    );
  return SPOKEN_HERE.has(field.kind) ? kindOf(field).text(value, formats, field) || label : label;
}
