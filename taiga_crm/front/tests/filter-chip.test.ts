import { DOMWrapper } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import RecordList from '@/screens/list/RecordList.vue';
import { emptyState } from '@/screens/list/state';
import type { Tree } from '@/screens/list/tree';
import { asked, server } from './builder-support';
import { mountAt, plants, settle } from './support';

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
