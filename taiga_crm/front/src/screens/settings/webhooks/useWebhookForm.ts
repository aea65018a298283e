/** A webhook while it is written: what was typed, what was refused, and saving it. */
import { reactive, ref } from 'vue';
import { ApiError, type FieldErrors } from '@/api/errors';
import { refreshAll } from '@/api/queries';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { useLevel } from '@/level';
import { type Choices, type Draft, toDraft, type Webhook } from './webhook';

export function useWebhookForm(webhook: Webhook | null, choices: Choices, onSaved: (saved: Webhook) => void) {
  const client = useClient();
  const level = useLevel();
  const { t } = useI18n();
  const draft = reactive<Draft>(toDraft(webhook, choices));
  let version = webhook?.version ?? 0;
  const errors = ref<FieldErrors>({});
  const message = ref('');
  const isStale = ref(false);
  const busy = ref(false);

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
      const isTold = Object.keys(errors.value).length > 0;
      message.value = error.isStale ? t('webhooks.stale') : isTold ? '' : error.message || t('error.network');
    } finally {
      busy.value = false;
    }
  }

  const save = () =>
    attempt(async () => {
      const saved = webhook
        ? await client.patch<Webhook>(`/webhooks/${webhook.id}`, { ...draft, version })
        : await client.post<Webhook>('/webhooks', { ...draft, project: level.projectId.value ?? null });
      await refreshAll();
      onSaved(saved);
    });

  /** Takes the webhook as somebody else saved it; what was typed here is given up. */
  const reload = () =>
    attempt(async () => {
      const current = await client.get<Webhook>(`/webhooks/${webhook?.id}`);
      version = current.version;
      Object.assign(draft, toDraft(current, choices));
    });

  return { draft, errors, message, isStale, busy, save, reload };
}
