import { describe, expect, it } from 'vitest';
import type { Tab } from '@/api/meta';
import DetailScreen from '@/screens/detail/DetailScreen.vue';
import { fakeServer, field, mountAt, plants, type Reply, rowsReply, type Sent, settle } from './support';

const OAK = {
  id: 1,
  version: 4,
  _verbs: ['change', 'delete'],
  name: 'Oak',
  family: { id: 7, label: 'Olive', has_latin: false },
  height: 30,
  is_rare: true,
  is_native: false,
  is_favorite: false,
  created_at: '2026-11-22T02:19:46Z',
  created_by: { id: 3, label: 'Sally Seller' },
};
const tab = (over: Partial<Tab>): Tab => ({
  key: 'data',
  label: 'Data',
  kind: 'data',
  entity: null,
  filter: {},
  note: '',
  parts: [],
  ...over,
});
const entity = plants({
  fields: [...plants().fields, field('is_native', 'boolean')],
  tabs: [
    tab({}),
    tab({ key: 'sprouts', label: 'Sprouts', kind: 'related', entity: 'plant', filter: { family: '$id' } }),
    tab({ key: 'history', label: 'History', kind: 'history' }),
    tab({ key: 'deals', label: 'Deals', kind: 'pending', note: 'Deals come with the sales module.' }),
  ],
  actions: [
    {
      name: 'water',
      label: 'Water',
      question: '',
      danger: false,
      when: { field: 'is_rare', is: true },
      verb: 'change',
    },
    {
      name: 'cut',
      label: 'Cut',
      question: '',
      danger: true,
      when: { field: 'is_rare', is: false },
      verb: 'change',
    },
  ],
});

function server(over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => over(request) ?? (request.path === PAGE ? { body: page() } : rowsReply([])));
}

const PAGE = '/plants/1/page';
const page = (over: object = {}) => ({ record: OAK, counts: {}, lists: {}, sums: {}, ...over });

const show = (at: string) => mountAt(DetailScreen, { at, entities: [entity] });

describe('the page of a record', () => {
  it('shows the name, its flags as badges, and the values of visible fields', async () => {
    server();
    const { wrapper } = await show('/crm/plants/1');
    expect(wrapper.find('h1').text()).toBe('Oak');
    expect(wrapper.findAll('.badges .k-badge').map((badge) => badge.text())).toEqual(['Is rare']);
    expect(wrapper.findAll('.data-field dt').map((label) => label.text())).toEqual([
      'Family',
      'Name',
      'Height',
      'Price',
      'Is rare',
    ]);
    expect(wrapper.find('.record-foot').text()).toContain('by Sally Seller');
  });

  it('opens the tab named in the address and writes the next one there', async () => {
    server();
    const { wrapper, router } = await show('/crm/plants/1?tab=deals');
    expect(wrapper.find('[role=tabpanel]').text()).toContain('Deals come with the sales module.');
    await wrapper.find('[data-key=history]').trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ tab: 'history' });
    expect(wrapper.find('[aria-selected=true]').text()).toBe('History');
  });

  it('filters a related list by the record and starts new ones with it', async () => {
    const sent = server();
    const { wrapper, router } = await show('/crm/plants/1?tab=sprouts');
    expect(sent.find(({ path }) => path === '/plants')?.query).toMatchObject({ family: '1' });
    await wrapper.find('.k-state button').trigger('click');
    await settle();
    expect(router.currentRoute.value.path).toBe('/crm/plants/new');
    expect(router.currentRoute.value.query).toEqual({ family: '1', back: '/crm/plants/1?tab=sprouts' });
  });

  it('asks once for the record, its counts and the list of the open tab', async () => {
    const list = {
      rows: [{ ...OAK, id: 2, name: 'Sprout' }],
      page: 1,
      page_size: 50,
      has_next: false,
      next_cursor: '',
      count: 1,
      exact: true,
    };
    const sums = { sprouts: { count: 1, totals: { height: 30, price: [] } } };
    const counts = { sprouts: { count: 1, exact: true }, deals: { count: 2400, exact: false } };
    const sent = server(({ path }) =>
      path === PAGE ? { body: page({ counts, lists: { sprouts: list }, sums }) } : null,
    );
    const { wrapper } = await show('/crm/plants/1?tab=sprouts&sort=-name');
    expect(sent.filter(({ path }) => path === '/plants' || path === '/plants/groups')).toEqual([]);
    expect(sent.find(({ path }) => path === PAGE)?.query).toMatchObject({
      lists: 'sprouts',
      'sprouts.sort': '-name',
      'sprouts.page_size': '50',
      'sprouts.totals': 'height,price',
    });
    expect(wrapper.find('[role=tabpanel]').text()).toContain('Sprout');
    expect(wrapper.findAll('[role=tab]').map((one) => one.text())).toEqual([
      'Data',
      'Sprouts 1',
      'History',
      'Deals about 2,400',
    ]);
  });

  it('says that there is nothing when the record cannot be seen', async () => {
    server(({ path }) => (path === PAGE ? { status: 404, body: { code: 'not_found' } } : null));
    const { wrapper } = await show('/crm/plants/1');
    expect(wrapper.find('.k-state h2').text()).toBe('There is nothing here');
  });

  it('offers no editing to who may only look', async () => {
    server(({ path }) => (path === PAGE ? { body: page({ record: { ...OAK, _verbs: [] } }) } : null));
    const { wrapper } = await mountAt(DetailScreen, {
      at: '/crm/plants/1',
      entities: [{ ...entity, verbs: ['view'] }],
    });
    expect(wrapper.findAll('.pencil')).toHaveLength(0);
    expect(wrapper.find('.record-head').text()).not.toContain('Edit');
    expect(wrapper.find('[aria-label=More]').exists()).toBe(false);
  });

  it('leads to a copy of the record where one may be added', async () => {
    server();
    const { wrapper, router } = await show('/crm/plants/1');
    await wrapper.find('[aria-label=More]').trigger('keydown', { key: 'Enter' });
    await settle();
    const copy = [...document.querySelectorAll<HTMLElement>('.k-menu-item')].find(
      (one) => one.textContent === 'Copy',
    );
    copy?.click();
    await settle();
    expect(router.currentRoute.value.fullPath).toBe('/crm/plants/new?copy=1');
  });

  it('changes one field in its place', async () => {
    const sent = server();
    const { wrapper } = await show('/crm/plants/1');
    await wrapper.find('[aria-label="Edit Name"]').trigger('click');
    await settle();
    await wrapper.find('.inline-edit input').setValue('Red oak');
    await wrapper.find('.inline-edit input').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(sent.find(({ method }) => method === 'PATCH')?.body).toEqual({ version: 4, name: 'Red oak' });
  });
});
