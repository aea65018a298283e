/** Asks the server while the person types; only the newest answer counts. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useClient, useHost, useSession } from '@/context';
import { useI18n } from '@/i18n';
import { type Found, type Result, recentOf } from './recent';

export interface Group {
  key: string;
  label: string;
  results: Found[];
}

const DEBOUNCE_MS = 160;

export function useSearch() {
  const client = useClient();
  const host = useHost();
  const session = useSession();
  const { t } = useI18n();
  const text = ref('');
  const q = computed(() => text.value.trim());
  const state = ref<'idle' | 'busy' | 'failed'>('idle');
  const answer = shallowRef<Group[]>([]);
  const recent = shallowRef<Found[]>(recentOf(host.user()?.id ?? 0));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  const isSearch = computed(() => q.value.length > 1 || /^#?\d+$/.test(q.value));
  const groups = computed<Group[]>(() => {
    if (isSearch.value) return [...pages.value, ...answer.value];
    return recent.value.length ? [{ key: 'recent', label: t('search.recent'), results: recent.value }] : [];
  });

  /** Pages whose name begins with what was typed, found without asking the server. */
  const pages = computed<Group[]>(() => {
    const { meta } = session;
    const lists = (meta?.order ?? []).flatMap((key) => meta?.entities[key] ?? []);
    const known = [
      { page: 'favorites', icon: 'star', label: t('favorites.title') },
      ...lists
        .filter((one) => one.verbs.includes('view'))
        .map((one) => ({ page: one.path, icon: one.icon, label: one.label_plural })),
    ];
    const results = known
      .filter(({ label }) => label.toLowerCase().startsWith(q.value.toLowerCase()))
      .map((one) => ({ ...one, id: 0, entity: '' }));
    return results.length ? [{ key: 'pages', label: t('search.pages'), results }] : [];
  });

  watch(q, () => {
    clearTimeout(timer);
    running?.abort();
    state.value = isSearch.value ? 'busy' : 'idle';
    if (isSearch.value) timer = setTimeout(find, DEBOUNCE_MS);
    else answer.value = [];
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });

  async function find() {
    const mine = new AbortController();
    running = mine;
    try {
      const found = await client.get<{ entity: string; label: string; results: Result[] }[]>(
        '/search',
        { q: q.value },
        mine.signal,
      );
      if (mine.signal.aborted) return;
      answer.value = found.map(({ entity, label, results }) => ({
        key: entity,
        label,
        results: results.map((one) => ({ ...one, entity })),
      }));
      state.value = 'idle';
    } catch {
      if (!mine.signal.aborted) state.value = 'failed';
    }
  }

  return { text, q, state, groups, isSearch, recent, find };
}
