/** The saved views of a list: which one is shown, which are tags, what was changed and not saved. */
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Params } from '@/api/client';
import type { Entity } from '@/api/meta';
import { useFetch } from '@/api/queries';
import { useLevel } from '@/level';
import { emptyState } from '../state';
import type { Tree } from '../tree';
import { type SavedView, toList, treeOf } from './view';

/** Parameters of an address that say nothing about what the list shows. */
const SILENT = new Set(['tab', 'back', 'view', 'page_size']);
export const NO_VIEW = 'none';

export function useViews(entity: () => Entity, enabled: () => boolean) {
  const level = useLevel();
  const route = useRoute();
  const router = useRouter();
  const params = computed<Params>(() => ({ kind: entity().key, project: level.projectId.value }));
  const answer = useFetch(
    () => ['views', params.value],
    (client, signal) => client.get<SavedView[]>('/views', params.value, signal),
    { enabled },
  );
  const views = computed(() => answer.data.value ?? []);
  /** The list waits for the answer: it may hold the view that the list opens with. */
  const ready = computed(() => !enabled() || answer.isSuccess.value || answer.isError.value);
  const asked = computed(() => String(route.query.view ?? ''));

  const current = computed<SavedView | null>(() => {
    if (!enabled() || asked.value === NO_VIEW) return null;
    if (asked.value) return views.value.find(({ id }) => String(id) === asked.value) ?? null;
    const plain = Object.keys(route.query).every((name) => SILENT.has(name));
    return plain ? (views.value.find(({ is_default }) => is_default) ?? null) : null;
  });
  const missing = computed(
    () =>
      enabled() &&
      ready.value &&
      !answer.isFetching.value &&
      asked.value !== '' &&
      asked.value !== NO_VIEW &&
      !current.value,
  );
  const base = computed(() => (current.value ? toList(current.value, entity()) : emptyState()));
  const hasDefault = computed(() => views.value.some(({ is_default }) => is_default));
  const tags = computed(() => views.value.filter(({ show_as_tag }) => show_as_tag));

  /** What must stand in the address for the view that is shown now. */
  const viewQuery = computed((): Record<string, string> => {
    if (current.value) return { view: String(current.value.id) };
    const none: Record<string, string> = {};
    return asked.value ? { view: asked.value } : none;
  });

  function tagTrees(ids: number[]): (Tree | null)[] {
    return views.value.filter(({ id }) => ids.includes(id)).map(treeOf);
  }

  function show(view: SavedView | null) {
    const none: Record<string, string> = hasDefault.value ? { view: NO_VIEW } : {};
    void router.push({ path: route.path, query: view ? { view: String(view.id) } : none });
  }

  return { answer, views, ready, current, missing, base, tags, viewQuery, tagTrees, show };
}

export type Views = ReturnType<typeof useViews>;
