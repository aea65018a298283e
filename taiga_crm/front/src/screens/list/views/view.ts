/** A saved view as the API tells it, and the way between it and the state of a list. */
import type { Entity } from '@/api/meta';
import { fieldOf } from '@/api/records';
import { changedParts, emptyState, groupKey, type ListState, type Part } from '../state';
import { type Leaf, pruned, type Tree, toFilter, together, toLeaf } from '../tree';

export interface ViewState {
  format: number;
  columns: string[];
  filters: Leaf[];
  tree: Tree | null;
  sort: string[];
  group_by: string;
  totals: string[];
  search: string;
  look: string;
}

export interface Broken {
  part: 'columns' | 'sort' | 'totals' | 'group_by' | 'filters' | 'tree';
  name: string;
  condition: Leaf | null;
  reason: string;
}

export type Sharing = 'private' | 'roles' | 'user_types' | 'public';

export interface Audience {
  id: number;
  label: string;
}

export interface SavedView {
  id: number;
  kind: string;
  name: string;
  owner: Audience | null;
  is_mine: boolean;
  project: number | null;
  project_name: string;
  /** The roles and user types whose lists start with it; `for` says which of the two. */
  defaults: (Audience & { for: string })[];
  sharing: Sharing;
  roles: Audience[];
  user_types: Audience[];
  /** As it was saved; `usable` is what of it still works for this person. */
  state: ViewState;
  usable: ViewState;
  broken: Broken[];
  color: string;
  show_as_tag: boolean;
  is_default: boolean;
  is_my_default: boolean;
  version: number;
  _verbs: string[];
}

export const EMPTY_VIEW: ViewState = {
  format: 1,
  columns: [],
  filters: [],
  tree: null,
  sort: [],
  group_by: '',
  totals: [],
  search: '',
  look: 'list',
};

/** The list that a view asks for. */
export function toList({ usable }: Pick<SavedView, 'usable'>, entity: Entity): ListState {
  const isOffered = entity.group_by.some(({ name, unit }) => groupKey(name, unit) === usable.group_by);
  return {
    ...emptyState(),
    q: usable.search,
    sort: usable.sort,
    groupBy: isOffered ? usable.group_by : '',
    columns: usable.columns.filter((name) => fieldOf(entity, name)),
    filters: usable.filters.map(toFilter),
    tree: usable.tree,
  };
}

/** What is saved: the parts that were changed, beside what is broken and must not get lost. */
export function fromList(list: ListState, entity: Entity, view?: SavedView): ViewState {
  const fresh: ViewState = {
    ...EMPTY_VIEW,
    columns: list.columns,
    filters: list.filters.map(toLeaf),
    tree: list.tree,
    sort: list.sort,
    group_by: list.groupBy,
    search: list.q,
  };
  if (!view) return fresh;
  const changed = new Set<Part>(changedParts(list, toList(view, entity)));
  const { state, broken } = view;
  const lost = (part: Broken['part']) => broken.filter((one) => one.part === part);
  return {
    ...state,
    columns: changed.has('columns') ? [...fresh.columns, ...lost('columns').map(nameOf)] : state.columns,
    sort: changed.has('sort') ? [...fresh.sort, ...lost('sort').map(nameOf)] : state.sort,
    group_by: changed.has('group_by') ? fresh.group_by : state.group_by,
    search: fresh.search,
    filters: changed.has('filters') ? [...fresh.filters, ...lost('filters').flatMap(leafOf)] : state.filters,
    tree: changed.has('tree') ? together([fresh.tree, ...lost('tree').flatMap(leafOf)]) : state.tree,
  };
}

const nameOf = (one: Broken) => one.name;
const leafOf = (one: Broken) => (one.condition ? [one.condition] : []);

/** All conditions of a view as one tree, for switching it on as a tag on top of others. */
export function treeOf({ usable }: Pick<SavedView, 'usable'>): Tree | null {
  return together([...usable.filters, usable.tree]);
}

/** The state without one broken name, for taking it out for good. */
export function withoutBroken(state: ViewState, one: Broken): ViewState {
  const same = (leaf: Leaf) => JSON.stringify(leaf) === JSON.stringify(one.condition);
  if (one.part === 'group_by') return { ...state, group_by: '' };
  if (one.part === 'filters') return { ...state, filters: state.filters.filter((leaf) => !same(leaf)) };
  if (one.part === 'tree') return { ...state, tree: state.tree && pruned(state.tree, same) };
  return { ...state, [one.part]: state[one.part].filter((name) => name !== one.name) };
}
