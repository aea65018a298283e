/** A day. */
import DateEdit from './edit/DateEdit.vue';
import { isEmpty, type KindSpec } from './kind';

export const date: KindSpec = {
  text: (value, formats) => (isEmpty(value) ? '' : formats.date(String(value))),
  edit: DateEdit,
  filter: 'date',
  body: (draft) => draft || null,
};
