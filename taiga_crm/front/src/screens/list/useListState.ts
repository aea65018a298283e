/** Binds a list's state to the query of the current address; what others keep there (the tab) stays. */
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Entity } from '@/api/meta';
import { emptyState, type ListState, readState, writeState } from './state';

const KEPT = ['tab', 'back'];

/** `base` is the state of the saved view that the address is a difference to. */
export function useListState(
  entity: () => Entity,
  base: () => ListState = emptyState,
  viewQuery: () => Record<string, string> = () => ({}),
) {
  const route = useRoute();
  const router = useRouter();
  const state = computed(() => readState(route.query, entity(), base()));

  /** Every change but turning a page starts again on the first page. */
  function change(changes: Partial<ListState>) {
    const kept = Object.fromEntries(
      KEPT.flatMap((name) => (route.query[name] ? [[name, route.query[name]]] : [])),
    );
    const next: ListState = { ...state.value, page: 1, after: '', ...changes };
    const query = { ...kept, ...viewQuery(), ...writeState(next, base()) };
    // Typing in the search box would fill the history with every letter.
    return 'q' in changes
      ? router.replace({ path: route.path, query })
      : router.push({ path: route.path, query });
  }

  return { state, change };
}
