/** All that a record's page opens with, in one answer: the record, counts on its tabs, the lists of the open tab. */
import { useRoute } from 'vue-router';
import type { Page, Params } from '@/api/client';
import type { CrmRecord, Entity, Tab } from '@/api/meta';
import { useFetch, useSeeds } from '@/api/queries';
import { useSession } from '@/context';
import { useLevel } from '@/level';
import { readState } from '../list/state';
import {
  type Groups,
  groupsKey,
  groupsParams,
  type ListSource,
  rowsKey,
  rowsParams,
} from '../list/useRecords';
import { partsOf, relatedFilter } from './related';

const NO_LISTS = 'none';

export interface TabCount {
  count: number;
  exact: boolean;
}

interface ListAnswer extends TabCount {
  rows: CrmRecord[];
  page: number;
  page_size: number;
  has_next: boolean;
  next_cursor: string;
}

export interface RecordPage {
  record: CrmRecord;
  counts: Record<string, TabCount>;
  lists: Record<string, ListAnswer>;
  sums: Record<string, Groups>;
}

export function useRecordPage(entity: () => Entity | null, id: () => number, opened: () => Tab | undefined) {
  const session = useSession();
  const level = useLevel();
  const route = useRoute();
  const seeds = useSeeds();

  /** The lists that the open tab is about to ask for; one that is known already is left out. */
  function lists(): Map<string, ListSource> {
    const tab = opened();
    const found = new Map<string, ListSource>();
    for (const part of tab ? partsOf(tab) : []) {
      const related = part.kind === 'related' ? session.meta?.entities[part.entity ?? ''] : null;
      if (!related) continue;
      const state = readState(route.query, related);
      const projectId = related.scope === 'settings' ? undefined : level.projectId.value;
      const source = { entity: related, state, fixed: relatedFilter(part, id()), projectId };
      if (!state.groupBy && !seeds.has(rowsKey(source))) found.set(part.key, source);
    }
    return found;
  }

  return useFetch(
    () => [entity()?.path ?? '', 'page', id(), level.projectId.value],
    async (client, signal) => {
      const asked = lists();
      const params = { lists: [...asked.keys()].join(',') || NO_LISTS, project: level.projectId.value };
      const path = `/${entity()?.path}/${id()}/page`;
      const page = await client.get<RecordPage>(path, { ...params, ...prefixed(asked) }, signal);
      for (const [key, source] of asked) {
        const list = page.lists[key];
        if (list) seeds.put(rowsKey(source), rowPage(list));
        const sums = page.sums[key];
        if (sums) seeds.put(groupsKey(source), sums);
      }
      return page;
    },
    { enabled: () => entity() !== null },
  );
}

/** `people.sort` is the parameter `sort` of the list of the tab `people`. */
function prefixed(asked: Map<string, ListSource>): Params {
  return Object.fromEntries(
    [...asked].flatMap(([key, source]) =>
      Object.entries({ ...groupsParams(source), ...rowsParams(source) })
        .filter(([name]) => name !== 'project')
        .map(([name, value]) => [`${key}.${name}`, value]),
    ),
  );
}

function rowPage(list: ListAnswer): Page<CrmRecord> {
  return {
    rows: list.rows,
    count: list.count,
    exact: list.exact,
    page: list.page,
    pageSize: list.page_size,
    hasNext: list.has_next,
    hasPrevious: list.page > 1,
    nextCursor: list.next_cursor,
  };
}
