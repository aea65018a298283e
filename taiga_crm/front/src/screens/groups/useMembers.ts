/** Who is under a row: a searched and filtered list of all records, what shall change, and what became of it. */
import { computed, ref, shallowRef } from 'vue';
import type { Params } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { CrmRecord, LinkValue } from '@/api/meta';
import { refreshAll, useFetch } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { allows, entityName } from '@/api/records';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { type Filter, filterName } from '../list/state';
import { type Grouping, inParts, type MemberAnswer, type MemberResult, together } from './members';

export type Shown = 'all' | 'in' | 'out';

const PAGE_SIZE = 50;
const MAX_DETAILS = 3;

export function useMembers(grouping: Grouping, row: CrmRecord, projectId: () => number | undefined) {
  const client = useClient();
  const { t } = useI18n();
  const { member, field, group } = grouping;
  const q = ref('');
  const shown = ref<Shown>('all');
  const filters = ref<Filter[]>([]);
  const page = ref(1);
  const busy = ref(false);
  const problem = ref('');
  /** What was ticked or unticked and is not written yet, with the name for the summary. */
  const wanted = ref(new Map<number, boolean>());
  const answer = shallowRef<MemberAnswer | null>(null);

  /** A few columns that tell records of the same name apart. */
  const details = computed(() =>
    member.list_display
      .flatMap((name) => member.fields.find((one) => one.name === name) ?? [])
      .filter((one) => one.name !== member.name_field && one.name !== field.name && one.kind !== 'boolean')
      .slice(0, MAX_DETAILS),
  );
  /** The list as asked for, without page and columns: what "all that match" means. */
  const matching = computed<Params>(() => ({
    ...(q.value.trim() && { q: q.value.trim() }),
    ...Object.fromEntries(filters.value.map((one) => [filterName(one), one.value])),
    ...(shown.value === 'in' && { [field.name]: row.id }),
    ...(shown.value === 'out' && { [`${field.name}__not`]: row.id }),
    project: projectId(),
  }));
  const list = useFetch(
    () => [member.path, 'members', row.id, matching.value, page.value],
    (api, signal) =>
      api.list<CrmRecord>(
        `/${member.path}`,
        {
          ...matching.value,
          fields: [member.name_field, field.name, ...details.value.map(({ name }) => name)].join(','),
          page: page.value,
          page_size: PAGE_SIZE,
        },
        signal,
      ),
    { keepPrevious: true },
  );
  const rows = computed(() => list.data.value?.rows ?? []);
  const adding = computed(() => [...wanted.value].filter(([, on]) => on).map(([id]) => id));
  const removing = computed(() => [...wanted.value].filter(([, on]) => !on).map(([id]) => id));
  const results = computed(
    () => new Map((answer.value?.results ?? []).map((one): [number, MemberResult] => [one.id, one])),
  );

  function isInside(record: CrmRecord): boolean {
    return ((record[field.name] as LinkValue[] | null) ?? []).some(({ id }) => id === row.id);
  }

  function isTicked(record: CrmRecord): boolean {
    return wanted.value.get(record.id) ?? isInside(record);
  }

  function tick(record: CrmRecord, on: boolean) {
    const next = new Map(wanted.value);
    if (on === isInside(record)) next.delete(record.id);
    else next.set(record.id, on);
    wanted.value = next;
  }

  function tickPage(on: boolean) {
    for (const record of rows.value) if (allows(record, 'change')) tick(record, on);
  }

  /** Another list begins with its first page. */
  function ask(changes: { q?: string; shown?: Shown; filters?: Filter[] }) {
    if (changes.q !== undefined) q.value = changes.q;
    if (changes.shown) shown.value = changes.shown;
    if (changes.filters) filters.value = changes.filters;
    page.value = 1;
  }

  async function write(bodies: object[]): Promise<boolean> {
    busy.value = true;
    problem.value = '';
    answer.value = null;
    const answers: MemberAnswer[] = [];
    try {
      for (const body of bodies)
        answers.push(await client.post<MemberAnswer>(`/${group.path}/${row.id}/members`, body));
      wanted.value = new Map();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = reasonOf(error, t);
      return false;
    } finally {
      if (answers.length) answer.value = together(answers);
      await refreshAll();
      busy.value = false;
    }
  }

  const apply = () =>
    write([
      ...inParts(adding.value).map((add) => ({ add })),
      ...inParts(removing.value).map((remove) => ({ remove })),
    ]);

  /** Adds or removes whatever matches, on the server, whatever the page shows. */
  function applyAll(value: boolean) {
    const params = Object.entries(matching.value).filter(([, one]) => one !== undefined);
    return write([{ matching: Object.fromEntries(params.map(([name, one]) => [name, String(one)])), value }]);
  }

  return {
    q,
    shown,
    filters,
    page,
    busy,
    problem,
    details,
    list,
    rows,
    adding,
    removing,
    answer,
    results,
    isInside,
    isTicked,
    tick,
    tickPage,
    ask,
    apply,
    applyAll,
    nameOf: (record: CrmRecord) => entityName(member, record),
  };
}
