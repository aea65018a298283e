/** A short list that hangs on a record (its projects, its connections): read, add, remove. */
import { ref } from 'vue';
import { ApiError } from '@/api/errors';
import { refreshAll, useFetch } from '@/api/queries';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';

export function useSubList<Row>(path: () => string) {
  const client = useClient();
  const { t } = useI18n();
  const busy = ref(false);
  const problem = ref('');
  const rows = useFetch(
    () => [path()],
    (api, signal) => api.get<Row[]>(path(), {}, signal),
  );

  /** True when it worked; the reason of a refusal is in `problem`. */
  async function write(action: () => Promise<unknown>): Promise<boolean> {
    busy.value = true;
    problem.value = '';
    try {
      await action();
      await refreshAll();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = error.message || t('error.network');
      return false;
    } finally {
      busy.value = false;
    }
  }

  return {
    rows,
    busy,
    problem,
    add: (body: object) => write(() => client.post(path(), body)),
    remove: (id: number) => write(() => client.delete(`${path()}/${id}`)),
  };
}
