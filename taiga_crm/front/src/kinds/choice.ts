/** One of a few fixed values. */
import ChoiceEdit from './edit/ChoiceEdit.vue';
import { isEmpty, type KindSpec } from './kind';
import ChoiceShow from './show/ChoiceShow.vue';

export const choice: KindSpec = {
  text: (value, _formats, field) => {
    if (isEmpty(value)) return '';
    return field.choices?.find((option) => option.value === String(value))?.label ?? String(value);
  },
  show: ChoiceShow,
  edit: ChoiceEdit,
  filter: 'choices',
  instant: true,
  draft: (value) => value ?? '',
  body: (draft, field) => (draft === '' && field.nullable ? null : draft),
};
