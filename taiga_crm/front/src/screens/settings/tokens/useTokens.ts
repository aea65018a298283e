/** One's own tokens or those of everybody, and what is done with one. */
import { computed, ref } from 'vue';
import { refreshAll, useFetch, usePages } from '@/api/queries';
import { useWrite } from '@/api/write';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { useConfirm } from '@/kit/useConfirm';
import type { ApiToken, TokenOptions } from './tokens';

export function useTokens(everybody: () => boolean) {
  const client = useClient();
  const confirm = useConfirm();
  const { t } = useI18n();
  const { busy, problem, write: attempt } = useWrite();
  /** The token whose secret is shown now, until the person closes it. */
  const fresh = ref<ApiToken | null>(null);

  const options = useFetch(
    () => ['token-options'],
    (api, signal) => api.get<TokenOptions>('/tokens/options', {}, signal),
  );
  const pages = usePages<ApiToken>(
    () => ['tokens', everybody()],
    (api, cursor, signal) => api.list<ApiToken>(everybody() ? '/tokens/all' : '/tokens', { cursor }, signal),
  );
  const scopeLabels = computed(() =>
    Object.fromEntries((options.data.value?.scopes ?? []).map(({ key, label }) => [key, label])),
  );

  async function write(token: ApiToken, action: () => Promise<void>) {
    await attempt(action, token.id);
    await refreshAll();
  }

  async function rotate(token: ApiToken) {
    const question = { title: t('tokens.rotate_title', { name: token.name }), text: t('tokens.rotate_text') };
    if (!(await confirm({ ...question, yes: t('tokens.rotate') }))) return;
    await write(token, async () => {
      fresh.value = await client.post<ApiToken>(`/tokens/${token.id}/rotate`);
    });
  }

  async function revoke(token: ApiToken) {
    const question = { title: t('tokens.revoke_title', { name: token.name }), text: t('tokens.revoke_text') };
    if (!(await confirm({ ...question, yes: t('tokens.revoke'), danger: true }))) return;
    await write(token, async () => {
      await client.post(`/tokens/${token.id}/revoke`);
    });
  }

  return { options, pages, scopeLabels, problem, busy, fresh, rotate, revoke };
}
