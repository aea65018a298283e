/** What field rules and the place of a custom field say about one field: of a record, of a form while it is typed. */
import type { CrmRecord, Entity, Field, Flags, LinkValue } from './meta';

type Values = Record<string, unknown>;

export interface Ruling {
  hidden: boolean;
  locked: boolean;
  required: boolean;
  /** The state that locks the field; empty where it is locked in every one. */
  state: string;
}

/** What holds on a record as it is stored: the server has decided. */
export function rulingOn(entity: Entity, field: Field, record: CrmRecord): Ruling {
  const flags = record._fields?.[field.name] ?? {};
  const locked = field.locked === true || flags.read_only === true;
  return {
    hidden: flags.hidden === true || !applies(entity, field, record, record),
    locked,
    required: !locked && (field.required || flags.required === true),
    state: locked && !field.locked ? stateLabel(entity, field, record) : '',
  };
}

/** What will hold for the values of a form; `record` is the stored one, null for a new record. */
export function rulingOf(
  entity: Entity,
  field: Field,
  values: Values,
  record: CrmRecord | null,
  project?: number,
): Ruling {
  const now = flagsAt(field, stateOf(entity, values), placesOf(entity, values, record, project));
  if (record === null && field.fixed)
    return { hidden: false, locked: false, required: field.required || now.required === true, state: '' };
  // What is hidden or locked on the stored record stays so until it is saved in another state.
  const before = record?._fields?.[field.name] ?? {};
  const locked = field.locked === true || now.read_only === true || before.read_only === true;
  return {
    hidden: now.hidden === true || before.hidden === true || !applies(entity, field, values, record),
    locked,
    required: !locked && (field.required || now.required === true),
    state:
      locked && !field.locked ? stateLabel(entity, field, now.read_only ? values : (record ?? values)) : '',
  };
}

/** The entity as a list inside a project shows it: what rules hide on every record there is no column to choose. */
export function inProject(entity: Entity, project?: number): Entity {
  const isGone = ({ rules }: Field) =>
    rules?.some((rule) => rule.effect === 'hidden' && !rule.states.length && rule.project === project);
  const gone = new Set(project === undefined ? [] : entity.fields.filter(isGone).map((field) => field.name));
  if (!gone.size) return entity;
  const kept = (names: string[]) => names.filter((name) => !gone.has(name.replace('-', '')));
  return {
    ...entity,
    fields: entity.fields.filter(({ name }) => !gone.has(name)),
    list_display: kept(entity.list_display),
    list_filter: kept(entity.list_filter),
    ordering: kept(entity.ordering),
    totals: kept(entity.totals),
    group_by: entity.group_by.filter(({ name }) => !gone.has(name)),
    address: kept(entity.address ?? []),
  };
}

function flagsAt(field: Field, state: string | null, places: number[]): Flags {
  const flags: Flags = {};
  for (const { effect, states, project } of field.rules ?? []) {
    const isHere = project === null || places.includes(project);
    if (isHere && (!states.length || (state !== null && states.includes(state)))) flags[effect] = true;
  }
  return flags;
}

function stateOf(entity: Entity, values: Values): string | null {
  const value = entity.state_field ? values[entity.state_field] : null;
  if (value === null || value === undefined) return null;
  return String(typeof value === 'object' ? (value as LinkValue).id : value);
}

/** Projects the person does not see stay; where another record decides, the stored ones count. */
function placesOf(entity: Entity, values: Values, record: CrmRecord | null, project?: number): number[] {
  const stored = record?._places ?? [];
  if (!entity.projects_field) return record ? stored : project === undefined ? [] : [project];
  const shown = idsOf(record?.[entity.projects_field]);
  return [...stored.filter((id) => !shown.includes(id)), ...idsOf(values[entity.projects_field])];
}

function idsOf(value: unknown): number[] {
  return Array.isArray(value) ? (value as LinkValue[]).map(({ id }) => id) : [];
}

/** Whether a custom field is meant for the record; a value that is there is never kept from sight. */
function applies(entity: Entity, field: Field, values: Values, record: CrmRecord | null): boolean {
  const stored = record?.[field.name];
  if (stored !== null && stored !== undefined && stored !== '' && !(Array.isArray(stored) && !stored.length))
    return true;
  const type = entity.type_field ? (values[entity.type_field] as LinkValue | null | undefined) : null;
  if (field.only_types?.length && type && !field.only_types.includes(type.id)) return false;
  const places = entity.projects_field ? values[entity.projects_field] : undefined;
  if (!field.only_projects?.length || places === undefined) return true;
  return idsOf(places).some((id) => field.only_projects?.includes(id));
}

/** The label of the state a record is in, where a rule of the field asks for it. */
function stateLabel(entity: Entity, field: Field, values: Values): string {
  const state = stateOf(entity, values);
  if (!field.rules?.some(({ states }) => state !== null && states.includes(state))) return '';
  const value = values[entity.state_field ?? ''];
  if (typeof value === 'object' && value !== null) return (value as LinkValue).label;
  const choices = entity.fields.find(({ name }) => name === entity.state_field)?.choices ?? [];
  return choices.find((choice) => choice.value === state)?.label ?? String(state);
}
