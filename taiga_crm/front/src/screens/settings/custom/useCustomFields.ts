/** The custom fields of one kind of record, and what an administrator does with them. */
import { computed, ref, watch, watchEffect } from 'vue';
import { ApiError } from '@/api/errors';
import { isOver, useJob } from '@/api/jobs';
import { refreshAll, useFetch } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { useClient, useSession } from '@/context';
import { useI18n } from '@/i18n';
import { useConfirm } from '@/kit/useConfirm';
import type { Definition, Usage } from './definition';

const LOOK_AGAIN_MS = 1500;

export function useCustomFields(kind: () => string | null) {
  const client = useClient();
  const session = useSession();
  const confirm = useConfirm();
  const { t } = useI18n();
  const waiting = ref(0);
  const busy = computed(() => waiting.value > 0);
  let last: Promise<void> = Promise.resolve();
  const problem = ref('');
  const jobId = ref<number | null>(null);
  const jobQuery = useJob(jobId);
  const job = computed(() => (jobId.value === null ? null : (jobQuery.data.value ?? null)));
  const isAtWork = computed(() => jobId.value !== null && !(job.value && isOver(job.value)));
  const fields = useFetch(
    () => ['custom-fields', kind() ?? ''],
    (api, signal) => api.get<Definition[]>('/custom-fields', { kind: kind() }, signal),
    { enabled: () => kind() !== null },
  );
  const rows = computed(() => fields.data.value ?? []);

  watch(kind, () => {
    problem.value = '';
    jobId.value = null;
  });
  watch(
    () => job.value?.state,
    (state) => {
      if (state === 'done') void refreshAll();
    },
  );
  // A field that is being deleted is there until its values are out of the records.
  watchEffect((onCleanup) => {
    if (!rows.value.some(({ is_going }) => is_going)) return;
    const timer = setInterval(() => void fields.refetch(), LOOK_AGAIN_MS);
    onCleanup(() => clearInterval(timer));
  });

  /** Reads lists and meta data again, so that forms and lists know at once what has changed. */
  async function renew() {
    await Promise.all([refreshAll(), session.load()]);
  }

  async function attempt(action: () => Promise<unknown>) {
    problem.value = '';
    try {
      await action();
      await renew();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = reasonOf(error, t);
      await fields.refetch();
    }
  }

  /** One act after the other, each on the fields as the one before has left them. */
  function write(action: () => Promise<unknown>) {
    waiting.value += 1;
    const done = last.then(() => attempt(action));
    const goOn = () => {
      waiting.value -= 1;
    };
    last = done.then(goOn, goOn);
    return done.finally();
  }

  const move = ({ id: moved }: Definition, step: number) =>
    write(async () => {
      const ids = rows.value.map(({ id }) => id);
      const to = ids.indexOf(moved) + step;
      if (!ids.includes(moved) || to < 0 || to >= ids.length) return;
      const others = ids.filter((id) => id !== moved);
      await client.post('/custom-fields/order', {
        kind: kind(),
        ids: [...others.slice(0, to), moved, ...others.slice(to)],
      });
    });

  const toggle = ({ id }: Definition) =>
    write(async () => {
      const row = rows.value.find((one) => one.id === id);
      if (!row) return;
      await client.patch(`/custom-fields/${id}`, { version: row.version, is_enabled: !row.is_enabled });
    });

  const remove = (row: Definition) =>
    write(async () => {
      const usage = await client.get<Usage>(`/custom-fields/${row.id}/usage`);
      if (usage.inputs_of.length) {
        problem.value = t('custom.read_by', { name: row.label, names: usage.inputs_of.join(', ') });
        return;
      }
      const yes = await confirm({
        title: t('custom.delete_title', { name: row.label }),
        text: t(usage.exact ? 'custom.delete_text' : 'custom.delete_text_many', { n: usage.count }),
        yes: t('common.delete'),
        danger: true,
      });
      if (yes) await client.delete(`/custom-fields/${row.id}`);
    });

  const recalculate = () =>
    write(async () => {
      if (isAtWork.value) return;
      const started = await client.post<{ id: number }>('/custom-fields/recalculate', { kind: kind() });
      jobId.value = started.id;
    });

  const stop = () => write(() => client.post(`/jobs/${jobId.value}/cancel`));

  return {
    fields,
    rows,
    busy,
    problem,
    job,
    isAtWork,
    renew,
    write,
    move,
    toggle,
    remove,
    recalculate,
    stop,
  };
}
