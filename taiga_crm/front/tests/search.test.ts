import { beforeEach, describe, expect, it, vi } from 'vitest';
import SearchPalette from '@/screens/search/SearchPalette.vue';
import { fakeHost, fakeServer, mountAt, settle } from './support';

const FOUND = [
  {
    entity: 'plant',
    label: 'Plants',
    results: [
      { id: 1, label: 'Oak', detail: 'Tree' },
      { id: 2, label: 'Oat' },
    ],
  },
  {
    entity: 'ticket',
    label: 'Tickets',
    results: [{ id: 5, label: 'Oak fell', kind: 'issue', ref: 46, project: { slug: 'shop' } }],
  },
];

async function palette() {
  const sent = fakeServer(() => FOUND);
  const go = vi.fn();
  const openTicket = vi.fn();
  const host = fakeHost({ openTicket });
  await mountAt(SearchPalette, {
    props: { open: true, base: '/project/shop/crm', go, 'onUpdate:open': () => {} },
    host,
  });
  const input = document.querySelector('input') as HTMLInputElement;
  const type = async (text: string) => {
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await settle();
  };
  const press = async (key: string) => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await settle();
  };
  const selected = () => document.querySelector('[aria-selected=true]')?.textContent?.trim() ?? null;
  return { sent, go, openTicket, type, press, selected };
}

describe('the palette', () => {
  beforeEach(() => sessionStorage.clear());

  it('asks once per pause and walks through all groups with the arrows', async () => {
    const { sent, type, press, selected } = await palette();
    await type('oa');
    expect(sent.map(({ query }) => query.q)).toEqual(['oa']);
    expect(selected()).toContain('Oak');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(selected()).toContain('Oak fell');
    await press('ArrowDown');
    expect(selected()).toContain('Tree');
  });

  it('opens a record at the level it was called from, a ticket in the host', async () => {
    const { go, openTicket, type, press } = await palette();
    await type('oa');
    await press('Enter');
    expect(go).toHaveBeenCalledWith('/project/shop/crm/plants/1');
    await press('ArrowUp');
    await press('Enter');
    expect(openTicket).toHaveBeenCalledWith('issue', 'shop', 46);
  });

  it('does not ask for a single letter', async () => {
    const { sent, type } = await palette();
    await type('o');
    expect(sent).toEqual([]);
  });
});
