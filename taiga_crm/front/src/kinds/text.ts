/** One line of text. */
import TextEdit from './edit/TextEdit.vue';
import { isEmpty, type KindSpec } from './kind';

export const text: KindSpec = {
  text: (value) => (isEmpty(value) ? '' : String(value)),
  edit: TextEdit,
  filter: 'text',
  draft: (value) => value ?? '',
  body: (draft, field) => emptyTo(field.nullable, String(draft ?? '').trim()),
};

function emptyTo(nullable: boolean, value: string): string | null {
  return value === '' && nullable ? null : value;
}
