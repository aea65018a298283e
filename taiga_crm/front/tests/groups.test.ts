import { describe, expect, it } from 'vitest';
import type { Entity } from '@/api/meta';
import LinkShow from '@/kinds/show/LinkShow.vue';
import GroupChips from '@/screens/groups/GroupChips.vue';
import MembersDialog from '@/screens/groups/MembersDialog.vue';
import { groupingOf, groupingsFor, inParts, listQuery } from '@/screens/groups/members';
import PutDialog from '@/screens/groups/PutDialog.vue';
import TreeScreen from '@/screens/groups/TreeScreen.vue';
import { forestOf, narrowed, sectionsOf, type TreeNode, type TreeRow } from '@/screens/groups/tree';
import { fakeServer, field, mountAt, plants, rowsReply, type Sent, settle } from './support';

const MANY = field('beds', 'links', { target: 'bed', operators: ['exact', 'not', 'below', 'empty'] });
const PLANT = plants({ fields: [...plants().fields, MANY], list_display: ['name', 'family', 'beds'] });
const KINDS = [
  { value: 'sun', label: 'Sunny' },
  { value: 'shade', label: 'Shady' },
];
const BED: Entity = plants({
  key: 'bed',
  path: 'beds',
  label: 'Bed',
  label_plural: 'Beds',
  scope: 'settings',
  tree: 'above',
  members: { entity: 'plant', field: 'beds' },
  fields: [field('name', 'text'), field('above', 'link'), field('light', 'choice', { choices: KINDS })],
  group_by: [{ name: 'light', unit: null, label: 'Light' }],
});
const ENTITIES = [PLANT, BED];
const META = { version: '1', order: ['plant', 'bed'], entities: { plant: PLANT, bed: BED } };

function row(id: number, name: string, above: number | null = null, over: object = {}): TreeRow {
  const link = above === null ? null : { id: above, label: '' };
  return { id, name, version: 1, _verbs: [], above: link, light: 'sun', _own: 1, _whole: 2, ...over };
}
const shape = (nodes: TreeNode[]): unknown[] =>
  nodes.map(({ name, children }) => (children.length ? [name, shape(children)] : name));

describe('a tree', () => {
  it('puts rows below one another in their order, and a circle at the top', () => {
    const rows = [row(3, 'Rose', 1), row(1, 'Garden'), row(2, 'Elf', 1), row(5, 'A', 6), row(6, 'B', 5)];
    expect(shape(forestOf(rows, BED))).toEqual([['Garden', ['Rose', 'Elf']], 'A', 'B']);
    expect(shape(forestOf([row(2, 'Orphan', 99)], BED))).toEqual(['Orphan']);
  });

  it('keeps the way to what is searched', () => {
    const forest = forestOf([row(1, 'Garden'), row(2, 'Rose', 1), row(3, 'Elf', 1), row(4, 'Yard')], BED);
    expect(shape(narrowed(forest, ' ELF '))).toEqual([['Garden', ['Elf']]]);
    expect(narrowed(forest, 'nothing')).toEqual([]);
  });

  it('has a section for each choice that occurs', () => {
    const forest = forestOf(
      [row(1, 'A', null, { light: 'shade' }), row(2, 'B'), row(3, 'C', null, { light: '?' })],
      BED,
    );
    expect(sectionsOf(forest, BED).map(({ label, nodes }) => [label, shape(nodes)])).toEqual([
      ['Sunny', ['B']],
      ['Shady', ['A']],
      ['', ['C']],
    ]);
    expect(sectionsOf(forest, plants()).map(({ key }) => key)).toEqual(['']);
  });
});

describe('a grouping', () => {
  it('is found from either side, and only where the field is seen', () => {
    expect(groupingOf(BED, META)?.canChange).toBe(true);
    expect(groupingsFor(PLANT, META).map(({ group }) => group.key)).toEqual(['bed']);
    expect(groupingsFor(BED, META)).toEqual([]);
    const locked = { ...PLANT, fields: [{ ...MANY, read_only: true }] };
    expect(groupingOf(BED, { ...META, entities: { plant: locked, bed: BED } })?.canChange).toBe(false);
    expect(groupingOf(BED, { ...META, entities: { plant: plants(), bed: BED } })).toBe(null);
  });

  it('leads to the list of a row, alone or with what is below', () => {
    const grouping = groupingOf(BED, META);
    if (!grouping) throw new Error('there is one');
    expect(listQuery(grouping, 7, true)).toEqual({ beds__below: '7' });
    expect(listQuery(grouping, 7, false)).toEqual({ beds: '7' });
  });

  it('sends at most five hundred ids at once', () => {
    const ids = Array.from({ length: 1001 }, (_one, place) => place);
    expect(inParts(ids).map(({ length }) => length)).toEqual([500, 500, 1]);
    expect(inParts([])).toEqual([]);
  });
});

