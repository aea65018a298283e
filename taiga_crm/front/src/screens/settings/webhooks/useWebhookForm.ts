/** A webhook while it is written: what was typed, what was refused, and saving it. */
import { reactive } from 'vue';
import { refreshAll } from '@/api/queries';
import { useFormWrite } from '@/api/write';
import { useClient } from '@/context';
import { useLevel } from '@/level';
import { type Choices, type Draft, toDraft, type Webhook } from './webhook';

export function useWebhookForm(webhook: Webhook | null, choices: Choices, onSaved: (saved: Webhook) => void) {
  const client = useClient();
  const level = useLevel();
  const draft = reactive<Draft>(toDraft(webhook, choices));
  let version = webhook?.version ?? 0;
  const { errors, message, isStale, busy, attempt } = useFormWrite('webhooks.stale');

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
