/** A moment, shown in the reader's time zone. */
import DateTimeEdit from './edit/DateTimeEdit.vue';
import { isEmpty, type KindSpec } from './kind';

export const datetime: KindSpec = {
  text: (value, formats) => (isEmpty(value) ? '' : formats.dateTime(String(value))),
  edit: DateTimeEdit,
  filter: 'date',
  body: (draft) => draft || null,
};
