import { describe, expect, it } from 'vitest';
import FavoritesScreen from '@/screens/favorites/FavoritesScreen.vue';
import { type Favorite, inOrder, moved } from '@/screens/favorites/favorites';
import { fakeServer, mountAt, settle } from './support';

const star = (kind: string, id: number, day: number): Favorite => ({
  kind,
  id,
  label: `${kind} ${id}`,
  detail: 'Oslo',
  starred_at: `2026-11-${day}T10:00:00Z`,
});
const STARS = [star('plant', 1, 20), star('family', 2, 22), star('plant', 3, 21)];

function server(stars = [...STARS]) {
  return fakeServer(({ method, path, body }) => {
    if (method === 'GET') return { body: stars };
    if (method === 'DELETE')
      stars.splice(
        stars.findIndex(({ kind, id }) => path.endsWith(`${kind}/${id}`)),
        1,
      );
    else if (path === '/favorites') stars.push({ ...star('plant', 1, 20), ...body } as Favorite);
    return { status: method === 'DELETE' ? 204 : 200, body: [] };
  });
}

describe('favorites', () => {
  it('are sorted newest first, or as the person put them', () => {
    expect(inOrder(STARS, 'newest').map(({ id }) => id)).toEqual([2, 3, 1]);
    expect(inOrder(STARS, 'own').map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(moved(STARS, 1, -1)?.map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(moved(STARS, 0, -1)).toBe(null);
    expect(moved(STARS, 2, 1)).toBe(null);
  });

  it('of all kinds lead to their pages, and one kind can be shown alone', async () => {
    server();
    const { wrapper, router } = await mountAt(FavoritesScreen, { at: '/crm/favorites' });
    const hrefs = () => wrapper.findAll('.favorites-rows a').map((one) => one.attributes('href'));
    expect(hrefs()).toEqual(['/crm/families/2', '/crm/plants/3', '/crm/plants/1']);
    await wrapper.findAll('.favorites-kinds button')[1]?.trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ kind: 'plant' });
    expect(hrefs()).toEqual(['/crm/plants/3', '/crm/plants/1']);
  });

  it('that are taken out come back to their place', async () => {
    const sent = server();
    const { wrapper } = await mountAt(FavoritesScreen, { at: '/crm/favorites' });
    await wrapper.findAll('.favorites-rows .starred')[2]?.trigger('click');
    await settle();
    expect(sent.some(({ method, path }) => method === 'DELETE' && path === '/favorites/plant/1')).toBe(true);
    expect(wrapper.findAll('.favorites-rows li')).toHaveLength(2);
    expect(wrapper.find('.favorites-undo').text()).toContain('plant 1 is no longer a favorite.');
    await wrapper.find('.favorites-undo button').trigger('click');
    await settle();
    const posts = sent.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body]);
    expect(posts).toEqual([
      ['/favorites', { kind: 'plant', id: 1, starred_at: '2026-11-20T10:00:00Z' }],
      ['/favorites/reorder', { items: STARS.map(({ kind, id }) => ({ kind, id })) }],
    ]);
    expect(wrapper.find('.favorites-undo').exists()).toBe(false);
    expect(wrapper.findAll('.favorites-rows li')).toHaveLength(3);
  });

  it('are moved in the order of one’s own', async () => {
    const sent = server();
    const { wrapper } = await mountAt(FavoritesScreen, { at: '/crm/favorites?order=own' });
    await wrapper.find('[aria-label="Move plant 3 up"]').trigger('click');
    await settle();
    const items = sent.find(({ method }) => method === 'POST')?.body?.items as { id: number }[];
    expect(items.map(({ id }) => id)).toEqual([1, 3, 2]);
  });

  it('say how to get some, and what went wrong', async () => {
    server([]);
    const empty = await mountAt(FavoritesScreen, { at: '/crm/favorites' });
    expect(empty.wrapper.text()).toContain('Press the star beside a record');
    fakeServer(() => ({ status: 500, body: {} }));
    const failed = await mountAt(FavoritesScreen, { at: '/crm/favorites' });
    expect(failed.wrapper.text()).toContain('The favorites could not be loaded');
  });
});
