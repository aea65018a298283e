import { describe, expect, it } from 'vitest';
import AppShell from '@/AppShell.vue';
import type { MeProject, Tab } from '@/api/meta';
import DetailScreen from '@/screens/detail/DetailScreen.vue';
import RecordList from '@/screens/list/RecordList.vue';
import '@/screens/FrozenNote.vue';
import '@/screens/timeline/TimelineTab.vue';
import { fakeServer, mountAt, plants, rowsReply } from './support';

const VERBS = { plant: ['view', 'add', 'change', 'delete'] };
const project = (over: Partial<MeProject> = {}): MeProject => ({
  id: 5,
  slug: 'zephyr',
  name: 'Zephyr',
  crm_enabled: true,
  is_admin: false,
  can_switch: false,
  is_frozen: true,
  verbs: VERBS,
  scopes: {},
  ...over,
});
const tab = (key: string, kind: Tab['kind'], over: Partial<Tab> = {}): Tab => ({
  key,
  label: key,
  kind,
  entity: null,
  filter: {},
  note: '',
  ...over,
});
const entity = plants({
  totals: [],
  tabs: [
    tab('data', 'data'),
    tab('sprouts', 'related', { entity: 'plant', filter: { family: '$id' } }),
    tab('talk', 'timeline'),
  ],
});
const oak = (over: object) => ({ id: 1, version: 4, name: 'Oak', height: 30, ...over });
const FREE = { _verbs: ['change', 'delete'] };
const FROZEN = { _verbs: [], _frozen: true };
const NOTE = 'This project is blocked: records can be read, not changed.';

function serve(row: object) {
  fakeServer(({ path }) =>
    path === '/plants/1/page'
      ? { body: { record: oak(row), counts: {}, lists: {}, sums: {} } }
      : rowsReply(path === '/plants' ? [oak(row)] : []),
  );
}

async function detail(row: object, at: string, projects: MeProject[] = []) {
  serve(row);
  return (await mountAt(DetailScreen, { at, entities: [entity], projects })).wrapper;
}

async function list(row: object, over: Partial<MeProject>) {
  serve(row);
  const { wrapper } = await mountAt(RecordList, {
    at: '/project/zephyr/crm/plants',
    props: { entity, title: 'Plants' },
    entities: [entity],
    projects: [project(over)],
  });
  return wrapper;
}

describe('what the host has frozen', () => {
  it('is told above a record, which offers nothing to write', async () => {
    const frozen = await detail(FROZEN, '/crm/plants/1');
    expect(frozen.find('.frozen-note').text()).toBe(NOTE);
    const free = await detail(FREE, '/crm/plants/1');
    expect(free.find('.frozen-note').exists()).toBe(false);
    expect(free.find('.record-head').text()).toContain('New Plant');
    expect(free.find('.record-head').text()).toContain('Edit');
    expect(free.find('.pencil').exists()).toBe(true);
    const again = await detail(FROZEN, '/crm/plants/1');
    expect(again.find('.record-head').text()).not.toMatch(/New Plant|Edit/);
    expect(again.find('.pencil').exists()).toBe(false);
  });

  it('takes no new records below it and no comments', async () => {
    const below = await detail(FROZEN, '/crm/plants/1?tab=sprouts');
    expect(below.find('[role=tabpanel]').text()).not.toContain('New Plant');
    const talk = await detail(FROZEN, '/crm/plants/1?tab=talk');
    expect(talk.find('.timeline').exists()).toBe(true);
    expect(talk.find('textarea').exists()).toBe(false);
    const open = await detail(FREE, '/crm/plants/1?tab=talk');
    expect(open.find('textarea').exists()).toBe(true);
  });

  it('has a list without choosing and without new records', async () => {
    const frozen = await list(FROZEN, {});
    expect(frozen.text()).toContain('Oak');
    expect(frozen.text()).not.toContain('New Plant');
    expect(frozen.find('tbody input[type=checkbox]').exists()).toBe(false);
    const free = await list(FREE, { is_frozen: false });
    expect(free.text()).toContain('New Plant');
    expect(free.find('tbody input[type=checkbox]').exists()).toBe(true);
  });

  it('is told once on every page of a frozen project', async () => {
    fakeServer(() => rowsReply([]));
    const at = '/project/zephyr/crm';
    const frozen = await mountAt(AppShell, { at, projects: [project()] });
    expect(frozen.wrapper.find('.crm-main').text()).toContain(NOTE);
    const free = await mountAt(AppShell, { at, projects: [project({ is_frozen: false })] });
    expect(free.wrapper.find('.crm-main').text()).not.toContain(NOTE);
    const inside = await detail(FROZEN, '/project/zephyr/crm/plants/1', [project()]);
    expect(inside.find('.frozen-note').exists()).toBe(false);
  });
});
