/** A server, conditions and the open builder of filters for its tests. */
import { DOMWrapper } from '@vue/test-utils';
import FilterBuilder from '@/screens/list/builder/FilterBuilder.vue';
import type { Filter } from '@/screens/list/state';
import type { Tree } from '@/screens/list/tree';
import { fakeServer, families, mountAt, plants, type Reply, rowsReply, type Sent, settle } from './support';

export const NESTED: Tree = {
  all: [
    ['name', 'contains', 'oak'],
    { any: [['height', 'gte', '20'], { not: ['is_rare', 'exact', true] }] },
    { not: { all: [['family', 'exact', ['7', '8']]] } },
  ],
};

export function server(over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => {
    const special = over(request);
    if (special) return special;
    if (request.path === '/plants/groups') return { body: { count: 1, totals: {} } };
    if (request.path.startsWith('/families/'))
      return { body: { id: 7, name: 'Beech', version: 1, _verbs: [] } };
    if (request.path === '/views') return [];
    return rowsReply([{ id: 1, version: 1, _verbs: [], name: 'Oak' }], 12);
  });
}

export const asked = (sent: Sent[]) =>
  sent.filter(({ path }) => path === '/plants').map(({ query }) => query.tree ?? '');

export async function open(conditions: { filters: Filter[]; tree: Tree | null }, entity = plants()) {
  const given: Record<string, unknown>[] = [];
  const closed: unknown[] = [];
  const { wrapper } = await mountAt(FilterBuilder, {
    entities: [entity, families()],
    props: {
      entity,
      conditions,
      projectId: 3,
      onApply: (next: Record<string, unknown>) => given.push(next),
      onClose: (draft: unknown) => closed.push(draft),
    },
  });
  const page = new DOMWrapper(document.body);
  const button = (name: string, at = 0) =>
    page.findAll('button').filter((one) => one.text() === name || one.attributes('aria-label') === name)[at];
  const press = async (name: string, at = 0) => {
    const found = button(name, at);
    if (!found) throw new Error(`no button ${name}`);
    await found.trigger('click');
    await settle();
  };
  const apply = async () => {
    await page.get('form').trigger('submit');
    await settle();
  };
  const pick = async (at: number, name: string) => {
    const box = page.findAll('input[role="combobox"]')[at];
    await box?.setValue(name);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await settle();
    await box?.trigger('keydown', { key: 'Enter' });
    await settle();
  };
  return { wrapper, page, button, press, apply, pick, given, closed };
}
