/** Between the plain filters of a list and one tree of conditions, as far as both can say the same. */
import type { Entity } from '@/api/meta';
import { type Filter, filterName, isFilter } from '../state';
import {
  depthOf,
  isLeaf,
  isUsable,
  type Leaf,
  MAX_DEPTH,
  type Tree,
  toFilter,
  together,
  toLeaf,
} from '../tree';

/** As many as the API and a saved view take beside a tree. */
const MAX_PLAIN = 20;

export interface Conditions {
  filters: Filter[];
  tree: Tree | null;
}

/** Everything as one tree; plain filters stay apart where the tree would become too deep. */
export function gathered({ filters, tree }: Conditions): Conditions {
  const whole = together([...filters.map(toLeaf), tree]);
  return whole && depthOf(whole) > MAX_DEPTH ? { filters, tree } : { filters: [], tree: whole };
}

/** Plain filters again, when the tree says no more than that all of them hold. */
export function simplified(tree: Tree | null, entity: Entity): Conditions {
  const leaves = !tree ? [] : isLeaf(tree) ? [tree] : 'all' in tree ? tree.all : null;
  if (!leaves || leaves.length > MAX_PLAIN || !leaves.every(isLeaf)) return { filters: [], tree };
  const filters = leaves.map(toFilter);
  const names = new Set(filters.map(filterName));
  const isPlain = leaves.every((leaf) => isUsable(leaf, entity) && survives(leaf));
  if (!isPlain || names.size < filters.length || ![...names].every(isFilter)) return { filters: [], tree };
  return { filters, tree: null };
}

/** A value with a comma in a list of values would become two. */
function survives([, , value]: Leaf): boolean {
  return !Array.isArray(value) || value.every((one) => !String(one).includes(','));
}
