/** A decimal number, kept as a string. */
import NumberEdit from './edit/NumberEdit.vue';
import { isEmpty, type KindSpec } from './kind';

export const decimal: KindSpec = {
  text: (value, formats) => (isEmpty(value) ? '' : formats.number(value as string)),
  edit: NumberEdit,
  filter: 'number',
  numeric: true,
};