describe('the page of a tree', () => {
  const rows = [row(1, 'Garden', null, { _verbs: ['change', 'delete'] }), row(2, 'Rose', 1)];
  const show = (at = '/crm/beds', reply: object = { rows, truncated: false }) => {
    const sent = fakeServer(() => ({ body: reply }));
    return mountAt(TreeScreen, { at, props: { entity: BED }, entities: ENTITIES }).then((shown) => ({
      ...shown,
      sent,
    }));
  };

  it('shows counts that lead to the lists they count', async () => {
    const { wrapper } = await show();
    const links = wrapper
      .findAll('.tree-row')
      .map((one) => one.findAll('a').map((link) => [link.text(), link.attributes('href')]));
    expect(links).toEqual([
      [
        ['Garden', '/crm/plants?beds__below=1'],
        ['1', '/crm/plants?beds=1'],
        ['2', '/crm/plants?beds__below=1'],
      ],
      [
        ['Rose', '/crm/plants?beds__below=2'],
        ['1', '/crm/plants?beds=2'],
        ['2', '/crm/plants?beds__below=2'],
      ],
    ]);
    expect(wrapper.find('.tree-section h2').text()).toContain('Sunny');
  });

  it('keeps in the address what is closed and searched', async () => {
    const { wrapper, router } = await show();
    await wrapper.find('.tree-toggle[aria-expanded=true]').trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ closed: '1' });
    expect(wrapper.findAll('.tree-row')).toHaveLength(1);
    await wrapper.find('.search input').setValue('ros');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ closed: '1', find: 'ros' });
    expect(wrapper.findAll('.tree-name').map((one) => one.text())).toEqual(['Garden', 'Rose']);
  });

  it('says what to do where there is nothing, and names no counts that cannot be seen', async () => {
    const empty = await show('/crm/beds', { rows: [], truncated: false });
    expect(empty.wrapper.text()).toContain('Make the first one, then put Plants into it.');
    const uncounted = await show('/crm/beds', {
      rows: [{ ...rows[0], _own: undefined, _whole: undefined }],
      truncated: false,
    });
    expect(uncounted.wrapper.findAll('.tree-row .tree-whole')).toHaveLength(0);
  });
});

