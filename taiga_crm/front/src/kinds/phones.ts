/** Phone numbers with their types. */
import PhonesEdit from './edit/PhonesEdit.vue';
import { entriesBody, entriesText } from './entries';
import type { KindSpec } from './kind';
import PhonesShow from './show/PhonesShow.vue';

export const phones: KindSpec = {
  text: entriesText,
  show: PhonesShow,
  edit: PhonesEdit,
  filter: 'text',
  group: true,
  wide: true,
  draft: (value) => value ?? [],
  body: entriesBody,
};
