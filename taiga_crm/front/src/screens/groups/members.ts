/** What the API says about records that are put under rows of a tree, and who may do so. */
import type { Entity, Field, Meta } from '@/api/meta';
import { fieldOf } from '@/api/records';

export interface MemberResult {
  id: number;
  status: 'added' | 'removed' | 'unchanged' | 'refused';
  label?: string;
  message?: string;
  errors?: Record<string, string[]>;
}

export interface MemberAnswer {
  added: number;
  removed: number;
  skipped: number;
  results: MemberResult[];
}

/** A kind whose rows hold records of another kind, by one of their fields. */
export interface Grouping {
  /** The kind of the rows. */
  group: Entity;
  /** The kind of the records. */
  member: Entity;
  field: Field;
  /** Whether the person may change which records are under a row, at least of some. */
  canChange: boolean;
}

/** At most so many ids in one request. */
export const MOST = 500;

export function groupingOf(group: Entity, meta: Meta | null): Grouping | null {
  const member = meta?.entities[group.members?.entity ?? ''];
  const field = member && fieldOf(member, group.members?.field ?? '');
  if (!member || !field) return null;
  return { group, member, field, canChange: member.verbs.includes('change') && !field.read_only };
}

/** The kinds whose rows records of this kind are put under. */
export function groupingsFor(member: Entity, meta: Meta | null): Grouping[] {
  return (meta?.order ?? [])
    .flatMap((key) => meta?.entities[key] ?? [])
    .flatMap((group) => groupingOf(group, meta) ?? [])
    .filter((one) => one.member.key === member.key && one.group.verbs.includes('view'));
}

/** The address of the list of what is under a row, alone or with what is below it. */
export function listQuery({ field }: Grouping, id: number, whole: boolean): Record<string, string> {
  return { [whole && field.operators.includes('below') ? `${field.name}__below` : field.name]: String(id) };
}

export function inParts(ids: number[]): number[][] {
  const parts: number[][] = [];
  for (let at = 0; at < ids.length; at += MOST) parts.push(ids.slice(at, at + MOST));
  return parts;
}

export function together(answers: MemberAnswer[]): MemberAnswer {
  return {
    added: answers.reduce((sum, one) => sum + one.added, 0),
    removed: answers.reduce((sum, one) => sum + one.removed, 0),
    skipped: answers.reduce((sum, one) => sum + one.skipped, 0),
    results: answers.flatMap((one) => one.results),
  };
}
