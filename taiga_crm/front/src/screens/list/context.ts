/** What the rows of one list share: its source, its columns, and the one cell that is being edited. */
import { type ComputedRef, type InjectionKey, inject, type Ref } from 'vue';
import type { CrmRecord, Field } from '@/api/meta';
import type { ListSource } from './useRecords';

export interface ListContext {
  source: ComputedRef<ListSource>;
  columns: ComputedRef<Field[]>;
  hasStar: ComputedRef<boolean>;
  editing: Ref<{ id: number; field: string } | null>;
  /** Ids of the chosen rows; kept while one turns the pages. */
  selected: Ref<Set<number>>;
  /** The chosen rows as the list knew them, also of pages that were turned. */
  known: Map<number, CrmRecord>;
  canSelect: ComputedRef<boolean>;
  /** How many narrow columns stand before the first field. */
  leading: ComputedRef<number>;
}

export const LIST: InjectionKey<ListContext> = Symbol('list');

export function useList(): ListContext {
  const list = inject(LIST);
  if (!list) throw new Error('a row lives inside a list');
  return list;
}
