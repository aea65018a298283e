/** The server cache: what was fetched is shown at once and refreshed behind, on focus and after every write. */
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  type QueryKey,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/vue-query';
import { computed, inject, type MaybeRefOrGetter, toValue } from 'vue';
import { routeLocationKey } from 'vue-router';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import type { Client, Page } from './client';
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
  /** Fetches again every so many milliseconds while the page is looked at. */
  every?: number;
}

/** Fetches `key`; the answer belongs to one person and one language, whoever signs in next. */
export function useFetch<T>(
  key: MaybeRefOrGetter<QueryKey>,
  fetcher: (client: Client, signal: AbortSignal) => Promise<T>,
  options: FetchOptions = {},
) {
  const client = useClient();
  const queryKey = useOwnKey(key);
  return useQuery<T, ApiError>(
    {
      queryKey,
      queryFn: ({ signal }) => fetcher(client, signal),
      enabled: computed(() => toValue(options.enabled) ?? true),
      ...(options.keepPrevious && { placeholderData: keepPreviousData }),
      ...(options.every && { refetchInterval: options.every }),
    },
    queryClient,
  );
}

/** Fetches a list page by page, each from the cursor of the one before; all of them are read again together. */
export function usePages<Row>(
  key: MaybeRefOrGetter<QueryKey>,
  fetcher: (client: Client, cursor: string, signal: AbortSignal) => Promise<Page<Row>>,
) {
  const client = useClient();
  const queryKey = useOwnKey(key);
  const query = useInfiniteQuery<Page<Row>, ApiError, InfiniteData<Page<Row>>, QueryKey, string>(
    {
      queryKey,
      queryFn: ({ signal, pageParam }) => fetcher(client, pageParam, signal),
      initialPageParam: '',
      getNextPageParam: (last) => last.nextCursor || null,
    },
    queryClient,
  );
  return {
    rows: computed(() => query.data.value?.pages.flatMap((page) => page.rows) ?? []),
    isLoading: query.isLoading,
    error: query.error,
    hasNext: query.hasNextPage,
    isMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    refetch: () => void query.refetch(),
  };
}

/** Answers that came along with another one: lists find them as if they had asked themselves. */
export function useSeeds() {
  const host = useHost();
  const { lang } = useI18n();
  const own = (key: QueryKey): QueryKey => ['crm', host.user()?.id ?? 0, lang.value, ...key];
  return {
    has: (key: QueryKey) => queryClient.getQueryData(own(key)) !== undefined,
    put: (key: QueryKey, answer: unknown) => void queryClient.setQueryData(own(key), answer),
  };
}

/** The key of an answer that belongs to one person, one language and the page that is open. */
function useOwnKey(key: MaybeRefOrGetter<QueryKey>) {
  const host = useHost();
  const { lang } = useI18n();
  // While the address changes, the page that goes away must not fetch for the page that comes.
  const route = inject(routeLocationKey, null);
  const home = route?.path;
  return computed<QueryKey>((former) =>
    former && route?.path !== home ? former : ['crm', host.user()?.id ?? 0, lang.value, ...toValue(key)],
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
