import { describe, expect, it, vi } from 'vitest';
import RecordList from '@/screens/list/RecordList.vue';
import { fakeServer, mountAt, plants, type Reply, rowsReply, type Sent, settle } from './support';

const OAK = {
  id: 1,
  version: 4,
  _verbs: ['change', 'delete'],
  name: 'Oak',
  family: null,
  height: 30,
  is_favorite: false,
};
const ASH = {
  id: 2,
  version: 1,
  _verbs: [],
  name: 'Ash',
  family: { id: 7, label: 'Olive' },
  height: 20,
  is_favorite: true,
};
const SUMS = {
  count: 2,
  totals: {
    height: 50,
    price: [
      { amount: '5.00', currency: 'EUR' },
      { amount: '7', currency: 'KRW' },
    ],
  },
};

function server(over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => {
    const special = over(request);
    if (special) return special;
    if (request.path === '/plants/groups') return { body: SUMS };
    return request.method === 'GET' ? rowsReply([OAK, ASH]) : { body: OAK };
  });
}

const show = (at = '/crm/plants', entity = plants()) =>
  mountAt(RecordList, { at, props: { entity, title: entity.label_plural }, entities: [entity] });

describe('a list', () => {
  it('asks for what the address says', async () => {
    const sent = server();
    await show('/crm/plants?q=oak&sort=-height&page=2&page_size=25&family=7&columns=height');
    expect(sent.find(({ path }) => path === '/plants')?.query).toEqual({
      q: 'oak',
      family: '7',
      sort: '-height',
      page: '2',
      page_size: '25',
      fields: 'height,name,is_favorite',
    });
  });

  it('shows rows, count and one total per currency', async () => {
    server();
    const { wrapper } = await show();
    expect(wrapper.findAll('tr[data-row]').map((row) => row.find('td.name').text())).toEqual(['Oak', 'Ash']);
    expect(wrapper.find('h1 + .count').text()).toBe('2');
    expect(
      wrapper.findAll('tfoot td').map((cell) => cell.findAll('span').map((line) => line.text())),
    ).toEqual([['50'], ['€5', '₩7']]);
  });

  it('writes the sort into the address', async () => {
    server();
    const { wrapper, router } = await show();
    await wrapper.findAll('th button.sort')[2]?.trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ sort: 'height' });
    expect(wrapper.findAll('th')[4]?.attributes('aria-sort')).toBe('ascending');
  });

  it('says "about" when the count is an estimate', async () => {
    server(({ path }) =>
      path === '/plants' ? rowsReply([OAK], 10_321, { 'x-pagination-count-exact': 'false' }) : null,
    );
    const { wrapper } = await show();
    expect(wrapper.find('h1 + .count').text()).toBe('about 10,000');
  });

  it('turns far pages by cursor and near ones by number', async () => {
    const sent = server(({ path }) =>
      path === '/plants'
        ? rowsReply([OAK], 900, { 'x-pagination-next': 'http://x/', 'x-pagination-next-cursor': 'c-1' })
        : null,
    );
    const { wrapper, router } = await show('/crm/plants?page=2');
    await wrapper.find('button[aria-label="Next page"]').trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ page: '3' });
    await router.push('/crm/plants?page=12');
    await settle();
    await wrapper.find('button[aria-label="Next page"]').trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ page: '13', after: 'c-1' });
    const last = sent.filter(({ path }) => path === '/plants').at(-1)?.query;
    expect([last?.cursor, last?.page]).toEqual(['c-1', undefined]);
  });

  it('offers to add the first record when there is none', async () => {
    server(({ path }) => (path === '/plants' ? rowsReply([], 0) : null));
    const { wrapper, router } = await show();
    expect(wrapper.find('.k-state h2').text()).toBe('No Plants yet');
    await wrapper.find('.k-state button').trigger('click');
    await settle();
    expect(router.currentRoute.value.fullPath).toBe('/crm/plants/new');
  });

  it('offers to clear the filters when nothing matches', async () => {
    server(({ path }) => (path === '/plants' ? rowsReply([], 0) : null));
    const { wrapper, router } = await show('/crm/plants?q=zzz&is_rare=true&sort=name');
    expect(wrapper.find('.k-state h2').text()).toBe('Nothing matches');
    await wrapper.find('.k-state button').trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ sort: 'name' });
  });

  it('shows the reason of a failure and tries again', async () => {
    let broken = true;
    server(({ path }) =>
      path === '/plants' && broken ? { status: 500, body: { _error_message: 'Boom.' } } : null,
    );
    const { wrapper } = await show();
    expect(wrapper.find('.k-state').text()).toContain('Boom.');
    broken = false;
    await wrapper.find('.k-state button').trigger('click');
    await settle();
    expect(wrapper.findAll('tr[data-row]')).toHaveLength(2);
  });

  it('asks for nothing when the person goes elsewhere', async () => {
    const sent = server();
    const { router } = await show('/crm/plants?q=oak');
    const before = sent.length;
    await router.push('/crm/plants/1');
    await settle();
    expect(sent.slice(before)).toEqual([]);
  });

  it('hides "New" from who may not add', async () => {
    server();
    const { wrapper } = await show('/crm/plants', plants({ verbs: ['view'] }));
    expect(wrapper.text()).not.toContain('New Plant');
  });

  it('loads the rows of a group only when it is opened, with the filter of the group', async () => {
    const groups = [{ value: 7, label: 'Olive', count: 1, totals: { height: 20 }, filter: { family: '7' } }];
    const sent = server(({ path }) => (path === '/plants/groups' ? { body: { groups, ...SUMS } } : null));
    const { wrapper, router } = await show('/crm/plants?group_by=family&q=a');
    expect(sent.filter(({ path }) => path === '/plants')).toEqual([]);
    await wrapper.find('.group-toggle').trigger('click');
    await settle();
    expect(sent.find(({ path }) => path === '/plants')?.query).toMatchObject({
      q: 'a',
      family: '7',
      page_size: '50',
    });
    expect(router.currentRoute.value.query).toEqual({ q: 'a', group_by: 'family', open: '7' });
  });
});

