/** One import: read, changed bit by bit, checked, run and taken back; what was not saved yet is kept and sent again. */
import { computed, type InjectionKey, inject, ref, shallowRef, watch } from 'vue';
import { ApiError, type FieldErrors } from '@/api/errors';
import { isOver, type Job, useJob } from '@/api/jobs';
import { refreshAll, useFetch } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { type Change, type Import, isEmptyChange, together, withChange } from './imports';

export type ImportModel = ReturnType<typeof createImport>;
export const IMPORT: InjectionKey<ImportModel> = Symbol('import');

export function useImport(): ImportModel {
  const model = inject(IMPORT);
  if (!model) throw new Error('the import is not provided');
  return model;
}

export function createImport(id: number | null) {
  const client = useClient();
  const { t } = useI18n();
  const server = shallowRef<Import | null>(null);
  const waiting = shallowRef<Change>({});
  const flying = shallowRef<Change | null>(null);
  const busy = ref(false);
  const problem = ref('');
  const errors = ref<FieldErrors>({});
  /** What the person asked for last and did not get, so that it can be tried again. */
  const again = shallowRef<(() => Promise<boolean>) | null>(null);

  const query = useFetch(
    () => ['import', id ?? 0],
    (api, signal) => api.get<Import>(`/imports/${id}`, {}, signal),
    { enabled: () => id !== null },
  );
  // An answer that was asked for before a change was saved is older than the change.
  watch(
    query.data,
    (data) => {
      if (data && !flying.value) server.value = data;
    },
    { immediate: true },
  );
  const data = computed(
    () => server.value && withChange(server.value, together(flying.value ?? {}, waiting.value)),
  );
  const isSaved = computed(() => flying.value === null && isEmptyChange(waiting.value));

  const openJob = computed(() => {
    const job = server.value?.job;
    return job && !isOver(job) ? job.id : null;
  });
  const followed = useJob(openJob);
  const job = computed<Job | null>(
    () => (openJob.value === null ? null : followed.data.value) ?? server.value?.job ?? null,
  );
  const isAtWork = computed(() => openJob.value !== null);
  watch(
    () => followed.data.value?.state,
    (state) => {
      if (state && isOver({ state })) void refreshAll();
    },
  );

  async function attempt(action: () => Promise<void>): Promise<boolean> {
    busy.value = true;
    problem.value = '';
    errors.value = {};
    again.value = null;
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = reasonOf(error, t);
      errors.value = error.fields;
      again.value = () => attempt(action);
      return false;
    } finally {
      busy.value = false;
    }
  }

  /** Saves a change at once; changes made meanwhile go together in the next request. */
  async function change(part: Change): Promise<boolean> {
    waiting.value = together(waiting.value, part);
    return flying.value ? true : attempt(send);
  }

  async function send() {
    while (!isEmptyChange(waiting.value)) {
      flying.value = waiting.value;
      waiting.value = {};
      try {
        server.value = await client.patch<Import>(`/imports/${id}`, flying.value);
      } catch (error) {
        waiting.value = together(flying.value, waiting.value);
        throw error;
      } finally {
        flying.value = null;
      }
    }
  }

  /** Starts the check, the import itself or the way back; each is a job. */
  function act(verb: 'preview' | 'run' | 'undo'): Promise<boolean> {
    return attempt(async () => {
      await send();
      server.value = await client.post<Import>(`/imports/${id}/${verb}`);
    });
  }

  function cancel(): Promise<boolean> {
    return attempt(async () => {
      await client.post(`/jobs/${openJob.value}/cancel`);
      await followed.refetch();
    });
  }

  /** Forgets what could not be saved. */
  function drop() {
    waiting.value = {};
    problem.value = '';
    errors.value = {};
    again.value = null;
  }

  /** Reads the import again, after something about it was written elsewhere. */
  async function renew() {
    await query.refetch();
  }

  return {
    id,
    data,
    query,
    busy,
    problem,
    errors,
    again,
    isSaved,
    job,
    isAtWork,
    attempt,
    change,
    act,
    cancel,
    drop,
    renew,
  };
}
