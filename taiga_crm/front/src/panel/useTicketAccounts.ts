/** The accounts of one ticket: loading, linking, the star, unlinking with a way back. */
import { ref, shallowRef, watch } from 'vue';
import { ApiError } from '@/api/errors';
import type { LinkValue } from '@/api/meta';
import { reasonOf } from '@/api/reason';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import type { TicketRef } from './element';

export interface AccountLink {
  id: number;
  account: LinkValue;
  type: string;
  is_primary: boolean;
  can_open: boolean;
}

export interface TicketAccounts {
  /** `project` is the project's id. */
  ticket: { kind: string; id: number; ref: number; project: number };
  can_change: boolean;
  links: AccountLink[];
}

const UNDO_MS = 8000;

export function useTicketAccounts(ticket: () => TicketRef | null) {
  const client = useClient();
  const host = useHost();
  const { t } = useI18n();
  const panel = shallowRef<TicketAccounts | null>(null);
  const problem = shallowRef<ApiError | null>(null);
  const busy = ref(false);
  const said = ref('');
  const removed = shallowRef<AccountLink | null>(null);

  watch(ticket, load, { immediate: true });

  async function load() {
    const wanted = ticket();
    panel.value = null;
    removed.value = null;
    problem.value = null;
    if (!wanted) return;
    try {
      const answer = await client.get<TicketAccounts>('/ticket-accounts', params(wanted));
      if (wanted === ticket()) panel.value = answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (wanted === ticket()) problem.value = error;
    }
  }

  /** Runs one change; the server answers with the whole panel. */
  async function change(run: () => Promise<TicketAccounts>, message: string) {
    busy.value = true;
    try {
      panel.value = await run();
      said.value = message;
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      host.notify('error', reasonOf(error, t));
      return false;
    } finally {
      busy.value = false;
    }
  }

  async function link(account: LinkValue) {
    const wanted = ticket();
    if (!wanted) return false;
    const body = { kind: wanted.kind, ticket: wanted.id, account: account.id };
    return change(
      () => client.post<TicketAccounts>('/ticket-accounts', body),
      t('panel.linked', { name: account.label }),
    );
  }

  async function star({ id, account }: Pick<AccountLink, 'id' | 'account'>) {
    return change(
      () => client.post<TicketAccounts>(`/ticket-accounts/${id}/star`),
      t('panel.primary_now', { name: account.label }),
    );
  }

  async function unlink(one: AccountLink) {
    const message = t('panel.unlinked', { name: one.account.label });
    if (!(await change(() => client.delete<TicketAccounts>(`/ticket-accounts/${one.id}`), message))) return;
    removed.value = one;
    setTimeout(() => {
      if (removed.value === one) removed.value = null;
    }, UNDO_MS);
  }

  async function undo() {
    const one = removed.value;
    removed.value = null;
    if (!one || !(await link(one.account)) || !one.is_primary) return;
    const again = panel.value?.links.find(({ account }) => account.id === one.account.id);
    if (again && !again.is_primary) await star(again);
  }

  return { panel, problem, busy, said, removed, load, link, star, unlink, undo };
}

function params({ kind, id }: TicketRef) {
  return { kind, ticket: id };
}
