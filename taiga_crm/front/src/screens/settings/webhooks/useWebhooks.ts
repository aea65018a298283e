/** The webhooks of a place, and what an administrator does with them. */
import { computed } from 'vue';
import { refreshAll, useFetch } from '@/api/queries';
import { useWrite } from '@/api/write';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { useConfirm } from '@/kit/useConfirm';
import type { Choices, Webhook } from './webhook';

const LOOK_AGAIN_MS = 5_000;

export function useWebhooks(project: () => number | undefined) {
  const client = useClient();
  const confirm = useConfirm();
  const { t } = useI18n();
  const { busy, problem, write } = useWrite();
  const place = () => ({ project: project() });

  const choices = useFetch(
    () => ['webhooks', 'choices', project() ?? 0],
    (api, signal) => api.get<Choices>('/webhooks/choices', place(), signal),
  );
  const list = useFetch(
    () => ['webhooks', 'list', project() ?? 0],
    (api, signal) => api.get<Webhook[]>('/webhooks', place(), signal),
    { every: LOOK_AGAIN_MS },
  );
  const rows = computed(() => list.data.value ?? []);

  /** Tells whether it went well; what was refused is told at the top of the page. */
  async function run(webhook: Webhook, action: () => Promise<unknown>): Promise<boolean> {
    const isDone = await write(action, webhook.id);
    await refreshAll();
    return isDone;
  }

  const test = (webhook: Webhook) => run(webhook, () => client.post(`/webhooks/${webhook.id}/test`));

  const toggle = (webhook: Webhook) =>
    run(webhook, () =>
      client.patch(`/webhooks/${webhook.id}`, {
        version: webhook.version,
        is_active: !webhook.is_active,
      }),
    );

  async function remove(webhook: Webhook) {
    const yes = await confirm({
      title: t('webhooks.delete_title', { name: webhook.name }),
      text: t('webhooks.delete_text'),
      yes: t('common.delete'),
      danger: true,
    });
    if (yes) await run(webhook, () => client.delete(`/webhooks/${webhook.id}`));
  }

  return { choices, list, rows, busy, problem, test, toggle, remove };
}
