import { DOMWrapper } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { gathered, simplified } from '@/screens/list/builder/convert';
import { conditionsOf, levelsOf, mayNest } from '@/screens/list/builder/edit';
import FilterBuilder from '@/screens/list/builder/FilterBuilder.vue';
import RecordList from '@/screens/list/RecordList.vue';
import { emptyState, type Filter } from '@/screens/list/state';
import {
  fromGroup,
  isUsable,
  type Leaf,
  newGroup,
  type Tree,
  toGroup,
  usableTree,
} from '@/screens/list/tree';
import {
  fakeServer,
  families,
  field,
  mountAt,
  plants,
  type Reply,
  rowsReply,
  type Sent,
  settle,
} from './support';

const NESTED: Tree = {
  all: [
    ['name', 'contains', 'oak'],
    { any: [['height', 'gte', '20'], { not: ['is_rare', 'exact', true] }] },
    { not: { all: [['family', 'exact', ['7', '8']]] } },
  ],
};

function server(over: (request: Sent) => Reply | null = () => null) {
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

const asked = (sent: Sent[]) =>
  sent.filter(({ path }) => path === '/plants').map(({ query }) => query.tree ?? '');

async function open(conditions: { filters: Filter[]; tree: Tree | null }, entity = plants()) {
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

describe('a tree of conditions', () => {
  it('survives the way into the builder and back, whatever its values look like', () => {
    const trees: Tree[] = [
      NESTED,
      ['name', 'exact', ['Oak, old', 'Ash']],
      { not: ['name', 'exact', 'x'] },
      { not: { not: ['name', 'exact', 'x'] } },
      {
        any: [
          {
            any: [
              ['a', 'exact', 1],
              ['b', 'exact', false],
            ],
          },
          ['c', 'exact', 'x'],
        ],
      },
    ];
    for (const tree of trees.slice(1)) expect(fromGroup(toGroup(tree))).toEqual(tree);
    // A group of one condition is that condition.
    expect(fromGroup(toGroup(NESTED))).toEqual({
      all: [...(NESTED as { all: Tree[] }).all.slice(0, 2), { not: ['family', 'exact', ['7', '8']] }],
    });
  });

  it('is asked without what no longer exists, and keeps it', () => {
    const tree: Tree = {
      any: [['wings', 'exact', 'x'], ['name', 'contains', 'oak'], { not: ['name', 'gte', '1'] }],
    };
    expect(usableTree(tree, plants())).toEqual({ any: [['name', 'contains', 'oak']] });
    expect(usableTree({ not: ['wings', 'exact', 'x'] }, plants())).toBeNull();
    expect(isUsable(['is_rare', 'exact', true], plants())).toBe(true);
  });

  it('becomes plain filters only where they say the same', () => {
    const plain: Leaf[] = [
      ['name', 'contains', 'oak'],
      ['height', 'gte', '20'],
    ];
    expect(simplified({ all: plain }, plants())).toEqual({
      tree: null,
      filters: [
        { field: 'name', operator: 'contains', value: 'oak' },
        { field: 'height', operator: 'gte', value: '20' },
      ],
    });
    const others: Tree[] = [
      { any: plain },
      { not: ['name', 'contains', 'oak'] },
      { all: [...plain, { any: plain }] },
      {
        all: [
          ['name', 'contains', 'oak'],
          ['name', 'contains', 'ash'],
        ],
      },
      ['name', 'exact', ['Oak, old', 'Ash']],
      ['wings', 'exact', '2'],
      { all: Array.from({ length: 21 }, (_, at) => ['name', 'exact', String(at)] as Leaf) },
    ];
    for (const tree of others) expect(simplified(tree, plants())).toEqual({ filters: [], tree });
  });

  it('takes the plain filters in, unless it would become too deep', () => {
    const filters: Filter[] = [{ field: 'name', operator: 'contains', value: 'oak' }];
    expect(gathered({ filters, tree: { any: [['height', 'gte', '1']] } }).tree).toEqual({
      all: [['name', 'contains', 'oak'], { any: [['height', 'gte', '1']] }],
    });
    let deep: Tree = ['height', 'gte', '1'];
    for (let level = 0; level < 5; level += 1) deep = { any: [deep] };
    expect(gathered({ filters, tree: deep })).toEqual({ filters, tree: deep });
  });

  it('counts a negation as a level', () => {
    const group = { ...newGroup('all', [{ ...newGroup('any'), negated: true }]), negated: true };
    expect(levelsOf(group)).toBe(4);
    expect([mayNest(newGroup(), 3), mayNest(newGroup(), 4)]).toEqual([true, false]);
  });
});

describe('the builder', () => {
  it('says in a sentence what a nested filter means, with names instead of numbers', async () => {
    server();
    const { page } = await open({ filters: [], tree: NESTED });
    expect(page.get('.sentence').text()).toBe(
      'Name contains oak and (Height at least 20 or not (Is rare is Yes)) and not (Family is Beech or Beech)',
    );
    expect(page.get('.builder-count').text()).toBe('Plants: 12 found');
  });

  it('builds a group from nothing', async () => {
    const sent = server();
    const { page, press, apply, pick, given } = await open({ filters: [], tree: null });
    await pick(0, 'name');
    await page.get('.builder-condition .value input').setValue('oak');
    await press('Group');
    await pick(1, 'heig');
    await page.findAll('.builder-condition .value input')[1]?.setValue('20');
    await page.findAll('.negate')[1]?.trigger('click');
    await press('Condition');
    await pick(2, 'rare');
    await apply();
    expect(given).toEqual([
      {
        filters: [],
        tree: {
          all: [
            ['name', 'contains', 'oak'],
            { any: [{ not: ['height', 'gte', '20'] }, ['is_rare', 'exact', 'true']] },
          ],
        },
      },
    ]);
    expect(asked(sent).at(-1)).toBe(JSON.stringify(given[0]?.tree));
    expect(sent.at(-1)?.query.project).toBe('3');
  });

  it('gives plain filters back as plain filters', async () => {
    server();
    const filters: Filter[] = [{ field: 'name', operator: 'contains', value: 'oak' }];
    const { apply, given } = await open({ filters, tree: null });
    await apply();
    expect(given).toEqual([{ filters, tree: null }]);
  });

  it('puts what the API refuses at its condition, and applies nothing', async () => {
    server(({ path, query }) =>
      path === '/plants' && query.tree
        ? {
            status: 400,
            body: {
              code: 'invalid_query',
              _error_message: 'height: A number is expected.',
              details: { conditions: [{ place: 1, message: 'height: A number is expected.' }] },
            },
          }
        : null,
    );
    const tree: Tree = {
      any: [
        ['wings', 'exact', 'x'],
        ['name', 'contains', 'a'],
        ['height', 'gte', 'many'],
      ],
    };
    const { page, apply, given } = await open({ filters: [], tree });
    const faulty = page.findAll('.builder-condition').filter((one) => one.classes('faulty'));
    expect(faulty.map((one) => one.get('.error').text())).toEqual(['A number is expected.']);
    expect(faulty[0]?.attributes('aria-label')).toBe('Height at least many');
    await apply();
    expect(given).toEqual([]);
    expect(document.activeElement?.closest('.builder-condition')).toBe(faulty[0]?.element);
  });

  it('asks for a value that is missing, and leaves untouched rows out', async () => {
    server();
    const { page, press, apply, given } = await open({ filters: [], tree: ['name', 'contains', 'oak'] });
    await press('Condition');
    await apply();
    expect(given).toEqual([{ filters: [{ field: 'name', operator: 'contains', value: 'oak' }], tree: null }]);
    await page.get('.builder-condition .value input').setValue(' ');
    await apply();
    expect(given).toHaveLength(1);
    expect(page.get('.builder-condition .error').text()).toBe('A value is missing.');
  });

  it('shows a broken condition, keeps it when applied, and takes it out when told', async () => {
    server();
    const tree: Tree = {
      any: [
        ['wings', 'exact', 'x'],
        ['name', 'contains', 'oak'],
      ],
    };
    const { page, press, apply, given } = await open({ filters: [], tree });
    expect(page.get('.gone').text()).toContain('no longer exists');
    await apply();
    expect(given[0]?.tree).toEqual(tree);
    await press('Remove the filter ⚠ wings is x');
    await apply();
    expect(given[1]).toEqual({
      filters: [{ field: 'name', operator: 'contains', value: 'oak' }],
      tree: null,
    });
  });

  it('duplicates and removes parts, and the focus stays where one works', async () => {
    server();
    const { page, press } = await open({ filters: [], tree: NESTED });
    await press('Duplicate Group 2');
    expect(page.findAll('.builder-group.inner')).toHaveLength(3);
    expect(document.activeElement?.closest('.builder-group')?.getAttribute('aria-label')).toBe('Group 3');
    await press('Remove Group 2');
    await press('Remove Group 2');
    await press('Remove Group 2');
    expect(page.findAll('.builder-group.inner')).toHaveLength(0);
    await page.findAll('.acts button').at(-1)?.trigger('click');
    await settle();
    expect(page.get('.sentence').text()).toBe('No condition yet: everything is shown.');
    expect(document.activeElement?.textContent?.trim()).toBe('Condition');
  });

  it('stops at five levels', async () => {
    server();
    const { page, press, button } = await open({ filters: [], tree: null });
    for (let level = 1; level < 5; level += 1) await press('Group', 0);
    expect(page.findAll('.builder-group')).toHaveLength(5);
    expect(button('Group', 0)?.attributes('disabled')).toBeDefined();
    expect(button('Group', 0)?.attributes('title')).toContain('deeply');
  });

  it('has no place for a fifty-first condition', async () => {
    server();
    const fifty: Tree = { any: Array.from({ length: 50 }, (_, at) => ['name', 'exact', `n${at}`] as Leaf) };
    const { page, button } = await open({ filters: [], tree: fifty });
    expect(conditionsOf(toGroup(fifty))).toHaveLength(50);
    expect(button('Condition')?.attributes('disabled')).toBeDefined();
    expect(page.text()).toContain('at most 50 conditions');
    expect(page.findAll('.builder-condition .acts button')[0]?.attributes('disabled')).toBeDefined();
  }, 30_000);

  it('refuses what would make the address too long, without asking', async () => {
    const sent = server();
    const tree: Tree = {
      any: [
        ['name', 'exact', '가'.repeat(400)],
        ['name', 'contains', 'x'],
      ],
    };
    const { page, apply, given } = await open({ filters: [], tree });
    await apply();
    expect([given, asked(sent)]).toEqual([[], []]);
    expect(page.get('[role="alert"]').text()).toContain('too long');
  });

  it('finds a field among sixty by a part of its name', async () => {
    server();
    const many = Array.from({ length: 60 }, (_, at) => field(`field_${at}`, 'text'));
    const entity = plants({ fields: [...plants().fields, ...many] });
    const { page, pick } = await open({ filters: [], tree: null }, entity);
    await pick(0, 'd 57');
    expect(page.get<HTMLInputElement>('input[role="combobox"]').element.value).toBe('Field 57');
  });

  it('offers a text for the name of a linked record, and records for the record', async () => {
    server();
    const entity = plants({
      fields: [
        field('name', 'text'),
        field('family', 'link', { target: 'family', operators: ['exact', 'contains'] }),
      ],
    });
    const { page } = await open({ filters: [], tree: ['family', 'contains', 'bee'] }, entity);
    expect(page.get<HTMLInputElement>('.value input').element.value).toBe('bee');
    await page.get('select.how').setValue('exact');
    await settle();
    expect(page.get('.value input').attributes('role')).toBe('combobox');
  });

  it('closes without a question and keeps what was built', async () => {
    server();
    const { page, press, closed } = await open({ filters: [], tree: ['name', 'contains', 'oak'] });
    await press('Cancel');
    expect(closed).toEqual([null]);
    await page.get('.builder-condition .value input').setValue('ash');
    await press('Cancel');
    expect(fromGroup(closed[1] as Parameters<typeof fromGroup>[0])).toEqual(['name', 'contains', 'ash']);
  });
});

describe('a nested filter above its list', () => {
  const at = (tree: Tree) => `/crm/plants?tree=${encodeURIComponent(JSON.stringify(tree))}`;
  const show = (address: string) => {
    const entity = plants();
    return mountAt(RecordList, { at: address, props: { entity, title: 'Plants' }, entities: [entity] });
  };

  it('is a chip with its sentence; the cross takes it away', async () => {
    const sent = server();
    const { wrapper, router } = await show(
      at({
        any: [
          ['name', 'contains', 'oak'],
          ['height', 'gte', '20'],
        ],
      }),
    );
    await vi.dynamicImportSettled();
    expect(wrapper.get('.tree-chip').text()).toBe('Name contains oak or Height at least 20');
    expect(asked(sent)[0]).toContain('any');
    await wrapper.findAll('.tree-chip button')[1]?.trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({});
  });

  it('says how many conditions are ignored, keeps them in the address and does not ask for them', async () => {
    const sent = server();
    const tree: Tree = {
      any: [
        ['wings', 'exact', 'x'],
        ['name', 'contains', 'oak'],
      ],
    };
    const { wrapper, router } = await show(at(tree));
    await vi.dynamicImportSettled();
    expect(wrapper.get('.tree-chip').classes()).toContain('broken');
    expect(wrapper.get('.tree-chip').text()).toContain('1 condition is ignored');
    expect(asked(sent)).toEqual([JSON.stringify({ any: [['name', 'contains', 'oak']] })]);
    expect(router.currentRoute.value.query.tree).toBe(JSON.stringify(tree));
  });

  it('is applied from the builder, and what was not applied waits', async () => {
    server();
    const { wrapper, router } = await show('/crm/plants?name__contains=oak');
    const press = async (text: string) => {
      const found = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === text);
      found?.click();
      await vi.dynamicImportSettled();
      await settle();
    };
    await press('Combine with and, or, not');
    const page = new DOMWrapper(document.body);
    await page.get('select[aria-label^="How the conditions"]').setValue('none');
    await press('Cancel');
    expect(wrapper.text()).toContain('Go on building the filter');
    await press('Go on building the filter');
    expect(page.get('.sentence').text()).toBe('not (Name contains oak)');
    await page.get('form.filter-builder').trigger('submit');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ tree: '{"not":["name","contains","oak"]}' });
    expect(emptyState().tree).toBeNull();
  });
});