describe('what stands before the first field', () => {
  const groups = [{ value: 7, label: 'Olive', count: 1, totals: { height: 20 }, filter: { family: '7' } }];

  it('is counted, so that sums stand below their own columns', async () => {
    server();
    const { wrapper } = await show();
    const heads = wrapper.findAll('thead th').map((cell) => cell.text());
    const label = wrapper.find('tfoot th');
    const before = Number(label.attributes('colspan'));
    const sums = wrapper.findAll('tfoot td').map((cell) => cell.text());
    expect(heads[before]).toBe('Height');
    expect(sums[0]).toBe('50');
    expect(before + sums.length).toBe(heads.length);
  });

  it('chooses rows of an opened group as it does without groups', async () => {
    server(({ path }) => (path === '/plants/groups' ? { body: { groups, ...SUMS } } : null));
    const { wrapper } = await show('/crm/plants?group_by=family');
    await wrapper.find('.group-toggle').trigger('click');
    await settle();
    await wrapper.find('tr[data-row] .pick input').trigger('click');
    await vi.dynamicImportSettled();
    await settle();
    expect(wrapper.find('.selection-bar').text()).toContain('1 chosen');
  });
});

describe('editing in the list', () => {
  async function edit(wrapper: Awaited<ReturnType<typeof show>>['wrapper'], value: string) {
    const cell = wrapper.findAll('tr[data-row]')[0]?.findAll('td')[4];
    await cell?.trigger('dblclick');
    await settle();
    await cell?.find('input').setValue(value);
    return cell;
  }

  it('saves with Enter and sends the version', async () => {
    const sent = server();
    const { wrapper } = await show();
    const cell = await edit(wrapper, '31');
    await cell?.find('input').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(sent.find(({ method }) => method === 'PATCH')).toMatchObject({
      path: '/plants/1',
      body: { version: 4, height: 31 },
    });
    expect(wrapper.find('.inline-edit').exists()).toBe(false);
  });

  it('gives up with Esc and sends nothing', async () => {
    const sent = server();
    const { wrapper } = await show();
    const cell = await edit(wrapper, '31');
    await cell?.find('input').trigger('keydown', { key: 'Escape' });
    await settle();
    expect(sent.some(({ method }) => method === 'PATCH')).toBe(false);
    expect(cell?.text()).toBe('30');
  });

  it('keeps what was typed when the version is stale, and the next Enter goes on top of it', async () => {
    let first = true;
    const sent = server(({ method }) => {
      if (method !== 'PATCH' || !first) return null;
      first = false;
      return {
        status: 400,
        body: { version: ['Changed.'], code: 'stale_version', current: { ...OAK, version: 9, height: 33 } },
      };
    });
    const { wrapper } = await show();
    const cell = await edit(wrapper, '31');
    await cell?.find('input').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(cell?.find('[role=alert]').text()).toContain('“33”');
    expect(wrapper.find<HTMLInputElement>('.inline-edit input').element.value).toBe('31');
    await cell?.find('input').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(sent.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({ version: 9, height: 31 });
  });

  it('shows the error of the field beside it', async () => {
    server(({ method }) => (method === 'PATCH' ? { status: 400, body: { height: ['Too high.'] } } : null));
    const { wrapper } = await show();
    const cell = await edit(wrapper, '9999');
    await cell?.find('input').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(cell?.find('[role=alert]').text()).toBe('Too high.');
  });

  it('is not offered on a row that may not be changed', async () => {
    server();
    const { wrapper } = await show();
    const ash = wrapper.findAll('tr[data-row]')[1];
    expect(ash?.findAll('td.editable')).toHaveLength(0);
  });
});
