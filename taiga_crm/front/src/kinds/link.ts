/** A link to one other record, a user or a project. */
import type { LinkValue } from '@/api/meta';
import LinkEdit from './edit/LinkEdit.vue';
import type { KindSpec } from './kind';
import LinkShow from './show/LinkShow.vue';

export const link: KindSpec = {
  text: (value) => (value as LinkValue | null)?.label ?? '',
  show: LinkShow,
  edit: LinkEdit,
  filter: 'links',
  instant: true,
  draft: (value) => value ?? null,
  body: (draft) => (draft as LinkValue | null)?.id ?? null,
};
