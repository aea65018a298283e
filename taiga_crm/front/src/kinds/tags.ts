/** Several words: free ones, or ticked from the field's choices. */
import TagsEdit from './edit/TagsEdit.vue';
import type { KindSpec } from './kind';
import TagsShow from './show/TagsShow.vue';

export const tags: KindSpec = {
  text: (value, _formats, field) =>
    ((value as string[] | null) ?? [])
      .map((tag) => field.choices?.find((choice) => choice.value === tag)?.label ?? tag)
      .join(', '),
  show: TagsShow,
  edit: TagsEdit,
  filter: 'choices',
  group: true,
  wide: true,
  draft: (value) => value ?? [],
};
