/** The list that shows what an import has created: what the person has made since that day. */
import type { Entity } from '@/api/meta';
import { fieldOf } from '@/api/records';
import { count, type Import } from './imports';

export function createdQuery(entity: Entity, data: Import, person: number): Record<string, string> {
  const at = fieldOf(entity, 'created_at');
  const by = fieldOf(entity, 'created_by');
  if (count(data.result, 'created') === 0 || !at?.operators.includes('gte') || !by?.filterable) return {};
  return {
    created_at__gte: data.created_at.slice(0, 10),
    created_by: String(person),
    ...(at.sortable && { sort: '-created_at' }),
    // Whatever view the list starts with, it would hide some of them.
    view: 'none',
  };
}
