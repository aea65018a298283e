/** A custom field while it is written: what was typed, what was refused, and saving it. */
import { computed, reactive, ref } from 'vue';
import { ApiError, type FieldErrors } from '@/api/errors';
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
  const errors = ref<FieldErrors>({});
  const message = ref('');
  const isStale = ref(false);
  const busy = ref(false);
  const problem = computed(() => {
    const elsewhere = Object.entries(errors.value).flatMap(([name, texts]) =>
      WITHOUT_INPUT.has(name) ? texts : [],
    );
    return elsewhere.join(' ') || (Object.keys(errors.value).length ? t('custom.see_above') : message.value);
  });

  async function attempt(action: () => Promise<void>) {
    if (busy.value) return;
    busy.value = true;
    errors.value = {};
    message.value = '';
    isStale.value = false;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      isStale.value = error.isStale;
      errors.value = error.isStale ? {} : error.fields;
      message.value = error.isStale ? t('custom.stale') : error.message || t('error.network');
    } finally {
      busy.value = false;
    }
  }

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
