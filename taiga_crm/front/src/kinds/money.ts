/** An amount with its currency; totals may hold one per currency. */
import MoneyEdit from './edit/MoneyEdit.vue';
import type { Money } from './formats';
import { isEmpty, type KindSpec } from './kind';

export const money: KindSpec = {
  text: (value, formats) => amounts(value).map(formats.money).join(' + '),
  edit: MoneyEdit,
  filter: 'number',
  numeric: true,
  body: (draft) => (isEmpty((draft as Money | null)?.amount) ? null : draft),
};

function amounts(value: unknown): Money[] {
  if (isEmpty(value)) return [];
  return (Array.isArray(value) ? value : [value]) as Money[];
}
