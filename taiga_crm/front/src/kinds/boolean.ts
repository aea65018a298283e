/** Yes or no. */
import BooleanEdit from './edit/BooleanEdit.vue';
import type { KindSpec } from './kind';
import BooleanShow from './show/BooleanShow.vue';

export const boolean: KindSpec = {
  text: (value, formats) => (value === true ? formats.yes : value === false ? formats.no : ''),
  show: BooleanShow,
  edit: BooleanEdit,
  filter: 'boolean',
  instant: true,
  draft: (value) => value ?? false,
};
