/** A custom field while it is written: what was typed, what was refused, and saving it. */
import { computed, reactive, ref } from 'vue';
import { useFormWrite } from '@/api/write';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { type Definition, type Draft, toBody, toDraft } from './definition';

/** Parts of the API's answer that have no input of their own beside them. */
const WITHOUT_INPUT = new Set(['version', 'kind', 'name', 'default', 'is_enabled', 'section_labels']);

export function useDefinition(kind: string, definition: Definition | null, onSaved: () => void) {
  const client = useClient();
  const { t } = useI18n();
  const current = ref<Definition | null>(definition);
  const draft = reactive<Draft>(toDraft(kind, definition));
  const { errors, message, isStale, busy, attempt } = useFormWrite('custom.stale');
  const problem = computed(() => {
    const elsewhere = Object.entries(errors.value).flatMap(([name, texts]) =>
      WITHOUT_INPUT.has(name) ? texts : [],
    );
    return elsewhere.join(' ') || (Object.keys(errors.value).length ? t('custom.see_above') : message.value);
  });

  const save = () =>
    attempt(async () => {
      const before = current.value;
      const body = toBody(draft, before === null);
      if (before) await client.patch(`/custom-fields/${before.id}`, { ...body, version: before.version });
      else await client.post('/custom-fields', body);
      onSaved();
    });

  /** Takes the definition as somebody else saved it; what was typed here is given up. */
  const reload = () =>
    attempt(async () => {
      current.value = await client.get<Definition>(`/custom-fields/${current.value?.id}`);
      Object.assign(draft, toDraft(kind, current.value));
    });

  return { draft, errors, problem, isStale, busy, save, reload };
}
