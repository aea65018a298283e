/** A whole number. */
import NumberEdit from './edit/NumberEdit.vue';
import { isEmpty, type KindSpec } from './kind';

export const integer: KindSpec = {
  text: (value, formats, field) => {
    if (isEmpty(value)) return '';
    // A year or a reference is a name more than an amount: 1,998 would be wrong.
    return /(^|_)(year|ref)$/.test(field.name) ? String(value) : formats.number(value as number);
  },
  edit: NumberEdit,
  filter: 'number',
  numeric: true,
};
