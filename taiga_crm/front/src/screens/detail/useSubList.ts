/** A short list that hangs on a record (its projects, its connections): read, add, remove. */
import { refreshAll, useFetch } from '@/api/queries';
import { useWrite } from '@/api/write';
import { useClient } from '@/context';

export function useSubList<Row>(path: () => string) {
  const client = useClient();
  const { isBusy, problem, write: attempt } = useWrite();
  const rows = useFetch(
    () => [path()],
    (api, signal) => api.get<Row[]>(path(), {}, signal),
  );

  /** True when it worked; the reason of a refusal is in `problem`. */
  const write = (action: () => Promise<unknown>) =>
    attempt(async () => {
      await action();
      await refreshAll();
    });

  return {
    rows,
    busy: isBusy,
    problem,
    add: (body: object) => write(() => client.post(path(), body)),
    remove: (id: number) => write(() => client.delete(`${path()}/${id}`)),
  };
}
