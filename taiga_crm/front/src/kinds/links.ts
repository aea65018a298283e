/** Links to several records, users or projects. */
import type { LinkValue } from '@/api/meta';
import LinksEdit from './edit/LinksEdit.vue';
import type { KindSpec } from './kind';
import LinksShow from './show/LinksShow.vue';

export const links: KindSpec = {
  text: (value) => ((value as LinkValue[] | null) ?? []).map((one) => one.label).join(', '),
  show: LinksShow,
  edit: LinksEdit,
  filter: 'links',
  group: true,
  draft: (value) => value ?? [],
  body: (draft) => (draft as LinkValue[]).map((one) => one.id),
};
