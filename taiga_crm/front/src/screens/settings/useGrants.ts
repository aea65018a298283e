/** What each role of a project may do: the rows as the server has them, and the person's unsaved changes. */
import { computed, reactive, ref, shallowRef } from 'vue';
import { ApiError } from '@/api/errors';
import { reasonOf } from '@/api/reason';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';

export type Scope = 'all' | 'own' | 'none';
export const SCOPES: Scope[] = ['all', 'own', 'none'];

export interface GrantKind {
  key: string;
  label: string;
  verbs: string[];
}

export interface RoleRow {
  role: { id: number; name: string };
  keys: string[];
  scopes: Record<string, Scope>;
  version: number;
}

export function useGrants(projectId: () => number | undefined) {
  const client = useClient();
  const host = useHost();
  const { t } = useI18n();
  const kinds = shallowRef<GrantKind[]>([]);
  const rows = ref<RoleRow[] | null>(null);
  const drafts = reactive(new Map<number, RoleRow>());
  const problem = shallowRef<ApiError | null>(null);
  const saving = ref<number | null>(null);
  const hasChanges = computed(() => drafts.size > 0);

  async function load() {
    problem.value = null;
    try {
      const answer = await client.get<{ kinds: GrantKind[]; roles: RoleRow[] }>(address());
      kinds.value = answer.kinds;
      rows.value = answer.roles;
      drafts.clear();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = error;
    }
  }

  /** The row with the person's changes, or as it is saved. */
  function shown(row: RoleRow): RoleRow {
    return drafts.get(row.role.id) ?? row;
  }

  function has(row: RoleRow, verb: string, kind: string): boolean {
    return shown(row).keys.includes(`${verb}_${kind}`);
  }

  /** Who changes rows must see them: the other verbs switch `view` on, and go off with it. */
  function set(row: RoleRow, verbs: string[], kind: string, on: boolean) {
    const keys = new Set(shown(row).keys);
    for (const verb of verbs) {
      if (on) keys.add(`${verb}_${kind}`).add(`view_${kind}`);
      else keys.delete(`${verb}_${kind}`);
    }
    if (!keys.has(`view_${kind}`)) for (const key of keys) if (key.endsWith(`_${kind}`)) keys.delete(key);
    draft(row, { keys: [...keys] });
  }

  function setScope(row: RoleRow, kind: string, scope: Scope) {
    draft(row, { scopes: { ...shown(row).scopes, [kind]: scope } });
  }

  function draft(row: RoleRow, changes: Partial<RoleRow>) {
    const changed = { ...shown(row), ...changes };
    if (same(changed, row)) drafts.delete(row.role.id);
    else drafts.set(row.role.id, changed);
  }

  function discard(row: RoleRow) {
    drafts.delete(row.role.id);
  }

  async function save(row: RoleRow) {
    const { keys, scopes, version } = shown(row);
    saving.value = row.role.id;
    try {
      replace(await client.patch<RoleRow>(`${address()}/${row.role.id}`, { keys, scopes, version }));
      host.notify('success', t('settings.role_saved', { name: row.role.name }));
      host.rightsChanged();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await refuse(error);
    } finally {
      saving.value = null;
    }
  }

  async function refuse(error: ApiError) {
    if (!error.isStale) return host.notify('error', reasonOf(error, t));
    host.notify('error', t('settings.role_stale'));
    if (error.current?.role) replace(error.current as unknown as RoleRow);
    else await load();
  }

  function replace(row: RoleRow) {
    drafts.delete(row.role.id);
    rows.value = rows.value?.map((one) => (one.role.id === row.role.id ? row : one)) ?? null;
  }

  function address(): string {
    return `/projects/${projectId()}/grants`;
  }

  return { kinds, rows, drafts, problem, saving, hasChanges, load, shown, has, set, setScope, discard, save };
}

function same(one: RoleRow, other: RoleRow): boolean {
  const text = ({ keys, scopes }: RoleRow) =>
    JSON.stringify([[...keys].sort(), Object.entries(scopes).sort(([a], [b]) => a.localeCompare(b))]);
  return text(one) === text(other);
}
