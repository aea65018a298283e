/** What a list asks the API for: a page of rows, the groups, the totals and the CSV file. */
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
  return useFetch(
    () => rowsKey(source()),
    (client, signal) => client.list<CrmRecord>(`/${source().entity.path}`, rowsParams(source()), signal),
    { enabled, keepPrevious: true },
  );
}

export function rowsKey(source: ListSource): unknown[] {
  return [source.entity.path, 'list', rowsParams(source)];
}

/** One page of rows. */
export function rowsParams(source: ListSource): Params {
  const { after, page, pageSize } = source.state;
  return { ...rowParams(source), ...(after ? { cursor: after } : { page }), page_size: pageSize };
}

export function useGroups(source: () => ListSource, enabled: () => boolean) {
  return useFetch(
    () => groupsKey(source()),
    (client, signal) => client.get<Groups>(`/${source().entity.path}/groups`, groupsParams(source()), signal),
    { enabled, keepPrevious: true },
  );
}

export function groupsKey(source: ListSource): unknown[] {
  return [source.entity.path, 'groups', groupsParams(source)];
}

export function groupsParams(source: ListSource): Params {
  const { entity, state } = source;
  return { ...baseParams(source), group_by: state.groupBy, totals: entity.totals.join(',') };
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
