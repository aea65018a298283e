/** The state of a list and its one home, the address: read from the query, written back to it, sent to the API. */
import type { LocationQuery } from 'vue-router';
import type { Params } from '@/api/client';
import type { Entity, Operator } from '@/api/meta';
import { fieldOf } from '@/api/records';

export interface Filter {
  field: string;
  operator: Operator;
  /** As in the address: `5`, `5,7`, `acme`, `true`. */
  value: string;
}

export interface ListState {
  q: string;
  /** Field names, with `-` for descending. */
  sort: string[];
  /** `industry` or `created_at:month`. */
  groupBy: string;
  /** Values of the groups that are open. */
  open: string[];
  page: number;
  /** Cursor of the page when it was reached from the one before. */
  after: string;
  pageSize: number;
  /** Empty: the entity's own columns. */
  columns: string[];
  filters: Filter[];
  /** Names in the address that mean nothing here; shown as broken, never dropped in silence. */
  broken: Record<string, string>;
}

export const PAGE_SIZES = [25, 50, 100, 200];
export const DEFAULT_PAGE_SIZE = 50;
/** The star stands in front of every row and is no column. */
export const STAR = 'is_favorite';
const OPERATORS: Operator[] = ['contains', 'gte', 'lte', 'empty', 'not'];
/** Names that belong to the page around the list. */
const FOREIGN = new Set(['tab', 'back']);

export function emptyState(): ListState {
  return {
    q: '',
    sort: [],
    groupBy: '',
    open: [],
    page: 1,
    after: '',
    pageSize: DEFAULT_PAGE_SIZE,
    columns: [],
    filters: [],
    broken: {},
  };
}

export function readState(query: LocationQuery, entity: Entity): ListState {
  const state = emptyState();
  for (const [name, raw] of Object.entries(query)) {
    const value = String((Array.isArray(raw) ? raw.at(-1) : raw) ?? '');
    if (FOREIGN.has(name) || value === '') continue;
    const read = READERS[name];
    if (read) read(state, value, entity);
    else readFilter(state, entity, name, value);
  }
  return state;
}

/** Only what differs from the defaults, so that a plain list has a plain address. */
export function writeState(state: ListState): Record<string, string> {
  const query: Record<string, string> = {};
  if (state.q) query.q = state.q;
  if (state.sort.length) query.sort = state.sort.join(',');
  if (state.groupBy) query.group_by = state.groupBy;
  if (state.groupBy && state.open.length) query.open = state.open.map(encodeURIComponent).join(',');
  if (state.page > 1) query.page = String(state.page);
  if (state.page > 1 && state.after) query.after = state.after;
  if (state.pageSize !== DEFAULT_PAGE_SIZE) query.page_size = String(state.pageSize);
  if (state.columns.length) query.columns = state.columns.join(',');
  for (const filter of state.filters) query[filterName(filter)] = filter.value;
  return { ...query, ...state.broken };
}

export function filterName({ field, operator }: Pick<Filter, 'field' | 'operator'>): string {
  return operator === 'exact' ? field : `${field}__${operator}`;
}

/** Search and filters as the API wants them; the same for rows, groups, totals and the export. */
export function filterParams(state: ListState, fixed: Params = {}): Params {
  const params: Params = {};
  if (state.q) params.q = state.q;
  for (const filter of state.filters) params[filterName(filter)] = filter.value;
  return { ...params, ...fixed };
}

/** The filters of one group on top of the list's: of two bounds the narrower one counts. */
export function narrow(params: Params, group: Record<string, string>): Params {
  const both: Params = { ...params };
  for (const [name, value] of Object.entries(group)) {
    const mine = params[name];
    if (typeof mine === 'string' && name.endsWith('__gte')) both[name] = [mine, value].sort()[1];
    else if (typeof mine === 'string' && name.endsWith('__lte')) both[name] = [mine, value].sort()[0];
    else both[name] = value;
  }
  return both;
}

export function columnsOf(state: ListState, entity: Entity): string[] {
  const known = state.columns.filter((name) => fieldOf(entity, name));
  return (known.length ? known : entity.list_display).filter((name) => name !== STAR);
}

/** A click on a column's head: ascending, descending, then the entity's own order again. */
export function nextSort(sort: string[], name: string): string[] {
  if (sort[0] === name) return [`-${name}`];
  if (sort[0] === `-${name}`) return [];
  return [name];
}

const READERS: Record<string, (state: ListState, value: string, entity: Entity) => void> = {
  q: (state, value) => {
    state.q = value;
  },
  sort: (state, value, entity) => {
    state.sort = value.split(',').filter((name) => fieldOf(entity, name.replace(/^-/, ''))?.sortable);
  },
  group_by: (state, value, entity) => {
    const known = entity.group_by.some(({ name, unit }) => groupKey(name, unit) === value);
    if (known) state.groupBy = value;
  },
  open: (state, value) => {
    state.open = value.split(',').map(decodeURIComponent);
  },
  page: (state, value) => {
    state.page = Math.max(1, Number.parseInt(value, 10) || 1);
  },
  after: (state, value) => {
    state.after = value;
  },
  page_size: (state, value) => {
    const size = Number.parseInt(value, 10);
    if (PAGE_SIZES.includes(size)) state.pageSize = size;
  },
  columns: (state, value, entity) => {
    state.columns = value.split(',').filter((name) => fieldOf(entity, name));
  },
};

export function groupKey(name: string, unit: string | null): string {
  return unit ? `${name}:${unit}` : name;
}

function readFilter(state: ListState, entity: Entity, name: string, value: string) {
  const operator = OPERATORS.find((one) => name.endsWith(`__${one}`));
  const exact = fieldOf(entity, name);
  const field = exact ?? (operator ? fieldOf(entity, name.slice(0, -operator.length - 2)) : undefined);
  if (!field?.filterable) {
    state.broken[name] = value;
    return;
  }
  state.filters.push({ field: field.name, operator: exact || !operator ? 'exact' : operator, value });
}
