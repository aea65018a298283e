/** Work that takes longer than a request: asked for again and again until it is over. */
import { useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useClient } from '@/context';
import type { ApiError } from './errors';
import { queryClient } from './queries';

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'canceled';

export interface Job<Result = Record<string, unknown>> {
  id: number;
  kind: string;
  state: JobState;
  done: number;
  total: number;
  result: Result;
  error: string;
  cancel_requested: boolean;
  created_at: string;
  finished_at: string | null;
}

const EVERY_MS = 700;

export function isOver(job: Pick<Job, 'state'>): boolean {
  return job.state !== 'waiting' && job.state !== 'running';
}

/** Follows one job; null follows none. */
export function useJob<Result = Record<string, unknown>>(id: MaybeRefOrGetter<number | null>) {
  const client = useClient();
  return useQuery<Job<Result>, ApiError>(
    {
      queryKey: computed(() => ['crm-job', toValue(id)]),
      queryFn: ({ signal }) => client.get<Job<Result>>(`/jobs/${toValue(id)}`, {}, signal),
      enabled: computed(() => toValue(id) !== null),
      refetchInterval: (query) => (query.state.data && isOver(query.state.data) ? false : EVERY_MS),
    },
    queryClient,
  );
}