describe('the dialog of members', () => {
  const records = [
    { id: 11, version: 1, _verbs: ['change'], name: 'Oak', family: null, beds: [{ id: 7, label: 'Bed' }] },
    { id: 12, version: 1, _verbs: ['change'], name: 'Elm', family: null, beds: [] },
    { id: 13, version: 1, _verbs: [], name: 'Ash', family: null, beds: [] },
  ];
  const answer = {
    added: 1,
    removed: 1,
    skipped: 1,
    results: [
      { id: 12, status: 'added' },
      { id: 11, status: 'removed' },
      { id: 13, status: 'refused', label: 'Ash', message: 'No.' },
    ],
  };
  async function open() {
    const sent = fakeServer((request: Sent) =>
      request.method === 'POST' ? { body: answer } : rowsReply(records, 9812),
    );
    const grouping = groupingOf(BED, META);
    await mountAt(MembersDialog, {
      at: '/crm/beds',
      props: { grouping, row: row(7, 'Bed') },
      entities: ENTITIES,
    });
    const boxes = () => [...document.querySelectorAll<HTMLInputElement>('.members-rows input')];
    const press = async (text: string) => {
      [...document.querySelectorAll<HTMLButtonElement>('.k-dialog button')]
        .find((one) => one.textContent?.trim() === text)
        ?.click();
      await settle();
    };
    return { sent, boxes, press, posts: () => sent.filter(({ method }) => method === 'POST') };
  }

  it('sends the difference and tells the result of each row', async () => {
    const { boxes, press, posts } = await open();
    expect(boxes().map((one) => [one.checked, one.disabled])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
    boxes()[0]?.click();
    boxes()[1]?.click();
    await settle();
    expect(document.querySelector('.k-dialog footer')?.textContent).toContain('1 to add, 1 to remove');
    await press('Save');
    expect(posts().map(({ path, body }) => [path, body])).toEqual([
      ['/beds/7/members', { add: [12] }],
      ['/beds/7/members', { remove: [11] }],
    ]);
    expect(document.querySelector('.members-answer')?.textContent).toContain('Ash: No.');
  });

  it('ticks a page without what may not be changed', async () => {
    const { boxes, press, posts } = await open();
    document.querySelector<HTMLInputElement>('.members-head input')?.click();
    await settle();
    expect(boxes().map((one) => one.checked)).toEqual([true, true, false]);
    await press('Save');
    expect(posts().map(({ body }) => body)).toEqual([{ add: [12] }]);
  });

  it('asks the server for those in it or not in it', async () => {
    const { sent } = await open();
    const choices = [...document.querySelectorAll<HTMLInputElement>('.members-shown input')];
    for (const one of choices.slice(1)) {
      one.click();
      await settle();
    }
    const queries = sent.map(({ query }) => [query.beds, query.beds__not]);
    expect(queries).toContainEqual(['7', undefined]);
    expect(queries.at(-1)).toEqual([undefined, '7']);
  });
});

describe('chips and chosen rows', () => {
  it('leave no room for a color that nobody gave', async () => {
    for (const [color, dots] of [
      ['#112233', 1],
      ['', 0],
    ] as const) {
      const props = { value: { id: 7, label: 'Bed', color }, field: field('beds', 'link') };
      const { wrapper } = await mountAt(LinkShow, { props, entities: ENTITIES });
      expect(wrapper.findAll('.dot').length).toBe(dots);
    }
  });

  it('are taken out and put in by one request each', async () => {
    const sent = fakeServer(() => ({
      body: { added: 0, removed: 1, skipped: 0, results: [{ id: 1, status: 'removed' }] },
    }));
    const record = {
      id: 1,
      version: 1,
      _verbs: ['change'],
      beds: [{ id: 7, label: 'Bed', color: '#112233' }],
    };
    const grouping = groupingOf(BED, META);
    const { wrapper } = await mountAt(GroupChips, { props: { grouping, record }, entities: ENTITIES });
    expect(wrapper.find('.k-chip a').attributes('href')).toBe('/crm/plants?beds__below=7');
    await wrapper.find('.k-chip button').trigger('click');
    await settle();
    expect(sent.at(-1)).toMatchObject({ method: 'POST', path: '/beds/7/members', body: { remove: [1] } });
  });

  it('are only looked at where a rule locks the field on the record', async () => {
    const record = {
      id: 1,
      version: 1,
      _verbs: ['change'],
      beds: [{ id: 7, label: 'Bed' }],
      _fields: { beds: { read_only: true } },
    };
    const { wrapper } = await mountAt(GroupChips, {
      props: { grouping: groupingOf(BED, META), record },
      entities: ENTITIES,
    });
    expect(wrapper.findAll('button')).toHaveLength(0);
  });

  it('are put under a row that is found by its name', async () => {
    const sent = fakeServer(({ method }) =>
      method === 'POST'
        ? { body: { added: 2, removed: 0, skipped: 0, results: [] } }
        : { body: [{ id: 7, label: 'Bed' }] },
    );
    await mountAt(PutDialog, {
      props: { grouping: groupingOf(BED, META), ids: [1, 2], adding: true },
      entities: ENTITIES,
    });
    document.querySelector<HTMLInputElement>('.k-dialog input')?.click();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await settle();
    document.querySelector<HTMLElement>('.k-option')?.click();
    await settle();
    document.querySelector<HTMLFormElement>('#put-form')?.requestSubmit();
    await settle();
    expect(sent.at(-1)?.path).toBe('/beds/7/members');
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ add: [1, 2] });
    expect(document.querySelector('.members-answer')?.textContent).toContain('2 added, 0 removed');
  });
});
