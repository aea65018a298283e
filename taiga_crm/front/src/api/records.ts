/** Small questions about a record and its entity that many screens ask. */
import type { CrmRecord, Entity, Field, VisibleIf } from './meta';

export function fieldOf(entity: Entity, name: string): Field | undefined {
  return entity.fields.find((field) => field.name === name);
}

export function fieldsOf(entity: Entity, names: string[]): Field[] {
  return names.flatMap((name) => fieldOf(entity, name) ?? []);
}

/** How a person calls the record. */
export function entityName(entity: Entity, record: Record<string, unknown>): string {
  const value = record[entity.name_field];
  const text = typeof value === 'object' && value !== null ? (value as { label?: string }).label : value;
  return text ? String(text) : `#${record.id}`;
}

export function allows(record: CrmRecord | null | undefined, verb: string): boolean {
  return record?._verbs.includes(verb) ?? false;
}

/** Whether a field applies, given the other values of the form or record. */
export function isVisible(field: Field, values: Record<string, unknown>): boolean {
  return field.visible_if === null || field.visible_if === undefined || holds(field.visible_if, values);
}

function holds(rule: VisibleIf, values: Record<string, unknown>): boolean {
  const value = values[rule.field];
  if (!rule.attribute) return value === rule.is;
  // Nothing chosen yet: every name field may still be needed.
  if (value === null || value === undefined) return true;
  return (value as Record<string, unknown>)[rule.attribute] === rule.is;
}
