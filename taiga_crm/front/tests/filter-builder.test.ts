import { describe, expect, it } from 'vitest';
import { conditionsOf } from '@/screens/list/builder/edit';
import type { Filter } from '@/screens/list/state';
import { fromGroup, type Leaf, type Tree, toGroup } from '@/screens/list/tree';
import { asked, NESTED, open, server } from './builder-support';
import { field, plants, settle } from './support';

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
