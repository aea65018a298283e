/** Filter trees: nested all, any and not of [field, operator, value], as they stand in the address. */
import type { Entity, Operator } from '@/api/meta';
import { fieldOf } from '@/api/records';
import type { Filter } from './state';

export type Scalar = string | number | boolean;
export type Leaf = [field: string, operator: string, value: Scalar | Scalar[]];
export type Tree = Leaf | { all: Tree[] } | { any: Tree[] } | { not: Tree };

export const MAX_DEPTH = 5;
export const MAX_LEAVES = 50;
export const MAX_LENGTH = 4000;

/** What the editor works on: a group with its parts; `negated` stands for a surrounding "not". */
export interface Group {
  id: number;
  mode: 'all' | 'any';
  negated: boolean;
  parts: (Group | Condition)[];
}

export interface Condition {
  id: number;
  negated: boolean;
  filter: Filter | null;
  /** As it came: values with a comma would not survive the way through the filter. */
  leaf?: Leaf;
}

let last = 0;

export function newGroup(mode: Group['mode'] = 'all', parts: Group['parts'] = []): Group {
  return { id: ++last, mode, negated: false, parts };
}

export function newCondition(filter: Filter | null = null, leaf?: Leaf): Condition {
  return { id: ++last, negated: false, filter, ...(leaf && { leaf }) };
}

export function isGroup(part: Group | Condition): part is Group {
  return 'parts' in part;
}

export function isLeaf(tree: Tree): tree is Leaf {
  return Array.isArray(tree);
}

export function toFilter([field, operator, value]: Leaf): Filter {
  const text = Array.isArray(value) ? value.map(String).join(',') : String(value);
  return { field, operator: operator as Operator, value: text };
}

export function toLeaf({ field, operator, value }: Filter): Leaf {
  return [field, operator, value];
}

/** Reads the tree of an address; null for whatever is not one. */
export function parseTree(text: string): Tree | null {
  try {
    const data: unknown = JSON.parse(text);
    return isTree(data) ? data : null;
  } catch {
    return null;
  }
}

function isTree(data: unknown, depth = 1): data is Tree {
  if (Array.isArray(data)) return data.length === 3 && typeof data[0] === 'string' && data[2] !== null;
  if (typeof data !== 'object' || data === null || depth > MAX_DEPTH) return false;
  const [mode, ...more] = Object.keys(data);
  const parts = (data as Record<string, unknown>)[mode ?? ''];
  if (more.length || !['all', 'any', 'not'].includes(mode ?? '')) return false;
  if (mode === 'not') return isTree(parts, depth + 1);
  return Array.isArray(parts) && parts.length > 0 && parts.every((part) => isTree(part, depth + 1));
}

export function leavesOf(tree: Tree | null): Leaf[] {
  if (!tree) return [];
  if (isLeaf(tree)) return [tree];
  if ('not' in tree) return leavesOf(tree.not);
  return ('all' in tree ? tree.all : tree.any).flatMap(leavesOf);
}

/** Several trees that must all hold, as one; a group of all is taken apart to stay shallow. */
export function together(trees: (Tree | null)[]): Tree | null {
  const parts = trees.flatMap((tree) => (tree === null ? [] : isAll(tree) ? tree.all : [tree]));
  if (parts.length < 2) return parts[0] ?? null;
  return { all: parts };
}

function isAll(tree: Tree): tree is { all: Tree[] } {
  return !isLeaf(tree) && 'all' in tree;
}

export function toGroup(tree: Tree | null): Group {
  if (!tree) return newGroup('all', [newCondition()]);
  const part = toPart(tree);
  return isGroup(part) ? part : newGroup('all', [part]);
}

function toPart(tree: Tree): Group | Condition {
  if (isLeaf(tree)) return newCondition(toFilter(tree), tree);
  if ('not' in tree) {
    const inner = toPart(tree.not);
    return { ...(inner.negated ? newGroup('all', [inner]) : inner), negated: true };
  }
  return 'all' in tree ? newGroup('all', tree.all.map(toPart)) : newGroup('any', tree.any.map(toPart));
}

/** What was filled in so far; conditions without a value and empty groups are left out. */
export function fromGroup(group: Group): Tree | null {
  const parts = group.parts.flatMap((part) => {
    const inner = isGroup(part) ? fromGroup(part) : fromCondition(part);
    return inner ? [inner] : [];
  });
  const [first] = parts;
  if (!first) return null;
  const whole: Tree = parts.length === 1 ? first : group.mode === 'all' ? { all: parts } : { any: parts };
  return group.negated ? { not: whole } : whole;
}

function fromCondition({ filter, leaf, negated }: Condition): Tree | null {
  if (!filter || !isComplete(filter)) return null;
  const isUntouched = leaf && JSON.stringify(toFilter(leaf)) === JSON.stringify(toFilter(toLeaf(filter)));
  const whole = isUntouched ? leaf : toLeaf(filter);
  return negated ? { not: whole } : whole;
}

/** Two bounds are needed for what lies between them. */
export function isComplete({ operator, value }: Filter): boolean {
  const parts = operator === 'between' ? [0, 1].map((place) => value.split(',')[place] ?? '') : [value];
  return parts.every((part) => part.trim() !== '');
}

/** Whether a condition still means something: its field is there for the person, and can be compared so. */
export function isUsable([name, operator]: Leaf, entity: Entity): boolean {
  const field = fieldOf(entity, name);
  if (!field?.filterable) return false;
  return (field.operators.length ? field.operators : ['exact']).includes(operator as Operator);
}

/** The tree without what means nothing any more: what is asked of the API, while the address keeps the rest. */
export function usableTree(tree: Tree | null, entity: Entity): Tree | null {
  return tree && pruned(tree, (leaf) => !isUsable(leaf, entity));
}

/** The tree without some of its conditions; null when nothing is left. */
export function pruned(tree: Tree, drop: (leaf: Leaf) => boolean): Tree | null {
  if (isLeaf(tree)) return drop(tree) ? null : tree;
  if ('not' in tree) {
    const inner = pruned(tree.not, drop);
    return inner && { not: inner };
  }
  const parts = ('all' in tree ? tree.all : tree.any).flatMap((part) => {
    const left = pruned(part, drop);
    return left ? [left] : [];
  });
  if (!parts.length) return null;
  return 'all' in tree ? { all: parts } : { any: parts };
}

export function depthOf(tree: Tree): number {
  if (isLeaf(tree)) return 0;
  const parts = 'not' in tree ? [tree.not] : 'all' in tree ? tree.all : tree.any;
  return 1 + Math.max(...parts.map(depthOf));
}
