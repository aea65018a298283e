/** The state of a list and its one home, the address: read from the query, written back to it, sent to the API. */
import type { LocationQuery } from 'vue-router';
import type { Params } from '@/api/client';
import type { Entity, Operator } from '@/api/meta';
import { fieldOf } from '@/api/records';
import { parseTree, type Tree } from './tree';

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
  /** Nested conditions on top of the filters. */
  tree: Tree | null;
  /** Saved views that are switched on as tags. */
  tags: number[];
  /** An import of the person: its created records alone. */
  imported: number | null;
  /** Names in the address that mean nothing here; shown as broken, never dropped in silence. */
  broken: Record<string, string>;
}

export const PAGE_SIZES = [25, 50, 100, 200];
export const DEFAULT_PAGE_SIZE = 50;
/** The star stands in front of every row and is no column. */
export const STAR = 'is_favorite';
const OPERATORS: Operator[] = [
  'contains',
  'excludes',
  'starts',
  'gte',
  'lte',
  'between',
  'within',
  'below',
  'empty',
  'not',
];
/** What a saved view holds; the address names those that were taken away in `without`. */
export const PARTS = ['q', 'sort', 'group_by', 'columns', 'filters', 'tree'] as const;
export type Part = (typeof PARTS)[number];
/** Names that belong to the page around the list. */
const FOREIGN = new Set(['tab', 'back', 'view']);

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
    tree: null,
    tags: [],
    imported: null,
    broken: {},
  };
}

/** The state of the address, on top of a saved view's where one is shown. */
export function readState(query: LocationQuery, entity: Entity, base?: ListState): ListState {
  const state = base ? { ...base, filters: [...base.filters], broken: {} } : emptyState();
  const own = Object.keys(query).some((name) => isFilter(name));
  for (const part of textOf(query.without).split(',')) clear(state, part as Part);
  if (own) state.filters = [];
  for (const [name, raw] of Object.entries(query)) {
    const value = textOf(raw);
    if (FOREIGN.has(name) || value === '') continue;
    const read = READERS[name];
    if (read) read(state, value, entity);
    else readFilter(state, entity, name, value);
  }
  return state;
}

export function isFilter(name: string): boolean {
  return !FOREIGN.has(name) && !(name in READERS);
}

function textOf(raw: LocationQuery[string] | undefined): string {
  return String((Array.isArray(raw) ? raw.at(-1) : raw) ?? '');
}

function clear(state: ListState, part: Part) {
  const empty = emptyState();
  if (part === 'group_by') state.groupBy = '';
  else if (PARTS.includes(part)) Object.assign(state, { [part]: empty[part] });
}

/** One part of the state as text, for telling whether it differs from the saved view's. */
export function partText(state: ListState, part: Part): string {
  if (part === 'filters')
    return state.filters
      .map((one) => `${filterName(one)}=${one.value}`)
      .sort()
      .join('&');
  if (part === 'tree') return state.tree ? JSON.stringify(state.tree) : '';
  if (part === 'group_by') return state.groupBy;
  return part === 'q' ? state.q : state[part].join(',');
}

export function changedParts(state: ListState, base: ListState): Part[] {
  return PARTS.filter((part) => partText(state, part) !== partText(base, part));
}

/** Only what differs from the defaults or from the saved view, so that a plain list has a plain address. */
export function writeState(state: ListState, base: ListState = emptyState()): Record<string, string> {
  const query: Record<string, string> = {};
  const without: Part[] = [];
  for (const part of changedParts(state, base)) {
    const text = partText(state, part);
    if (text === '') without.push(part);
    else if (part !== 'filters') query[part] = text;
    else for (const filter of state.filters) query[filterName(filter)] = filter.value;
  }
  if (without.length) query.without = without.join(',');
  if (state.tags.length) query.tags = state.tags.join(',');
  if (state.imported !== null) query.imported = String(state.imported);
  if (state.groupBy && state.open.length) query.open = state.open.map(encodeURIComponent).join(',');
  if (state.page > 1) query.page = String(state.page);
  if (state.page > 1 && state.after) query.after = state.after;
  if (state.pageSize !== DEFAULT_PAGE_SIZE) query.page_size = String(state.pageSize);
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
  if (state.tree) params.tree = JSON.stringify(state.tree);
  if (state.imported !== null) params.imported = state.imported;
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
  tree: (state, value) => {
    const tree = parseTree(value);
    if (tree) state.tree = tree;
    else state.broken.tree = value;
  },
  without: () => undefined,
  tags: (state, value) => {
    state.tags = value.split(',').map(Number).filter(Number.isInteger);
  },
  imported: (state, value) => {
    const id = Number(value);
    if (Number.isSafeInteger(id) && id > 0) state.imported = id;
    else state.broken.imported = value;
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
