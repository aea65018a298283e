/** E-mail addresses with their types. */
import EmailsEdit from './edit/EmailsEdit.vue';
import { entriesBody, entriesText } from './entries';
import type { KindSpec } from './kind';
import EmailsShow from './show/EmailsShow.vue';

export const emails: KindSpec = {
  text: entriesText,
  show: EmailsShow,
  edit: EmailsEdit,
  filter: 'text',
  group: true,
  wide: true,
  draft: (value) => value ?? [],
  body: entriesBody,
};
