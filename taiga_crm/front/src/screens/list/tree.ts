/** Filter trees: nested all, any and not of [field, operator, value], as they stand in the address. */
import type { Operator } from '@/api/meta';
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
  filter: Filter | null;
}

let last = 0;

export function newGroup(mode: Group['mode'] = 'all', parts: Group['parts'] = []): Group {
  return { id: ++last, mode, negated: false, parts };
}

export function newCondition(filter: Filter | null = null): Condition {
  return { id: ++last, filter };
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
  if (isLeaf(tree)) return newCondition(toFilter(tree));
  if ('not' in tree) {
    const inner = toPart(tree.not);
    const group = isGroup(inner) && !inner.negated ? inner : newGroup('all', [inner]);
    return { ...group, negated: true };
  }
  return 'all' in tree ? newGroup('all', tree.all.map(toPart)) : newGroup('any', tree.any.map(toPart));
}

/** What was filled in so far; conditions without a value and empty groups are left out. */
export function fromGroup(group: Group): Tree | null {
  const parts = group.parts.flatMap((part) => {
    if (!isGroup(part)) return part.filter ? [toLeaf(part.filter)] : [];
    const inner = fromGroup(part);
    return inner ? [inner] : [];
  });
  const [first] = parts;
  if (!first) return null;
  const whole: Tree = parts.length === 1 ? first : group.mode === 'all' ? { all: parts } : { any: parts };
  return group.negated ? { not: whole } : whole;
}

export function depthOf(tree: Tree): number {
  if (isLeaf(tree)) return 0;
  const parts = 'not' in tree ? [tree.not] : 'all' in tree ? tree.all : tree.any;
  return 1 + Math.max(...parts.map(depthOf));
}
