import { describe, expect, it } from 'vitest';
import ConnectionsTab from '@/screens/detail/ConnectionsTab.vue';
import { fakeServer, mountAt, plants, type Reply, settle } from './support';

const OAK = { id: 1, version: 4, _verbs: ['change'], name: 'Oak' };
const tab = {
  key: 'ties',
  label: 'Ties',
  kind: 'connections',
  entity: null,
  filter: {},
  note: '',
  parts: [],
};
const show = () =>
  mountAt(ConnectionsTab, { props: { entity: plants(), record: OAK, tab }, entities: [plants()] });

describe('a short list on a record', () => {
  it('says that it could not be loaded, tries again, and shows the rows', async () => {
    let reply: Reply = { status: 500, body: {} };
    fakeServer(() => reply);
    const { wrapper } = await show();
    expect(wrapper.find('.k-state').text()).toContain('Ties could not be loaded');
    reply = { body: [{ id: 5, note: 'Neighbor', account: { id: 2, label: 'Ash' } }] };
    await wrapper.find('.k-state button').trigger('click');
    await settle();
    expect(wrapper.findAll('.sub-rows li').map((row) => row.text())).toEqual(['AshNeighbor']);
  });

  it('says so when there is nothing yet', async () => {
    fakeServer(() => ({ body: [] }));
    const { wrapper } = await show();
    expect(wrapper.text()).toContain('No connections yet');
  });

  it('shows that it is loading, and neither rows nor an empty list', async () => {
    globalThis.fetch = () => new Promise(() => {});
    const { wrapper } = await show();
    expect(wrapper.find('[role=status]').attributes('aria-label')).toBe('Loading');
    expect(wrapper.find('.k-state').exists()).toBe(false);
  });
});
