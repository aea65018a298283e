/** What the builder does to its groups, within the limits of the API. */
import {
  type Condition,
  type Group,
  isComplete,
  isGroup,
  MAX_DEPTH,
  MAX_LEAVES,
  newCondition,
  newGroup,
} from '../tree';

export type Part = Group | Condition;

export function conditionsOf(part: Part): Condition[] {
  return isGroup(part) ? part.parts.flatMap(conditionsOf) : [part];
}

/** In the order in which the API counts them. */
export function sentConditions(root: Group): Condition[] {
  return conditionsOf(root).filter(({ filter }) => filter && isComplete(filter));
}

/** Conditions that were begun and lack a value. */
export function unfinished(root: Group): Condition[] {
  return conditionsOf(root).filter(({ filter }) => filter && !isComplete(filter));
}

/** How many levels a part takes; a negation is a level of its own. */
export function levelsOf(part: Part): number {
  const own = part.negated ? 1 : 0;
  return isGroup(part) ? own + 1 + Math.max(0, ...part.parts.map(levelsOf)) : own;
}

/** `above` is how many levels lie around the part. */
export function mayNegate(part: Part, above: number): boolean {
  return part.negated || above + levelsOf(part) < MAX_DEPTH;
}

export function mayNest(group: Group, above: number): boolean {
  return above + levelsOf({ ...group, parts: [] }) < MAX_DEPTH;
}

export function mayAdd(root: Group, count = 1): boolean {
  return conditionsOf(root).length + count <= MAX_LEAVES;
}

export function addCondition(group: Group): Condition {
  const added = newCondition();
  group.parts.push(added);
  return added;
}

/** A group of the other mode: one of the same would say nothing new. */
export function addGroup(group: Group): Group {
  const added = newGroup(group.mode === 'all' ? 'any' : 'all', [newCondition()]);
  group.parts.push(added);
  return added;
}

export function duplicate(group: Group, part: Part): Part {
  const twin = copyOf(part);
  group.parts.splice(group.parts.indexOf(part) + 1, 0, twin);
  return twin;
}

/** The part that takes its place, for the focus; null when the group is empty now. */
export function remove(group: Group, part: Part): Part | null {
  const at = group.parts.indexOf(part);
  group.parts.splice(at, 1);
  return group.parts[at] ?? group.parts[at - 1] ?? null;
}

function copyOf(part: Part): Part {
  if (isGroup(part)) return { ...newGroup(part.mode, part.parts.map(copyOf)), negated: part.negated };
  const copy = newCondition(part.filter && { ...part.filter }, part.leaf);
  return { ...copy, negated: part.negated };
}
