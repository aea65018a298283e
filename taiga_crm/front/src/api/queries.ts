/** The server cache: what was fetched is shown at once and refreshed behind, on focus and after every write. */
import { keepPreviousData, QueryClient, type QueryKey, useQuery } from '@tanstack/vue-query';
import { computed, inject, type MaybeRefOrGetter, toValue } from 'vue';
import { routeLocationKey } from 'vue-router';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import type { Client } from './client';
import { ApiError } from './errors';

const STALE_AFTER_MS = 10_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_AFTER_MS,
      refetchOnWindowFocus: true,
      retry: (failures, error) => error instanceof ApiError && error.isNetwork && failures < 1,
    },
  },
});

export interface FetchOptions {
  enabled?: MaybeRefOrGetter<boolean>;
  /** Shows the former answer while the next one comes (pages of one list). */
  keepPrevious?: boolean;
}

/** Fetches `key`; the answer belongs to one person and one language, whoever signs in next. */
export function useFetch<T>(
  key: MaybeRefOrGetter<QueryKey>,
  fetcher: (client: Client, signal: AbortSignal) => Promise<T>,
  options: FetchOptions = {},
) {
  const client = useClient();
  const host = useHost();
  const { lang } = useI18n();
  // While the address changes, the page that goes away must not fetch for the page that comes.
  const route = inject(routeLocationKey, null);
  const home = route?.path;
  const queryKey = computed<QueryKey>((former) =>
    former && route?.path !== home ? former : ['crm', host.user()?.id ?? 0, lang.value, ...toValue(key)],
  );
  return useQuery<T, ApiError>(
    {
      queryKey,
      queryFn: ({ signal }) => fetcher(client, signal),
      enabled: computed(() => toValue(options.enabled) ?? true),
      ...(options.keepPrevious && { placeholderData: keepPreviousData }),
    },
    queryClient,
  );
}

/** A value that hardly changes while the page is open. */
export function cached<T>(key: QueryKey, fetcher: () => Promise<T>): Promise<T> {
  return queryClient.fetchQuery({ queryKey: ['crm-cached', ...key], queryFn: fetcher, staleTime: 60_000 });
}

/** After a write: one record may show in many lists, so all of them are read again. */
export function refreshAll(): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ['crm-cached'] });
  return queryClient.invalidateQueries({ queryKey: ['crm'] });
}
