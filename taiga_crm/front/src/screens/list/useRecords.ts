/** What a list asks the API for: a page of rows, the groups, the totals and the CSV file. */
import { computed } from 'vue';
import type { Params } from '@/api/client';
import type { CrmRecord, Entity } from '@/api/meta';
import { useFetch } from '@/api/queries';
import { fieldOf } from '@/api/records';
import type { Money } from '@/kinds/formats';
import { columnsOf, filterParams, type ListState } from './state';

export type Totals = Record<string, number | string | Money[] | null>;

export interface Group {
  value: unknown;
  label: string;
  count: number;
  totals: Totals;
  filter: Record<string, string>;
}

export interface Groups {
  groups?: Group[];
  count: number;
  totals: Totals;
  truncated?: boolean;
}

export interface ListSource {
  entity: Entity;
  state: ListState;
  /** Filters the person cannot change, of a list inside another record's page. */
  fixed: Params;
  projectId: number | undefined;
}

export function useRows(source: () => ListSource, enabled: () => boolean) {
  const params = computed<Params>(() => ({
    ...rowParams(source()),
    ...(source().state.after ? { cursor: source().state.after } : { page: source().state.page }),
    page_size: source().state.pageSize,
  }));
  return useFetch(
    () => [source().entity.path, 'list', params.value],
    (client, signal) => client.list<CrmRecord>(`/${source().entity.path}`, params.value, signal),
    { enabled, keepPrevious: true },
  );
}

export function useGroups(source: () => ListSource, enabled: () => boolean) {
  const params = computed<Params>(() => ({
    ...baseParams(source()),
    group_by: source().state.groupBy,
    totals: source().entity.totals.join(','),
  }));
  return useFetch(
    () => [source().entity.path, 'groups', params.value],
    (client, signal) => client.get<Groups>(`/${source().entity.path}/groups`, params.value, signal),
    { enabled, keepPrevious: true },
  );
}

/** Filters, order and columns: what the rows, the rows of a group and the export have in common. */
export function rowParams(source: ListSource): Params {
  return { ...baseParams(source), sort: source.state.sort.join(','), fields: fieldNames(source).join(',') };
}

export function baseParams({ state, fixed, projectId }: ListSource): Params {
  return { ...filterParams(state, fixed), project: projectId };
}

/** The columns, and what the row itself needs: its name and its star. */
function fieldNames({ entity, state }: ListSource): string[] {
  const needed = [entity.name_field, 'is_favorite'].filter((name) => fieldOf(entity, name));
  return [...new Set([...columnsOf(state, entity), ...needed])];
}
