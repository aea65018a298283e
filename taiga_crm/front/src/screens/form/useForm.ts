/** The draft of a record: loads it, keeps what was typed, sends it, and puts the server's errors on their fields. */
import { computed, ref, shallowRef } from 'vue';
import { ApiError, type FieldErrors } from '@/api/errors';
import type { CrmRecord, Entity, Field } from '@/api/meta';
import { refreshAll } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { fieldOf, isVisible } from '@/api/records';
import { type Ruling, rulingOf } from '@/api/ruling';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { kindOf, toBody, toDraft } from '@/kinds/index';

export interface Conflict {
  field: Field;
  mine: unknown;
  theirs: unknown;
}

export function useForm(entity: Entity, project: () => number | undefined = () => undefined) {
  const client = useClient();
  const { t } = useI18n();
  const draft = ref<Record<string, unknown>>({});
  const errors = ref<FieldErrors>({});
  /** What is wrong with the record as a whole. */
  const problem = ref('');
  const conflicts = shallowRef<Conflict[]>([]);
  const busy = ref(false);
  const stored = shallowRef<CrmRecord | null>(null);
  let id: number | null = null;
  let version: number | null = null;
  const start = ref('{}');

  const fields = computed(() =>
    entity.fields.filter((field) => isWritten(field) && kindOf(field).edit !== null),
  );
  /** What rules say about each field for the values that stand in the form. */
  const rulings = computed(() => new Map(entity.fields.map((field) => [field.name, ruling(field)] as const)));
  const changed = computed(() => JSON.stringify(bodyOf(fields.value)) !== start.value);

  /** A field that only a rule locks belongs to the form; it is shown with the reason. */
  function isWritten(field: Field): boolean {
    return !field.read_only || field.locked === true;
  }

  function ruling(field: Field): Ruling {
    return rulingOf(entity, field, draft.value, stored.value, project());
  }

  /** Whether the person can give the field a value: no rule hides or locks it, and it applies. */
  function isOpen(field: Field): boolean {
    const { hidden, locked } = ruling(field);
    return !hidden && !locked && isVisible(field, draft.value);
  }

  /** Starts over with the values of a record, or with the defaults of a new one. */
  function fill(values: Record<string, unknown>, record: CrmRecord | null) {
    stored.value = record;
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
    const open = fields.value.filter(isOpen);
    if (id === null) return client.post<CrmRecord>(`/${entity.path}`, { ...filled(open), ...extra });
    const before = JSON.parse(start.value) as Record<string, unknown>;
    const touched = open.filter((field) => !same(before[field.name], bodyOf([field])[field.name]));
    return client.patch<CrmRecord>(`/${entity.path}/${id}`, { ...bodyOf(touched), version });
  }

  function explain(error: unknown) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isStale && error.current) return compare(error.current as CrmRecord);
    const known = new Set(
      fields.value
        .filter((field) => isVisible(field, draft.value) && !ruling(field).hidden)
        .map((field) => field.name),
    );
    errors.value = Object.fromEntries(Object.entries(error.fields).filter(([name]) => known.has(name)));
    const others = Object.entries(error.fields).filter(([name]) => !known.has(name));
    problem.value = others.length
      ? others.map(([name, sentences]) => about(name, sentences.join(' '))).join(' ')
      : Object.keys(errors.value).length
        ? ''
        : reasonOf(error, t);
  }

  /** What is said about a field that is not in the form needs its name. */
  function about(name: string, sentence: string): string {
    const label = fieldOf(entity, name)?.label;
    return label ? t('form.about', { field: label, text: sentence }) : sentence;
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
    stored.value = current;
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

  return { draft, errors, problem, conflicts, busy, changed, rulings, fill, save, settle };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
