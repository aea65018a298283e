import { DOMWrapper } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import type { SavedView } from '@/screens/list/views/view';
import { EMPTY_VIEW } from '@/screens/list/views/view';
import ViewsScreen from '@/screens/views/ViewsScreen.vue';
import { fakeServer, families, mountAt, plants, type Reply, type Sent, settle } from './support';

function view(id: number, over: Partial<SavedView> = {}): SavedView {
  return {
    id,
    kind: 'plant',
    name: `View ${id}`,
    owner: { id: 1, label: 'Sally Seller' },
    is_mine: true,
    project: 3,
    project_name: 'Garden',
    defaults: [],
    sharing: 'private',
    roles: [],
    user_types: [],
    state: { ...EMPTY_VIEW, filters: [['name', 'contains', `oak ${id}`]] },
    usable: EMPTY_VIEW,
    broken: [],
    color: '',
    show_as_tag: false,
    is_default: false,
    is_my_default: false,
    version: 7,
    _verbs: ['change', 'delete'],
    ...over,
  };
}

const SELLERS = { id: 5, label: 'Sellers' };
const VIEWS = [
  view(1, { name: 'Shared', sharing: 'roles', roles: [SELLERS], defaults: [{ for: 'role', ...SELLERS }] }),
  view(2),
  view(3, { name: 'Theirs', sharing: 'public', is_mine: false, owner: { id: 9, label: 'Boss' }, _verbs: [] }),
  view(4, { is_my_default: true, show_as_tag: true, color: '#ff0000' }),
];

function server(views: SavedView[] = VIEWS, over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => {
    const special = over(request);
    if (special) return special;
    if (request.path === '/views/audiences') return { may_share: true, roles: [SELLERS], user_types: [] };
    if (request.method === 'GET') return views;
    return request.method === 'DELETE' ? { status: 204 } : { body: view(2) };
  });
}

async function open(at = '/crm/views') {
  const { wrapper } = await mountAt(ViewsScreen, { at, entities: [plants(), families()] });
  const page = new DOMWrapper(document.body);
  const press = async (label: string) => {
    const found = page
      .findAll('button')
      .find((one) => one.text() === label || one.attributes('aria-label') === label);
    if (!found) throw new Error(`no button ${label}`);
    await found.trigger('click');
    await settle();
  };
  return { wrapper, page, press };
}

const wrote = (sent: Sent[]) =>
  sent.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);

describe('the page of saved views', () => {
  it('keeps apart what is mine, shared and for everybody, and says what each asks for', async () => {
    const sent = server();
    const { wrapper } = await open();
    expect(sent[0]?.query).toEqual({ kind: 'plant', everywhere: 'true' });
    const sections = wrapper.findAll('.view-section');
    expect(
      sections.map((one) => [one.get('h2').text(), one.findAll('.view-row a').map((link) => link.text())]),
    ).toEqual([
      ['Only for me', ['View 2', 'View 4']],
      ['Shared with roles and user types', ['Shared']],
      ['For everybody who sees the list', ['Theirs']],
    ]);
    expect(sections[1]?.text()).toContain('start of Sellers');
    expect(sections[0]?.text()).toContain('Name contains oak 2');
    expect(wrapper.get('.dot').attributes('style')).toContain('#ff0000');
    // Dictionaries have no page of their own here.
    expect(wrapper.findAll('[role="tab"]').map((tab) => tab.text())).toEqual(['Plants']);
  });

  it('offers nothing that the person may not do', async () => {
    server();
    const { wrapper } = await open();
    const theirs = wrapper.get('[data-view="3"]');
    expect(theirs.findAll('button').map((one) => one.attributes('aria-label'))).toEqual([
      'Start with the view Theirs',
      'Duplicate Theirs',
    ]);
    expect(theirs.text()).toContain('Boss');
  });

  it('moves a view among those of its section', async () => {
    const sent = server();
    const { page, press } = await open();
    const label = page.get('[data-view="4"] [data-move]').attributes('aria-label') ?? '';
    await press(label);
    expect(wrote(sent)).toEqual([['POST', '/views/reorder', { kind: 'plant', ids: [4, 2] }]]);
  });

  it('duplicates what somebody else shares as my own', async () => {
    const sent = server();
    const { press } = await open();
    await press('Duplicate Theirs');
    expect(wrote(sent)).toEqual([
      [
        'POST',
        '/views',
        {
          kind: 'plant',
          project: 3,
          state: VIEWS[2]?.state,
          color: '',
          show_as_tag: false,
          name: 'Copy of Theirs',
          sharing: 'private',
        },
      ],
    ]);
  });

  it('shows what a role starts with in the dialog, and takes it back', async () => {
    const sent = server(VIEWS, ({ method }) => (method === 'PATCH' ? { body: VIEWS[0] } : null));
    const { page, press } = await open();
    await press('Change the view Shared');
    const starts = page.findAll<HTMLInputElement>('.view-people input');
    expect(starts.map(({ element }) => element.checked)).toEqual([true, true]);
    await starts[1]?.setValue(false);
    await press('Save');
    expect(wrote(sent).slice(1)).toEqual([
      ['POST', '/views/1/default', { for: 'role', id: 5, value: false }],
    ]);
  });

  it('edits the conditions of a view in the builder', async () => {
    const sent = server();
    const { page, press } = await open();
    await press('Change the view View 2');
    await press('Edit conditions');
    await vi.dynamicImportSettled();
    await settle();
    await page.get('select[aria-label^="How the conditions"]').setValue('none');
    await page.get('form.filter-builder').trigger('submit');
    await settle();
    expect(page.get('.view-conditions').text()).toBe('not (Name contains oak 2)');
    await press('Save');
    const [[method, path, body] = []] = wrote(sent);
    expect([method, path]).toEqual(['PATCH', '/views/2']);
    expect((body as { state: unknown }).state).toEqual({
      ...EMPTY_VIEW,
      filters: [],
      tree: { not: ['name', 'contains', 'oak 2'] },
    });
  }, 30_000);

  it('takes a broken name out of a view', async () => {
    const leaf = ['wings', 'exact', '2'] as [string, string, string];
    const broken = { part: 'filters' as const, name: 'wings', condition: leaf, reason: 'Gone.' };
    const state = { ...EMPTY_VIEW, filters: [leaf, ['name', 'contains', 'oak'] as typeof leaf] };
    const sent = server([view(2, { broken: [broken], state })]);
    const { wrapper, press } = await open();
    expect(wrapper.get('.gone').text()).toBe('wings: Gone.');
    await press('Remove the filter wings');
    expect(wrote(sent)).toEqual([
      ['PATCH', '/views/2', { version: 7, state: { ...state, filters: [['name', 'contains', 'oak']] } }],
    ]);
  });

  it('says what the server refuses, and what to do when there is nothing yet', async () => {
    server([], ({ method }) => (method === 'POST' ? { status: 403, body: { _error_message: 'No.' } } : null));
    const { wrapper } = await open();
    expect(wrapper.text()).toContain('No saved view yet');
    server([view(2), view(4)], ({ method }) =>
      method === 'POST' ? { status: 403, body: { _error_message: 'No.' } } : null,
    );
    const { wrapper: other, press } = await open();
    await press('Duplicate View 2');
    expect(other.get('[role="alert"]').text()).toBe('No.');
  });

  it('shows thirty views', async () => {
    server(Array.from({ length: 30 }, (_, at) => view(at + 1)));
    const { wrapper } = await open();
    expect(wrapper.findAll('.view-row')).toHaveLength(30);
  }, 30_000);
});
