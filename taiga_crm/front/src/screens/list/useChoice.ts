/** Choosing rows of a list: one, a range with Shift, or all that are shown. */
import { computed } from 'vue';
import type { CrmRecord } from '@/api/meta';
import { MOST } from '../bulk/bulk';
import { useList } from './context';

export function useChoice(rows: () => CrmRecord[] | null | undefined) {
  const list = useList();
  const shown = computed(() => rows() ?? []);
  const isAll = computed(
    () => !!shown.value.length && shown.value.every(({ id }) => list.selected.value.has(id)),
  );
  const isSome = computed(() => shown.value.some(({ id }) => list.selected.value.has(id)));
  let last: number | null = null;

  function put(ids: number[], on: boolean) {
    const chosen = new Set(list.selected.value);
    for (const row of shown.value) list.known.set(row.id, row);
    for (const id of ids) on ? chosen.add(id) : chosen.delete(id);
    list.selected.value = new Set([...chosen].slice(0, MOST));
  }

  /** With Shift, all rows between this one and the one clicked before. */
  function pick(id: number, on: boolean, range: boolean) {
    const ids = shown.value.map((row) => row.id);
    const [from, to] = [ids.indexOf(last ?? id), ids.indexOf(id)].sort((a, b) => a - b) as [number, number];
    put(range && from >= 0 ? ids.slice(from, to + 1) : [id], on);
    last = id;
  }

  function pickAll(event: Event) {
    put(
      shown.value.map((row) => row.id),
      (event.target as HTMLInputElement).checked,
    );
  }

  return { isAll, isSome, pick, pickAll };
}
