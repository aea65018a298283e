/** The draft of a record: loads it, keeps what was typed, sends it, and puts the server's errors on their fields. */
import { computed, ref, shallowRef } from 'vue';
import { ApiError, type FieldErrors } from '@/api/errors';
import type { CrmRecord, Entity, Field } from '@/api/meta';
import { refreshAll } from '@/api/queries';
import { isVisible } from '@/api/records';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { kindOf, toBody, toDraft } from '@/kinds/index';

export interface Conflict {
  field: Field;
  mine: unknown;
  theirs: unknown;
}

export function useForm(entity: Entity) {
  const client = useClient();
  const { t } = useI18n();
  const draft = ref<Record<string, unknown>>({});
  const errors = ref<FieldErrors>({});
  /** What is wrong with the record as a whole. */
  const problem = ref('');
  const conflicts = shallowRef<Conflict[]>([]);
  const busy = ref(false);
  let id: number | null = null;
  let version: number | null = null;
  const start = ref('{}');

  const fields = computed(() =>
    entity.fields.filter((field) => !field.read_only && kindOf(field).edit !== null),
  );
  const changed = computed(() => JSON.stringify(bodyOf(fields.value)) !== start.value);

  /** Starts over with the values of a record, or with the defaults of a new one. */
  function fill(values: Record<string, unknown>, record: CrmRecord | null) {
    id = record?.id ?? null;
    version = record?.version ?? null;
    draft.value = Object.fromEntries(
      fields.value.map((field) => [field.name, toDraft(field, values[field.name])]),
    );
    errors.value = {};
    problem.value = '';
    conflicts.value = [];
    start.value = JSON.stringify(bodyOf(fields.value));
  }

  async function save(extra: Record<string, unknown> = {}): Promise<CrmRecord | null> {
    busy.value = true;
    errors.value = {};
    problem.value = '';
    try {
      const record = await send(extra);
      start.value = JSON.stringify(bodyOf(fields.value));
      await refreshAll();
      return record;
    } catch (error) {
      explain(error);
      return null;
    } finally {
      busy.value = false;
    }
  }

  function send(extra: Record<string, unknown>): Promise<CrmRecord> {
    const visible = fields.value.filter((field) => isVisible(field, draft.value));
    if (id === null) return client.post<CrmRecord>(`/${entity.path}`, { ...filled(visible), ...extra });
    const before = JSON.parse(start.value) as Record<string, unknown>;
    const touched = visible.filter((field) => !same(before[field.name], bodyOf([field])[field.name]));
    return client.patch<CrmRecord>(`/${entity.path}/${id}`, { ...bodyOf(touched), version });
  }

  function explain(error: unknown) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isStale && error.current) return compare(error.current as CrmRecord);
    const known = new Set(
      fields.value.filter((field) => isVisible(field, draft.value)).map((field) => field.name),
    );
    errors.value = Object.fromEntries(Object.entries(error.fields).filter(([name]) => known.has(name)));
    const others = Object.entries(error.fields).filter(([name]) => !known.has(name));
    problem.value = others.length
      ? others.flatMap(([, sentences]) => sentences).join(' ')
      : Object.keys(errors.value).length
        ? ''
        : error.message || error.code;
  }

  /** Takes over what others changed; where both changed a field, the person chooses. */
  function compare(current: CrmRecord) {
    const before = JSON.parse(start.value) as Record<string, unknown>;
    const found: Conflict[] = [];
    for (const field of fields.value) {
      const theirs = toDraft(field, current[field.name]);
      const theirBody = toBody(field, theirs);
      if (same(theirBody, before[field.name])) continue;
      const mine = draft.value[field.name];
      if (same(toBody(field, mine), before[field.name])) draft.value[field.name] = theirs;
      else if (!same(toBody(field, mine), theirBody)) found.push({ field, mine, theirs });
      before[field.name] = theirBody;
    }
    start.value = JSON.stringify(before);
    version = current.version;
    conflicts.value = found;
    problem.value = t(found.length ? 'form.conflict' : 'form.merged');
  }

  function settle(conflict: Conflict, take: 'mine' | 'theirs') {
    draft.value[conflict.field.name] = conflict[take];
    conflicts.value = conflicts.value.filter((one) => one !== conflict);
    if (conflicts.value.length === 0) problem.value = '';
  }

  function bodyOf(some: Field[]): Record<string, unknown> {
    return Object.fromEntries(some.map((field) => [field.name, toBody(field, draft.value[field.name])]));
  }

  /** A new record leaves out what was left empty, so that the server's defaults apply. */
  function filled(some: Field[]): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(bodyOf(some)).filter(
        ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
      ),
    );
  }

  return { draft, errors, problem, conflicts, busy, changed, fill, save, settle };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
