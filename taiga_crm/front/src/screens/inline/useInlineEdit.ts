/** Changes one field of one record in its place; a stale version keeps what was typed and says what happened. */
import { computed, ref } from 'vue';
import { ApiError } from '@/api/errors';
import type { CrmRecord, Entity, Field } from '@/api/meta';
import { refreshAll } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { useFormats } from '@/kinds/formats';
import { kindOf, toBody, toDraft } from '@/kinds/index';

export function useInlineEdit(entity: Entity, record: CrmRecord, field: Field) {
  const client = useClient();
  const { t } = useI18n();
  const formats = useFormats();
  const kind = kindOf(field);

  let version = record.version;
  let before = toBody(field, toDraft(field, record[field.name]));
  const draft = ref<unknown>(toDraft(field, record[field.name]));
  const busy = ref(false);
  const error = ref('');
  const changed = computed(() => JSON.stringify(toBody(field, draft.value)) !== JSON.stringify(before));

  /** True when nothing is left to save. */
  async function save(): Promise<boolean> {
    if (busy.value) return false;
    if (!changed.value) return true;
    busy.value = true;
    error.value = '';
    try {
      await client.patch(`/${entity.path}/${record.id}`, {
        version,
        [field.name]: toBody(field, draft.value),
      });
      await refreshAll();
      return true;
    } catch (problem) {
      explain(problem);
      return false;
    } finally {
      busy.value = false;
    }
  }

  function explain(problem: unknown) {
    if (!(problem instanceof ApiError)) throw problem;
    if (!problem.isStale || !problem.current) {
      error.value = problem.fields[field.name]?.join(' ') || reasonOf(problem, t);
      return;
    }
    // The next save goes on top of what the other person wrote: the person has seen it by then.
    const theirs = problem.current[field.name];
    version = problem.current.version as number;
    before = toBody(field, toDraft(field, theirs));
    error.value = t('inline.stale', { value: kind.text(theirs, formats.value, field) || '–' });
  }

  return { draft, busy, error, changed, save, instant: kind.instant ?? false };
}
